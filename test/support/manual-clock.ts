/** A clock that stands still until a test turns it. */
import type { Clock, Timer } from '../../src/clock.ts'

interface Alarm {
  readonly at: number
  readonly action: () => void
}

export class ManualClock implements Clock {
  readonly #alarms = new Set<Alarm>()
  readonly #start: number
  #elapsed = 0

  /** Milliseconds since 1970. */
  constructor(start = Date.UTC(2026, 0, 1)) {
    this.#start = start
  }

  now(): number {
    return this.#start + this.#elapsed
  }

  monotonic(): number {
    return this.#elapsed
  }

  timer(milliseconds: number, action: () => void): Timer {
    const alarm = { at: this.#elapsed + milliseconds, action }
    this.#alarms.add(alarm)
    return { cancel: () => void this.#alarms.delete(alarm) }
  }

  sleep(milliseconds: number, signal?: AbortSignal): Promise<void> {
    return new Promise(resolve => {
      if (signal?.aborted) return resolve()
      const abort = () => {
        timer.cancel()
        signal?.removeEventListener('abort', abort)
        resolve()
      }
      const timer = this.timer(milliseconds, abort)
      signal?.addEventListener('abort', abort, { once: true })
    })
  }

  /** Alarms that are set. */
  get alarms(): number {
    return this.#alarms.size
  }

  /** Goes on by so much, alarm by alarm, and lets everything that follows from one happen before the next. */
  async advance(milliseconds: number): Promise<void> {
    const end = this.#elapsed + milliseconds
    await settled()
    for (let next = this.#first(); next !== undefined && next.at <= end; next = this.#first()) {
      this.#elapsed = Math.max(this.#elapsed, next.at)
      this.#alarms.delete(next)
      next.action()
      await settled()
    }
    this.#elapsed = end
    await settled()
  }

  #first(): Alarm | undefined {
    let first: Alarm | undefined
    for (const alarm of this.#alarms) if (first === undefined || alarm.at < first.at) first = alarm
    return first
  }
}

/** Resolves when nothing is left to happen without time passing, where all input is in memory. */
export async function settled(turns = 8): Promise<void> {
  for (let turn = 0; turn < turns; turn++) await new Promise(resolve => setImmediate(resolve))
}
