/** How much of the processor work in the background takes: half of it in pauses, next to nothing while others are busy. */
import type { Clock } from '../../clock.ts'

/** Milliseconds of work at a time. */
const slice = 5
/** Until the next slice, milliseconds. */
const shortPause = 5
const longPause = 250
/** Arrivals since the last pause from which on others are busy. */
const many = 64

interface WorkShareParts {
  readonly clock: Clock
  /** The newest arrival. */
  readonly newest: () => number
  readonly signal: AbortSignal
}

export class WorkShare {
  readonly #parts: WorkShareParts
  #since: number
  #newest: number
  /** The event loop came late to us: somebody else had much to do. */
  #late = false

  constructor(parts: WorkShareParts) {
    this.#parts = parts
    this.#since = parts.clock.monotonic()
    this.#newest = parts.newest()
  }

  /** Undefined while the slice lasts; else what to wait for. */
  rest(): Promise<void> | undefined {
    return this.#parts.clock.monotonic() - this.#since < slice ? undefined : this.#pause()
  }

  async #pause(): Promise<void> {
    const { clock, newest, signal } = this.#parts
    const arrived = newest() - this.#newest
    const pause = arrived > many || this.#late ? longPause : shortPause
    const before = clock.monotonic()
    await clock.sleep(pause, signal)
    this.#late = clock.monotonic() - before > pause + slice
    this.#newest = newest()
    this.#since = clock.monotonic()
  }
}
