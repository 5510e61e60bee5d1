/** Articles of a peer: TAKETHIS and CHECK over four connections. RFC 4644 */
import type { Articles } from '../articles.ts'
import { Client, LineCounter } from '../client.ts'
import { pipeline } from '../pipeline.ts'
import { type Bench, type Sample, type Scenario, timed } from '../scenario.ts'
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
  const clients = await Promise.all(Array.from({ length: connections }, () => Client.open(server.feedPort)))
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

export function feed(server: Server, articles: Articles, count: number): Promise<number> {
  return stream(server, { code: '239', requests: count, request: index => articles.takethis(index) })
}

/** Articles a second, and what one costs the server. */
async function measureFeed({ server, articles }: Bench, count: number): Promise<Sample> {
  const before = server.usage().cpu
  const seconds = await feed(server, articles, count)
  return { rate: count / seconds, cpu: ((server.usage().cpu - before) / count) * 1e6 }
}

const metrics: Scenario['metrics'] = [
  { name: 'rate', unit: 'articles/s', better: 'more', goal: { times: 0.6 } },
  { name: 'cpu', unit: 'µs CPU/article', better: 'less' },
]

export const ingest: Scenario = {
  name: 'ingest',
  title: 'TAKETHIS, 4 connections',
  stock: 'empty',
  metrics,
  measure: bench => measureFeed(bench, bench.sizes.articles),
}

export const check: Scenario = {
  name: 'check',
  title: 'CHECK of ids it has, 4 connections',
  stock: 'filled',
  metrics: [
    { name: 'rate', unit: 'ids/s', better: 'more', goal: { value: 100_000 } },
    { name: 'cpu', unit: 'µs CPU/id', better: 'less' },
  ],
  async measure({ server, articles, sizes }) {
    const request = (index: number) => `CHECK ${articles.id(index % sizes.filled)}\r\n`
    const requests = Math.min(sizes.filled * 2, 200_000)
    const before = server.usage().cpu
    const seconds = await stream(server, { code: '438', requests, request })
    return { rate: requests / seconds, cpu: ((server.usage().cpu - before) / requests) * 1e6 }
  },
}
