/** One reader, one request at a time: what a newsreader feels, alone and while articles stream in. */
import { setTimeout as sleep } from 'node:timers/promises'
import { Articles } from '../articles.ts'
import { Client, LineCounter } from '../client.ts'
import { type Bench, picks, quantile, type Sample, type Scenario } from '../scenario.ts'
import { settled } from '../settled.ts'
import type { Server } from '../target.ts'

/** As many as are read right after a start, which compilers take part of: ours and the driver's. */
const firstRounds = 1000
const rounds = 4000
const busyRounds = 1000
const slowRounds = 100
const commands = ['group', 'over', 'article'] as const
type Command = (typeof commands)[number]

const metrics = (goal: Partial<Record<'median' | 'p99', number>>): Scenario['metrics'] =>
  commands.flatMap(name =>
    (['median', 'p99'] as const).map(figure => {
      const value = goal[figure]
      const metric = { name: `${name} ${figure}`, unit: 'ms', better: 'less' } as const
      return value === undefined ? metric : { ...metric, goal: { value } }
    }),
  )

async function read({ server, articles, sizes }: Bench, many: number): Promise<Sample> {
  const client = await Client.reader(server.readerPort)
  const times: Record<Command, number[]> = { group: [], over: [], article: [] }
  const took = async (command: Command, act: () => Promise<unknown>) => {
    const started = performance.now()
    await act()
    times[command].push(performance.now() - started)
  }
  const pick = picks(29)
  for (let round = 0; round < many; round++) {
    let status = ''
    await took('group', async () => {
      status = await client.line(`GROUP ${articles.group(pick(sizes.groups))}`)
    })
    const [, , low = 1, high = 1] = status.split(' ').map(Number)
    const first = low + pick(high - low - 19)
    await took('over', () => client.block(`OVER ${first}-${first + 19}`))
    await took('article', () => client.block(`ARTICLE ${first}`))
  }
  await client.quit()
  return summary(times)
}

export const latency: Scenario = {
  name: 'latency',
  title: 'one request at a time',
  stock: 'filled',
  metrics: [
    ...metrics({ median: 0.3, p99: 1 }),
    ...commands.map(name => ({ name: `first ${name} p99`, unit: 'ms', better: 'less' }) as const),
  ],
  async measure(bench) {
    const { server } = bench
    const isSlow = server.target.name.startsWith('inn')
    // What earlier scenarios brought is still being indexed: this one is of a node at rest.
    await settled(server)
    const first = await read(bench, isSlow ? slowRounds : firstRounds)
    const rest = await read(bench, isSlow ? slowRounds : rounds)
    return {
      ...rest,
      ...Object.fromEntries(commands.map(name => [`first ${name} p99`, first[`${name} p99`] ?? 0])),
    }
  },
}

/** Articles a second that come in meanwhile. */
const streamed = 10_000

export const latencyBusy: Scenario = {
  name: 'latency-busy',
  title: `one request at a time, ${streamed.toLocaleString('en-US')} articles/s coming in`,
  stock: 'filled',
  metrics: [...metrics({ p99: 10 }), { name: 'incoming', unit: 'articles/s', better: 'more' }],
  async measure(bench) {
    const { server, sizes } = bench
    if (server.target.name !== 'tidings') return undefined
    const groups = Array.from({ length: sizes.groups }, (_, at) => bench.articles.group(at))
    const stop = new AbortController()
    // Another series each time: the store keeps what came before.
    const series = `busy${Math.round(performance.now())}`
    const incoming = paced(server, new Articles({ octets: sizes.octets, groups, series }), stop.signal)
    const sample = await read(bench, busyRounds)
    stop.abort()
    return { ...sample, incoming: await incoming }
  },
}

/** Sends what is due every few milliseconds until `signal` aborts; gives the articles a second that were taken. */
async function paced({ feedPort }: Server, articles: Articles, signal: AbortSignal): Promise<number> {
  if (feedPort === undefined) return 0
  const client = await Client.open(feedPort)
  await client.line('MODE STREAM')
  const counter = new LineCounter('239')
  let taken = 0
  client.take(
    chunk => {
      taken += counter.push(chunk)
    },
    () => {},
  )
  const started = performance.now()
  let sent = 0
  while (!signal.aborted) {
    const due = Math.floor(((performance.now() - started) / 1000) * streamed)
    // What the server has not taken yet is not heaped up before it.
    const some = Math.min(due - sent, 1000 - (sent - taken))
    for (let at = 0; at < some; at++) client.socket.write(articles.takethis(sent++))
    await sleep(5)
  }
  const seconds = (performance.now() - started) / 1000
  client.destroy()
  return taken / seconds
}

function summary(times: Readonly<Record<Command, readonly number[]>>): Sample {
  const sample: Record<string, number> = {}
  for (const name of commands) {
    sample[`${name} median`] = quantile(times[name], 0.5)
    sample[`${name} p99`] = quantile(times[name], 0.99)
  }
  return sample
}
