/** The newest arrivals and their octets in memory, one bounded tail shared by all who follow the log. */

import type { Arrival, ArrivalRow } from '../reading.ts'
import { decodeArrivalRow } from './arrival-row.ts'

/** What becomes visible once the group is durable, as octets: far cheaper to keep than what they say. */
export interface Announcement {
  readonly arrival: Arrival
  /** The row of the log. */
  readonly row: Buffer
  /** The value in `articles`, where the row brought an article. */
  readonly record: Buffer | undefined
}

/** What an arrival costs besides its article, octets. */
const rowCost = 512
/** Slots given up at the front before the array is moved. */
const slack = 4096
/** Rows that were read are kept for the next who follow the log, one for each remainder of the arrival. */
const rowsRead = 1024
/** Of a row that is kept: one of expiry names many articles, and there would be more and more of these. */
const mostFilings = 16

/** Arrivals follow each other, so they lie in an array; a Map that loses its oldest keys slows down with every loss. */
export class Tail {
  readonly #limit: number
  #entries: (Announcement | undefined)[] = []
  /** Arrival of the first slot of `#entries`. */
  #first = 0
  /** Slots at the front that are given up. */
  #gone = 0
  #octets = 0
  /**
   * Memory that records lie in, with how many of them are here: one keeps all of it, and where most of what came with it
   * was refused, that is far more than its own octets.
   */
  readonly #memories = new Map<ArrayBufferLike, number>()
  readonly #rows: (ArrivalRow | undefined)[] = []

  /** `limit` in octets. */
  constructor(limit = 64 * 1024 * 1024) {
    this.#limit = limit
  }

  /** Arrivals come in ascending order. */
  add(announcement: Announcement): void {
    const { arrival } = announcement
    if (this.#entries.length === 0) this.#first = arrival
    this.#entries[arrival - this.#first] = announcement
    this.#octets += rowCost + this.#taken(announcement)
    while (this.#octets > this.#limit && this.#gone < this.#entries.length) this.#giveUpOldest()
  }

  record(arrival: Arrival): Buffer | undefined {
    return this.#get(arrival)?.record
  }

  row(arrival: Arrival): ArrivalRow | undefined {
    const entry = this.#get(arrival)
    if (entry === undefined) return undefined
    const slot = arrival % rowsRead
    const read = this.#rows[slot]
    if (read?.arrival === arrival) return read
    const row = decodeArrivalRow(arrival, entry.row)
    if (row !== undefined && row.filings.length <= mostFilings) this.#rows[slot] = row
    return row
  }

  drop(arrival: Arrival): void {
    const entry = this.#get(arrival)
    if (entry === undefined) return
    this.#entries[arrival - this.#first] = undefined
    this.#octets -= rowCost + this.#freed(entry)
  }

  /** Octets that are kept for it and were not before. */
  #taken({ record }: Announcement): number {
    if (record === undefined) return 0
    const { buffer } = record
    const records = this.#memories.get(buffer) ?? 0
    this.#memories.set(buffer, records + 1)
    return records === 0 ? buffer.byteLength : 0
  }

  /** Octets that nothing else keeps. */
  #freed({ record }: Announcement): number {
    if (record === undefined) return 0
    const { buffer } = record
    const others = (this.#memories.get(buffer) ?? 1) - 1
    if (others > 0) this.#memories.set(buffer, others)
    else this.#memories.delete(buffer)
    return others > 0 ? 0 : buffer.byteLength
  }

  #get(arrival: Arrival): Announcement | undefined {
    return this.#entries[arrival - this.#first]
  }

  #giveUpOldest(): void {
    this.drop((this.#first + this.#gone) as Arrival)
    this.#gone += 1
    if (this.#gone < slack) return
    this.#entries = this.#entries.slice(this.#gone)
    this.#first += this.#gone
    this.#gone = 0
  }
}
