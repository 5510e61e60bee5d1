/** The block of the search that is not full yet: in memory, and made again from the articles after a start. */

import type { Put } from '../database/store.ts'
import { type SearchKind, searchGroupTerm, searchKey, searchThreadTerm } from '../keys.ts'
import type { GroupId } from '../reading.ts'
import type { SearchBlock } from './search-block.ts'
import {
  encodeDates,
  encodePostings,
  posting,
  type SearchBlockFacts,
  searchBlockSize,
} from './search-postings.ts'

/** One article as it is found. */
export interface SearchDocument {
  /** Each word with the bits of the fields it stands in. */
  readonly words: ReadonlyMap<string, number>
  readonly groups: readonly GroupId[]
  /** Message-ID of the article that begins its thread. */
  readonly thread: string
  /** Seconds since 1970. */
  readonly date: number
}

/** Half of all words stand in one article of a block alone: a list for each would be most of the memory. */
type Postings = Map<string, number | number[]>

const none: readonly number[] = []
const listOf = (held: number | number[] | undefined): readonly number[] =>
  held === undefined ? none : typeof held === 'number' ? [held] : held

export class OpenSearchBlock implements SearchBlock {
  readonly block: number
  readonly #words: Postings = new Map()
  /** Keys are octets, one character each. */
  readonly #groups: Postings = new Map()
  readonly #threads: Postings = new Map()
  readonly #dates = new Uint32Array(searchBlockSize)
  #articles = 0
  #oldest = 0xffff_ffff
  #newest = 0

  constructor(block: number) {
    this.block = block
  }

  get facts(): SearchBlockFacts {
    return { articles: this.#articles, oldest: this.#oldest, newest: this.#newest, octets: 0 }
  }

  /** `offset`: of its arrival in the block; each is above those before. */
  add(offset: number, { words, groups, thread, date }: SearchDocument): void {
    for (const [word, fields] of words) put(this.#words, word, posting(offset, fields))
    for (const group of groups)
      put(this.#groups, searchGroupTerm(group).toString('latin1'), posting(offset, 0))
    put(this.#threads, searchThreadTerm(thread).toString('latin1'), posting(offset, 0))
    const known = Math.min(Math.max(1, date), 0xffff_ffff)
    this.#dates[offset] = known
    this.#articles += 1
    this.#oldest = Math.min(this.#oldest, known)
    this.#newest = Math.max(this.#newest, known)
  }

  async postings(
    kind: SearchKind,
    terms: readonly (string | Buffer)[],
  ): Promise<readonly (readonly number[])[]> {
    const held = kind === 'w' ? this.#words : kind === 'g' ? this.#groups : this.#threads
    return terms.map(term => listOf(held.get(typeof term === 'string' ? term : term.toString('latin1'))))
  }

  async beginning(prefix: string, most: number): Promise<readonly (readonly number[])[]> {
    const found: (readonly number[])[] = []
    for (const [word, held] of this.#words) {
      if (!word.startsWith(prefix)) continue
      found.push(listOf(held))
      if (found.length >= most) break
    }
    return found
  }

  async groups(): Promise<readonly { readonly group: GroupId; readonly postings: readonly number[] }[]> {
    return [...this.#groups].map(([octets, held]) => ({
      group: Buffer.from(octets, 'latin1').readUInt32BE() as GroupId,
      postings: listOf(held),
    }))
  }

  async dates(): Promise<Uint32Array> {
    return this.#dates
  }

  /** All of it as it is stored, so many keys at a time; nothing of a block without articles. */
  *stored(atOnce: number): Generator<Put[]> {
    let puts: Put[] = []
    for (const { kind, postings } of this.#tables())
      for (const [term, held] of postings) {
        const key = searchKey(this.block, kind, kind === 'w' ? term : Buffer.from(term, 'latin1'))
        puts.push({ key, value: encodePostings(listOf(held)) })
        if (puts.length < atOnce) continue
        yield puts
        puts = []
      }
    if (this.#articles === 0) return
    puts.push({ key: searchKey(this.block, 'd', ''), value: encodeDates(this.#dates) })
    yield puts
  }

  *#tables(): Generator<{ readonly kind: SearchKind; readonly postings: Postings }> {
    yield { kind: 'w', postings: this.#words }
    yield { kind: 'g', postings: this.#groups }
    yield { kind: 't', postings: this.#threads }
  }
}

function put(postings: Postings, term: string, each: number): void {
  const held = postings.get(term)
  if (held === undefined) postings.set(term, each)
  else if (typeof held === 'number') postings.set(term, [held, each])
  else held.push(each)
}
