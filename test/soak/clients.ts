/** Everybody at once: peers, posters, readers, browsers and administrators, and one in a hundred who misbehaves. */
import { once } from 'node:events'
import { get } from 'node:http'
import { connect } from 'node:net'
import { connectControl } from '../../src/cli/control-client.ts'
import { systemClock } from '../../src/clock.ts'
import { RawClient } from '../support/raw-client.ts'

export const groups = ['soak.a', 'soak.b', 'soak.c'] as const
export const feeder = 'feeder.example'

export interface Work {
  readonly port: number
  readonly web: string
  readonly control: string
  readonly random: () => number
  /** Turns by what was done in them. */
  readonly counts: Map<string, number>
  /** Writes the configuration, with the peer that we feed or without. */
  readonly configure: (fed: boolean) => Promise<void>
}

export type Turn = () => Promise<void>

const faulty = 0.01
const atOnce = 40
/** Between turns, so that the machine is not taken whole. */
const pause = 100

let serial = 0

function article({ random }: Work, more: readonly string[] = []): { id: string; wire: string } {
  const id = `<${++serial}.${process.pid}@soak.example>`
  const group = groups[Math.floor(random() ** 2 * groups.length)] ?? groups[0]
  const lines = Array.from({ length: 1 + Math.floor(random() ** 3 * 150) }, () => 'soak '.repeat(14))
  const head = ['From: a@soak.example', `Newsgroups: ${group}`, `Subject: number ${serial}`]
  const wire = [...head, `Message-ID: ${id}`, ...more, '', ...lines, '.', ''].join('\r\n')
  return { id, wire }
}

const relayed = () => [`Path: ${feeder}!not-for-mail`, `Date: ${new Date().toUTCString()}`]

function count({ counts }: Work, what: string, more = 1): void {
  counts.set(what, (counts.get(what) ?? 0) + more)
}

async function opened({ port }: Work): Promise<RawClient> {
  const client = new RawClient(connect(port, '127.0.0.1'))
  await client.line()
  return client
}

async function expected(client: RawClient, pattern: RegExp): Promise<string> {
  const line = await client.line()
  if (!pattern.test(line)) throw new Error(`${line} instead of ${pattern}`)
  return line
}

/** One in a hundred turns is a fault of its own. */
const mixed =
  (work: Work, turn: Turn): Turn =>
  async () => {
    if (work.random() >= faulty) return await turn()
    const fault = faults[Math.floor(work.random() * faults.length)]
    await fault?.(work)
    count(work, 'fault')
  }

/** A turn of each client; they are opened here. */
export async function everybody(work: Work): Promise<Turn[]> {
  const turns = [
    await streaming(work),
    await streaming(work),
    await offering(work),
    await posting(work),
    await reading(work),
    await reading(work),
    browsing(work),
    passing(work),
    administering(work),
  ]
  return turns.map(turn => mixed(work, turn))
}

async function streaming(work: Work): Promise<Turn> {
  const client = await opened(work)
  return async () => {
    const articles = Array.from({ length: atOnce }, () => {
      const isBad = work.random() < faulty
      return { ...article(work, isBad ? ['Date: yesterday'] : relayed()), isBad }
    })
    client.send(articles.map(({ id }) => `CHECK ${id}\r\n`).join(''))
    // RFC 4644 2.4: 431 is an answer like others; there is no second try here.
    const wanted: typeof articles = []
    for (const each of articles)
      if ((await expected(client, /^(238|431) /)).startsWith('238')) wanted.push(each)
      else count(work, 'later')
    client.send(wanted.map(({ id, wire }) => `TAKETHIS ${id}\r\n${wire}`).join(''))
    for (const { isBad } of wanted) {
      await expected(client, isBad ? /^439 / : /^239 /)
      count(work, isBad ? 'malformed' : 'article')
    }
    await systemClock.sleep(pause)
  }
}

async function offering(work: Work): Promise<Turn> {
  const client = await opened(work)
  return async () => {
    const { id, wire } = article(work, relayed())
    client.send(`IHAVE ${id}\r\n`)
    if ((await expected(client, /^(335|436) /)).startsWith('436')) return count(work, 'later')
    client.send(wire)
    await expected(client, /^235 /)
    count(work, 'article')
    await systemClock.sleep(pause / 4)
  }
}

