/** The clock of one simulated process: virtual time, wrong by so much, and dead with the process. */
import type { Clock, Timer } from '../../src/clock.ts'
import type { EventQueue } from './event-queue.ts'

/** Milliseconds since 1970 at the beginning of every simulation. */
export const beginning = Date.UTC(2026, 0, 1)

const nothing: Timer = { cancel: () => {} }

export class SimClock implements Clock {
  readonly #events: EventQueue
  /** Milliseconds by which this machine's clock is ahead. */
  #skew: number
  readonly #pending = new Set<Timer>()
  #dead = false

  constructor(events: EventQueue, skew: number) {
    this.#events = events
    this.#skew = skew
  }

  now(): number {
    return beginning + this.#events.elapsed + this.#skew
  }

  monotonic(): number {
    return this.#events.elapsed
  }

  timer(milliseconds: number, action: () => void): Timer {
    if (this.#dead) return nothing
    const event = this.#events.after(milliseconds, () => {
      this.#pending.delete(timer)
      if (!this.#dead) action()
    })
    const timer: Timer = {
      cancel: () => {
        this.#pending.delete(timer)
        event.cancel()
      },
    }
    this.#pending.add(timer)
    return timer
  }

  sleep(milliseconds: number, signal?: AbortSignal): Promise<void> {
    return new Promise(resolve => {
      if (signal?.aborted) return resolve()
      const timer = this.timer(milliseconds, () => {
        signal?.removeEventListener('abort', abort)
        resolve()
      })
      const abort = () => {
        timer.cancel()
        resolve()
      }
      signal?.addEventListener('abort', abort, { once: true })
    })
  }

  /** Timers that are set. */
  get pending(): number {
    return this.#pending.size
  }

  /** The wall clock is set. */
  jump(milliseconds: number): void {
    this.#skew += milliseconds
  }

  /** The process is gone: no timer goes off any more. */
  die(): void {
    this.#dead = true
  }
}
