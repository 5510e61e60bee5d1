import { readFileSync } from 'node:fs'
import { expect } from 'chai'
import { configSchema } from '../../src/config/config.ts'
import type { Source } from '../../src/feed/feed.ts'
import { type Log, silentLog } from '../../src/log.ts'
import type { MessageId } from '../../src/message-id.ts'
import type { Command } from '../../src/server/command.ts'
import { CommandTable } from '../../src/server/command-table.ts'
import { answerLogin } from '../../src/server/login-state.ts'
import { EventStream } from '../support/event-stream.ts'
import { FakeNode, fakeConfig } from '../support/fake-node.ts'
import { FakeServer } from '../support/fake-server.ts'
import { ManualClock, settled } from '../support/manual-clock.ts'
import { anyone, proto, testConfig, testNode } from '../support/node.ts'
import { fillWithSamples } from '../support/sample-news.ts'
import { articleText, goodForm, WebFixture } from '../support/web-fixture.ts'

const outside = '192.0.2.1'
const good = { From: 'a@example.org', Newsgroups: 'local.test', Subject: 's' }

/** A server whose clock stands, and a client of it that has read the greeting. */
async function timed(limits: Record<string, number>, address = outside) {
  const clock = new ManualClock()
  const node = fillWithSamples(new FakeNode(clock, fakeConfig({ limits })))
  const server = new FakeServer({ node })
  const connected = server.connect(address)
  let gone = false
  void connected.served.then(() => {
    gone = true
  })
  await connected.client.line()
  return { ...connected, clock, server, isGone: () => gone }
}

/** Advances to just before the limit, where the client is still there, and to the limit, where it is not. */
async function endsAfter(seconds: number, { clock, isGone }: Awaited<ReturnType<typeof timed>>) {
  await clock.advance(seconds * 1000 - 1)
  expect(isGone(), 'before').to.equal(false)
  await clock.advance(1)
  expect(isGone(), 'at the limit').to.equal(true)
}

/** What a whole node under these limits says of a posting. */
async function posted(limits: Record<string, number>, headers: Record<string, string>, body?: string) {
  await using node = await testNode({ config: testConfig({ limits }) })
  const verdict = await node.feed.inject(proto(headers, body), anyone)
  return verdict.kind === 'rejected' ? verdict.reason.name : verdict.kind
}

async function relayed(limits: Record<string, number>, headers: Record<string, string>) {
  await using node = await testNode({ config: testConfig({ limits }) })
  const peer: Source = {
    peer: 'peer.example',
    aliases: [],
    address: outside,
    accepts: () => true,
    connection: Symbol('peer'),
  }
  const id = '<a@peer.example>' as MessageId
  const dated = { Date: new Date().toUTCString(), 'Message-ID': id }
  const wire = proto({ Path: 'peer.example!not-for-mail', ...good, ...dated, ...headers })
  const verdict = await node.feed.transfer(id, { wire }, peer)
  return verdict.kind === 'rejected' ? verdict.reason.name : verdict.kind
}

/** Answers to `count` commands as fast as they come, until nothing more comes without time passing. */
async function answersAtOnce(limits: Record<string, number>, commands: string) {
  const attack = await timed({ ...limits, idle_seconds: 9999 })
  attack.client.send(commands)
  await settled(100)
  const answers = () => attack.client.unread.split('\r\n').length - 1
  return { ...attack, answers }
}

