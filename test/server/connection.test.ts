import { createHash } from 'node:crypto'
import { connect as connectTo } from 'node:net'
import { Duplex, duplexPair } from 'node:stream'
import { expect } from 'chai'
import { type Log, silentLog } from '../../src/log.ts'
import { type Command, line, type Response } from '../../src/server/command.ts'
import { CommandTable } from '../../src/server/command-table.ts'
import { commandTable } from '../../src/server/commands.ts'
import { FakeNode, fakeConfig } from '../support/fake-node.ts'
import { FakeServer } from '../support/fake-server.ts'
import { ManualClock, settled } from '../support/manual-clock.ts'
import { RawClient } from '../support/raw-client.ts'
import { fillWithSamples } from '../support/sample-news.ts'

function row(name: string, more: Partial<Command> & Pick<Command, 'run'>): Command {
  return { name, args: [0, 5], syntax: name, rfc: 'test', ...more }
}

function serverWith(rows: readonly Command[], config: Record<string, unknown> = {}): FakeServer {
  const table = new CommandTable([...commandTable().rows, ...rows])
  return new FakeServer({ config, server: { table } })
}

/** Resolves by hand. */
function gate<T>() {
  let open: (value: T) => void = () => {}
  const promise = new Promise<T>(resolve => {
    open = resolve
  })
  return { promise, open }
}

const dialogue = [
  'CAPABILITIES',
  'MODE READER',
  'GROUP misc.test',
  'OVER 1-',
  'ARTICLE 237',
  'NEXT',
  'HDR x-mood <668929@example.org>',
  'POST',
  'From: a@example.com\r\nSubject: =?\r\n\r\n..dots\r\n.x\r\n'.replace('\r\n.x', '\r\n..x'),
  'LISTGROUP',
  'XYZZY \xff',
  'LIST ACTIVE *',
  'STAT <411@example.net>',
  'QUIT',
]
  .map(text => (text.endsWith('\r\n') ? `${text}.\r\n` : `${text}\r\n`))
  .join('')

async function answersTo(chunks: readonly Buffer[]): Promise<{ text: string; injected: Buffer[] }> {
  const server = new FakeServer()
  fillWithSamples(server.node)
  const { client, served } = server.connect()
  for (const chunk of chunks) {
    client.send(chunk)
    await new Promise(resolve => setImmediate(resolve))
  }
  const text = await client.rest()
  client.end()
  await served
  return { text, injected: server.node.injected }
}

