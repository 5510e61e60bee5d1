/**
 * Whether keys are read on this thread. Nearly all that is read lies in memory, and an errand to another thread costs
 * several times what the read does; but a disk that is slow must not keep the event loop.
 */
import type { Clock } from '../clock.ts'

/** Of reading in one turn of the event loop, milliseconds; one read that takes longer is a slow one. */
const most = 1
/** Without reading here after a slow one, milliseconds: twice as long each time, where they come one behind another. */
const shortestRest = 50
const longestRest = 5000
/** A slow read comes behind another within so many times the rest. */
const following = 10

export class AtHand {
  readonly #clock: Clock
  #rest = 0
  #restsUntil = Number.NEGATIVE_INFINITY

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** Reads one by one until it takes too long; gives how many of `count` were read. `read` must not throw. */
  read(count: number, read: (index: number) => void): number {
    const began = this.#clock.monotonic()
    if (began < this.#restsUntil) return 0
    let before = began
    for (let index = 0; index < count; index++) {
      read(index)
      const now = this.#clock.monotonic()
      if (now - before > most) this.#slow(now)
      if (now - began > most) return index + 1
      before = now
    }
    return count
  }

  #slow(now: number): void {
    const isBehind = now < this.#restsUntil + following * this.#rest
    this.#rest = isBehind ? Math.min(2 * this.#rest, longestRest) : shortestRest
    this.#restsUntil = now + this.#rest
  }
}
