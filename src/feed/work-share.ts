/** How much of the processor work in the background takes: half of one at most, and little while others are busy. */
import type { Clock } from '../clock.ts'

/** Milliseconds of work at a time. */
const slice = 5
/** Until the next slice, milliseconds: usually, while others keep the event loop, and while articles come in fast. */
const shortPause = 5
const middlePause = 40
const longPause = 150
/** And where they come much faster: what follows the log has time when a flood is over, and the flood has not. */
const longestPause = 1000
/** Requests a millisecond from which on they are many, and get the long pause instead of the middle one. */
const manyRequests = 0.05
/** How late the event loop may come to us, milliseconds. */
const patience = 10
/** Arrivals since the last pause, and a millisecond, from which on others are busy: more than any feed of texts has. */
const many = 8
const manyPerMillisecond = 0.2
/** Milliseconds over which that is measured at least: a few at once are no flood. */
const leastSpan = 100

interface WorkShareParts {
  readonly clock: Clock
  /** The newest arrival. */
  readonly newest: () => number
  /** How often somebody who waits for the answer has asked for one; nobody does where absent. */
  readonly asked?: (() => number) | undefined
  readonly signal: AbortSignal
}

export class WorkShare {
  readonly #parts: WorkShareParts
  #since: number
  /** When the last pause began, and the newest arrival and the requests until then. */
  #paused: number
  #newest: number
  #asked: number
  /** The event loop came late to us: somebody else had much to do. */
  #late = false

  constructor(parts: WorkShareParts) {
    this.#parts = parts
    this.#since = parts.clock.monotonic()
    this.#paused = this.#since
    this.#newest = parts.newest()
    this.#asked = parts.asked?.() ?? 0
  }

  /** Undefined while the slice lasts; else what to wait for. */
  rest(): Promise<void> | undefined {
    return this.#parts.clock.monotonic() - this.#since < slice ? undefined : this.#pause()
  }

  async #pause(): Promise<void> {
    const { clock, newest, asked, signal } = this.#parts
    const arrived = newest() - this.#newest
    const requests = (asked?.() ?? 0) - this.#asked
    const before = clock.monotonic()
    const span = before - this.#paused
    const isBusy = arrived > Math.max(many, span * manyPerMillisecond)
    const pause = isBusy
      ? pauseOf(arrived / Math.max(span, leastSpan))
      : Math.max(this.#late ? middlePause : shortPause, pauseFor(requests, span))
    await clock.sleep(pause, signal)
    this.#late = clock.monotonic() - before > pause + patience
    this.#newest += arrived
    this.#asked += requests
    this.#paused = before
    this.#since = clock.monotonic()
  }
}

/** Whoever waits for an answer goes first. `span` in milliseconds. */
function pauseFor(requests: number, span: number): number {
  if (requests === 0) return 0
  return requests > Math.max(many, span * manyRequests) ? longPause : middlePause
}

/** The faster they come, the longer; `rate` is of a millisecond. */
function pauseOf(rate: number): number {
  return Math.min(longestPause, Math.max(longPause, (longPause * rate) / manyPerMillisecond))
}
