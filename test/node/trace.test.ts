import { expect } from 'chai'
import type { Trace } from '../../src/server/control/trace-report.ts'
import { FakeProcess } from '../cli/fake-process.ts'
import { RunningSite, until } from '../support/running-site.ts'

const peer = (name: string, more: string) => `[[peer]]\nname = "${name}"\n${more}\n`
const nobody = 'to = "127.0.0.1:1"'

describe('counts of a peer', () => {
  it('go on over a restart, by the day they began', async () => {
    await using a = await RunningSite.start(
      'a.example',
      peer('c.example', `from = ["127.0.0.1"]\naccept = "local.*"\n${nobody}\nsend = "*"`),
    )
    const offer = async () => {
      const client = await a.connect()
      client.send('TAKETHIS <1@x>\r\nPath: c.example!x\r\n\r\nbody\r\n.\r\n')
      expect(await client.line()).to.match(/^439/)
      client.end()
    }
    await offer()
    const before = (await a.json('peer', 'show', 'c.example')).in
    expect(before.since).to.be.greaterThan(1_700_000_000)
    await a.end()
    await a.begin()
    await offer()
    const after = await a.json('peer', 'show', 'c.example')
    expect(
      after.in.refused.map(({ reason, count }: { reason: string; count: number }) => [reason, count]),
    ).to.deep.equal([['message-id-mismatch', 2]])
    expect([after.in.since, after.in.first]).to.deep.equal([before.since, before.first])
    expect(after.out.since).to.equal(before.since)
    expect(await a.metrics()).to.match(
      /articles_received_total\{peer="c\.example",outcome="refused",reason="message-id-mismatch"\} 2/,
    )
  })
})

