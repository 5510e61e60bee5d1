/** The clock of the system, some days on or off. */
import { type Clock, systemClock, type Timer } from '../../src/clock.ts'

export class MovedClock implements Clock {
  #passed = 0
  #jumped = 0

  /** So many milliseconds go by at once; timers do not notice. */
  pass(milliseconds: number): void {
    this.#passed += milliseconds
  }

  /** The wall clock alone is set. */
  jump(milliseconds: number): void {
    this.#jumped += milliseconds
  }

  now(): number {
    return systemClock.now() + this.#passed + this.#jumped
  }

  monotonic(): number {
    return systemClock.monotonic() + this.#passed
  }

  timer(milliseconds: number, action: () => void): Timer {
    return systemClock.timer(milliseconds, action)
  }

  sleep(milliseconds: number, signal?: AbortSignal): Promise<void> {
    return systemClock.sleep(Math.min(milliseconds, 1), signal)
  }
}