/** For each key of `[limits]`, a test that reaches the limit. */
const reached: Readonly<Record<string, () => Promise<void>>> = {
  async article_bytes() {
    const { client } = await timed({ article_bytes: 1000 })
    client.send(`POST\r\n${'x'.repeat(2000)}\r\n.\r\nDATE\r\n`)
    expect(await client.line()).to.match(/^340 /)
    expect(await client.line()).to.equal('441 Article exceeds local limit')
    expect(await client.line()).to.match(/^111 /)
  },
  async header_bytes() {
    const long = { ...good, 'X-Long': 'x'.repeat(600) }
    expect(await posted({ header_bytes: 600 }, good)).to.equal('accepted')
    expect(await posted({ header_bytes: 600 }, long)).to.equal('header-too-large')
  },
  async header_line_bytes() {
    const long = { ...good, 'X-Long': 'x'.repeat(150) }
    expect(await posted({ header_line_bytes: 150 }, good)).to.equal('accepted')
    expect(await posted({ header_line_bytes: 150 }, long)).to.equal('line-too-long')
  },
  async headers() {
    expect(await posted({ headers: 3 }, good)).to.equal('accepted')
    expect(await posted({ headers: 3 }, { ...good, 'X-A': 'b' })).to.equal('too-many-headers')
  },
  async groups_posted() {
    const two = { ...good, Newsgroups: 'local.test,local.other' }
    expect(await posted({ groups_posted: 1 }, good)).to.equal('accepted')
    expect(await posted({ groups_posted: 1 }, two)).to.equal('too-many-groups')
  },
  async groups_relayed() {
    expect(await relayed({ groups_relayed: 1 }, {})).to.equal('accepted')
    expect(await relayed({ groups_relayed: 1 }, { Newsgroups: 'local.test,x.y' })).to.equal('too-many-groups')
  },
  async path_entries() {
    expect(await relayed({ path_entries: 2 }, {})).to.equal('accepted')
    expect(await relayed({ path_entries: 2 }, { Path: 'peer.example!b!c' })).to.equal('path-too-long')
  },
  async references() {
    await using web = new WebFixture()
    web.config = { ...web.config, limits: { ...web.config.limits, references: 4 } }
    await web.start()
    web.reading.addGroup('local.test')
    const References = '<a@x.test> <b@x.test> <c@x.test> <d@x.test>'
    web.reading.add(articleText('e@x.test', { References, Subject: goodForm.subject }))
    await web.postForm(goodForm, '/post?inreplyto=%3Ce@x.test%3E')
    const kept = 'References: <a@x.test>\r\n <c@x.test>\r\n <d@x.test>\r\n <e@x.test>\r\n'
    expect(web.feed.injected[0]?.wire.toString()).to.contain(kept)
  },
  async posts_per_hour() {
    const clock = new ManualClock()
    await using node = await testNode({ config: testConfig({ limits: { posts_per_hour: 3 } }), clock })
    let done = 0
    const post = (address: string) =>
      node.feed.inject(proto(good), { ...anyone, address }).then(verdict => {
        done++
        return verdict.kind === 'deferred' ? verdict.reason.name : verdict.kind
      })
    for (let i = 0; i < 3; i++) expect(await post(outside)).to.equal('accepted')
    const slow = post(outside)
    await clock.advance(999)
    expect(done).to.equal(3)
    await clock.advance(1)
    expect(await slow).to.equal('accepted')
    const later = [post(outside), post(outside), post(outside), post(outside)]
    const refused = await node.feed.inject(proto(good), { ...anyone, address: outside })
    expect(refused)
      .to.include({ kind: 'deferred', seconds: 1199 })
      .and.nested.property('reason.name', 'too-fast')
    for (let i = 0; i < 9; i++) expect(await post('127.0.0.1'), 'loopback').to.equal('accepted')
    await clock.advance(16_000)
    expect(await Promise.all(later)).to.deep.equal(Array(4).fill('accepted'))
  },
  async connections() {
    const { server } = await timed({ connections: 1 })
    expect(await server.connect('192.0.2.2').client.rest()).to.match(/^400 Too many connections/)
  },
  async connections_per_address() {
    const { server } = await timed({ connections_per_address: 1 })
    expect(await server.connect(outside).client.rest()).to.match(/^400 Too many connections/)
    expect(await server.connect('192.0.2.2').client.line()).to.match(/^200 /)
  },
  async connections_per_network() {
    const { server } = await timed({ connections_per_network: 1 })
    expect(await server.connect('192.0.2.2').client.rest()).to.match(/^400 Too many connections/)
    expect(await server.connect('198.51.100.1').client.line()).to.match(/^200 /)
  },
  async web_connections_per_address() {
    await using web = new WebFixture()
    web.config = testConfig({
      limits: { web_connections_per_address: 1 },
      listen: { web: ['127.0.0.1:0'], trusted_proxies: ['127.0.0.1'] },
    })
    await web.start()
    const from = (address: string) => ({ 'X-Forwarded-For': address })
    await using _ = await EventStream.open(`http://${web.host}/events`, from('192.0.2.1'))
    expect((await web.ask('/', { headers: from('192.0.2.1') })).status).to.equal(429)
    expect((await web.ask('/', { headers: from('192.0.2.2') })).status).to.equal(200)
  },
  async connections_per_account() {
    const account = { name: 'ann', roles: new Set(['reader'] as const), groups: [] }
    const login: Command = {
      name: 'LOGIN',
      args: [0, 0],
      syntax: 'LOGIN',
      rfc: '',
      run: session => answerLogin(session, { kind: 'proven', account }),
    }
    const limits = { connections_per_account: 1, connections_per_address: 1 }
    const server = new FakeServer({ config: { limits }, server: { table: new CommandTable([login]) } })
    const first = server.connect(outside)
    await first.client.line()
    await first.client.play('C: LOGIN\nS: 281 *')
    const second = server.connect(outside) // the first counts for its account alone
    await second.client.line()
    await second.client.play('C: LOGIN\nS: 403 Too many connections of this account')
    expect(await server.connect(outside).client.rest()).to.match(/^400 Too many connections/)
    first.client.end()
    await first.served
    await second.client.play('C: LOGIN\nS: 281 *')
  },
  async idle_seconds() {
    const attack = await timed({ idle_seconds: 200 })
    attack.client.send('DATE\r\n')
    await attack.client.line()
    await endsAfter(200, attack)
  },
  async first_command_seconds() {
    const attack = await timed({ first_command_seconds: 7 })
    attack.client.send('DA')
    await endsAfter(7, attack)
  },
  async line_seconds() {
    const attack = await timed({ line_seconds: 20 })
    attack.client.send('DATE\r\nDA')
    await attack.client.line()
    await attack.clock.advance(15_000)
    attack.client.send('T')
    await endsAfter(5, attack)
  },
  async article_bytes_per_second() {
    const attack = await timed({ article_bytes_per_second: 100 })
    attack.client.send('POST\r\n')
    await attack.client.line()
    await attack.clock.advance(100_000) // nothing has begun
    for (let second = 0; second < 120; second++) {
      attack.client.send(`${'x'.repeat(98)}\r\n`)
      await attack.clock.advance(1000)
    }
    attack.client.send(`${'x'.repeat(5980)}\r\n`) // of the 6,000 of a minute
    await endsAfter(60, attack)
  },
  async stalled_output_seconds() {
    const attack = await timed({ stalled_output_seconds: 50, output_bytes: 10_000 })
    attack.stream.pause()
    attack.client.send('HELP\r\n'.repeat(1000))
    await endsAfter(50, attack)
  },
  async input_bytes() {
    const { stream, client } = await timed({ input_bytes: 5000, stalled_output_seconds: 9999 })
    stream.pause()
    for (let i = 0; i < 1000; i++) client.send('HELP\r\n'.repeat(100))
    await settled(50)
    expect(stream.writableLength).to.be.greaterThan(500_000)
  },
  async output_bytes() {
    const first: number[] = []
    for (const output_bytes of [10_000, 200_000]) {
      let run = 0
      const trace: Log['trace'] = (_, event) => {
        if (event === 'command') run++
      }
      const log: Log = { ...silentLog, trace, isLevelEnabled: () => true, child: () => log }
      const { stream, client } = new FakeServer({ config: { limits: { output_bytes } }, log }).connect()
      stream.pause()
      client.send('HELP\r\n'.repeat(300))
      await settled(50)
      first.push(run)
      stream.resume()
      while (run < 300) await settled()
    }
    expect(first[0]).to.be.lessThan(50)
    expect(first[1]).to.be.within(150, 299)
  },
  async total_output_bytes() {
    const first = await timed({ total_output_bytes: 100_000, output_bytes: 60_000 })
    const second = first.server.connect(outside)
    for (const { stream } of [first, second]) {
      stream.pause()
      stream.write('HELP\r\n'.repeat(1000))
      await settled(50)
    }
    expect(first.isGone(), 'who reads nothing for the longest time').to.equal(true)
    second.stream.resume()
    await settled(300)
    expect(second.client.unread.match(/^100 /gm)).to.have.length(1000)
  },
  async commands_per_second() {
    const { clock, answers } = await answersAtOnce({ commands_per_second: 10 }, 'DATE\r\n'.repeat(60))
    expect(answers()).to.equal(21)
    await clock.advance(2000)
    expect(answers()).to.be.within(40, 42)
    await clock.advance(2000)
    expect(answers()).to.equal(60)
  },
  async bytes_per_second() {
    const { clock, client } = await answersAtOnce({ bytes_per_second: 1000 }, 'HELP\r\n'.repeat(40))
    const whole = client.unread.length
    expect(whole).to.be.within(2000, 40_000)
    await clock.advance(2000)
    expect(client.unread.length).to.be.within(whole, whole + 40_000)
    await clock.advance(200_000)
    expect(client.unread.match(/^100 /gm)).to.have.length(40)
  },
  async examined_per_second() {
    const clock = new ManualClock()
    const node = new FakeNode(clock, fakeConfig({ limits: { examined_per_second: 100 } }))
    node.addGroup({ name: 'misc.test' })
    for (let i = 1; i <= 1000; i++)
      node.addArticle(`Message-ID: <${i}@x>\n\nx\n`, { at: [`misc.test:${i}`], time: 1_700_000_000 })
    const { client } = new FakeServer({ node }).connect(outside)
    client.send('MODE READER\r\nNEWNEWS * 20200101 000000\r\n')
    await settled(50)
    expect(client.unread).to.not.match(/^\.\r$/m)
    await clock.advance(6_000)
    expect(client.unread).to.not.match(/^\.\r$/m)
    await clock.advance(4_000)
    expect(client.unread).to.match(/<1000@x>\r\n\.\r\n$/)
  },
}

describe('every limit of [limits] is reached', () => {
  for (const [key, test] of Object.entries(reached)) it(key, test)

  const limits = configSchema.parse({}).limits

  it('by a test for each key', () => {
    expect(Object.keys(reached)).to.have.members(Object.keys(limits))
  })

  it('and stands in docs/operations.md with its default', () => {
    const page = readFileSync(new URL('../../../docs/operations.md', import.meta.url), 'utf8')
    const rows = [...page.matchAll(/^\| `(\w+)` +\| ([\d,]+) +\|/gm)]
    const told = rows.map(([, key, value = '']) => [key, Number(value.replaceAll(',', ''))])
    expect(Object.fromEntries(told)).to.deep.equal(limits)
  })
})
