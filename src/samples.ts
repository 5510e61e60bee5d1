/** Lets through of what may come in floods one a minute of each kind, and says how many were held back before it. */
import type { Clock } from './clock.ts'
import { Recent } from './recent.ts'

/** Milliseconds. */
const span = 60_000

export class Samples {
  readonly #clock: Pick<Clock, 'monotonic'>
  readonly #seen: Recent<string, { readonly since: number; more: number }>

  /** So many kinds are told apart at most; the oldest make room. */
  constructor(clock: Pick<Clock, 'monotonic'>, most: number) {
    this.#clock = clock
    this.#seen = new Recent(most)
  }

  /** How many were held back since the last one of that kind; undefined where this one is to be, too. */
  take(kind: string): number | undefined {
    const now = this.#clock.monotonic()
    const seen = this.#seen.get(kind)
    if (seen !== undefined && now - seen.since < span) {
      seen.more += 1
      return undefined
    }
    this.#seen.set(kind, { since: now, more: 0 })
    return seen?.more ?? 0
  }
}
