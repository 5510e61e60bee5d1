/** Gives the room of deleted articles back to the disk, range by range and only where it is worth the work. */

import type { Stores } from '../database/store.ts'
import { arrivalKey, articleKey, indexTables } from '../keys.ts'
import type { Arrival } from '../reading.ts'

/** Arrivals of one range. */
const span = 16_384
/** A range is rewritten when at least this part of what it takes on disk is dead. */
const worthwhile = 0.25
const worthwhileOctets = 1024 * 1024
/** Articles, below which the index is left to LevelDB. */
const worthwhileArticles = 10_000

export class Reclaim {
  readonly #stores: Stores
  /** Dead octets by range. */
  readonly #dead = new Map<number, number>()
  /** Articles removed since the whole index was rewritten. */
  #removed = 0

  constructor(stores: Stores) {
    this.#stores = stores
  }

  /** An article of so many octets was deleted. */
  note(arrival: Arrival, octets: number): void {
    const range = Math.floor(arrival / span)
    this.#dead.set(range, (this.#dead.get(range) ?? 0) + octets)
    this.#removed += 1
  }

  /** Rewrites what is worth it; `present`: how many articles are left. Stops between two ranges when `signal` aborts. */
  async run(present: number, signal: AbortSignal): Promise<void> {
    for (const [range, dead] of this.#dead) {
      if (signal.aborted) return
      if (await this.#isWorth(range, dead)) await this.#articles(range)
    }
    if (this.#removed < worthwhileArticles || this.#removed < present / 2) return
    this.#removed = 0
    for (const { gte, lt } of indexTables) if (!signal.aborted) await this.#stores.index.compact(gte, lt)
  }

  async #isWorth(range: number, dead: number): Promise<boolean> {
    if (dead < worthwhileOctets) return false
    const size = await this.#stores.articles.size(articleKey(range * span), articleKey((range + 1) * span))
    return dead >= size * worthwhile
  }

  async #articles(range: number): Promise<void> {
    this.#dead.delete(range)
    const [first, end] = [range * span, (range + 1) * span]
    await this.#stores.articles.compact(articleKey(first), articleKey(end))
    await this.#stores.index.compact(arrivalKey(first), arrivalKey(end))
  }
}