describe('trace of an article', () => {
  const outcomes = ({ peers }: Trace) => Object.fromEntries(peers.map(({ name, outcome }) => [name, outcome]))

  it('tells how far it is with each peer, and why not further', async () => {
    await using b = await RunningSite.start(
      'b.example',
      peer('a.example', 'from = ["127.0.0.1"]\naccept = "*"'),
    )
    await using a = await RunningSite.start(
      'a.example',
      [
        peer('b.example', `to = "127.0.0.1:${b.port}"\nsend = "local.*"`),
        peer('down.example', `${nobody}\nsend = "*"`),
        peer('other.example', `${nobody}\nsend = "*,!local.*"`),
        peer('small.example', `${nobody}\nsend = "*"\nmax_bytes = 10`),
        peer('far.example', `${nobody}\nsend = "*"\ndistributions = "world"`),
        peer('feeder.example', 'from = ["192.0.2.1"]'),
      ].join(''),
    )
    await a.post('<1@a.example>', { Distribution: 'de' })
    await until('it is offered', async () => (await a.json('peer', 'show', 'b.example')).out.accepted === 1)
    const found: Trace = await a.json('article', 'trace', '<1@a.example>')
    expect(found.stored).to.deep.include({
      source: 'post:',
      arrival: 3,
      filings: [{ group: 'local.test', number: 1 }],
      distributions: ['de'],
    })
    const { checks = [] } = found.stored ?? {}
    expect(checks.map(({ check }) => check)).to.include.members(['form', 'From', 'Newsgroups', 'age'])
    expect(checks.filter(({ verdict }) => verdict === 'refused')).to.deep.equal([])
    expect(checks.find(({ check }) => check === 'right to post')?.verdict).to.equal('not repeated')
    expect(outcomes(found)).to.deep.equal({
      'b.example': 'offered',
      'down.example': 'waiting',
      'other.example': 'groups',
      'small.example': 'size',
      'far.example': 'distribution',
      'feeder.example': 'not fed',
    })
    const { out } = await b.run(['article', 'trace', '1@a.example'])
    expect(out).to.contain('from          peer a.example\nfiled         local.test:1\n')
    expect(out).to.match(
      / {14}a\.example {2}\(passed it on; the next site knew it for certain\)\n {14}b\.example {2}\(this node\)\n/,
    )
    expect(out).to.match(/\n {2}loop {2,}passed {2,}it had not been here\n/)
    expect(out).to.contain('  a.example  nothing is sent to it')
  })

  it('says what the peer answered, with the code', async () => {
    await using b = await RunningSite.start(
      'b.example',
      peer('a.example', 'from = ["127.0.0.1"]\naccept = "local.other"'),
    )
    await using a = await RunningSite.start(
      'a.example',
      peer('b.example', `to = "127.0.0.1:${b.port}"\nsend = "local.*"`),
    )
    await b.post('<2@a.example>')
    const answers = async (count: number) =>
      (await a.json('peer', 'show', 'b.example')).out.answers.reduce(
        (sum: number, each: { count: number }) => sum + each.count,
        0,
      ) === count
    for (const [count, id] of ['<1@a.example>', '<2@a.example>', '<3@a.example>'].entries()) {
      await a.post(id, { Newsgroups: id === '<3@a.example>' ? 'local.other' : 'local.test' })
      await until('it is answered', () => answers(count + 1))
    }
    const said = async (id: string) =>
      /b\.example {2}.*/.exec((await a.run(['article', 'trace', id])).out)?.[0]
    expect(await said('<1@a.example>')).to.equal('b.example  sent, and it refused it for good (439)')
    expect(await said('<2@a.example>')).to.equal('b.example  offered, and it had it already (438)')
    expect(await said('<3@a.example>')).to.equal('b.example  sent, and it took it (239)')
  })

  it('knows what arrived before a peering began, and what came from the peer', async () => {
    await using a = await RunningSite.start(
      'a.example',
      peer('c.example', 'from = ["127.0.0.1"]\naccept = "local.*"'),
    )
    const client = await a.connect()
    client.send(
      'TAKETHIS <1@x>\r\nPath: c.example!not-for-mail\r\nFrom: a@x.example\r\nNewsgroups: local.test\r\nSubject: s\r\n' +
        `Date: ${new Date().toUTCString()}\r\nMessage-ID: <1@x>\r\n\r\nbody\r\n.\r\n`,
    )
    expect(await client.line()).to.match(/^239/)
    client.end()
    await a.run(['peer', 'set', 'c.example', '--send', '*'])
    await a.run(['peer', 'add', 'd.example', '--to', '127.0.0.1:1', '--send', '*'])
    a.write(peer('c.example', `${nobody}\nsend = "*"`))
    await a.run(['reload'])
    expect(outcomes(await a.json('article', 'trace', '<1@x>'))).to.deep.equal({
      'c.example': 'source',
      'd.example': 'before',
    })
    await a.end()
    await a.begin()
    expect(outcomes(await a.json('article', 'trace', '<1@x>'))).to.have.property('d.example', 'before')
    expect((await a.run(['article', 'trace', '<1@x>'])).out).to.contain(
      '"tidings peer backfill d.example" offers it',
    )
  })

  it('tells of an article that is not here who was refused with it, and why', async () => {
    await using a = await RunningSite.start(
      'a.example',
      peer('c.example', 'from = ["127.0.0.1"]\naccept = "local.*"'),
    )
    const client = await a.connect()
    const header =
      'Path: c.example!not-for-mail\r\nFrom: a@x.example\r\nNewsgroups: local.test\r\nSubject: s\r\n'
    client.send(
      `TAKETHIS <old@x>\r\n${header}Date: 1 Jan 2001 00:00:00 +0000\r\nMessage-ID: <old@x>\r\n\r\nx\r\n.\r\n`,
    )
    client.send(`TAKETHIS <cr@x>\r\n${header}A\rB: c\r\nMessage-ID: <cr@x>\r\n\r\nx\r\n.\r\n`)
    expect(await client.line()).to.match(/^439/)
    expect(await client.line()).to.match(/^439/)
    client.end()
    await a.run(
      ['post'],
      new FakeProcess({
        input: 'From: a@x.example\nNewsgroups: no.such\nSubject: s\nMessage-ID: <post@x>\n\nx\n',
      }),
    )
    const refusals = async (id: string) =>
      ((await a.json('article', 'trace', id)) as Trace).refusals.map(({ source, reason }) => [source, reason])
    expect(await refusals('<old@x>')).to.deep.equal([['peer:c.example', 'too-old']])
    expect(await refusals('<cr@x>')).to.deep.equal([['peer:c.example', 'bare-cr']])
    expect(await refusals('<post@x>')).to.deep.equal([['post:', 'no-valid-newsgroup']])
    const { code, out } = await a.run(['article', 'trace', 'old@x'])
    expect(code).to.equal(0)
    expect(out).to.match(
      /^<old@x>\nIt is not here, and a copy would be taken\.\n\nRefused\n {2}.* peer c\.example {2}by age {2}Too old\n$/,
    )
    expect(await a.run(['article', 'trace', 'none@x'])).to.deep.equal({
      code: 1,
      out: '<none@x>\nIt is not here, and a copy would be taken.\nNothing is known of it: nobody was refused with it lately.\n',
      err: '',
    })
    a.write('[[expire]]\ngroups = "local.test"\nkeep_articles = 1\n')
    await a.post('<first@x>')
    await a.post('<second@x>')
    // The node does not know of the rule yet.
    for (const reloaded of [false, true]) {
      if (reloaded) await a.run(['reload'])
      expect((await a.run(['expire', '--dry-run'])).out).to.match(
        /local\.test +1 +\d+ B\n1 article would go, \d+ B\n$/,
      )
    }
    expect((await a.run(['article', 'trace', 'first@x'])).out).to.contain('filed')
    expect((await a.run(['expire'])).out).to.match(/\n1 article removed/)
    expect((await a.run(['article', 'trace', 'first@x'])).out).to.contain('It was here and has expired')
    expect((await a.run(['status'])).out).to.match(/expiry +ran .* ago {2}1 article removed since the start/)
    await a.post('<gone@x>')
    await a.run(['article', 'cancel', 'gone@x'])
    expect((await a.run(['article', 'trace', 'gone@x'])).out).to.contain('It is not here: it was cancelled')
  })
})
