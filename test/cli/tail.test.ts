import { expect } from 'chai'
import { Site } from './fake-node.ts'
import { FakeProcess } from './fake-process.ts'

const event = {
  arrival: 9,
  time: 1_700_000_000,
  kind: 'article',
  source: 'post:',
  messageId: '<1@b.example>',
  filings: [{ group: 'local.test', number: 5 }],
  from: 'A <a@b.example>',
  subject: 'evil \x1b[2J\u202e',
}

describe('tidings tail', () => {
  let site: Site
  beforeEach(async () => {
    site = await Site.open()
  })
  afterEach(() => site[Symbol.asyncDispose]())

  it('prints articles as they arrive, with control characters shown', async () => {
    site.node.events = [event, { ...event, kind: 'cancel', from: '', subject: '' }]
    const { code, out } = await site.run(['tail', 'local.*', '--since', '8'])
    expect(code).to.equal(0)
    expect(site.node.calls[0]).to.deep.equal({ wildmat: 'local.*', since: 8 })
    expect(out).to.equal(
      '2023-11-14 22:13:20  9  local.test:5  <1@b.example>  A <a@b.example>  evil \\x1b[2J\\u202e\n' +
        '2023-11-14 22:13:20  9  cancel local.test:5  <1@b.example>\n',
    )
  })

  it('is a line of JSON for each', async () => {
    site.node.events = [event, event]
    const lines = (await site.run(['tail', '*', '--json'])).out.trimEnd().split('\n')
    expect(lines.map(line => JSON.parse(line))).to.deep.equal([event, event])
  })

  it('goes on until Ctrl-C, and then the node stops it too', async () => {
    site.node.events = [event]
    site.node.hang = true
    const around = new FakeProcess()
    const tail = site.run(['tail', '*'], around)
    await around.stdout.shows('evil')
    around.send('SIGTERM')
    expect(await tail).to.include({ code: 130, err: '' })
    expect((await site.run(['tail', '*', '--since', 'x'])).code).to.equal(64)
  })
})
