/** What is visible of the arrival log, and who waits for more. */
import { Waiters } from '../../waiters.ts'
import type { Arrival } from '../reading.ts'

export class Arrivals {
  #newest: Arrival
  readonly #waiting = new Waiters()

  constructor(newest: Arrival) {
    this.#newest = newest
  }

  get newest(): Arrival {
    return this.#newest
  }

  /** Step 8: everything up to `newest` may be seen; wakes every cursor. */
  announce(newest: Arrival): void {
    if (newest <= this.#newest) return
    this.#newest = newest
    this.#waiting.wake()
  }

  /** Resolves when there is an arrival after `after`, or when `signal` aborts. Never rejects. */
  changed(after: Arrival, signal: AbortSignal): Promise<void> {
    if (this.#newest > after) return Promise.resolve()
    return this.#waiting.wait(signal)
  }
}
