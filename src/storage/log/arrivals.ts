/** What is visible of the arrival log, and who waits for more. */
import type { Arrival } from '../reading.ts'

export class Arrivals {
  #newest: Arrival
  readonly #waiting = new Set<() => void>()

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
    this.#wake()
  }

  /** Resolves when there is an arrival after `after`, or when `signal` aborts. Never rejects. */
  changed(after: Arrival, signal: AbortSignal): Promise<void> {
    if (this.#newest > after || signal.aborted) return Promise.resolve()
    return new Promise(resolve => {
      const done = () => {
        this.#waiting.delete(done)
        signal.removeEventListener('abort', done)
        resolve()
      }
      this.#waiting.add(done)
      signal.addEventListener('abort', done, { once: true })
    })
  }

  #wake(): void {
    for (const done of [...this.#waiting]) done()
  }
}
