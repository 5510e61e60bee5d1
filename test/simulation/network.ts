/** The network between simulated machines: who can be reached, how fast, and what breaks. */
import { createHash } from 'node:crypto'
import type { Duplex } from 'node:stream'
import type { Dial } from '../../src/feed/link/peer-dial.ts'
import type { Chance } from './chance.ts'
import type { EventQueue } from './event-queue.ts'
import { Wire } from './wire.ts'

/** A machine as the network sees it. */
export interface Host {
  readonly name: string
  readonly address: string
  /** `up`: a process listens; `silent`: nothing answers at all; `down`: calls are refused. */
  readonly state: 'up' | 'silent' | 'down'
  accept(stream: Duplex, address: string): void
}

interface Line {
  readonly id: number
  readonly wire: Wire
  readonly hosts: readonly [Host, Host]
}

export class Network {
  readonly #events: EventQueue
  readonly #chance: Chance
  readonly #hosts = new Map<string, Host>()
  readonly #lines = new Set<Line>()
  readonly #trace = createHash('sha256')
  /** Names that are cut off from all that are not among them, one set a partition. */
  readonly #partitions = new Set<ReadonlySet<string>>()
  #count = 0

  constructor(events: EventQueue, chance: Chance) {
    this.#events = events
    this.#chance = chance
  }

  add(host: Host): void {
    this.#hosts.set(host.name, host)
  }

  /** Into the hash that two runs of a seed must share. */
  note(text: string, octets?: Buffer): void {
    this.#trace.update(`${this.#events.elapsed} ${text}\n`)
    if (octets !== undefined) this.#trace.update(octets)
  }

  digest(): string {
    return this.#trace.copy().digest('hex')
  }

  get lines(): number {
    this.#sweep()
    return this.#lines.size
  }

  /** Cuts `names` off from the others until the answer is called. */
  partition(names: ReadonlySet<string>): () => void {
    this.#partitions.add(names)
    return () => void this.#partitions.delete(names)
  }

  /** Breaks a connection, if there is one. */
  breakOne(chance: Chance): void {
    this.#sweep()
    const [line] = chance.some([...this.#lines], 1)
    line?.wire.reset()
  }

  /** The process on `host` is gone; `quietly`: with its machine. */
  kill(host: Host, quietly: boolean): void {
    for (const { wire, hosts } of this.#lines)
      for (const side of [0, 1] as const) if (hosts[side] === host) wire.kill(side, quietly)
  }

  /** How the process on `from` calls others; `alive` until it is gone. */
  dialFrom(from: Host, alive: () => boolean): Dial {
    return (address, { signal }) =>
      new Promise((resolve, reject) => {
        const name = address.replace(/:\d+$/, '')
        signal.addEventListener('abort', () => reject(new Error('no connection in time')), { once: true })
        this.#events.after(this.#latency(from.name, name), () => {
          const to = this.#hosts.get(name)
          if (!alive() || signal.aborted) return
          if (to === undefined) return reject(new Error('ENOTFOUND'))
          if (to.state === 'silent' || this.#blocked(from.name, name)) return
          if (to.state === 'down') return reject(new Error('ECONNREFUSED'))
          resolve(this.#connect(from, to))
        })
      })
  }

  #connect(from: Host, to: Host): Duplex {
    const id = ++this.#count
    const wire = new Wire({
      events: this.#events,
      chance: this.#chance,
      latency: this.#latency(from.name, to.name),
      bandwidth: this.#bandwidth(from.name, to.name),
      blocked: () => this.#blocked(from.name, to.name) || from.state === 'silent' || to.state === 'silent',
      delivered: (text, octets) => this.note(`line ${id} ${text}`, octets),
    })
    this.note(`line ${id} ${from.name} ${to.name}`)
    this.#lines.add({ id, wire, hosts: [from, to] })
    const [ours, theirs] = wire.ends
    to.accept(theirs, from.address)
    return ours
  }

  #sweep(): void {
    for (const line of this.#lines) if (line.wire.closed) this.#lines.delete(line)
  }

  #blocked(a: string, b: string): boolean {
    for (const names of this.#partitions) if (names.has(a) !== names.has(b)) return true
    return false
  }

  /** Milliseconds: the same for a pair of machines in both directions and for ever. */
  #latency(a: string, b: string): number {
    return 1 + (mixed(a, b) % 150)
  }

  /** Octets a millisecond: one pair in eight has a slow line. */
  #bandwidth(a: string, b: string): number {
    return Math.floor(mixed(a, b) / 150) % 8 === 0 ? 4 : 1000
  }
}

function mixed(a: string, b: string): number {
  let sum = 7
  for (const octet of Buffer.from([a, b].sort().join(' '))) sum = (sum * 31 + octet) % 1_000_003
  return sum
}
