/** At most so many events an hour for each key. */
const hour = 3_600_000

export class HourlyLimit {
  readonly #most: number
  readonly #times = new Map<string, number[]>()

  constructor(most: number) {
    this.#most = most
  }

  /** Whether one more is allowed for `key` at `now` (milliseconds, monotonic); counts it if so. */
  take(key: string, now: number): boolean {
    const recent = (this.#times.get(key) ?? []).filter(time => now - time < hour)
    const allowed = recent.length < this.#most
    if (allowed) recent.push(now)
    this.#times.set(key, recent)
    return allowed
  }
}
