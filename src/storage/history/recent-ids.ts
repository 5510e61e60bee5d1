/** The message-IDs that came last, in a table of fixed size: a peer that is a little late asks no database for them. */
import { hashWord } from '../keys.ts'

const usualSlots = 2 ** 19
const wordsInSlot = 4
const octetsInWord = 4

/** Exact: whole hashes are compared. A newer id takes the slot of an older one. */
export class RecentIds {
  /** Made for the first one. */
  #words: Uint32Array | undefined
  readonly #slots: number
  readonly #mask: number

  /** `slots` is a power of two; each takes 16 octets. */
  constructor(slots = usualSlots) {
    this.#slots = slots
    this.#mask = slots - 1
  }

  /** The article is durable and can be seen. `hash` is of `messageIdHash`. */
  add(hash: string): void {
    this.#words ??= new Uint32Array(this.#slots * wordsInSlot)
    const slot = this.#slot(hash)
    for (let at = 0; at < wordsInSlot; at++) this.#words[slot + at] = hashWord(hash, at * octetsInWord)
  }

  /** It is here no more. */
  delete(hash: string): void {
    if (!this.has(hash)) return
    const slot = this.#slot(hash)
    this.#words?.fill(0, slot, slot + wordsInSlot)
  }

  has(hash: string): boolean {
    const known = this.#words
    if (known === undefined) return false
    const slot = this.#slot(hash)
    for (let at = 0; at < wordsInSlot; at++)
      if (known[slot + at] !== hashWord(hash, at * octetsInWord)) return false
    return true
  }

  #slot(hash: string): number {
    return (hashWord(hash, 0) & this.#mask) * wordsInSlot
  }
}
