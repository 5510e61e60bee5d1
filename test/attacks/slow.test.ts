import { expect } from 'chai'
import type { Clock } from '../../src/clock.ts'
import type { Newsgroup } from '../../src/newsgroup.ts'
import type { Arrival, Reading } from '../../src/storage/reading.ts'
import { FakeNode, fakeConfig } from '../support/fake-node.ts'
import { FakeServer } from '../support/fake-server.ts'
import { ManualClock, settled } from '../support/manual-clock.ts'
import { fillWithSamples } from '../support/sample-news.ts'

describe('attack 14: clients that dawdle', () => {
  it('500 that send an octet in 5 s are gone by the limits, and others are served meanwhile', async () => {
    const clock = new ManualClock()
    const node = fillWithSamples(new FakeNode(clock, fakeConfig()))
    const server = new FakeServer({ node })
    const slow = Array.from({ length: 500 }, (_, at) => server.connect(`10.${at % 250}.0.1`))
    const starts = ['', 'MODE READER\r\nDA', 'MODE READER\r\nPOST\r\nSubject: x', 'GROUP misc.test\r\n']
    for (const [at, { client }] of slow.entries()) client.send(starts[at % starts.length] ?? '')
    for (let seconds = 0; seconds < 100; seconds += 5) {
      for (const { client } of slow) client.send('x')
      await clock.advance(5000)
      const good = server.connect('198.51.100.7')
      expect(await good.client.line()).to.match(/^200 /)
      good.client.send('ARTICLE <45223423@example.com>\r\nQUIT\r\n')
      expect(await good.client.line()).to.match(/^220 /)
      expect(await good.client.rest()).to.match(/205 /)
      good.client.end()
      await good.served
    }
    await Promise.all(slow.map(({ served }) => served))
    expect(server.server.connections).to.equal(0)
  })
})

describe('attack 15: answers that nobody reads', () => {
  it('300 that pipeline ARTICLE and read nothing keep little, and are gone after the limit', async () => {
    const clock = new ManualClock()
    const limits = { output_bytes: 50_000, stalled_output_seconds: 120, total_output_bytes: 3_000_000 }
    const node = new FakeNode(clock, fakeConfig({ limits }))
    node.addGroup({ name: 'misc.test' })
    node.addArticle(`Message-ID: <big@x>\n\n${`${'x'.repeat(70)}\n`.repeat(2800)}`, { at: ['misc.test:1'] })
    const server = new FakeServer({ node })
    const deaf = Array.from({ length: 300 }, () => server.connect('127.0.0.1'))
    for (const { client, stream } of deaf) {
      stream.pause()
      client.send('ARTICLE <big@x>\r\n'.repeat(100))
    }
    await settled(60)
    expect(server.server.connections, 'as many as fit').to.be.within(1, 80)
    const good = server.connect('127.0.0.1')
    good.client.send('STAT <big@x>\r\nQUIT\r\n')
    expect(await good.client.rest()).to.match(/223 0 <big@x>\r\n205 /)
    await clock.advance(121_000)
    await Promise.all(deaf.map(({ served }) => served))
    expect(server.server.connections).to.equal(0)
  })
})

/** A millisecond goes by each time somebody looks. */
function hurryingClock(): Clock {
  const manual = new ManualClock()
  let elapsed = 0
  return {
    now: () => manual.now() + elapsed,
    monotonic: () => elapsed++,
    timer: () => ({ cancel: () => {} }),
    sleep: () => new Promise(resolve => setImmediate(resolve)),
  }
}

