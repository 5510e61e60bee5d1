/** A simulated machine: what survives a crash, and the node that runs on it, if one does. */
import type { Duplex } from 'node:stream'
import { openNode } from '../../src/composition/node.ts'
import type { Config } from '../../src/config/config.ts'
import type { Verdict } from '../../src/feed/feed.ts'
import type { Node } from '../../src/feed/node.ts'
import type { Log } from '../../src/log.ts'
import { NntpServer } from '../../src/server/server.ts'
import { anyone, crashed, type MemoryParts, memoryParts } from '../support/node.ts'
import { systemError } from '../support/sim-power.ts'
import type { Chance } from './chance.ts'
import type { EventQueue } from './event-queue.ts'
import type { Ledger } from './ledger.ts'
import { MortalDisk } from './mortal-disk.ts'
import type { Host, Network } from './network.ts'
import { SimClock } from './sim-clock.ts'
import { type Pauses, SlowStore } from './slow-store.ts'

export interface MachineParts {
  readonly name: string
  readonly address: string
  /** Milliseconds by which its clock is ahead. */
  readonly skew: number
  readonly config: Config
  readonly events: EventQueue
  readonly chance: Chance
  readonly network: Network
  readonly ledger: Ledger
  /** Lines of its log, for whoever looks for the cause of a failure. */
  readonly say?: (line: string) => void
}

/** One run of the process. */
interface Process {
  readonly clock: SimClock
  node?: Node
  server?: NntpServer
  dead: boolean
  /** Changes of the disk until the power goes. */
  left: number
  /** Offers that are declined, of articles on their way, until the power goes. */
  offers: number
}

export type Failure = 'sync' | 'append' | 'batch' | 'clock'

/** What a machine may say when its hardware fails. */
const expected: ReadonlySet<string> = new Set([
  'commit failed',
  'checkpoint failed',
  'database write failed, reopening',
])

const never = Number.POSITIVE_INFINITY

/** Milliseconds. */
const longestStop = 60_000

export class Machine implements Host {
  readonly name: string
  readonly address: string
  /** As its file says; a process that runs is told of a change by `reload`. */
  config: Config
  state: 'up' | 'silent' | 'down' = 'down'
  readonly #parts: MachineParts
  #kept: MemoryParts | undefined
  #process: Process | undefined

  constructor(parts: MachineParts) {
    this.#parts = parts
    this.name = parts.name
    this.address = parts.address
    this.config = parts.config
  }

  /** Of a process that is up. */
  get node(): Node | undefined {
    return this.state === 'up' ? this.#process?.node : undefined
  }

  get connections(): number {
    return this.#process?.server?.connections ?? 0
  }

