/** The place of one peer while it is being fed: what is open, what is put off, how far the cursor may go. */
import type { Clock } from '../../clock.ts'
import type { Arrival } from '../../storage/reading.ts'
import { type Exception, maxExceptions, type Place } from '../../storage/state/places.ts'
import { type Backoff, delayAfter } from '../backoff.ts'
import type { Delivery } from './peer-answer.ts'

/** A peer says 431 while another one is sending the article: in most cases it has it seconds later. */
const retry: Backoff = { first: 10_000, most: 3_600_000 }

export interface ProgressParts {
  readonly clock: Clock
  readonly random: () => number
  readonly maxExceptions?: number
}

/** How far a feed is with one arrival: not read yet, to be offered, put off, or settled (or never wanted). */
export type Standing = 'ahead' | 'waiting' | 'put off' | 'done'

export class Progress {
  readonly #clock: Clock
  readonly #random: () => number
  readonly #maxExceptions: number
  #scanned: Arrival
  /** Wanted, not answered, ahead of the cursor; in the order of the log. */
  readonly #open = new Map<Arrival, Delivery>()
  /** Wanted, not answered, and the cursor may pass. */
  readonly #exceptions = new Map<Arrival, Delivery>()
  /** To be offered next: part of the open ones and exceptions, as are those in `#waiting`. */
  readonly #ready: Delivery[] = []
  /** Put off, with the monotonic time when they are due. */
  readonly #waiting = new Map<Delivery, number>()
  /** Not later than the first of them. */
  #firstDue = Number.POSITIVE_INFINITY

  constructor(cursor: Arrival, parts: ProgressParts) {
    this.#scanned = cursor
    this.#clock = parts.clock
    this.#random = parts.random
    this.#maxExceptions = parts.maxExceptions ?? maxExceptions
  }

  /** Rows up to here have been looked at. */
  get scanned(): Arrival {
    return this.#scanned
  }

  /** Everything up to here is answered, but for the exceptions. */
  get cursor(): Arrival {
    for (const arrival of this.#open.keys()) return (arrival - 1) as Arrival
    return this.#scanned
  }

  /** Everything up to here is answered. */
  get passed(): Arrival {
    return Math.min(this.cursor, ...[...this.#exceptions.keys()].map(arrival => arrival - 1)) as Arrival
  }

  get open(): number {
    return this.#open.size
  }

  get exceptions(): number {
    return this.#exceptions.size
  }

  get hasReady(): boolean {
    return this.#ready.length > 0
  }

  /** When the oldest open article arrived, seconds since 1970. */
  get oldest(): number | undefined {
    for (const { time } of this.#open.values()) return time
    return undefined
  }

  standing(arrival: Arrival): Standing {
    const delivery = this.#open.get(arrival) ?? this.#exceptions.get(arrival)
    if (delivery !== undefined) return delivery.tries > 0 ? 'put off' : 'waiting'
    return arrival > this.#scanned ? 'ahead' : 'done'
  }

  /** A row of the log was looked at; `delivery` where the peer wants it. */
  scan(arrival: Arrival, delivery?: Delivery): void {
    this.#scanned = arrival
    if (delivery === undefined) return
    this.#open.set(arrival, delivery)
    this.#ready.push(delivery)
  }

  /** An exception of the stored place, to be tried at once. */
  resume(delivery: Delivery): void {
    this.#exceptions.set(delivery.arrival, delivery)
    this.#ready.push(delivery)
  }

  take(): Delivery | undefined {
    return this.#ready.shift()
  }

  /** It was taken and not offered. */
  giveBack(delivery: Delivery): void {
    this.#ready.unshift(delivery)
  }

  /** The peer gave its final answer. */
  finish({ arrival }: Delivery): void {
    this.#open.delete(arrival)
    this.#exceptions.delete(arrival)
  }

  /** To be offered again later. It becomes an exception where there is room, so that the cursor may pass. */
  putOff(delivery: Delivery): void {
    delivery.tries += 1
    const delay = delayAfter(delivery.tries, retry, this.#random)
    const due = this.#clock.monotonic() + delay
    this.#waiting.set(delivery, due)
    this.#firstDue = Math.min(this.#firstDue, due)
    if (!this.#open.has(delivery.arrival) || this.#exceptions.size >= this.#maxExceptions) return
    this.#open.delete(delivery.arrival)
    this.#exceptions.set(delivery.arrival, delivery)
  }

  /** Milliseconds until the next that was put off is due; undefined where none waits. */
  get dueIn(): number | undefined {
    return this.#waiting.size === 0 ? undefined : Math.max(0, this.#firstDue - this.#clock.monotonic())
  }

  /**
   * Makes ready what is due, in the order of the jittered times: an article that makes the peer hang up is not
   * always the first. `all`: also what is not due yet.
   */
  wakeDue(all = false): void {
    const now = all ? Number.POSITIVE_INFINITY : this.#clock.monotonic()
    if (now < this.#firstDue) return
    const due: [Delivery, number][] = []
    this.#firstDue = Number.POSITIVE_INFINITY
    for (const entry of this.#waiting) {
      if (entry[1] <= now) due.push(entry)
      else this.#firstDue = Math.min(this.#firstDue, entry[1])
    }
    due.sort((a, b) => a[1] - b[1])
    for (const [delivery] of due) {
      this.#waiting.delete(delivery)
      this.#ready.push(delivery)
    }
  }

  /** What to store: after a crash everything that is not answered is offered again. */
  place(epoch: number): Place {
    const { cursor } = this
    const exceptions: Exception[] = []
    for (const { arrival, tries } of this.#exceptions.values()) {
      // Those ahead of the cursor are found again by reading the log.
      if (arrival <= cursor) exceptions.push({ arrival, tries })
    }
    return { epoch, cursor, exceptions }
  }
}