describe('attack 17: commands that take long', () => {
  const articles = 3000
  const long = [
    'LIST ACTIVE *',
    'LIST ACTIVE *?*,!x*,*a*b*',
    'LISTGROUP misc.test',
    'OVER 1-',
    'XHDR Subject 1-',
    'HDR X-Absent 1-',
    'XPAT Subject 1- *[!-~]*x*',
    'XPAT X-Absent 1- *',
    'NEWNEWS * 20000101 000000',
  ]

  /** A server of many groups and of a group of many articles, none of which is kept. */
  function large() {
    const node = new FakeNode(hurryingClock(), fakeConfig())
    const group = node.addGroup({ name: 'misc.test' })
    node.addArticle('Message-ID: <a@x>\nSubject: x\n\nx\n', { at: ['misc.test:1'] })
    const batches = async function* <T>(item: (number: number) => T) {
      for (let at = 1; at <= articles; at += 50) yield Array.from({ length: 50 }, (_, n) => item(at + n))
    }
    const reading: Reading = {
      group: name => node.group(name),
      groupById: () => node.group('misc.test'),
      groups: () => batches(number => ({ ...group, name: `g${number}.x` as Newsgroup })),
      numbers: () => batches(number => number),
      next: async () => undefined,
      previous: async () => undefined,
      locateNumber: () => node.locateId('<a@x>'),
      locateId: () => node.locateId('<a@x>'),
      article: () => node.article(1 as Arrival),
      articleByNumber: () => node.article(1 as Arrival),
      articleById: () => node.article(1 as Arrival),
      overview: async function* () {
        const line = (number: number) => `${number}\tx\ta\td\t<a@x>\t\t1\t1\tXref: x\r\n`
        for await (const lines of batches(line)) yield Buffer.from(lines.join(''))
      },
      arrivals: async (after, limit) => {
        const rows = await node.arrivals(0 as Arrival, 1)
        const length = Math.max(0, Math.min(limit, articles - after))
        return Array.from({ length }).flatMap((_, at) =>
          rows.map(row => ({ ...row, arrival: (after + at + 1) as Arrival })),
        )
      },
      arrivalBefore: async () => 0 as Arrival,
      newest: articles as Arrival,
      changed: async () => {},
    }
    const services = { ...node.services, reading }
    return { clock: node.clock, connect: () => new FakeServer({ server: { services } }).connect() }
  }

  for (const command of ['OVER 1-', 'XOVER 1-'])
    it(`${command} lets go of the store where its client is gone before a line is found`, async () => {
      const node = fillWithSamples(new FakeNode(new ManualClock(), fakeConfig()))
      const steps: string[] = []
      let find = () => {}
      const found = new Promise<void>(resolve => {
        find = resolve
      })
      const overview = async function* () {
        try {
          steps.push('begun')
          await found
          yield Buffer.from('1\tx\ta\td\t<a@x>\t\t1\t1\tXref: x\r\n')
        } finally {
          steps.push('ended')
        }
      }
      const reading: Reading = Object.assign(Object.create(node), { overview, group: node.group.bind(node) })
      const { client, served } = new FakeServer({
        server: { services: { ...node.services, reading } },
      }).connect()
      client.send(`GROUP misc.test\r\n${command}\r\n`)
      await settled(20)
      expect(steps).to.deep.equal(['begun'])
      client.destroy()
      await settled(20)
      find()
      await served
      await settled(20)
      expect(steps).to.deep.equal(['begun', 'ended'])
    })

  it('let others be served, and end when their client goes', async () => {
    const { clock, connect } = large()
    for (const command of long) {
      const { client, served } = connect()
      client.send('GROUP misc.test\r\n')
      await client.line()
      await client.line()
      let turns = 0
      let running = true
      const count = () => {
        turns++
        if (running) setImmediate(count)
      }
      setImmediate(count)
      client.send(`${command}\r\n`)
      expect(await client.line(), command).to.match(/^2/)
      await client.block()
      running = false
      expect(turns, `${command}: turns of the event loop`).to.be.greaterThan(10)

      client.send(`${command}\r\n`)
      await client.line()
      client.destroy()
      await served
      const before = clock.monotonic()
      await settled(50)
      expect(clock.monotonic() - before, `${command}: nothing goes on`).to.be.lessThan(20)
    }
  })
})

describe('attack 20: floods of connections', () => {
  it('2,500 from 200 addresses leave room for the peers', async () => {
    const peer = { name: 'peer.example', from: ['198.51.100.1'] }
    const config = fakeConfig({ peer: [peer], limits: { connections: 1500, connections_per_address: 5 } })
    const server = new FakeServer({ node: new FakeNode(new ManualClock(), config) })
    const open = Array.from({ length: 2500 }, (_, at) => server.connect(`10.${at % 200}.0.1`))
    expect(server.server.connections).to.equal(1000)
    const { client } = server.connect('198.51.100.1')
    expect(await client.line()).to.match(/^200 /)
    for (const { stream } of open) stream.destroy()
    await Promise.all(open.map(({ served }) => served))
    expect(server.server.connections).to.equal(1)
  })
})
