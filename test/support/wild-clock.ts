/** A clock that stands still until a test turns it, and whose wall clock alone may be set, or run too fast. */
import type { Timer } from '../../src/clock.ts'
import { ManualClock } from './manual-clock.ts'

export class WildClock {
  readonly #right = new ManualClock()
  #jumped = 0
  #rate = 1
  #since = 0

  /** The wall clock alone is set, by milliseconds. */
  jump(milliseconds: number): void {
    this.#jumped += milliseconds
  }

  /** From now on the wall clock goes so many times as fast as time does. */
  run(rate: number): void {
    this.#jumped += this.#ahead
    this.#since = this.#right.monotonic()
    this.#rate = rate
  }

  /** Milliseconds since 1970, as they really are. */
  get truth(): number {
    return this.#right.now()
  }

  now(): number {
    return this.#right.now() + this.#jumped + this.#ahead
  }

  monotonic(): number {
    return this.#right.monotonic()
  }

  timer(milliseconds: number, action: () => void): Timer {
    return this.#right.timer(milliseconds, action)
  }

  sleep(milliseconds: number, signal?: AbortSignal): Promise<void> {
    return this.#right.sleep(milliseconds, signal)
  }

  advance(milliseconds: number): Promise<void> {
    return this.#right.advance(milliseconds)
  }

  get #ahead(): number {
    return (this.#right.monotonic() - this.#since) * (this.#rate - 1)
  }
}
