/** A node in a process of its own that dies again and again under load, and what its clients were told. */
import { mkdir, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { expect } from 'chai'
import { systemClock } from '../../src/clock.ts'
import { auditStore } from '../support/auditor/auditor.ts'
import { Program, type ProgramOptions } from '../support/program.ts'
import { seeded } from '../support/seeded.ts'
import { auditOverNntp, type Depth } from './auditor.ts'
import {
  asking,
  batched,
  expiring,
  expiringGroup,
  groups,
  importing,
  keptArticles,
  offering,
  peerName,
  posting,
  reading,
  sketch,
  streaming,
  type Target,
  whole,
} from './load.ts'
import { Recorder } from './recorder.ts'

export interface VictimOptions {
  /** For its configuration and batches. */
  readonly home: string
  /** Folder of the store; `data` in `home` where absent. */
  readonly data?: string
  readonly seed: number
  /** Ends the node in the middle of its work; it must be over when this resolves. SIGKILL where absent. */
  readonly die?: (node: Program) => Promise<void>
  /** What is looked at when a life begins; the last start looks at everything. */
  readonly depth?: Depth
  /** Most articles a life is loaded with until it ends. */
  readonly mostArticles?: number
}

const importedPerLife = 300

export class Victim {
  readonly recorder = new Recorder()
  readonly faults: string[] = []
  imports = 0
  readonly #random: () => number
  readonly #options: VictimOptions
  #life = 0
  #dying = false

  constructor(options: VictimOptions) {
    this.#options = options
    this.#random = seeded(options.seed)
  }

  async prepare(): Promise<void> {
    const { home, data = 'data' } = this.#options
    await mkdir(join(home, 'batches'))
    const settings = `
      node = { path_identity = "node.example", data = "${data}" }
      listen = { nntp = ["127.0.0.1:0"], web = [], admin = [], control = "run/control.sock" }
      group = [${groups.map(name => `{ name = "${name}" }`).join(', ')}]
      access = [{ read = "*", post = "*" }]
      expire = [{ groups = "${expiringGroup}", keep_articles = ${keptArticles} }]
      peer = [{ name = "${peerName}", from = ["127.0.0.1"], accept = "*" }]
    `
    await writeFile(join(home, 'tidings.toml'), settings)
  }

  /** Starts the node, audits it, loads it and ends it in the middle. */
  async liveAndDie(): Promise<void> {
    await using node = this.start()
    // One in five does not live to serve anybody: its replay is cut short.
    if (this.#life++ === 0 || this.#random() >= 0.2) return await this.#load(node)
    await systemClock.sleep(this.#random() * 600)
    await this.#end(node)
  }

  /** The files of the store against their documented format, while no node has them open. */
  async auditStopped(): Promise<void> {
    const { home, data = 'data' } = this.#options
    const { lasting } = this.recorder
    const report = await auditStore(resolve(home, data), lasting)
    expect(report.articles, 'articles').to.be.at.least(lasting.length)
    this.faults.push(...report.faults)
  }

  /** A life with faults in it, without an audit. What the node said, and its exit code; null where it was killed. */
  async suffer(options: ProgramOptions): Promise<{ readonly err: string; readonly code: number | null }> {
    await using node = this.start(options)
    this.#life++
    this.#dying = true
    try {
      await this.#work(node, await this.target(node))
    } catch (error) {
      if (!/ended without/.test(String(error))) throw error
    } finally {
      this.#dying = false
    }
    return { err: node.err, code: await node.ended }
  }

  /** The last start: everything must be there, and the node must stop cleanly. */
  async restInPeace(): Promise<void> {
    await using node = this.start()
    const target = await this.target(node)
    await this.#audit(target, 'all')
    node.signal('SIGTERM')
    expect(await node.ended, node.err).to.equal(0)
    await this.auditStopped()
  }

  async #load(node: Program): Promise<void> {
    const target = await this.target(node)
    await this.#audit(target, this.#options.depth)
    await this.#work(node, target)
  }

  async #work(node: Program, target: Target): Promise<void> {
    const name = (kind: string) => `${kind}.${this.#life}`
    const clients = [
      posting(target, name('a')),
      posting(target, name('b')),
      posting(target, name('c')),
      offering(target, name('d')),
      streaming(target, name('e')),
      streaming(target, name('f')),
      reading(target, this.faults),
      this.#import(target),
      expiring(this.#socket),
    ]
    const { mostArticles = 610 } = this.#options
    const enough = 10 + Math.floor(this.#random() * (mostArticles - 10))
    await Promise.race([this.recorder.more(enough), Promise.all(clients)])
    await this.#end(node, clients)
  }

  async #end(node: Program, clients: readonly Promise<void>[] = []): Promise<void> {
    const { die = killed } = this.#options
    this.#dying = true
    await die(node)
    await Promise.all(clients)
    this.#dying = false
  }

  async #audit(target: Target, depth: Depth = 'all'): Promise<void> {
    await asking(target)
    this.faults.push(...(await auditOverNntp(target.port, this.recorder, depth)))
  }

  async #import(target: Target): Promise<void> {
    const { home } = this.#options
    const articles = Array.from({ length: importedPerLife }, (_, at) =>
      sketch(target, `i.${this.#life}.${at}`),
    )
    const file = join(home, 'batches', String(this.#life))
    await writeFile(file, articles.map(batched).join(''))
    if (await importing(target, { socket: this.#socket, file, articles })) this.imports++
  }

  get #socket(): string {
    return join(this.#options.home, 'run', 'control.sock')
  }

  /** Where a node that was started takes articles; when its index is whole, should it have to make that again. */
  async target(node: Program): Promise<Target> {
    const [, port] = await node.shows(/port (\d+)[\s\S]*Ctrl-C stops it/)
    const ended = node.ended.then(() => {
      throw new Error(`ended without an index: ${node.err}`)
    })
    await Promise.race([whole(this.#socket).catch(() => ended), ended])
    return {
      port: Number(port),
      recorder: this.recorder,
      random: this.#random,
      failing: () => this.#dying,
    }
  }

  start(options: ProgramOptions = {}): Program {
    return new Program(['--config', join(this.#options.home, 'tidings.toml'), 'start'], options)
  }
}

export async function killed(node: Program): Promise<void> {
  node.signal('SIGKILL')
  await node.ended
}
