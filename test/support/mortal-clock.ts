/** The system's clock for a node that is going to be killed: its timers die with it. */
import { type Clock, systemClock, type Timer } from '../../src/clock.ts'

export class MortalClock implements Clock {
  readonly #timers = new Set<Timer>()
  #dead = false

  now(): number {
    return systemClock.now()
  }

  monotonic(): number {
    return systemClock.monotonic()
  }

  timer(milliseconds: number, action: () => void): Timer {
    if (this.#dead) return { cancel: () => {} }
    const timer = systemClock.timer(milliseconds, () => {
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
      const timer = this.timer(milliseconds, resolve)
      signal?.addEventListener(
        'abort',
        () => {
          timer.cancel()
          resolve()
        },
        { once: true },
      )
    })
  }

  die(): void {
    this.#dead = true
    for (const timer of this.#timers) timer.cancel()
    this.#timers.clear()
  }
}