describe('server/connection', () => {
  it('answers a pipelined dialogue in order, wherever the octets are split', async () => {
    const octets = Buffer.from(dialogue, 'latin1')
    const whole = await answersTo([octets])
    expect(
      whole.text
        .split('\r\n')
        .filter(text => /^\d\d\d /.test(text))
        .map(text => text.slice(0, 3)),
    ).to.deep.equal([
      '200',
      '101',
      '200',
      '211',
      '224',
      '220',
      '223',
      '225',
      '340',
      '240',
      '211',
      '500',
      '215',
      '223',
      '205',
    ])
    expect(whole.injected).to.have.length(1)
    for (let at = 1; at < octets.length; at++) {
      const split = await answersTo([octets.subarray(0, at), octets.subarray(at)])
      expect(split, `split at ${at}`).to.deep.equal(whole)
    }
    expect(await answersTo([...octets].map(octet => Buffer.from([octet])))).to.deep.equal(whole)
  })

  it('starts concurrent commands at once, answers them in order, and lets others wait', async () => {
    const gates = new Map<string, ReturnType<typeof gate<Response>>>()
    const started: string[] = []
    const wait = row('XWAIT', {
      concurrent: true,
      run(_session, [name = '']) {
        started.push(name)
        const held = gate<Response>()
        gates.set(name, held)
        return held.promise
      },
    })
    const plain = row('XPLAIN', {
      run(_session, [name = '']) {
        started.push(name)
        return line(203, name)
      },
    })
    const { client, served } = serverWith([wait, plain]).connect()
    await client.line()
    client.send('XWAIT a\r\nXWAIT b\r\nXWAIT c\r\nXPLAIN d\r\nXWAIT e\r\n')
    await settled()
    expect(started).to.deep.equal(['a', 'b', 'c'])
    gates.get('c')?.open(line(203, 'c'))
    gates.get('b')?.open(line(203, 'b'))
    await settled()
    expect(client.unread).to.equal('')
    gates.get('a')?.open(line(203, 'a'))
    for (const name of ['a', 'b', 'c', 'd']) expect(await client.line()).to.equal(`203 ${name}`)
    await settled()
    expect(started).to.deep.equal(['a', 'b', 'c', 'd', 'e'])
    gates.get('e')?.open(line(203, 'e'))
    expect(await client.line()).to.equal('203 e')
    client.end()
    await served
  })

  it('starts at most 256 concurrent commands', async () => {
    const held = gate<Response>()
    let started = 0
    const wait = row('XWAIT', {
      concurrent: true,
      run() {
        started++
        return held.promise
      },
    })
    const { client, served } = serverWith([wait]).connect()
    await client.line()
    client.send('XWAIT\r\n'.repeat(1000))
    await settled()
    expect(started).to.equal(256)
    held.open(line(203, 'x'))
    for (let i = 0; i < 1000; i++) expect(await client.line()).to.equal('203 x')
    client.end()
    await served
  })

  it('keeps at most 4 MiB of blocks in commands under way', async () => {
    const held = gate<Response>()
    let started = 0
    const take = row('XTAKE', {
      concurrent: true,
      block: true,
      run() {
        started++
        return held.promise
      },
    })
    const { client, served } = serverWith([take], { limits: { article_bytes: 2_000_000 } }).connect()
    await client.line()
    const block = `${'x'.repeat(998)}\r\n`.repeat(1000)
    client.send(`XTAKE\r\n${block}.\r\n`.repeat(8))
    await settled(200)
    expect(started).to.equal(5)
    held.open(line(203, 'x'))
    for (let i = 0; i < 8; i++) expect(await client.line()).to.equal('203 x')
    client.end()
    await served
  })

  it('reads the block of a command whatever the answer will be', async () => {
    const seen: unknown[] = []
    const rows = [
      row('XTAKE', {
        block: true,
        args: [1, 1],
        run(_session, _args, block) {
          seen.push(block?.ok === true ? block.wire.toString() : block)
          return line(203)
        },
      }),
      row('XPEER', { block: true, needs: ['peer'], run: () => line(203) }),
    ]
    const { client, served } = serverWith(rows).connect()
    await client.line()
    client.send(
      'XTAKE\r\nDATE\r\n.\r\nXPEER\r\nDATE\r\n.\r\nXTAKE a\r\n..b\r\n.\r\nXTAKE a\r\nb\nc\r\n.\r\nDATE\r\n',
    )
    expect(await client.line()).to.match(/^501 /)
    expect(await client.line()).to.match(/^502 /)
    expect(await client.line()).to.match(/^203 /)
    expect(await client.line()).to.match(/^203 /)
    expect(await client.line()).to.match(/^111 /)
    expect(seen).to.deep.equal(['..b\r\n', { ok: false, fault: 'bare-lf' }])
    client.end()
    await served
  })

  it('sends nothing after an answer that closes', async () => {
    const rows = [
      row('XWAIT', { concurrent: true, run: async () => line(203) }),
      row('XBYE', { concurrent: true, run: async () => ({ kind: 'line', code: 400, close: true }) }),
    ]
    const { client, served } = serverWith(rows).connect()
    await client.line()
    client.send('XWAIT\r\nXBYE\r\nXWAIT\r\nDATE\r\n')
    expect(await client.rest()).to.match(/^203 [^\r]*\r\n400 [^\r]*\r\n$/)
    client.end()
    await served
  })

  it('gives the row its own answer to a fault', async () => {
    const events: object[] = []
    const log: Log = { ...silentLog, error: fields => void events.push(fields), child: () => log }
    const table = new CommandTable([
      row('XFAIL', {
        fault: line(436),
        run() {
          throw new Error('oops')
        },
      }),
    ])
    const { client, served } = new FakeServer({ log, server: { table } }).connect()
    await client.line()
    client.send('XFAIL\r\n')
    expect(await client.line()).to.match(/^436 /)
    expect(events).to.have.length(1).and.to.have.nested.property('[0].command', 'XFAIL')
    client.end()
    await served
  })

  it('takes no line of an article for a command where the line before it was too long', async () => {
    const { client, served } = new FakeServer().connect()
    await client.line()
    for (const name of ['TAKETHIS', 'takethis\t']) {
      client.send(`${name} <${'a'.repeat(600)}@b>\r\nSubject: x\r\n\r\nDATE\r\nQUIT\r\n.\r\n`)
      expect(await client.line()).to.equal('501 Line too long')
    }
    client.send(`STAT <${'a'.repeat(600)}@b>\r\nQUIT\r\n`)
    expect(await client.line()).to.equal('501 Line too long')
    expect(await client.line()).to.match(/^205 /)
    client.end()
    await served
  })

  it('closes where an answer breaks off in the middle of its block', async () => {
    const broken = row('XBROKEN', {
      run: () => ({
        kind: 'body',
        code: 215,
        body: (async function* () {
          yield Buffer.from('one\r\n')
          throw new Error('disk')
        })(),
      }),
    })
    const { client, served } = serverWith([broken]).connect()
    await client.line()
    client.send('XBROKEN\r\nDATE\r\n')
    await served
    expect(client.unread).to.not.include('\r\n.\r\n').and.not.include('111')
  })

  it('keeps little in memory for a client that does not read', async () => {
    const body = `${'x'.repeat(998)}\r\n`.repeat(1000)
    let fetched = 0
    const big = row('XBIG', {
      run() {
        fetched++
        return { kind: 'block', code: 222, text: '0 <a@b>', block: Buffer.from(`${body}.\r\n`) }
      },
    })
    const [ours, theirs] = duplexPair()
    const server = serverWith([big])
    const served = server.server.accept(theirs, '127.0.0.1')
    ours.write('XBIG\r\n'.repeat(300))
    await settled(50)
    expect(fetched).to.equal(1)
    expect(theirs.writableLength).to.be.lessThan(400_000)
    const client = new RawClient(ours)
    expect(await client.line()).to.match(/^200 /)
    const hash = createHash('sha1').update(body).digest('hex')
    for (let i = 0; i < 3; i++) {
      expect(await client.line()).to.equal('222 0 <a@b>')
      const lines = await client.block()
      expect(
        createHash('sha1')
          .update(`${lines.join('\r\n')}\r\n`)
          .digest('hex'),
      ).to.equal(hash)
    }
    ours.destroy()
    theirs.destroy()
    await served
    expect(fetched).to.be.lessThan(10)
  })

  it('cuts off the longest silent of many clients that do not read, and none that does', async () => {
    const big = row('XBIG', {
      run: () => ({ kind: 'block', code: 222, block: Buffer.from(`${'x'.repeat(998_000)}\r\n.\r\n`) }),
    })
    const table = new CommandTable([...commandTable().rows, big])
    const { server } = new FakeServer({
      server: { table },
      config: { limits: { total_output_bytes: 3_500_000 } },
    })
    const gone: number[] = []
    const ends: Duplex[] = []
    for (let i = 0; i < 5; i++) {
      const [ours, theirs] = duplexPair()
      ends.push(ours, theirs)
      theirs.once('close', () => gone.push(i))
      void server.accept(theirs, '127.0.0.1')
      ours.write('XBIG\r\nXBIG\r\n')
      await settled()
    }
    expect(gone).to.deep.equal([0, 1, 2])
    const [ours, theirs] = duplexPair()
    void server.accept(theirs, '127.0.0.1')
    const client = new RawClient(ours)
    client.send('XBIG\r\nQUIT\r\n')
    expect(await client.rest()).to.match(/\r\n\.\r\n205 [^\r]*\r\n$/)
    for (const end of [...ends, ours, theirs]) end.destroy()
    await server.close()
  })

  it('keeps little of the input of a client that does not wait', async () => {
    const held = gate<Response>()
    const { client, stream, served } = serverWith([row('XHOLD', { run: () => held.promise })], {
      limits: { input_bytes: 10_000 },
    }).connect()
    await client.line()
    client.send('XHOLD\r\n')
    for (let i = 0; i < 500; i++)
      client.send('XYZZY xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\r\n'.repeat(20))
    await settled(50)
    expect(stream.writableLength).to.be.greaterThan(400_000)
    held.open(line(203))
    expect(await client.line()).to.match(/^203 /)
    for (let i = 0; i < 10_000; i++) expect(await client.line()).to.match(/^500 /)
    client.end()
    await served
  })

  it('runs a live answer until the next line, and then that line', async () => {
    const live = row('XLIVE', {
      run: () => ({
        kind: 'live',
        code: 215,
        lines: async function* (signal) {
          yield Buffer.from('one\r\n')
          await new Promise(resolve => signal.addEventListener('abort', resolve, { once: true }))
        },
      }),
    })
    const { client, served } = serverWith([live]).connect()
    await client.line()
    client.send('XLIVE\r\n')
    await client.play(`
      S: 215 *
      S: one
      C: DATE
      S: .
      S: 111 *`)
    client.end()
    await served
  })

  describe('with another transport', () => {
    const turned = (octets: Buffer) => octets.map(octet => octet ^ 0x55)
    /** Every octet turned over, both ways. */
    function layer(below: Duplex): Duplex {
      const above = new Duplex({
        read() {},
        write: (chunk: Buffer, _encoding, done) => below.write(turned(chunk), done),
        final: done => below.end(done),
        destroy(error, done) {
          below.destroy()
          done(error)
        },
      })
      below.on('data', (chunk: Buffer) => above.push(turned(chunk)))
      below.on('end', () => above.push(null))
      below.resume()
      return above
    }
    const start = row('XTURN', { run: () => ({ kind: 'switch', code: 382, transport: 'tls' }) })

    it('changes over when nothing lies between', async () => {
      const table = new CommandTable([...commandTable().rows, start])
      const server = new FakeServer({ server: { table, layers: { tls: layer } } })
      const { client, stream, served } = server.connect()
      await client.line()
      client.send('XTURN\r\n')
      expect(await client.line()).to.match(/^382 /)
      const [near, far] = duplexPair()
      far.on('data', (chunk: Buffer) => stream.write(turned(chunk)))
      stream.removeAllListeners('data').on('data', (chunk: Buffer) => far.write(turned(chunk)))
      const secret = new RawClient(near)
      secret.send('DATE\r\nQUIT\r\n')
      expect(await secret.line()).to.match(/^111 /)
      expect(await secret.line()).to.match(/^205 /)
      stream.end()
      await served
    })

    it('refuses and closes where an octet follows the command', async () => {
      const table = new CommandTable([...commandTable().rows, start])
      for (const behind of ['DATE\r\n', 'D', '\r']) {
        const server = new FakeServer({ server: { table, layers: { tls: layer } } })
        const { client, served } = server.connect()
        await client.line()
        client.send(`XTURN\r\n${behind}`)
        expect(await client.rest(), JSON.stringify(behind)).to.match(/^502 [^\r\n]*\r\n$/)
        client.end()
        await served
      }
    })

    it('answers 580 where there is no certificate', async () => {
      const { client, served } = serverWith([start]).connect()
      await client.line()
      client.send('XTURN\r\n')
      expect(await client.line()).to.match(/^580 /)
      client.end()
      await served
    })
  })

  describe('with time', () => {
    function timed(config: Record<string, unknown> = {}) {
      const clock = new ManualClock()
      const node = new FakeNode(clock, fakeConfig(config))
      const { client, served, stream } = new FakeServer({ node }).connect()
      let gone = false
      void served.then(() => {
        gone = true
      })
      return { clock, node, client, stream, served, isGone: () => gone }
    }

    it('closes where the first command does not come', async () => {
      const { clock, client, isGone } = timed({ limits: { first_command_seconds: 10 } })
      await client.line()
      await clock.advance(9_000)
      client.send('DA')
      await clock.advance(900)
      expect(isGone()).to.equal(false)
      await clock.advance(200)
      expect(isGone()).to.equal(true)
      expect(client.unread).to.equal('')
    })

    it('closes an idle connection without a word, counting from the last octet', async () => {
      const { clock, client, isGone } = timed({ limits: { idle_seconds: 180 } })
      await client.line()
      client.send('DATE\r\n')
      await client.line()
      await clock.advance(170_000)
      client.send('DATE\r\n')
      await client.line()
      await clock.advance(170_000)
      expect(isGone()).to.equal(false)
      await clock.advance(10_000)
      expect(isGone()).to.equal(true)
      expect(client.unread).to.equal('')
    })

    it('counts the octets of an article as activity, but not a trickle', async () => {
      const { clock, client, isGone } = timed({ limits: { idle_seconds: 180 } })
      await client.line()
      client.send('POST\r\n')
      await client.line()
      for (let i = 0; i < 20; i++) {
        client.send(`${'x'.repeat(70_000)}\r\n`)
        await clock.advance(60_000)
        expect(isGone()).to.equal(false)
      }
      for (let i = 0; i < 10; i++) {
        client.send('x')
        await clock.advance(60_000)
      }
      expect(isGone()).to.equal(true)
    })

    it('closes where the rest of a line does not come', async () => {
      const { clock, client, isGone } = timed()
      await client.line()
      client.send('DATE\r\nDAT')
      await client.line()
      await clock.advance(29_000)
      client.send('E')
      await clock.advance(900)
      expect(isGone()).to.equal(false)
      await clock.advance(200)
      expect(isGone()).to.equal(true)
    })

    it('cuts off a client that takes no output', async () => {
      const clock = new ManualClock()
      const config = fakeConfig({ limits: { stalled_output_seconds: 120, output_bytes: 10_000 } })
      const node = fillWithSamples(new FakeNode(clock, config))
      const [ours, theirs] = duplexPair()
      let gone = false
      const served = new FakeServer({ node }).server.accept(theirs, '127.0.0.1')
      void served.then(() => {
        gone = true
      })
      ours.write('HELP\r\n'.repeat(500))
      await clock.advance(119_000)
      expect(gone).to.equal(false)
      ours.read()
      await clock.advance(119_000)
      expect(gone).to.equal(false)
      await clock.advance(2_000)
      expect(gone).to.equal(true)
    })
  })

  it('lets a posting finish when the server stops, and then says 400', async () => {
    const server = new FakeServer()
    const held = gate<{ kind: 'mailed'; messageId: never }>()
    server.node.verdicts.push(held.promise)
    const { client, served } = server.connect()
    await client.line()
    client.send('POST\r\n')
    await client.line()
    client.send('From: a@b.example\r\n\r\nx\r\n.\r\nDATE\r\n')
    await settled()
    const closing = server.server.close()
    held.open({ kind: 'mailed', messageId: '<a@b>' as never })
    expect(await client.line()).to.match(/^240 /)
    expect(await client.rest()).to.match(/^400 [^\r\n]*\r\n$/)
    client.end()
    await Promise.all([closing, served])
  })

  it('gives back the leases of a peer that goes', async () => {
    const config = fakeConfig({ peer: [{ name: 'peer.example', from: ['127.0.0.1'] }] })
    const left: string[] = []
    const node = Object.assign(new FakeNode(new ManualClock(), config), {
      leave: ({ peer }: { peer: string }) => void left.push(peer),
    })
    const { client, served } = new FakeServer({ node }).connect()
    await client.line()
    client.end()
    await served
    expect(left).to.deep.equal(['peer.example'])
  })

  it('serves sockets, and tells which address it cannot have', async () => {
    const server = new FakeServer({ config: { listen: { nntp: ['127.0.0.1:0'] } } }).server
    await server.listen()
    const [address = ''] = server.addresses
    expect(address).to.match(/^127\.0\.0\.1:\d+$/)
    const socket = connectTo(Number(address.split(':')[1]), '127.0.0.1')
    const client = new RawClient(socket)
    await client.play(`
      S: 200 *
      C: DATE
      S: 111 *`)
    const second = new FakeServer({ config: { listen: { nntp: ['127.0.0.1:0', address] } } }).server
    const error = await second.listen().catch((reason: unknown) => reason)
    expect(error).to.be.instanceOf(Error)
    expect((error as Error).message)
      .to.include(address)
      .and.include('listen.nntp')
    expect(second.addresses).to.deep.equal([])
    const closing = server.close()
    expect(await client.rest()).to.match(/^400 /)
    socket.end()
    await closing
    expect(server.connections).to.equal(0)
  })
})
