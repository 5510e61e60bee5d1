/** How much may be done in a time: an amount that grows steadily up to a bound, is used up, and may be overdrawn. */
import type { Clock } from './clock.ts'

export class Allowance {
  readonly #clock: Pick<Clock, 'monotonic'>
  /** What has been used and not made up for, as it was at `#at`. */
  #used = 0
  #at: number

  constructor(clock: Pick<Clock, 'monotonic'>) {
    this.#clock = clock
    this.#at = clock.monotonic()
  }

  /** Uses up `amount`, where `perSecond` is granted. */
  use(amount: number, perSecond: number): void {
    this.#settle(perSecond)
    this.#used += amount
  }

  /** How far more than `burst` was used and not made up for; negative or 0 where it was not. */
  over(burst: number, perSecond: number): number {
    this.#settle(perSecond)
    return this.#used - burst
  }

  #settle(perSecond: number): void {
    const now = this.#clock.monotonic()
    this.#used = Math.max(0, this.#used - ((now - this.#at) / 1000) * perSecond)
    this.#at = now
  }
}

/** An allowance for each key. The key that was used longest ago is forgotten where there are too many. */
export class Allowances {
  readonly #clock: Pick<Clock, 'monotonic'>
  readonly #most: number
  readonly #byKey = new Map<string, Allowance>()

  constructor(clock: Pick<Clock, 'monotonic'>, most = 10_000) {
    this.#clock = clock
    this.#most = most
  }

  of(key: string): Allowance {
    const allowance = this.#byKey.get(key) ?? new Allowance(this.#clock)
    this.#byKey.delete(key)
    this.#byKey.set(key, allowance)
    const [oldest] = this.#byKey.keys()
    if (this.#byKey.size > this.#most && oldest !== undefined) this.#byKey.delete(oldest)
    return allowance
  }
}
