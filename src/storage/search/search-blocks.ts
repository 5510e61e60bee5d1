/**
 * The index of the search: blocks of 4096 arrivals in `index`, each written once, when it is full. It is not written
 * through the journal: how far it is proved to be on disk is a place in `state`, and what lies behind that is made again.
 */
import type { Log } from '../../log.ts'
import type { Change, Store } from '../database/store.ts'
import {
  allSearchBlocks,
  arrivalKey,
  arrivalOfKey,
  blockOfSearchKey,
  kindOfSearchKey,
  searchBlockKey,
  searchRange,
} from '../keys.ts'
import { decodeArrivalRow } from '../log/arrival-row.ts'
import type { Arrival, ArrivalRow } from '../reading.ts'
import type { Places } from '../state/places.ts'
import type { OpenSearchBlock } from './open-search-block.ts'
import { type SearchBlock, StoredSearchBlock } from './search-block.ts'
import {
  decodeDates,
  decodeFacts,
  decodePostings,
  encodeDates,
  encodeFacts,
  encodePostings,
  firstOfSearchBlock,
  offsetOf,
  type SearchBlockFacts,
  searchBlockSize,
} from './search-postings.ts'

/** The place in `state`: everything up to its cursor is proved to be on disk. */
const placeName = 'search'
/** Keys that are written at once: what others commit meanwhile does not wait long. */
const keysAtOnce = 500

/** Called between two small pieces of work; what it gives is waited for. */
export type Rest = () => Promise<void> | undefined

interface SearchBlocksParts {
  readonly index: Store
  readonly places: Places
  readonly log: Log
}

export class SearchBlocks {
  readonly #parts: SearchBlocksParts
  /** Blocks that count, from the first on without a gap. */
  #blocks: SearchBlockFacts[] = []
  /** How many of them are known to be on disk for good. */
  #proved = 0
  #octets = 0

  constructor(parts: SearchBlocksParts) {
    this.#parts = parts
  }