async function posting(work: Work): Promise<Turn> {
  const client = await opened(work)
  return async () => {
    client.send('POST\r\n')
    await expected(client, /^340 /)
    client.send(article(work).wire)
    await expected(client, /^240 /)
    count(work, 'article')
    count(work, 'post')
    await systemClock.sleep(pause / 4)
  }
}

async function reading(work: Work): Promise<Turn> {
  const client = await opened(work)
  return async () => {
    client.send(`GROUP ${groups[Math.floor(work.random() * groups.length)]}\r\n`)
    const [, some = 0, , high = 0] = (await expected(client, /^211 /)).split(' ').map(Number)
    if (some > 0) await readNewest(client, high)
    client.send('LIST ACTIVE\r\n')
    await expected(client, /^215 /)
    await client.block()
    count(work, 'read')
    await systemClock.sleep(pause)
  }
}

async function readNewest(client: RawClient, high: number): Promise<void> {
  client.send(`OVER ${Math.max(1, high - 200)}-\r\nARTICLE ${high}\r\nHDR Subject ${high}\r\n`)
  for (const pattern of [/^(224|423) /, /^(220|423) /, /^(225|423) /])
    if (/^2/.test(await expected(client, pattern))) await client.block()
}

function browsing(work: Work): Turn {
  const paths = ['/', '/h/soak', ...groups.map(name => `/g/${name}`), '/m/', '/post', '/g/nowhere']
  return async () => {
    const path = paths[Math.floor(work.random() * paths.length)] ?? '/'
    const request = get(`${work.web}${path}`, { agent: false })
    const [response] = await once(request, 'response')
    response.resume()
    await once(response, 'close')
    if (response.statusCode >= 500) throw new Error(`${path} was answered ${response.statusCode}`)
    count(work, 'page')
    await systemClock.sleep(pause)
  }
}

/** Clients that come for one question. */
function passing(work: Work): Turn {
  return async () => {
    const client = await opened(work)
    client.send('CAPABILITIES\r\nDATE\r\nQUIT\r\n')
    await client.rest()
    count(work, 'visit')
    await systemClock.sleep(pause)
  }
}

function administering(work: Work): Turn {
  let fed = true
  return async () => {
    await using node = await connectControl(work.control, systemClock)
    fed = !fed
    await work.configure(fed)
    await node.call('reload', {})
    count(work, 'reload')
    await node.call('status', {})
    for await (const _ of node.stream('expire', { dryRun: false }, new AbortController().signal));
    count(work, 'expire')
    await systemClock.sleep(pause * 5)
  }
}

/** Follows what arrives until `signal` aborts, and begins anew now and then. */
export async function following(work: Work, signal: AbortSignal): Promise<void> {
  await using node = await connectControl(work.control, systemClock)
  while (!signal.aborted) {
    const enough = new AbortController()
    const either = AbortSignal.any([signal, enough.signal])
    let left = 300
    try {
      for await (const _ of node.stream('tail', { wildmat: 'soak.*' }, either))
        if (--left === 0) enough.abort()
    } catch (error) {
      if (!either.aborted) throw error
    }
    count(work, 'tail')
  }
}

const faults: readonly ((work: Work) => Promise<void>)[] = [
  async work => {
    const client = await opened(work)
    const { id, wire } = article(work, relayed())
    client.send(`TAKETHIS ${id}\r\n${wire.slice(0, wire.length / 2)}`)
    client.destroy()
  },
  async work => {
    const client = await opened(work)
    client.send('POST\r\n')
    await expected(client, /^340 /)
    client.send('no header\r\n\r\nat all\r\n.\r\nQUIT\r\n')
    await expected(client, /^441 /)
    await client.rest()
  },
  async work => {
    const client = await opened(work)
    const { id } = article(work)
    client.send(`IHAVE ${id}\r\n`)
    await expected(client, /^335 /)
    client.send('Path: x\r\n')
    await systemClock.sleep(1500)
    client.destroy()
  },
  async work => {
    const client = await opened(work)
    client.send(`${'X'.repeat(5000)}\r\nGROUP\r\n\0\r\n`)
    await client.line()
    client.destroy()
  },
  async work => {
    const client = new RawClient(connect(Number(new URL(work.web).port), '127.0.0.1'))
    client.send('GET / HTTP/1.1\r\nHost: 127')
    client.destroy()
  },
  async work => {
    const client = new RawClient(connect(work.control))
    client.send('{')
    client.destroy()
  },
]
