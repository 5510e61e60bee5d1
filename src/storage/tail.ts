/** The newest arrivals and their octets in memory, one bounded tail shared by all who follow the log. */
import type { Announcement } from './draft.ts'
import type { Arrival } from './reading.ts'

/** What an arrival costs besides its article, octets. */
const rowCost = 512

export class Tail {
  readonly #limit: number
  readonly #entries = new Map<Arrival, Announcement>()
  #octets = 0

  /** `limit` in octets. */
  constructor(limit = 64 * 1024 * 1024) {
    this.#limit = limit
  }

  add(announcement: Announcement): void {
    this.#entries.set(announcement.row.arrival, announcement)
    this.#octets += cost(announcement)
    for (const [arrival, oldest] of this.#entries) {
      if (this.#octets <= this.#limit) break
      this.#entries.delete(arrival)
      this.#octets -= cost(oldest)
    }
  }

  get(arrival: Arrival): Announcement | undefined {
    return this.#entries.get(arrival)
  }

  drop(arrival: Arrival): void {
    const entry = this.#entries.get(arrival)
    if (!entry) return
    this.#entries.delete(arrival)
    this.#octets -= cost(entry)
  }
}

const cost = ({ record }: Announcement): number => rowCost + (record?.length ?? 0)
