import { expect } from 'chai'
import { Site } from './fake-node.ts'
import { fed } from './fake-peers.ts'
import { FakeProcess } from './fake-process.ts'

describe('tidings peer', () => {
  let site: Site
  beforeEach(async () => {
    site = await Site.open()
  })
  afterEach(() => site[Symbol.asyncDispose]())

  it('lists peers, a line each, with control characters shown', async () => {
    const { code, out } = await site.run(['peer', 'list'])
    expect(code).to.equal(0)
    expect(out).to.equal(
      [
        'PEER            STATE    BEHIND  LAG         OUT          IN              TLS      LAST ERROR',
        'news.b.example  waiting  5       1 min 30 s  40 (12.3/s)  0 (0/s)         TLSv1.3  no \\x1b[2J route',
        'feeder.example  not fed  -       -           -            1,000 (0.50/s)  none',
        '',
      ].join('\n'),
    )
    expect(await site.json('peer', 'list')).to.deep.equal(site.node.peers.reports)
    site.node.peers.reports = []
    expect((await site.run(['peer', 'list'])).out).to.contain('"tidings peer add" makes one')
  })

  it('lists the servers that are read on a schedule', async () => {
    expect((await site.run(['peer', 'pulls'])).out).to.equal('No [[pull]] is configured.\n')
    site.node.peers.pulled = [
      {
        from: 'far.example:563',
        groups: 'comp.*',
        state: 'waiting',
        last: 0,
        nextIn: 61_000,
        fetched: 12,
        accepted: 10,
        refused: 2,
        failures: 1,
        lastError: 'no\x1b answer',
      },
    ]
    const row = 'far.example:563  waiting  -     in 1 min 1 s  10        2        no\\x1b answer'
    expect((await site.run(['peer', 'pulls'])).out).to.contain(row)
    expect((await site.run(['peer', 'list'])).out).to.contain(row)
    expect(await site.json('peer', 'pulls')).to.deep.equal(site.node.peers.pulled)
    site.node.peers.pulled = []
  })

  it('shows all that is known of one', async () => {
    const { out } = await site.run(['peer', 'show', 'news.b.example'])
    for (const line of [
      'news.b.example  also b.example',
      '  state          waiting, called again in 29 s',
      '  connections    1 to news.b.example:119',
      '  TLS            TLSv1.3, its key pinned, login as a\\x07, compressed',
      '  place          arrival 70, 5 behind, lag 1 min 30 s',
      '  waiting        4, of them 1 put off',
      '  accepted       40, 123 kB, 12.3/s over the last minute',
      '  gone           1 expired or cancelled before they could be delivered',
      '  answers        239 40, 438 6',
      '  last error     2023-11-14 22:13:20  no \\x1b[2J route',
      'What it feeds us: nothing, it has no from, certificate or account',
    ])
      expect(out.split('\n')).to.include(line)
    expect(await site.json('peer', 'show', 'news.b.example')).to.deep.equal(fed)
    const feeder = (await site.run(['peer', 'show', 'feeder.example'])).out.split('\n')
    for (const line of [
      'What it is sent: nothing, it has no to and send',
      '  TLS            none, known by its address; 2 times',
      '  counted since  2020-09-13 12:26:40',
      '  heard of       2022-04-15 05:20:00 to 2023-11-14 22:13:20',
      '  useful         1,000, 2.4 MB, 0.50/s over the last minute',
      '  late           2 sent when another copy had come',
      '  refused        7  Too old',
    ])
      expect(feeder).to.include(line)
    expect(await site.run(['peer', 'show', 'x'])).to.deep.equal({
      code: 1,
      out: '',
      err: 'tidings: there is no peer x\n',
    })
  })

  it('stops, starts and flushes', async () => {
    const said = async (verb: string) => (await site.run(['peer', verb, 'b'])).out
    expect(await said('stop')).to.contain('stopped b; "tidings peer start" or a new start of the node')
    expect(await said('start')).to.equal('started b\n')
    expect(await said('flush')).to.contain('calling b')
    site.node.peers.changed = false
    expect(await said('stop')).to.equal('b was stopped already\n')
    expect(await said('start')).to.equal('b was not stopped\n')
    expect(site.node.peers.calls.slice(0, 3)).to.deep.equal([
      ['stop', 'b'],
      ['start', 'b'],
      ['flush', 'b'],
    ])
  })

  it('tests, and ends with what came out', async () => {
    const finding = { what: 'greeting', text: '200 \x1b[2J' }
    site.node.peers.items = [finding, { ok: true, sentence: 'b takes our articles.' }]
    expect(await site.run(['peer', 'test', 'b'])).to.deep.equal({
      code: 0,
      out: 'greeting      200 \\x1b[2J\nb takes our articles.\n',
      err: '',
    })
    site.node.peers.items = [finding, { ok: false, sentence: 'b does not.' }]
    const { code, out } = await site.run(['peer', 'test', 'b', '--json'])
    expect(code).to.equal(1)
    expect(JSON.parse(out)).to.deep.equal({ ok: false, sentence: 'b does not.', findings: [finding] })
  })

  it('backfills with a bar, and ends with 75 where it was cut short', async () => {
    const progress = {
      done: 50,
      total: 100,
      offered: 9,
      accepted: 5,
      duplicate: 3,
      rejected: 1,
      gone: 0,
      waiting: 2,
      lastError: 'no \x1b[2J route',
      complete: false,
    }
    site.node.peers.progress = [progress, { ...progress, waiting: 0, complete: true }]
    const words = ['peer', 'backfill', 'b', '--groups', 'comp.*', '--since']
    const terminal = new FakeProcess({ terminal: true })
    expect(await site.run([...words, '2026-11-01'], terminal)).to.include({
      code: 0,
      out: '9 offered: 5 accepted, 3 there already, 1 refused, 0 gone\n',
    })
    expect(terminal.stderr.text).to.match(/={16}-{16} 50% {2}5 accepted, 3 there already, 0 waiting /)
    expect(site.node.peers.calls[0]).to.deep.equal({
      name: 'b',
      groups: 'comp.*',
      since: Date.UTC(2026, 10, 1) / 1000,
    })
    site.node.peers.progress = [progress]
    expect(await site.run([...words, '2026-11-01 12:00'])).to.include({ code: 75 })
    expect(JSON.parse((await site.run([...words, '2026-11-01', '--json'])).out)).to.deep.equal(progress)
    expect((await site.run([...words, 'yesterday'])).code).to.equal(64)
    expect((await site.run(['peer', 'backfill', 'b', '--groups', '*'])).code).to.equal(64)
  })
})
