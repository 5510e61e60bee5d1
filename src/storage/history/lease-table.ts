/**
 * Leases as rows of numbers: a flood of CHECK makes no object for each, and leaves nothing to collect. An id is known by
 * 64 bits that nobody outside can foresee; who shares them with another is told to try later.
 */
import { randomInt } from 'node:crypto'

/** Whose leases they are. */
export interface Holder {
  readonly owner: symbol
  leases: number
  /** Its leases count no more; they stay in the table until their turn to go comes. */
  gone: boolean
}

/** Of a row: two words of the id, the next in its bucket (or among the free ones), its neighbours by age. */
const width = 5
const first = 0
const second = 1
const next = 2
const older = 3
const newer = 4
/** No row; as a neighbour the end of the line, whose own neighbours are the newest and the oldest. */
const none = 0

const firstRows = 256

export class LeaseTable {
  readonly #limit: number
  readonly #emptied: (holder: Holder) => void
  /** What the two words begin with. */
  readonly #seeds: readonly [number, number] = [randomInt(2 ** 32), randomInt(2 ** 32)]
  #rows = new Int32Array((firstRows + 1) * width)
  #ends = new Float64Array(firstRows + 1)
  #buckets = new Int32Array(firstRows)
  readonly #holders: (Holder | undefined)[] = []
  #free = none
  /** Rows that were ever used. */
  #used = 0
  /** Words of the id that was sought last. */
  #first = 0
  #second = 0

  /** `emptied` is told of a holder whose last lease went. */
  constructor(limit: number, emptied: (holder: Holder) => void) {
    this.#limit = limit
    this.#emptied = emptied
  }

  /** The row of an id; 0 where it has none. */
  find(id: string): number {
    this.#seek(id)
    const rows = this.#rows
    let row = this.#buckets[this.#bucket(this.#first)] ?? none
    while (row !== none && !this.#isSought(row)) row = rows[row * width + next] ?? none
    return row
  }

  /** A row for the id that was sought last and was not found. Where there are too many the oldest goes. */
  add(holder: Holder, ends: number): void {
    // Before the oldest goes: that may be the only other one of this holder.
    holder.leases += 1
    const row = this.#unused()
    const at = row * width
    const rows = this.#rows
    const bucket = this.#bucket(this.#first)
    rows[at + first] = this.#first
    rows[at + second] = this.#second
    rows[at + next] = this.#buckets[bucket] ?? none
    this.#buckets[bucket] = row
    const newest = rows[older] ?? none
    rows[at + older] = newest
    rows[at + newer] = none
    rows[newest * width + newer] = row
    rows[older] = row
    this.#ends[row] = ends
    this.#holders[row] = holder
  }

  remove(row: number): void {
    const rows = this.#rows
    const at = row * width
    const behind = rows[at + next] ?? none
    const bucket = this.#bucket(rows[at + first] ?? 0)
    if (this.#buckets[bucket] === row) this.#buckets[bucket] = behind
    else rows[this.#before(row, bucket) * width + next] = behind
    const before = rows[at + older] ?? none
    const after = rows[at + newer] ?? none
    rows[before * width + newer] = after
    rows[after * width + older] = before
    rows[at + next] = this.#free
    this.#free = row
    this.#letGo(row)
  }

  holder(row: number): Holder | undefined {
    return this.#holders[row]
  }

  ends(row: number): number {
    return this.#ends[row] ?? 0
  }

  #letGo(row: number): void {
    const holder = this.#holders[row]
    this.#holders[row] = undefined
    if (holder === undefined) return
    holder.leases -= 1
    if (holder.leases === 0) this.#emptied(holder)
  }

  #unused(): number {
    if (this.#free === none && this.#used >= this.#limit) this.remove(this.#rows[newer] ?? none)
    if (this.#free === none) {
      this.#used += 1
      if (this.#used >= this.#ends.length) this.#grow()
      return this.#used
    }
    const row = this.#free
    this.#free = this.#rows[row * width + next] ?? none
    return row
  }

  #grow(): void {
    const size = this.#buckets.length * 2
    const rows = new Int32Array((size + 1) * width)
    const ends = new Float64Array(size + 1)
    rows.set(this.#rows)
    ends.set(this.#ends)
    this.#rows = rows
    this.#ends = ends
    this.#buckets = new Int32Array(size)
    // None is free, or it would not grow: all but the new one stand in a bucket.
    for (let row = 1; row < this.#used; row++) {
      const bucket = this.#bucket(rows[row * width + first] ?? 0)
      rows[row * width + next] = this.#buckets[bucket] ?? none
      this.#buckets[bucket] = row
    }
  }

  #before(row: number, bucket: number): number {
    let before = this.#buckets[bucket] ?? none
    for (;;) {
      const behind = this.#rows[before * width + next] ?? none
      if (behind === row || behind === none) return before
      before = behind
    }
  }

  #isSought(row: number): boolean {
    const at = row * width
    return this.#rows[at + first] === this.#first && this.#rows[at + second] === this.#second
  }

  #bucket(word: number): number {
    return (word ^ (word >>> 15)) & (this.#buckets.length - 1)
  }

  #seek(id: string): void {
    let [one, two] = this.#seeds
    for (let at = 0; at < id.length; at++) {
      const octet = id.charCodeAt(at)
      one = Math.imul(one ^ octet, 0x0100_0193)
      two = Math.imul(two + octet, 0x85eb_ca6b) ^ (two >>> 13)
    }
    this.#first = one | 0
    this.#second = two | 0
  }
}
