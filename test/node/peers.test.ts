import { expect } from 'chai'
import { RunningSite, until } from '../support/running-site.ts'

/** `b` takes what `a` sends, and calls nobody. */
const receiver = () =>
  RunningSite.start('b.example', '[[peer]]\nname = "a.example"\nfrom = ["127.0.0.1"]\naccept = "local.*"')
const sender = (port: number) =>
  RunningSite.start(
    'a.example',
    `[[peer]]\nname = "b.example"\nto = "127.0.0.1:${port}"\nsend = "local.*"\nfrom = ["192.0.2.7"]`,
  )

describe('peers of a running node', () => {
  it('are shown with what was sent and received, in the metrics too', async () => {
    await using b = await receiver()
    await using a = await sender(b.port)
    await a.post('<1@a.example>')
    await until(
      'the article arrives',
      async () => (await a.json('peer', 'show', 'b.example')).out.accepted === 1,
    )
    const shown = await a.json('peer', 'show', 'B.EXAMPLE')
    expect(shown).to.include({ name: 'b.example', send: 'local.*', accept: '*,!local.*' })
    expect(shown.out).to.deep.include({
      state: 'feeding',
      connections: 1,
      behind: 0,
      waiting: 0,
      offered: 1,
      gone: 0,
      answers: [{ code: 239, count: 1 }],
    })
    const [received] = await b.json('peer', 'list')
    expect(received).to.not.have.property('out')
    expect(received.in).to.deep.include({ offered: 1, useful: 1, late: 0, refused: [] })
    expect(await a.metrics()).to.contain('tidings_articles_sent_total{peer="b.example",outcome="accepted"} 1')
    expect(await b.metrics()).to.contain(
      'tidings_articles_received_total{peer="a.example",outcome="useful",reason=""} 1',
    )
  })

  it('count what they bring by its outcome', async () => {
    await using b = await receiver()
    const peer = await b.connect()
    const article = (id: string, more = '') =>
      `Path: a.example!not-for-mail\r\nFrom: a@a.example\r\nNewsgroups: local.test\r\nSubject: s\r\n` +
      `Date: ${new Date().toUTCString()}\r\nMessage-ID: ${id}\r\n${more}\r\nbody\r\n.\r\n`
    const send = async (...commands: string[]) => {
      peer.send(commands.join(''))
      for (const _ of commands) await peer.line()
    }
    const first = `TAKETHIS <1@x>\r\n${article('<1@x>')}`
    await send(first)
    await send('CHECK <1@x>\r\n')
    await send(
      first,
      `TAKETHIS <2@x>\r\n${article('<3@x>')}`,
      `TAKETHIS <4@x>\r\n${article('<4@x>', 'A\rB: c\r\n')}`,
    )
    const [{ in: received }] = await b.json('peer', 'list')
    expect(received).to.include({ offered: 1, duplicate: 1, useful: 1, late: 1 })
    expect(received.refused).to.have.deep.members([
      { reason: 'message-id-mismatch', text: 'Message-ID differs from the one offered', count: 1 },
      { reason: 'bare-cr', text: 'Bare CR in article', count: 1 },
    ])
    peer.end()
  })

  it('are stopped until they are started, and get what they missed', async () => {
    await using b = await receiver()
    await using a = await sender(b.port)
    expect((await a.run(['peer', 'stop', 'b.example'])).out).to.contain('stopped b.example')
    await a.post('<1@a.example>')
    const stopped = await a.json('peer', 'show', 'b.example')
    expect(stopped.out).to.include({ state: 'stopped', behind: 1, accepted: 0 })
    expect((await a.run(['peer', 'flush', 'b.example'])).err).to.contain('run "tidings peer start b.example"')
    expect((await a.run(['peer', 'start', 'b.example'])).code).to.equal(0)
    await until(
      'the article arrives',
      async () => (await a.json('peer', 'show', 'b.example')).out.accepted === 1,
    )
    await a.run(['peer', 'stop', 'b.example'])
    await a.end()
    await a.begin()
    expect((await a.json('peer', 'show', 'b.example')).out.state).to.equal('idle')
  })

  it('are refused by name where there are none, or nothing is sent to them', async () => {
    await using b = await receiver()
    expect(await b.run(['peer', 'show', 'a.exmaple'])).to.deep.equal({
      code: 1,
      out: '',
      err: 'tidings: there is no peer a.exmaple; did you mean "a.example"?\n',
    })
    expect((await b.run(['peer', 'stop', 'a.example'])).err).to.contain('has no to and send')
  })

  it('come and go with peer add, set and remove, while the others are fed', async () => {
    await using b = await receiver()
    await using a = await RunningSite.start('a.example')
    const other = await a.connect()
    await other.play('C: GROUP local.test\nS: 211 *')
    const wrote = await a.run([
      'peer',
      'add',
      'b.example',
      '--to',
      `127.0.0.1:${b.port}`,
      '--send',
      'local.other',
    ])
    expect(wrote.out).to.contain('applied        peer\n')
    await a.run(['peer', 'set', 'b.example', '--send', 'local.*'])
    await a.post('<1@a.example>')
    await until(
      'the article arrives',
      async () => (await a.json('peer', 'show', 'b.example')).out.accepted === 1,
    )
    expect((await a.run(['peer', 'remove', 'b.example'])).code).to.equal(0)
    expect(await a.json('peer', 'list')).to.deep.equal([])
    // A session that was open all the time is still where it was.
    await other.play('C: LISTGROUP\nS: 211 1 1 1 local.test *\nS: 1\nS: .')
    other.end()
  })

  it('are tested, and told apart from readers', async () => {
    await using b = await receiver()
    await using a = await RunningSite.start(
      'a.example',
      `[[peer]]\nname = "b.example"\nto = "127.0.0.1:${b.port}"\nsend = "local.*,!local.other"\nfrom = ["::1"]`,
    )
    const good = await a.run(['peer', 'test', 'b.example'])
    expect(good.code, good.out).to.equal(0)
    for (const line of [
      /^connection {4}127.0.0.1:\d+, from 127.0.0.1 to 127.0.0.1, \d+ ms, not encrypted$/m,
      /^CAPABILITIES {2}.*STREAMING/m,
      /^CHECK {9}238 <.*@a.example>$/m,
      /^its address {3}127.0.0.1 is not in from: from there it could not feed us$/m,
      /^groups out {4}1 of 2: local.test$/m,
      /^groups in {5}0 of 2$/m,
      /^b.example takes our articles by streaming: we send it 1 of our 2 groups; it may feed us none of our 2 /m,
    ])
      expect(good.out).to.match(line)
    b.write('')
    await b.run(['reload'])
    const reader = await a.run(['peer', 'test', 'b.example'])
    expect(reader.code).to.equal(1)
    expect(reader.out).to.contain('lets us in, but not as a peer (it offers neither STREAMING nor IHAVE)')
    await b.end()
    expect((await a.run(['peer', 'test', 'b.example'])).out).to.contain('ECONNREFUSED')
  })

  it('get what arrived before they subscribed', async () => {
    await using b = await receiver()
    await using a = await RunningSite.start('a.example')
    for (const [id, group] of [
      ['<1@a.example>', 'local.test'],
      ['<2@a.example>', 'local.other'],
      ['<3@a.example>', 'local.test'],
    ] as const)
      await a.post(id, { Newsgroups: group })
    await a.run(['peer', 'add', 'b.example', '--to', `127.0.0.1:${b.port}`, '--send', 'local.*'])
    const backfill = ['peer', 'backfill', 'b.example', '--groups', 'local.test', '--since']
    expect(await a.run([...backfill, '2020-01-01'])).to.deep.equal({
      code: 0,
      out: '2 offered: 2 accepted, 0 there already, 0 refused, 0 gone\n',
      err: '',
    })
    expect((await a.run([...backfill, '2020-01-01'])).out).to.contain('0 accepted, 2 there already')
    expect((await a.run([...backfill, '2100-01-01'])).out).to.contain('0 offered')
    expect((await b.run(['group', 'list', 'local.*'])).out).to.match(
      /local\.other +y +0 .*\nlocal\.test +y +2 /,
    )
    expect(
      (await a.run(['peer', 'backfill', 'b.example', '--groups', 'a b', '--since', '2020-01-01'])).code,
    ).to.equal(64)
  })
})
