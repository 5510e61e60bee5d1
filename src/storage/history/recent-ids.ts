/**
 * The message-IDs that came last, in two tables in memory: a peer that is late asks no database for them, also after a
 * restart, when those of before it are loaded. Between 1.5 and 3 million ids in 32 MiB at most (fewer where a table has
 * just been grown); few take 1 MiB.
 */
import { hashWord } from '../keys.ts'

const firstSlots = 2 ** 17
const usualSlots = 2 ** 21
/** A table has so many times the slots of the one before: few ids that lie together are found sooner. */
const growth = 4
const wordsInSlot = 2
/** The second word of a slot: none was ever in it, or one that is gone; of an id it is odd. */
const free = 0
const left = 2
const odd = 1

interface Table {
  readonly words: Int32Array
  readonly mask: number
  /** Ids it may still take: a quarter of it stays free, so that what is sought is found soon. */
  room: number
}

/**
 * As good as exact: an id is known by 63 bits of its hash, and by others near which slot. A full table is the older one
 * from then on, and the one that was older goes.
 */
export class RecentIds {
  readonly #slots: number
  /** Made for the first one. */
  #newest: Table | undefined
  #older: Table | undefined
  /** What was taken out while older ones are loaded: whoever reads them may not know. */
  #left: Set<string> | undefined

  /** `slots`, a power of two from 4 up, is of a table; each takes 8 octets. */
  constructor(slots = usualSlots) {
    this.#slots = slots
  }

  /** Ids that can be loaded. */
  get capacity(): number {
    return roomOf(this.#slots)
  }

  /** The article is durable and can be seen. `hash` is of `messageIdHash`, as everywhere. */
  add(hash: string): void {
    const table = this.#withRoom()
    const id = wordsOf(hash)
    if (slotOf(table, id) === undefined) insert(table, id)
  }

  /** It is here no more. */
  delete(hash: string): void {
    this.#left?.add(hash)
    const id = wordsOf(hash)
    for (const table of [this.#newest, this.#older]) if (table !== undefined) remove(table, id)
  }

  has(hash: string): boolean {
    const newest = this.#newest
    const older = this.#older
    const id = wordsOf(hash)
    if (newest !== undefined && slotOf(newest, id) !== undefined) return true
    return older !== undefined && slotOf(older, id) !== undefined
  }

  /** Before the databases are read: up to `ids` of those that are in them may be added with `addOlder`. */
  beginLoading(ids: number): void {
    this.#left = new Set()
    this.#older ??= tableFor(Math.min(this.#slots, slotsFor(ids)))
  }

  /** Nothing where it has gone meanwhile, or so many have come that there is no room for older ones. */
  addOlder(hash: string): void {
    const table = this.#older
    if (table !== undefined && table.room > 0 && !this.#left?.has(hash)) insert(table, wordsOf(hash))
  }

  endLoading(): void {
    this.#left = undefined
  }

  #withRoom(): Table {
    const newest = this.#newest
    if (newest !== undefined && newest.room > 0) return newest
    // Never smaller than the other one, or that would go for a few.
    const slots = newest === undefined ? Math.max(firstSlots, slotsOf(this.#older)) : slotsOf(newest) * growth
    const table = tableFor(Math.min(slots, this.#slots))
    if (newest !== undefined) this.#older = newest
    this.#newest = table
    return table
  }
}

const slotsOf = (table: Table | undefined): number => (table === undefined ? 0 : table.mask + 1)
const roomOf = (slots: number): number => (slots / 4) * 3

function slotsFor(ids: number): number {
  let slots = 4
  while (roomOf(slots) < ids) slots *= 2
  return slots
}

function tableFor(slots: number): Table {
  return { words: new Int32Array(slots * wordsInSlot), mask: slots - 1, room: roomOf(slots) }
}

/** What stands for an id: where it is looked for first, and the two words of its slot. */
interface Words {
  readonly place: number
  readonly first: number
  readonly second: number
}

const wordsOf = (hash: string): Words => ({
  place: hashWord(hash, 0),
  first: hashWord(hash, 4),
  second: hashWord(hash, 8) | odd,
})

/** Offset of its words; undefined where it is not there. */
function slotOf({ words, mask }: Table, { place, first, second }: Words): number | undefined {
  for (let slot = place & mask; ; slot = (slot + 1) & mask) {
    const at = slot * wordsInSlot
    const known = words[at + 1]
    if (known === free) return undefined
    if (known === second && words[at] === first) return at
  }
}

function insert(table: Table, { place, first, second }: Words): void {
  const { words, mask } = table
  let slot = place & mask
  while (words[slot * wordsInSlot + 1] !== free) slot = (slot + 1) & mask
  words[slot * wordsInSlot] = first
  words[slot * wordsInSlot + 1] = second
  table.room -= 1
}

/** Its slot is not used again: those behind it were put there because it was taken. */
function remove(table: Table, id: Words): void {
  const at = slotOf(table, id)
  if (at !== undefined) table.words[at + 1] = left
}
