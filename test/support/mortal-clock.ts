/** The clock of a node that is going to be killed: its timers die with it. */
import { type Clock, systemClock, type Timer } from '../../src/clock.ts'

export class MortalClock implements Clock {
  readonly #clock: Clock
  readonly #timers = new Set<Timer>()
  readonly #haste: number
  #dead = false

  /** Timers of `clock`, which ring `haste` times as early as they should. */
  constructor(clock: Clock = systemClock, haste = 1) {
    this.#clock = clock
    this.#haste = haste
  }

  now(): number {
    return this.#clock.now()
  }

  monotonic(): number {
    return this.#clock.monotonic()
  }

  timer(milliseconds: number, action: () => void): Timer {
    if (this.#dead) return { cancel: () => {} }
    const timer = this.#clock.timer(milliseconds / this.#haste, () => {
      this.#timers.delete(timer)
      action()
    })
    this.#timers.add(timer)
    return {
      cancel: () => {
        this.#timers.delete(timer)
        timer.cancel()
      },
    }
  }

  /** Does not resolve once the clock is dead. */
  sleep(milliseconds: number, signal?: AbortSignal): Promise<void> {
    return new Promise(resolve => {
      const done = () => {
        timer.cancel()
        signal?.removeEventListener('abort', done)
        resolve()
      }
      const timer = this.timer(milliseconds, done)
      signal?.addEventListener('abort', done, { once: true })
    })
  }

  die(): void {
    this.#dead = true
    for (const timer of this.#timers) timer.cancel()
    this.#timers.clear()
  }
}
