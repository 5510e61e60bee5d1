/** Sets of articles of one block, by their offsets: a bit each. */
import { fieldsOf, offsetOf, searchBlockSize } from '../../storage/search/search-postings.ts'

const words = searchBlockSize / 32

export class Offsets {
  readonly #bits = new Uint32Array(words)

  static of(postings: readonly number[], fields?: number): Offsets {
    const set = new Offsets()
    set.add(postings, fields)
    return set
  }

  /** Those that have a date. */
  static dated(
    dates: Uint32Array,
    { after, before }: { readonly after: number; readonly before: number },
  ): Offsets {
    const set = new Offsets()
    for (const [offset, date] of dates.entries())
      if (date !== 0 && date >= after && date < before) set.#put(offset)
    return set
  }

  /** `fields`: only what stands in one of them. */
  add(postings: readonly number[], fields?: number): void {
    for (const each of postings)
      if (fields === undefined || (fieldsOf(each) & fields) !== 0) this.#put(offsetOf(each))
  }

  keep(others: Offsets): void {
    for (let at = 0; at < words; at++) this.#bits[at] = (this.#bits[at] ?? 0) & (others.#bits[at] ?? 0)
  }

  remove(others: Offsets): void {
    for (let at = 0; at < words; at++) this.#bits[at] = (this.#bits[at] ?? 0) & ~(others.#bits[at] ?? 0)
  }

  get isEmpty(): boolean {
    return this.#bits.every(bits => bits === 0)
  }

  has(offset: number): boolean {
    return ((this.#bits[offset >> 5] ?? 0) & (1 << (offset & 31))) !== 0
  }

  /** The greatest first, below `before`. */
  *descending(before: number): Generator<number> {
    for (let offset = Math.min(before, searchBlockSize) - 1; offset >= 0; offset--) {
      if (this.#bits[offset >> 5] === 0) offset = offset & ~31
      else if (this.has(offset)) yield offset
    }
  }

  #put(offset: number): void {
    this.#bits[offset >> 5] = (this.#bits[offset >> 5] ?? 0) | (1 << (offset & 31))
  }
}
