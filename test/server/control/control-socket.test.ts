import { lstatSync, mkdtempSync, rmSync } from 'node:fs'
import { connect, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'chai'
import fc from 'fast-check'
import { type ControlClient, connectControl } from '../../../src/cli/control-client.ts'
import { type Clock, systemClock } from '../../../src/clock.ts'
import { silentLog } from '../../../src/log.ts'
import type { ControlContext, ControlRequest } from '../../../src/server/control/control-session.ts'
import { ControlSocket } from '../../../src/server/control/control-socket.ts'
import { ControlFault } from '../../../src/server/control/node-control.ts'

/** A clock whose timers run when told. */
function turnableClock() {
  const timers = new Set<() => void>()
  const clock: Clock = {
    ...systemClock,
    timer(_milliseconds, action) {
      timers.add(action)
      return { cancel: () => timers.delete(action) }
    },
  }
  const ring = () => {
    for (const action of [...timers]) action()
  }
  return { clock, timers, ring }
}

function frame(value: unknown): Buffer {
  const json = Buffer.from(typeof value === 'string' ? value : JSON.stringify(value))
  const digits = [(json.length & 127) + 128]
  for (let rest = json.length >> 7; rest > 0; rest >>= 7) digits.unshift(rest & 127)
  return Buffer.concat([Buffer.from(digits), json])
}
const hello = Buffer.concat([Buffer.from('IPC'), frame({ t: 0, d: { compress: false, id: null } })])

describe('control socket', () => {
  let folder = ''
  let control: ControlSocket
  let turn: ReturnType<typeof turnableClock>
  let table: Map<string, ControlRequest>
  const clients: (ControlClient | Socket)[] = []
  const path = () => join(folder, 'run', 'control.sock')

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'tidings-control-'))
    turn = turnableClock()
    table = new Map<string, ControlRequest>([['echo', { run: async args => args }]])
    control = await ControlSocket.open({ path: path(), table, log: silentLog, clock: turn.clock })
  })
  afterEach(async () => {
    for (const each of clients.splice(0)) {
      if ('call' in each) await each[Symbol.asyncDispose]()
      else each.destroy()
    }
    await control.close()
    rmSync(folder, { recursive: true })
  })

  async function client(): Promise<ControlClient> {
    const connected = await connectControl(path(), turn.clock)
    clients.push(connected)
    return connected
  }
  function raw(...octets: Buffer[]): { socket: Socket; closed: Promise<void> } {
    const socket = connect(path())
    clients.push(socket)
    socket.on('error', () => {})
    socket.resume()
    const closed = new Promise<void>(resolve => socket.once('close', () => resolve()))
    socket.write(Buffer.concat(octets))
    return { socket, closed }
  }
  const fault = (promise: Promise<unknown>) =>
    promise.then(
      () => 'no fault',
      (error: unknown) => (error instanceof ControlFault ? error.code : String(error)),
    )
  async function collect(items: AsyncIterable<unknown>): Promise<unknown[]> {
    const all: unknown[] = []
    for await (const item of items) all.push(item)
    return all
  }
  /** A row that notes when its signal aborts, and streams until then. */
  function endless() {
    let sent = 0
    let aborted: () => void = () => {}
    const gone = new Promise<void>(resolve => {
      aborted = resolve
    })
    async function* numbers() {
      for (;;) yield sent++
    }
    const run = (_args: unknown, { signal }: ControlContext) => {
      signal.addEventListener('abort', () => aborted())
      return numbers()
    }
    return { row: { run }, gone, sent: () => sent }
  }

  it('is open to its own user only', () => {
    expect(lstatSync(path()).mode & 0o777).to.equal(0o600)
    expect(lstatSync(join(folder, 'run')).mode & 0o777).to.equal(0o700)
  })

  it('answers calls, each its own', async () => {
    const one = await client()
    const answers = Array.from({ length: 8 }, (_, n) => one.call('echo', { n }))
    expect(await Promise.all(answers)).to.deep.equal(Array.from({ length: 8 }, (_, n) => ({ n })))
    expect(await one.call('echo', undefined)).to.equal(undefined)
  })

  it('answers with the fault of the node, and hides any other', async () => {
    table.set('refuse', { run: async () => Promise.reject(new ControlFault('refused', 'no such group')) })
    table.set('break', { run: async () => Promise.reject(new Error('secret')) })
    table.set('throw', {
      run: () => {
        throw new Error('secret')
      },
    })
    const one = await client()
    const message = await one
      .call('refuse', {})
      .catch((error: ControlFault) => `${error.code}: ${error.message}`)
    expect(message).to.equal('refused: no such group')
    for (const cmd of ['break', 'throw'])
      expect(await one.call(cmd, {}).catch((error: Error) => error.message)).to.not.contain('secret')
    expect(await fault(one.call('break', {}))).to.equal('internal')
    expect(await fault(one.call('unheard', {}))).to.equal('usage')
    expect(await fault(one.call('__proto__', {}))).to.equal('usage')
  })

  it('refuses more requests at once than it keeps', async () => {
    let free: () => void = () => {}
    const waiting = new Promise<void>(resolve => {
      free = resolve
    })
    table.set('wait', { run: () => waiting })
    const one = await client()
    const kept = Array.from({ length: 8 }, () => one.call('wait', {}))
    expect(await fault(one.call('echo', {}))).to.equal('retry')
    free()
    await Promise.all(kept)
    expect(await one.call('echo', 1)).to.equal(1)
  })

  it('takes octets with a request, up to the limit of the row', async () => {
    table.set('size', {
      blobLimit: 3_000_000,
      run: async (_args, { blob }) => ({ size: blob.length, end: blob.at(-1) }),
    })
    const one = await client()
    const octets = Buffer.alloc(2_500_000, 7)
    expect(await one.call('size', {}, octets)).to.deep.equal({ size: 2_500_000, end: 7 })
    expect(await fault(one.call('size', {}, Buffer.alloc(3_000_001)))).to.equal('data')
    expect(await fault(one.call('echo', {}, Buffer.alloc(1)))).to.equal('data')
  })

  it('streams, and ends', async () => {
    table.set('count', {
      async *run(args) {
        for (let n = 0; n < Number(args); n++) yield { n, filling: 'x'.repeat(5_000) }
      },
    })
    const one = await client()
    const [short, long] = await Promise.all([
      collect(one.stream('count', 3, new AbortController().signal)),
      collect(one.stream('count', 500, new AbortController().signal)),
    ])
    expect(short).to.have.length(3)
    expect(long.at(-1)).to.have.property('n', 499)
    expect(await collect(one.stream('count', 0, new AbortController().signal))).to.deep.equal([])
  })

  it('ends a stream with the fault of the node', async () => {
    table.set('some', {
      async *run() {
        yield 1
        throw new ControlFault('io', 'cannot read')
      },
    })
    const one = await client()
    const seen: unknown[] = []
    const reading = (async () => {
      for await (const item of one.stream('some', {}, new AbortController().signal)) seen.push(item)
    })()
    expect(await fault(reading)).to.equal('io')
    expect(seen).to.deep.equal([1])
  })

  it('waits for a client that takes nothing', async () => {
    const { row, sent } = endless()
    table.set('endless', row)
    const one = await client()
    const items = one.stream('endless', {}, new AbortController().signal)[Symbol.asyncIterator]()
    await items.next()
    // Whatever the node would have sent by now stands before this answer on the same connection.
    for (let n = 0; n < 20; n++) await one.call('echo', n)
    expect(sent()).to.be.at.most(10)
    for (let n = 0; n < 50; n++) await items.next()
    expect(sent()).to.be.within(50, 62)
    await items.return?.()
  })

  it('stops a stream whose client breaks off, aborts or goes', async () => {
    const one = await client()
    const first = endless()
    table.set('first', first.row)
    for await (const item of one.stream('first', {}, new AbortController().signal)) if (item === 3) break
    await first.gone

    const second = endless()
    table.set('second', second.row)
    const abort = new AbortController()
    const reading = (async () => {
      for await (const item of one.stream('second', {}, abort.signal)) if (item === 3) abort.abort()
    })()
    expect(await fault(reading)).to.equal('cancelled')
    await second.gone

    const third = endless()
    table.set('third', third.row)
    const items = one.stream('third', {}, new AbortController().signal)[Symbol.asyncIterator]()
    await items.next()
    await one[Symbol.asyncDispose]()
    await third.gone
    expect(await fault(items.next().then(() => items.next()))).to.equal('unavailable')
  })

  it('stops a stream that is stuck when its client goes', async () => {
    let returned: () => void = () => {}
    const done = new Promise<void>(resolve => {
      returned = resolve
    })
    const stuck: AsyncIterable<number> = {
      [Symbol.asyncIterator]: () => ({
        next: () => new Promise(() => {}),
        return: async () => {
          returned()
          return { done: true, value: undefined }
        },
      }),
    }
    table.set('stuck', { run: () => stuck })
    const one = await client()
    const reading = fault(collect(one.stream('stuck', {}, new AbortController().signal)))
    await one.call('echo', 1)
    await one[Symbol.asyncDispose]()
    await done
    expect(await reading).to.equal('unavailable')
  })

  it('refuses an answer over the frame limit, and goes on', async () => {
    table.set('large', { run: async () => 'x'.repeat(1_100_000) })
    const one = await client()
    expect(await fault(one.call('large', {}))).to.equal('internal')
    expect(await one.call('echo', 1)).to.equal(1)
  })

  it('fails what waits when the node closes', async () => {
    table.set('wait', { run: () => new Promise(() => {}) })
    const one = await client()
    const waiting = fault(one.call('wait', {}))
    await one.call('echo', 1)
    await control.close()
    expect(await waiting).to.equal('unavailable')
    await one.closed
    expect(await fault(one.call('echo', 1))).to.equal('unavailable')
  })

  it('is not there when no node runs', async () => {
    await control.close()
    expect(await fault(connectControl(path(), turn.clock))).to.equal('unavailable')
  })

  it('cannot be opened twice', async () => {
    const second = ControlSocket.open({ path: path(), table, log: silentLog, clock: turn.clock })
    expect(await second.catch((error: Error) => error.message)).to.contain('a node answers on')
    expect(await (await client()).call('echo', 1)).to.equal(1)
  })

  it('closes a client that does not say what it is within 10 s', async () => {
    const silent = raw(Buffer.from('IP'))
    const known = await client()
    // The timer of the silent one is there once the node has taken it.
    while (turn.timers.size === 0) await known.call('echo', 1)
    turn.ring()
    await silent.closed
    expect(await known.call('echo', 2)).to.equal(2)
    expect(turn.timers.size).to.equal(0)
  })

  it('keeps half a million octets of nobody it knows for no longer than their frame is small', async () => {
    await raw(Buffer.from('IPC'), Buffer.from([0x64, 0, 0, 0x80]), Buffer.alloc(500_000)).closed
    expect(await (await client()).call('echo', 1)).to.equal(1)
  })

  const faults: readonly [string, Buffer[]][] = [
    ['a length over 1 GiB', [Buffer.from('IPC'), Buffer.from([0x7f, 0x7f, 0x7f, 0x7f, 0xff])]],
    ['a length over 1 GiB behind a good frame', [hello, Buffer.from([0x7f, 0x7f, 0x7f, 0x7f, 0xff])]],
    [
      'an upgrade by HTTP',
      [
        Buffer.from('GET / HTTP/1.1\r\nConnection: Upgrade\r\nUpgrade: net-ipc\r\n\r\n'),
        frame({ t: 0, d: {} }),
      ],
    ],
    ['compression', [Buffer.from('IPC'), frame({ t: 0, d: { compress: true } })]],
    ['msgpack', [Buffer.from('IPC'), frame({ t: 0, d: { messagepack: true } })]],
    ["another client's identity", [Buffer.from('IPC'), frame({ t: 0, d: { id: 'x' } })]],
    ['a message before it is known', [Buffer.from('IPC'), frame({ t: 1, d: {} })]],
    ['a response that nobody asked for', [hello, frame({ t: 3, n: 'toString' })]],
    ['a message of no known form', [hello, frame({ t: 1, d: { v: 1, cmd: 'echo' } })]],
    ['another version', [hello, frame({ t: 1, d: { v: 2, id: 1, cmd: 'echo', args: 1 } })]],
    [
      'an identity used twice',
      [hello, ...[1, 2].map(() => frame({ t: 1, d: { v: 1, id: 1, cmd: 'hang', args: 1 } }))],
    ],
    [
      'more octets than announced',
      [
        hello,
        frame({ t: 1, d: { v: 1, id: 1, cmd: 'size', args: 1, blob: 1 } }),
        frame({ t: 1, d: { v: 1, id: 1, data: 'YWE=' } }),
      ],
    ],
    ['deep nesting', [hello, frame(`{"t":1,"d":${'['.repeat(100_000)}${']'.repeat(100_000)}}`)]],
  ]
  for (const [name, octets] of faults)
    it(`closes a client that sends ${name}, and serves the others`, async () => {
      table.set('hang', { run: () => new Promise(() => {}) })
      table.set('size', { blobLimit: 5, run: async () => 0 })
      const other = await client()
      await raw(...octets).closed
      expect(await other.call('echo', name)).to.equal(name)
    })

  it('does not hang on clients that ask and never read', async () => {
    table.set('large', { run: async () => 'x'.repeat(900_000) })
    const other = await client()
    const { socket, closed } = raw(hello)
    socket.pause()
    let open = true
    const gone = closed.then(() => {
      open = false
    })
    // A paused socket learns only from its own writes that the other side has closed.
    for (let id = 1; open; id++) {
      socket.write(frame({ t: 1, d: { v: 1, id, cmd: id > 8 ? 'none' : 'large', args: 1 } }))
      await other.call('echo', id)
    }
    await gone
    expect(await other.call('echo', 1)).to.equal(1)
  })

  it('survives any octets', async () => {
    const json = fc.oneof(
      fc.jsonValue(),
      fc.record({ t: fc.nat(8), d: fc.jsonValue(), n: fc.string() }),
      fc.record({
        t: fc.constant(1),
        d: fc.record({
          v: fc.constant(1),
          id: fc.nat(3),
          cmd: fc.constantFrom('echo', 'x'),
          args: fc.jsonValue(),
        }),
      }),
      fc.record({
        t: fc.constant(1),
        d: fc.record(
          { v: fc.constant(1), id: fc.nat(3), ack: fc.integer(), data: fc.string() },
          { requiredKeys: ['v'] },
        ),
      }),
    )
    const part = fc.oneof(
      fc.uint8Array({ maxLength: 40 }).map(octets => Buffer.from(octets)),
      json.map(value => frame(value)),
    )
    await fc.assert(
      fc.asyncProperty(fc.boolean(), fc.array(part, { maxLength: 5 }), async (known, parts) => {
        const { socket, closed } = raw(...(known ? [hello] : []), ...parts)
        socket.end()
        await closed
      }),
      { numRuns: 300 },
    )
    expect(await (await client()).call('echo', 1)).to.equal(1)
  })
})
