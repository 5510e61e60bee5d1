import { writeFileSync } from 'node:fs'
import { expect } from 'chai'
import { quietStatus, Site } from './fake-node.ts'
import { FakeProcess } from './fake-process.ts'

describe('tidings status', () => {
  let site: Site
  beforeEach(async () => {
    site = await Site.open()
  })
  afterEach(() => site[Symbol.asyncDispose]())

  it('shows the node', async () => {
    site.node.state = {
      ...quietStatus,
      newest: { arrival: 77, time: Date.now() / 1000 - 3_700 },
      warnings: ['running as root'],
      peers: [
        {
          name: 'news.b.example',
          state: 'up',
          connections: 1,
          behind: 5,
          lag: 90,
          deferred: 0,
          lastError: '',
        },
      ],
    }
    const { code, out } = await site.run(['status'])
    expect(code).to.equal(0)
    expect(out).to.match(/^news\.example\.org {2}tidings 1\.2\.3, pid 7, up 3 h 12 min\n/)
    expect(out).to.contain('nntp 127.0.0.1:1119  web 127.0.0.1:8119\n')
    expect(out)
      .to.contain('12,345 (crossposts count in each group)  newest 1 h 1 min ago (arrival 77)\n')
      .and.contain('12.3 GB free of 50.0 GB')
    expect(out)
      .to.contain('news.b.example  up  5 behind, lag 1 min 30 s')
      .and.contain('warning  running as root\n')
    // The newsgroups of a first start are arrivals.
    site.node.state = { ...quietStatus, articles: 0, newest: { arrival: 3, time: 0 } }
    expect((await site.run(['status'])).out).to.contain('in each group)  none is here\n')
    // Its index is being made.
    site.node.state = quietStatus
    expect((await site.run(['status'])).out).to.contain('in each group)\n')
  })

  it('is JSON where wanted', async () => {
    expect(JSON.parse((await site.run(['status', '--json'])).out)).to.deep.equal(quietStatus)
  })

  it('has colours on a terminal only, and not under NO_COLOR', async () => {
    expect((await site.run(['status'], new FakeProcess({ terminal: true }))).out).to.contain('\x1b[1m')
    const plain = new FakeProcess({ terminal: true, env: { NO_COLOR: '1' } })
    expect((await site.run(['status'], plain)).out).to.not.contain('\x1b')
  })

  it('checks like a plug-in of Nagios', async () => {
    expect(await site.run(['status', '--check'])).to.deep.equal({
      code: 0,
      out: 'TIDINGS OK: 12,345 articles in 3 groups | articles=12345 connections=2 free=12300000000B\n',
      err: '',
    })
    site.node.state = { ...quietStatus, warnings: ['little space'] }
    expect((await site.run(['status', '--check'])).code).to.equal(1)
    const peer = {
      name: 'b',
      state: 'down',
      connections: 0,
      behind: 10_001,
      lag: 1,
      deferred: 0,
      lastError: '',
    }
    site.node.state = { ...quietStatus, peers: [peer] }
    expect((await site.run(['status', '--check'])).out).to.contain('WARNING: peer b is behind |')
    site.node.state = { ...quietStatus, warnings: ['x'], troubles: ['no space'] }
    expect(await site.run(['status', '--check'])).to.include({ code: 2 })
    await site.stop()
    expect((await site.run(['status', '--check'])).code).to.equal(2)
    writeFileSync(site.config, '[nodes]')
    expect((await site.run(['status', '--check'])).code).to.equal(3)
  })

  it('watches until Ctrl-C', async () => {
    const around = new FakeProcess()
    const watching = site.run(['status', '--watch', '--json'], around)
    await around.stdout.shows('}\n')
    around.send('SIGINT')
    expect((await watching).code).to.equal(130)
    expect(around.send('SIGINT')).to.equal(false)
  })
})
