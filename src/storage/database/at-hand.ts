/**
 * Whether keys are read on this thread. Nearly all that is read lies in memory, and an errand to another thread costs
 * several times what the read does; but a disk that is slow must not keep the event loop.
 */
import type { Clock } from '../../clock.ts'

/**
 * Milliseconds from the first read of a turn of the event loop on in which others are made in it: whoever reads one by
 * one would else keep it to himself. One read that takes longer is a slow one.
 */
const most = 1
/** Without reading here after a slow one, milliseconds: twice as long each time, where they come one behind another. */
const shortestRest = 50
const longestRest = 5000
/** No rest is shorter than so many times what the slow read took: of a disk that fails each may take seconds. */
const restOfSlow = 10
/** A slow read comes behind another within so many times the rest. */
const following = 10

export class AtHand {
  readonly #clock: Clock
  #rest = 0
  #restsUntil = Number.NEGATIVE_INFINITY
  /** When the first read of this turn began. */
  #turn: number | undefined
  readonly #turnEnded = (): void => {
    this.#turn = undefined
  }

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** Reads one by one until it takes too long; gives how many of `count` were read. `read` must not throw. */
  read(count: number, read: (index: number) => void): number {
    const began = this.#clock.monotonic()
    const turn = this.#turn ?? began
    if (began < this.#restsUntil || began - turn > most) return 0
    if (this.#turn === undefined) setImmediate(this.#turnEnded)
    this.#turn = turn
    let before = began
    for (let index = 0; index < count; index++) {
      read(index)
      const now = this.#clock.monotonic()
      if (now - before > most) this.#slow(before, now)
      if (now - turn > most) return index + 1
      before = now
    }
    return count
  }

  /** A read that took from `began` to `now`. */
  #slow(began: number, now: number): void {
    const isBehind = began < this.#restsUntil + following * this.#rest
    const rest = isBehind ? Math.min(2 * this.#rest, longestRest) : shortestRest
    this.#rest = Math.max(rest, restOfSlow * (now - began))
    this.#restsUntil = now + this.#rest
  }
}
