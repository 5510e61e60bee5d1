import { join } from 'node:path'
import { expect } from 'chai'
import { Site } from './fake-node.ts'
import { FakeProcess } from './fake-process.ts'

describe('tidings pull', () => {
  let site: Site
  beforeEach(async () => {
    site = await Site.open()
  })
  afterEach(() => site[Symbol.asyncDispose]())

  const pulled = {
    done: 50,
    total: 100,
    groups: 2,
    unknownGroups: 0,
    fetched: 10,
    accepted: 9,
    known: 4,
    refused: 0,
    older: 3,
    missing: 2,
    octets: 12_345,
    rate: 5,
  }

  it('asks the node, draws a bar, and shows the result', async () => {
    site.node.pulled = [pulled, pulled]
    const around = new FakeProcess({ terminal: true })
    const { code, out } = await site.run(
      [
        'pull',
        'news.example',
        '--groups',
        'a.*',
        '--since',
        '2026-11-01',
        '--user',
        'me',
        '--password-file',
        'f',
      ],
      around,
    )
    expect(code).to.equal(0)
    expect(out).to.equal(
      '2 groups: 9 accepted, 4 there already, 0 refused, 3 too old, 2 gone there; 12.3 kB fetched\n',
    )
    expect(around.stderr.text).to.match(/={16}-{16} 50% {2}10 articles, 5\/s/)
    expect(site.node.calls[0]).to.deep.equal({
      host: 'news.example',
      port: 119,
      groups: 'a.*',
      since: Date.UTC(2026, 10, 1) / 1000,
      tls: 'off',
      pin: [],
      createGroups: false,
      account: { user: 'me', passwordFile: join(process.cwd(), 'f') },
    })
  })

  it('ends with 65 where an article was refused, and with 130 on Ctrl-C', async () => {
    site.node.pulled = [{ ...pulled, refused: 1 }]
    expect(await site.run(['pull', '[::1]:1190', '--groups', '*', '--json'])).to.include({
      code: 65,
      err: '',
    })
    expect(site.node.calls[0]).to.include({ host: '::1', port: 1190 })
    site.node.hang = true
    const around = new FakeProcess({ terminal: true })
    const pulling = site.run(['pull', 'a', '--groups', '*'], around)
    await around.stderr.shows('10 articles')
    around.send('SIGINT')
    expect((await pulling).code).to.equal(130)
  })
})