  /** Resolves when the node is up, or never where the machine dies before. */
  async start(): Promise<void> {
    if (this.state === 'up') return
    if (this.#process !== undefined) return void this.#parts.events.after(1000, () => void this.start())
    const { events, chance, ledger, network, name } = this.#parts
    const clock = new SimClock(events, this.#parts.skew)
    const process: Process = { clock, dead: false, left: never, offers: never }
    this.#process = process
    this.state = 'down'
    const random = chance.fork()
    const before = this.#kept ?? (await memoryParts())
    // After a stop too: nothing that was closed may be left to chance.
    this.#kept = await crashed(before, random.random)
    network.note(`${name} starts`)
    try {
      await this.#run(process, random)
    } catch (error) {
      if (!process.dead) ledger.troubles.push(`${name} did not start: ${String(error)}`)
    }
  }

  /** The process ends as it should. */
  async stop(): Promise<void> {
    const process = this.#process
    if (process === undefined || this.state !== 'up') return
    this.#parts.network.note(`${this.name} stops`)
    this.state = 'down'
    const tooLong = process.clock.timer(longestStop, () => {
      this.#parts.ledger.troubles.push(`${this.name} does not stop`)
    })
    await process.server?.close()
    await process.node?.[Symbol.asyncDispose]()
    tooLong.cancel()
    if (!process.dead && process.clock.pending > 0)
      this.#parts.ledger.troubles.push(`${this.name} has stopped and left ${process.clock.pending} timers`)
    if (process.dead) return
    process.dead = true
    process.clock.die()
    this.#parts.network.kill(this, false)
    this.#process = undefined
  }

  /** Kill -9, or with `quietly` the end of all power: nobody is told. */
  crash(quietly: boolean): void {
    const process = this.#process
    if (process === undefined || process.dead) return
    this.#parts.network.note(`${this.name} crashes ${quietly}`)
    this.#parts.ledger.crashes++
    process.dead = true
    process.clock.die()
    this.state = quietly ? 'silent' : 'down'
    this.#parts.network.kill(this, quietly)
    this.#process = undefined
  }

  /** The power goes in the change of its disk after so many. */
  crashAfter(changes: number): void {
    if (this.#process !== undefined) this.#process.left = changes
  }

  /** The power goes soon after the machine has declined so many articles that others were bringing. */
  crashAfterOffers(offers: number): void {
    if (this.#process !== undefined) this.#process.offers = offers
  }

  accept(stream: Duplex, address: string): void {
    void this.#process?.server?.accept(stream, address)
  }

  /** Something of the hardware fails once. */
  fail(what: Failure): void {
    const kept = this.#kept
    const process = this.#process
    if (kept === undefined || process === undefined) return
    const { chance } = this.#parts
    if (what === 'sync') kept.disk.failNext('sync', systemError('EIO', 'sync'))
    else if (what === 'append') kept.disk.failNext('append', systemError('ENOSPC', 'append'))
    else if (what === 'clock') process.clock.jump(chance.between(-3_600_000, 3_600_000))
    else
      chance.one([kept.stores.articles, kept.stores.state, kept.stores.index]).failNext(new Error('no'), what)
  }

  async reload(config: Config): Promise<void> {
    this.config = config
    await this.node?.reload()
  }

  /** Undefined where the poster got no answer. */
  async post(proto: Buffer): Promise<Verdict | undefined> {
    const process = this.#process
    const verdict = await this.node?.feed.inject(proto, anyone)
    return process?.dead ? undefined : verdict
  }

  async #run(process: Process, random: Chance): Promise<void> {
    const { network } = this.#parts
    const { clock } = process
    const kept = this.#kept
    if (kept === undefined) return
    const log = this.#log(process)
    const config = () => this.config
    const pauses = pausesOf(clock, random.fork())
    const node = await openNode({
      config,
      stores: {
        articles: new SlowStore(kept.stores.articles, pauses),
        state: new SlowStore(kept.stores.state, pauses),
        index: new SlowStore(kept.stores.index, pauses),
      },
      disk: new MortalDisk(kept.disk, { change: () => this.#diskChange(process), pause: pauses.write }),
      clock,
      log,
      random: octets => random.octets(octets),
      // As main.ts does: the process ends, and whoever watches over it starts it again.
      fatal: () => this.#died(process),
      dial: network.dialFrom(this, () => !process.dead),
      observe: { article: () => {}, commit: () => {} },
      checkpointOctets: 50_000,
      spaceInterval: 3_600_000,
    })
    await node.ready
    await this.#remembers(node, process)
    if (process.dead) return
    const feed = this.#heard(node, process)
    process.node = node
    process.server = new NntpServer({ services: { reading: node.storage.reading, feed, clock, config }, log })
    this.state = 'up'
  }

  /** Whatever happened: what was answered for is durable. */
  async #remembers(node: Node, process: Process): Promise<void> {
    const { ledger } = this.#parts
    for (const id of ledger.known.get(this.name) ?? []) {
      if (process.dead) return
      const known = await node.storage.history.lookup(id)
      if (known !== 'have' && known !== 'gone') ledger.troubles.push(`${this.name} forgot ${id}`)
    }
  }

  /** The feed, with every article that comes over a line counted. */
  #heard(node: Node, process: Process): Node['feed'] {
    const { ledger, network } = this.#parts
    return {
      ...node.feed,
      offer: async (id, source) => {
        const offer = await node.feed.offer(id, source)
        // What was refused from a peer is not asked of it again: that says nothing of what is here.
        if (offer === 'have' && !process.dead && !ledger.hasRefused(this.name, id)) ledger.know(this.name, id)
        const isOnItsWay = offer !== 'send' && ledger.promised.get(this.name)?.has(id) !== true
        if (isOnItsWay && process.offers-- === 0)
          process.clock.timer(this.#parts.chance.between(0, 30), () => this.crash(true))
        return offer
      },
      transfer: async (id, arrived, source) => {
        const verdict = await node.feed.transfer(id, arrived, source)
        if (process.dead) return verdict
        network.note(`${this.name} ${id} from ${source.peer} ${verdict.kind}`)
        ledger.transferred(this.name, id, verdict)
        if (verdict.kind === 'accepted') ledger.promise(this.name, id)
        return verdict
      },
    }
  }

  #died(process: Process): void {
    if (process.dead) return
    this.crash(false)
    this.#parts.events.after(5000, () => void this.start())
  }

  #diskChange(process: Process): 'alive' | 'last' | 'dead' {
    if (process.dead) return 'dead'
    if (process.left-- > 0) return 'alive'
    process.left = never
    const later = this.#parts.chance.between(-60, 60)
    if (later > 0) {
      this.#crashSoon(process, later)
      return 'alive'
    }
    this.crash(true)
    return 'last'
  }

  /** Between any two steps of what follows: the databases written and the answer not given, for one. */
  #crashSoon(process: Process, microtasks: number): void {
    if (process.dead) return
    if (microtasks > 0) queueMicrotask(() => this.#crashSoon(process, microtasks - 1))
    else this.crash(true)
  }

  #log(process: Process): Log {
    const { say, ledger } = this.#parts
    const told = (level: string) => (fields: object, event: string) => {
      if (process.dead) return
      const line = `${new Date(process.clock.now()).toISOString()} ${this.name} ${level} ${event} ${shown(fields)}`
      say?.(line)
      if (level === 'error' && !expected.has(event)) ledger.troubles.push(line)
    }
    const make = (more: object): Log => ({
      trace: () => {},
      debug: () => {},
      info: (fields, event) => told('info')({ ...more, ...fields }, event),
      warn: (fields, event) => told('warn')({ ...more, ...fields }, event),
      error: (fields, event) => told('error')({ ...more, ...fields }, event),
      child: fields => make({ ...more, ...fields }),
    })
    return make({})
  }
}

function shown(fields: object): string {
  return JSON.stringify(fields, (_, value) => (value instanceof Error ? String(value.stack) : value))
}

/** Reads mostly come from memory; every machine has a disk of its own speed. */
function pausesOf(clock: SimClock, chance: Chance): Pauses {
  const longest = chance.one([0, 5, 40, 500])
  const pause = (cases: number) =>
    longest > 0 && chance.percent(cases) ? clock.sleep(chance.between(1, longest)) : undefined
  return { write: () => pause(50), read: () => pause(5) }
}
