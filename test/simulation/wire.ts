/** One simulated TCP connection: delayed, chopped, held up by partitions, reset, or silently dead. */
import { Duplex } from 'node:stream'
import type { Chance } from './chance.ts'
import type { EventQueue } from './event-queue.ts'

export interface WireOptions {
  readonly events: EventQueue
  readonly chance: Chance
  /** Milliseconds one way. */
  readonly latency: number
  /** Octets a millisecond. */
  readonly bandwidth: number
  /** Nothing gets through at the moment. */
  readonly blocked: () => boolean
  /** Every octet that is delivered, for the trace. */
  readonly delivered: (text: string, octets?: Buffer) => void
}

export type Side = 0 | 1

type Item = Buffer | 'end' | 'reset'

/** What travels to one side. */
interface Way {
  readonly items: { readonly item: Item; readonly at: number }[]
  octets: number
  /** When what was sent last arrives. */
  last: number
  scheduled: boolean
  /** The receiver has enough for the moment. */
  full: boolean
  /** The sender waits for room. */
  room: (() => void) | undefined
  /** Milliseconds until the next try, while nothing gets through; all of them. */
  retry: number
  tried: number
}

const window = 128 * 1024
/** TCP gives up. */
const patience = 900_000

const way = (): Way => ({
  items: [],
  octets: 0,
  last: 0,
  scheduled: false,
  full: false,
  room: undefined,
  retry: 1000,
  tried: 0,
})

export class Wire {
  readonly ends: readonly [Duplex, Duplex]
  readonly #options: WireOptions
  /** Towards each side. */
  readonly #ways: readonly [Way, Way] = [way(), way()]
  /** The process at that side is gone, or has closed everything: it answers with a reset. */
  readonly #gone: [boolean, boolean] = [false, false]
  /** The process there was killed: nothing that happens to its stream may reach it. */
  readonly #killed: [boolean, boolean] = [false, false]
  readonly #ended: [boolean, boolean] = [false, false]

  constructor(options: WireOptions) {
    this.#options = options
    this.ends = [this.#end(0), this.#end(1)]
  }

  get closed(): boolean {
    return this.#gone[0] && this.#gone[1]
  }

  /** The connection breaks for both. */
  reset(): void {
    this.#break(0)
    this.#break(1)
  }

  /** The process at `side` is gone. `quietly`: with its machine, so that the other side hears nothing of it. */
  kill(side: Side, quietly: boolean): void {
    this.#killed[side] = true
    this.#gone[side] = true
    this.#ways[side].items.length = 0
    if (quietly) this.#ways[other(side)].items.length = 0
    else this.#send(other(side), 'reset')
  }

  #end(side: Side): Duplex {
    const incoming = this.#ways[side]
    return new Duplex({
      allowHalfOpen: true,
      read: () => {
        incoming.full = false
        this.#schedule(side)
      },
      write: (chunk: Buffer, _encoding, done) => this.#write(side, chunk, done),
      final: done => {
        if (this.#killed[side]) return
        this.#ended[side] = true
        this.#send(other(side), 'end')
        done()
      },
      destroy: (error, done) => {
        this.#close(side)
        done(error)
      },
    })
  }

  #write(side: Side, chunk: Buffer, done: () => void): void {
    const outgoing = this.#ways[other(side)]
    if (this.#killed[side]) return
    // The stream may use its buffers again.
    for (const piece of this.#chop(Buffer.from(chunk))) this.#send(other(side), piece)
    if (outgoing.octets <= window) done()
    else outgoing.room = done
  }

  /** As a network does: the receiver sees other chunks than were sent. */
  #chop(chunk: Buffer): Buffer[] {
    const { chance } = this.#options
    if (!chance.percent(20)) return [chunk]
    const first = chance.between(0, Math.min(chunk.length, 3000))
    const second = chance.between(first, Math.min(chunk.length, first + 3))
    return [chunk.subarray(0, first), chunk.subarray(first, second), chunk.subarray(second)].filter(
      piece => piece.length > 0,
    )
  }

  #send(to: Side, item: Item): void {
    const { events, latency, bandwidth } = this.#options
    const towards = this.#ways[to]
    const size = typeof item === 'string' ? 0 : item.length
    towards.last = Math.max(towards.last, events.elapsed + latency) + size / bandwidth
    towards.items.push({ item, at: towards.last })
    towards.octets += size
    this.#schedule(to)
  }

  #schedule(to: Side): void {
    const towards = this.#ways[to]
    const [first] = towards.items
    if (towards.scheduled || towards.full || first === undefined) return
    towards.scheduled = true
    this.#options.events.after(first.at - this.#options.events.elapsed, () => {
      towards.scheduled = false
      this.#arrive(to)
    })
  }

  #arrive(to: Side): void {
    const { events, blocked } = this.#options
    const towards = this.#ways[to]
    if (towards.items.length === 0) return
    if (blocked()) {
      this.#retry(to)
      return
    }
    towards.retry = 1000
    towards.tried = 0
    while (!towards.full) {
      const [first] = towards.items
      if (first === undefined || first.at > events.elapsed) break
      towards.items.shift()
      this.#deliver(to, first.item)
    }
    this.#schedule(to)
  }

  #retry(to: Side): void {
    const towards = this.#ways[to]
    towards.tried += towards.retry
    if (towards.tried > patience) {
      this.#break(other(to))
      return
    }
    towards.scheduled = true
    this.#options.events.after(towards.retry, () => {
      towards.scheduled = false
      this.#arrive(to)
    })
    towards.retry = Math.min(towards.retry * 2, 60_000)
  }

  #deliver(to: Side, item: Item): void {
    const towards = this.#ways[to]
    const end = this.ends[to]
    if (typeof item !== 'string') {
      towards.octets -= item.length
      this.#makeRoom(towards)
    }
    if (this.#gone[to]) {
      if (item !== 'reset') this.#refused(to)
      return
    }
    if (item === 'reset') this.#break(to)
    else if (item === 'end') {
      this.#options.delivered(`${to} end`)
      end.push(null)
    } else {
      this.#options.delivered(`${to}`, item)
      towards.full = !end.push(item)
    }
  }

  #makeRoom(towards: Way): void {
    const { room } = towards
    if (room === undefined || towards.octets > window) return
    towards.room = undefined
    room()
  }

  /** Nobody is there who could take it. */
  #refused(to: Side): void {
    if (!this.#gone[other(to)] && !this.#ended[to]) this.#send(other(to), 'reset')
  }

  /** The process at `side` has closed its stream. */
  #close(side: Side): void {
    if (this.#gone[side]) return
    this.#gone[side] = true
    this.#ways[side].items.length = 0
    if (this.#ended[side]) return
    const towards = this.#ways[other(side)]
    // With input unread a system resets, and what it had not sent is lost.
    if (this.#options.chance.percent(50)) towards.items.length = 0
    this.#send(other(side), this.#options.chance.percent(50) ? 'end' : 'reset')
  }

  #break(side: Side): void {
    if (this.#gone[side]) return
    this.#gone[side] = true
    this.#options.delivered(`${side} reset`)
    this.#ways[side].items.length = 0
    this.ends[side].destroy(Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' }))
  }
}

const other = (side: Side): Side => (side === 0 ? 1 : 0)