  /** Takes up what is proved to be there. */
  async load(): Promise<void> {
    const { index, places } = this.#parts
    const place = await places.load(placeName)
    const proved = place?.epoch === places.epoch ? Math.floor((place.cursor + 1) / searchBlockSize) : 0
    this.#blocks = []
    this.#octets = 0
    for await (const pairs of index.iterate(allSearchBlocks))
      for (const { key, value } of pairs) {
        const facts = decodeFacts(value)
        const next = this.#blocks.length
        // Behind a gap nothing counts: it is made again in order.
        if (facts === undefined || blockOfSearchKey(key) !== next || next >= proved) continue
        this.#add(facts)
      }
    this.#proved = this.#blocks.length
    // The index was made again: what is written now is not proved by what was.
    if (this.#proved < proved) await this.#save()
  }

  /** How many blocks count; the next one has this number. */
  get next(): number {
    return this.#blocks.length
  }

  /** Everything up to here is in the blocks. */
  get cursor(): Arrival {
    return Math.max(0, firstOfSearchBlock(this.next) - 1) as Arrival
  }

  /** Octets of all blocks, about. */
  get octets(): number {
    return this.#octets
  }

  get articles(): number {
    return this.#blocks.reduce((sum, { articles }) => sum + articles, 0)
  }

  facts(block: number): SearchBlockFacts | undefined {
    return this.#blocks[block]
  }

  block(block: number): SearchBlock {
    return new StoredSearchBlock(this.#parts.index, block)
  }

  /** Rows of the log as they are now; undefined where the article has gone. */
  async rows(arrivals: readonly Arrival[]): Promise<(ArrivalRow | undefined)[]> {
    const values = await this.#parts.index.getMany(arrivals.map(arrivalKey))
    return arrivals.map((arrival, at) => {
      const value = values[at]
      const row = value && decodeArrivalRow(arrival, value)
      return row?.kind === 'article' ? row : undefined
    })
  }

  /** The next block. Written twice it is the same; it counts when it is all there, which false says it is not yet. */
  async write(open: OpenSearchBlock, rest: Rest, stop?: AbortSignal): Promise<boolean> {
    const { index } = this.#parts
    let octets = 0
    for (const puts of open.stored(keysAtOnce)) {
      for (const { key, value } of puts) octets += key.length + value.length
      if (stop?.aborted) return false
      await index.batch(puts)
      await rest()
    }
    const facts = { ...open.facts, octets }
    await index.batch([{ key: searchBlockKey(open.block), value: encodeFacts(facts) }])
    this.#add(facts)
    return true
  }

  /** Takes out of a block what is not there any more, and gives its room back. */
  async sweep(block: number, rest: Rest): Promise<void> {
    const { index } = this.#parts
    const present = await this.#present(block)
    const before = this.#blocks[block]
    if (before === undefined || present.size * 2 > before.articles) return
    let octets = 0
    for await (const pairs of index.iterate(searchRange(block), keysAtOnce)) {
      const changes: Change[] = pairs.map(({ key, value }) => ({ key, value: without(key, value, present) }))
      for (const { key, value } of changes) octets += value === undefined ? 0 : key.length + value.length
      await index.batch(changes)
      await rest()
    }
    const facts = { ...before, articles: present.size, octets }
    await index.batch([{ key: searchBlockKey(block), value: encodeFacts(facts) }])
    this.#octets += octets - before.octets
    this.#blocks[block] = facts
    const { gte, lt } = searchRange(block)
    await index.compact(gte, lt)
  }

  /** Everything is made anew from the first article on. */
  async clear(rest: Rest): Promise<void> {
    const { index } = this.#parts
    const count = this.next
    this.#blocks = []
    this.#proved = 0
    this.#octets = 0
    await this.#save()
    // First what makes them count: half a block is never believed.
    await index.batch(
      Array.from({ length: count }, (_, block) => ({ key: searchBlockKey(block), value: undefined })),
    )
    for (let block = 0; block < count; block++)
      for await (const keys of index.keys(searchRange(block), keysAtOnce)) {
        await index.batch(keys.map(key => ({ key, value: undefined })))
        await rest()
      }
  }

  /** Blocks that a flush from now on proves. */
  get written(): number {
    return this.next
  }

  /** Something was written that no flush has proved. */
  get isUnproved(): boolean {
    return this.#proved < this.next
  }

  /** A flush that began when so many blocks were `written` has succeeded. Never rejects. */
  async proved(blocks: number): Promise<void> {
    if (blocks <= this.#proved || blocks > this.next) return
    this.#proved = blocks
    try {
      await this.#save()
    } catch (error) {
      this.#parts.log.debug(
        { err: error },
        'the place of the search was not saved: a start makes its last blocks again',
      )
    }
  }

  #save(): Promise<void> {
    const { places } = this.#parts
    const cursor = Math.max(0, firstOfSearchBlock(this.#proved) - 1) as Arrival
    return places.save(placeName, { epoch: places.epoch, cursor, exceptions: [] })
  }

  #add(facts: SearchBlockFacts): void {
    this.#blocks.push(facts)
    this.#octets += facts.octets
  }

  /** Offsets of the arrivals of a block that are articles. */
  async #present(block: number): Promise<Set<number>> {
    const first = firstOfSearchBlock(block)
    const present = new Set<number>()
    const range = { gte: arrivalKey(first), lt: arrivalKey(first + searchBlockSize) }
    for await (const pairs of this.#parts.index.iterate(range))
      for (const { value, key } of pairs) {
        const arrival = arrivalOfKey(key)
        const row = decodeArrivalRow(arrival, value)
        if (row?.kind === 'article') present.add(arrival % searchBlockSize)
      }
    return present
  }
}

/** The value of a key with those articles alone; undefined where none is left. */
function without(key: Buffer, value: Buffer, present: ReadonlySet<number>): Buffer | undefined {
  if (present.size === 0) return undefined
  if (kindOfSearchKey(key) === 'd') {
    const dates = decodeDates(value)
    return dates && encodeDates(dates.map((date, offset) => (present.has(offset) ? date : 0)))
  }
  const left = decodePostings(value).filter(each => present.has(offsetOf(each)))
  return left.length === 0 ? undefined : encodePostings(left)
}
