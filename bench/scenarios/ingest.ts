/** Articles of a peer: TAKETHIS and CHECK over four connections. RFC 4644 */
import { randomBytes } from 'node:crypto'
import type { Articles } from '../articles.ts'
import { Client, LineCounter } from '../client.ts'
import { pipeline } from '../pipeline.ts'
import { type Bench, type Sample, type Scenario, timed } from '../scenario.ts'
import { settled } from '../settled.ts'
import type { Server } from '../target.ts'

const connections = 4
const depth = 200

export interface Share {
  readonly code: string
  readonly requests: number
  readonly request: (index: number) => Buffer | string
}

/** Sends the requests over all connections at once, each answered by one line with the same code. */
export async function stream(server: Server, { code, requests, request }: Share): Promise<number> {
  const { feedPort } = server
  if (feedPort === undefined) throw new Error(`${server.target.title} takes no articles`)
  const clients = await Promise.all(Array.from({ length: connections }, () => Client.open(feedPort)))
  const counters = clients.map(() => new LineCounter(code))
  for (const client of clients) await client.line('MODE STREAM')
  const each = Math.floor(requests / connections)
  const seconds = await timed(() =>
    Promise.all(
      clients.map((client, which) =>
        pipeline({
          client,
          requests: each,
          depth,
          request: index => request(index * connections + which),
          count: chunk => counters[which]?.push(chunk) ?? 0,
        }),
      ),
    ),
  )
  const wrong = counters.reduce((sum, counter) => sum + counter.others, 0)
  if (wrong > 0) throw new Error(`${wrong} answers were not ${code}: ${counters[0]?.other}`)
  await Promise.all(clients.map(client => client.quit()))
  return seconds
}

/** `from`: the first of the series that is sent. */
export function feed(server: Server, articles: Articles, count: number, from = 0): Promise<number> {
  return stream(server, {
    code: '239',
    requests: count,
    request: index => articles.takethis(from + index),
  })
}

/** What is fed between two looks at the clock. */
const part = 100_000

/** Articles a second, what one costs the server, and what the last part keeps of the rate of the first. */
async function measureFeed({ server, articles }: Bench, count: number): Promise<Sample> {
  const before = server.usage().cpu
  const rates: number[] = []
  let seconds = 0
  for (let from = 0; from < count; from += part) {
    const some = Math.min(part, count - from)
    const took = await feed(server, articles, some, from)
    seconds += took
    rates.push(some / took)
  }
  const kept = (rates.at(-1) ?? 0) / (rates[0] ?? 1)
  return { rate: count / seconds, cpu: ((server.usage().cpu - before) / count) * 1e6, kept }
}

const metrics: Scenario['metrics'] = [
  { name: 'rate', unit: 'articles/s', better: 'more', goal: { times: 1 } },
  { name: 'cpu', unit: 'µs CPU/article', better: 'less' },
  { name: 'kept', unit: 'of the rate of the first 100,000', better: 'more', goal: { value: 0.67 } },
]

export const ingest: Scenario = {
  name: 'ingest',
  title: 'TAKETHIS, 4 connections',
  stock: 'empty',
  metrics,
  measure: bench => measureFeed(bench, bench.sizes.articles),
}

/** Asked in one measurement of each kind: about two seconds, of which the compiler of our node takes part of the first. */
const checks = 400_000
/** Fed before ids of the last minutes are asked for. */
const fresh = 40_000

/** CHECK of ids nobody has, of ids that came since the start, and of those from before it. */
export const check: Scenario = {
  name: 'check',
  title: 'CHECK, 4 connections',
  stock: 'filled',
  metrics: [
    { name: 'unknown', unit: 'ids/s', better: 'more', goal: { times: 1 } },
    { name: 'recent', unit: 'ids/s', better: 'more', goal: { times: 1 } },
    { name: 'older', unit: 'ids/s', better: 'more', goal: { times: 0.4 } },
    { name: 'unknown cpu', unit: 'µs CPU/id', better: 'less' },
    { name: 'recent cpu', unit: 'µs CPU/id', better: 'less' },
    { name: 'older cpu', unit: 'µs CPU/id', better: 'less' },
  ],
  async measure({ server, articles, sizes }) {
    if (server.feedPort === undefined) return undefined
    // Each measurement its own ids: the server remembers those of the one before.
    const other = articles.another(randomBytes(6).toString('hex'))
    await feed(server, other, fresh)
    await settled(server)
    const older = await measureChecks(server, '438', at => articles.id(at % sizes.filled))
    const recent = await measureChecks(server, '438', at => other.id(at % fresh))
    const unknown = await measureChecks(server, '238', at => other.id(fresh + at))
    return {
      unknown: unknown.rate,
      recent: recent.rate,
      older: older.rate,
      'unknown cpu': unknown.cpu,
      'recent cpu': recent.cpu,
      'older cpu': older.cpu,
    }
  },
}

interface Checked {
  readonly rate: number
  /** Microseconds an id. */
  readonly cpu: number
}

async function measureChecks(server: Server, code: string, id: (at: number) => string): Promise<Checked> {
  const before = server.usage().cpu
  const seconds = await stream(server, {
    code,
    requests: checks,
    request: index => `CHECK ${id(index)}\r\n`,
  })
  return { rate: checks / seconds, cpu: ((server.usage().cpu - before) / checks) * 1e6 }
}
