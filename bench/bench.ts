/** `npm run bench`: measures our node, and INN beside it, path by path; see docs/performance.md. */
import { chmodSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Articles } from './articles.ts'
import { measureGrowth } from './growth.ts'
import { innTarget } from './inn-target.ts'
import { type Options, readOptions, usage } from './options.ts'
import { plot } from './plot.ts'
import { publicInboxTarget } from './public-inbox-target.ts'
import { machine, type Report, type Result, table, writeGrowth, writeResults } from './report.ts'
import type { Sample, Scenario, Stock } from './scenario.ts'
import { feed } from './scenarios/ingest.ts'
import { scenarios } from './scenarios.ts'
import type { Server, Target, TargetName } from './target.ts'
import { tidingsTarget } from './tidings-target.ts'

const resultsDirectory = fileURLToPath(new URL('../../bench/results', import.meta.url))
const say = (text: string) => process.stderr.write(`${text}\n`)

class Run {
  readonly #options: Options
  readonly #targets: readonly Target[]
  readonly #directory: string
  readonly #running = new Set<Server>()
  #count = 0

  constructor(options: Options, targets: readonly Target[], directory: string) {
    this.#options = options
    this.#targets = targets
    this.#directory = directory
  }

  async all(): Promise<Result[]> {
    const wanted = scenarios.filter(it => this.#options.only.includes(it.name))
    const results: Result[] = []
    for (const scenario of wanted.filter(it => it.stock === 'empty'))
      results.push(await this.#freshly(scenario))
    for (const stock of ['filled', 'many groups'] as const) {
      const readers = wanted.filter(it => it.stock === stock)
      if (readers.length > 0) results.push(...(await this.#onStock(stock, readers)))
    }
    return results
  }

  /** Ends what still runs. */
  async end(): Promise<void> {
    await Promise.all([...this.#running].map(server => server.stop()))
  }

  /** A server of its own for each measurement. */
  async #freshly(scenario: Scenario): Promise<Result> {
    const samples = this.#noSamples()
    for (let run = 0; run < this.#options.runs; run++)
      for (const target of this.#targets.filter(it => it.readsOnly !== true)) {
        const server = await this.#server(target, this.#groups('empty'))
        await this.#measure(scenario, server, samples)
        await this.#remove(server)
      }
    return { scenario, samples }
  }

  /** The same servers for all measurements; only one is busy at a time. */
  async #onStock(stock: Stock, readers: readonly Scenario[]): Promise<Result[]> {
    const servers: Server[] = []
    for (const target of this.#targets) {
      // An archive for each of very many groups is not what it is made for.
      if (target.readsOnly === true && stock === 'many groups') continue
      say(`preparing ${target.title}: ${stock}`)
      const server = await this.#server(target, this.#groups(stock))
      servers.push(server)
      if (stock !== 'filled') continue
      const { filled } = this.#options.sizes
      await (server.fill?.(this.#articles(), filled) ?? feed(server, this.#articles(), filled))
      // What it has in memory from being fed would flatter it.
      await server.stop()
      await server.start()
    }
    const results: Result[] = []
    for (const scenario of readers) {
      const samples = this.#noSamples()
      for (let run = 0; run < this.#options.runs; run++)
        for (const server of servers) await this.#measure(scenario, server, samples)
      results.push({ scenario, samples })
    }
    for (const server of servers) await this.#remove(server)
    return results
  }

  async #measure(scenario: Scenario, server: Server, samples: Map<TargetName, Sample[]>): Promise<void> {
    const { sizes } = this.#options
    const { name, title } = server.target
    const directory = this.#directory
    const sample = await scenario.measure({ server, sizes, articles: this.#articles(), directory })
    if (sample === undefined) return
    samples.get(name)?.push(sample)
    const figures = scenario.metrics.map(it => `${it.name} ${sample[it.name]?.toPrecision(4)} ${it.unit}`)
    say(`${scenario.name.padEnd(12)} ${title.padEnd(28)} ${figures.join(', ')}`)
  }

  async #server(target: Target, groups: readonly string[]): Promise<Server> {
    const server = await target.prepare(this.#folder(target, ++this.#count), groups)
    this.#running.add(server)
    await server.start()
    return server
  }

  async #remove(server: Server): Promise<void> {
    await server.stop()
    this.#running.delete(server)
    rmSync(server.directory, { recursive: true, force: true })
  }

  #folder(target: Target, count: number): string {
    return join(this.#directory, `${target.name}-${count}`)
  }

  #groups(stock: Stock): string[] {
    const { sizes } = this.#options
    const count = stock === 'many groups' ? sizes.manyGroups : sizes.groups
    return Array.from({ length: count }, (_, index) => `bench.g${index}`)
  }

  #articles(): Articles {
    return new Articles({
      octets: this.#options.sizes.octets,
      groups: this.#groups('filled'),
      series: 'one',
    })
  }

  #noSamples(): Map<TargetName, Sample[]> {
    return new Map(this.#targets.map(({ name }) => [name, []]))
  }
}

function targetsOf({ targets, profile }: Options): Target[] {
  const known = [
    tidingsTarget(profile === undefined ? {} : { profile }),
    innTarget({ name: 'inn', storage: 'tradspool', overview: 'tradindexed' }),
    innTarget({ name: 'inn-cnfs', storage: 'cnfs', overview: 'buffindexed' }),
    publicInboxTarget(),
  ].filter(target => targets.includes(target.name))
  for (const { title, missing } of known) if (missing !== undefined) say(`without ${title}: ${missing}`)
  return known.filter(target => target.missing === undefined)
}

async function bench(options: Options): Promise<void> {
  const targets = targetsOf(options)
  if (options.directory !== undefined) mkdirSync(options.directory, { recursive: true })
  const directory = mkdtempSync(join(options.directory ?? tmpdir(), 'tidings-bench-'))
  chmodSync(directory, 0o711) // INN runs as a user of its own
  const run = new Run(options, targets, directory)
  // Servers must not outlive a bench that is broken off.
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.once(signal, async () => {
      await run.end()
      rmSync(directory, { recursive: true, force: true })
      process.exit(130)
    })
  try {
    if (options.growth.length > 0) return await grow(options, directory)
    const report: Report = { targets, results: await run.all(), sizes: options.sizes, runs: options.runs }
    for (const [name, value] of Object.entries(machine(targets)))
      if (value !== '') process.stdout.write(`${name}: ${value}\n`)
    process.stdout.write(`\n${table(report)}\n`)
    say(`figures of every run: ${writeResults(resultsDirectory, report)}`)
  } finally {
    await run.end()
    if (!options.bare || options.growth.length === 0) rmSync(directory, { recursive: true, force: true })
  }
}

async function grow({ growth: steps, sizes, bare }: Options, directory: string): Promise<void> {
  const target = tidingsTarget(bare ? { more: '[search]\nenabled = false\n' } : {})
  const found = await measureGrowth({ target, directory, steps, sizes, say, keep: bare })
  const about = machine([target])
  const caption = `${about.processor}, ${about.memory}, Linux ${about.kernel}, Node ${about.node}; bodies of ${sizes.octets} octets in ${sizes.groups} groups`
  say(`curves: ${writeGrowth(resultsDirectory, { steps: found, picture: plot(found, caption), sizes })}`)
}

function optionsOrUsage(): Options | undefined {
  try {
    return readOptions(process.argv.slice(2))
  } catch (error) {
    say(`${error instanceof Error ? error.message : error}\n\n${usage}`)
    process.exitCode = 64
    return undefined
  }
}

const options = optionsOrUsage()
if (options !== undefined) await bench(options)
