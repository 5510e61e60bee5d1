/** Events a second over the last minute, in sixty numbers: nothing is kept of a single event. */
import type { Clock } from '../clock.ts'

const seconds = 60

export class RecentRate {
  readonly #clock: Clock
  /** Events of a second, at its number modulo 60. */
  readonly #counts = new Float64Array(seconds)
  /** The second that was counted last. */
  #last = Number.NEGATIVE_INFINITY

  constructor(clock: Clock) {
    this.#clock = clock
  }

  note(): void {
    const at = this.#turn() % seconds
    this.#counts[at] = (this.#counts[at] ?? 0) + 1
  }

  get perSecond(): number {
    this.#turn()
    return this.#counts.reduce((sum, count) => sum + count, 0) / seconds
  }

  /** Forgets the seconds that have passed since the last call; gives the present one. */
  #turn(): number {
    const now = Math.floor(this.#clock.monotonic() / 1000)
    if (now - this.#last >= seconds) this.#counts.fill(0)
    else for (let second = this.#last + 1; second <= now; second++) this.#counts[second % seconds] = 0
    this.#last = now
    return now
  }
}
