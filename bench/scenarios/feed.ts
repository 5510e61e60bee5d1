/** Our outgoing feed to a peer that costs nothing: what waits for it, and what comes in while it is fed. RFC 4644 */
import { type ChildProcess, fork } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Articles } from '../articles.ts'
import { type Bench, type Sample, type Scenario, timed } from '../scenario.ts'
import type { Taken } from '../sink.ts'
import { feed } from './ingest.ts'

const program = fileURLToPath(new URL('../sink.js', import.meta.url))

class Sink {
  readonly port: number
  readonly #child: ChildProcess

  private constructor(child: ChildProcess, port: number) {
    this.#child = child
    this.port = port
  }

  static async start(): Promise<Sink> {
    const child = fork(program)
    const { port } = await told<{ port: number }>(child)
    return new Sink(child, port)
  }

  /** Counts from nothing; `taken` resolves when so many articles have come. */
  async expect(articles: number): Promise<{ readonly taken: Promise<Taken> }> {
    const begun = told<string>(this.#child)
    this.#child.send(articles)
    await begun
    return { taken: told<Taken>(this.#child) }
  }

  async end(): Promise<void> {
    const ended = new Promise(resolve => this.#child.once('exit', resolve))
    this.#child.kill()
    await ended
  }
}

const told = <T>(child: ChildProcess): Promise<T> =>
  new Promise((resolve, reject) => {
    child.once('message', message => resolve(message as T))
    child.once('exit', () => reject(new Error('the sink has ended')))
  })

interface Fed {
  readonly sink: Sink
  /** Articles a second that came in while nothing went out. */
  readonly ingest: number
  /** Articles a second that went out then, to all peers together. */
  readonly sent: number
  /** CPU of an article that went out, microseconds. */
  readonly cpu: number
}

/** Lets articles wait for these peers, which are all one sink, and sends them then; `after` while they are there. */
async function measure(
  { server, sizes, articles }: Bench,
  peers: readonly string[],
  after: (fed: Fed) => Promise<Sample>,
): Promise<Sample | undefined> {
  const command = server.command?.bind(server)
  if (command === undefined) return undefined
  const sink = await Sink.start()
  try {
    const parts = join(server.directory, 'conf.d')
    mkdirSync(parts, { recursive: true })
    const sections = peers.map(
      name => `[[peer]]\nname = "${name}"\nto = "127.0.0.1:${sink.port}"\nsend = "*"\n`,
    )
    writeFileSync(join(parts, 'sinks.toml'), sections.join(''))
    await command(['reload'])
    for (const name of peers) await command(['peer', 'stop', name])
    const alone = await feed(server, articles, sizes.articles)
    const wanted = sizes.articles * peers.length
    const { taken } = await sink.expect(wanted)
    const before = server.usage().cpu
    for (const name of peers) await command(['peer', 'start', name])
    const { seconds } = await taken
    const cpu = ((server.usage().cpu - before) / wanted) * 1e6
    return await after({ sink, ingest: sizes.articles / alone, sent: wanted / seconds, cpu })
  } finally {
    await sink.end()
  }
}

/** Seconds from the first article that comes in to the last one that is out. */
async function beside({
  server,
  sizes,
  articles,
  sink,
}: Pick<Bench, 'server' | 'sizes' | 'articles'> & { readonly sink: Sink }): Promise<number> {
  const groups = Array.from({ length: sizes.groups }, (_, at) => articles.group(at))
  const others = new Articles({ octets: sizes.octets, groups, series: 'two' })
  const { taken } = await sink.expect(sizes.articles)
  return timed(async () => {
    await feed(server, others, sizes.articles)
    await taken
  })
}

export const outgoing: Scenario = {
  name: 'feed',
  title: 'outgoing feed to a light sink',
  stock: 'empty',
  metrics: [
    { name: 'backlog', unit: 'articles/s', better: 'more' },
    { name: 'share', unit: 'of the ingest rate', better: 'more', goal: { value: 0.5 } },
    { name: 'both', unit: 'articles/s in and out at once', better: 'more' },
  ],
  measure: bench =>
    measure(bench, ['sink.bench'], async ({ sink, ingest, sent }) => {
      const both = await beside({ ...bench, sink })
      return { backlog: sent, share: sent / ingest, both: bench.sizes.articles / both }
    }),
}

/** Peers that are fed at once. */
const many = Array.from({ length: 10 }, (_, at) => `sink${at}.bench`)

export const outgoingToMany: Scenario = {
  name: 'feed-10',
  title: 'outgoing feed to 10 peers at once',
  stock: 'empty',
  metrics: [
    { name: 'sum', unit: 'articles/s', better: 'more' },
    { name: 'share', unit: 'of the ingest rate', better: 'more', goal: { value: 1.5 } },
    { name: 'cpu', unit: 'µs CPU/article', better: 'less' },
  ],
  measure: bench =>
    measure(bench, many, async ({ ingest, sent, cpu }) => ({ sum: sent, share: sent / ingest, cpu })),
}
