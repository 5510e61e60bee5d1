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
  readonly signal: AbortSignal
}

export class WorkShare {
  readonly #parts: WorkShareParts
  #since: number
  /** When the last pause began, and the newest arrival then. */
  #paused: number
  #newest: number
  /** The event loop came late to us: somebody else had much to do. */
  #late = false

  constructor(parts: WorkShareParts) {
    this.#parts = parts
    this.#since = parts.clock.monotonic()
    this.#paused = this.#since
    this.#newest = parts.newest()
  }

  /** Undefined while the slice lasts; else what to wait for. */
  rest(): Promise<void> | undefined {
    return this.#parts.clock.monotonic() - this.#since < slice ? undefined : this.#pause()
  }

  async #pause(): Promise<void> {
    const { clock, newest, signal } = this.#parts
    const arrived = newest() - this.#newest
    const before = clock.monotonic()
    const span = before - this.#paused
    const isBusy = arrived > Math.max(many, span * manyPerMillisecond)
    const pause = isBusy
      ? pauseOf(arrived / Math.max(span, leastSpan))
      : this.#late
        ? middlePause
        : shortPause
    await clock.sleep(pause, signal)
    this.#late = clock.monotonic() - before > pause + patience
    this.#newest += arrived
    this.#paused = before
    this.#since = clock.monotonic()
  }
}

/** The faster they come, the longer; `rate` is of a millisecond. */
function pauseOf(rate: number): number {
  return Math.min(longestPause, Math.max(longPause, (longPause * rate) / manyPerMillisecond))
}
