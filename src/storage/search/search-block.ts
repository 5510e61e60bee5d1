/** A block of the search as it is asked, in memory or in the index. */

import type { Store } from '../database/store.ts'
import { groupOfSearchKey, type SearchKind, searchKey, searchRange } from '../keys.ts'
import type { GroupId } from '../reading.ts'
import { decodeDates, decodePostings, searchBlockSize } from './search-postings.ts'

export interface GroupPostings {
  readonly group: GroupId
  readonly postings: readonly number[]
}

export interface SearchBlock {
  readonly block: number
  /** In the order of the terms; empty where a term is in no article. */
  postings(kind: SearchKind, terms: readonly (string | Buffer)[]): Promise<readonly (readonly number[])[]>
  /** Of words that begin so, at most `most` of them. */
  beginning(prefix: string, most: number): Promise<readonly (readonly number[])[]>
  groups(): Promise<readonly GroupPostings[]>
  /** 0 where there is no article. */
  dates(): Promise<Uint32Array>
}

export class StoredSearchBlock implements SearchBlock {
  readonly block: number
  readonly #index: Store

  constructor(index: Store, block: number) {
    this.#index = index
    this.block = block
  }

  async postings(
    kind: SearchKind,
    terms: readonly (string | Buffer)[],
  ): Promise<readonly (readonly number[])[]> {
    const values = await this.#index.getMany(terms.map(term => searchKey(this.block, kind, term)))
    return values.map(value => (value === undefined ? [] : decodePostings(value)))
  }

  async beginning(prefix: string, most: number): Promise<readonly (readonly number[])[]> {
    const found: (readonly number[])[] = []
    const range = { ...searchRange(this.block, 'w', prefix), limit: most }
    for await (const pairs of this.#index.iterate(range))
      found.push(...pairs.map(({ value }) => decodePostings(value)))
    return found
  }

  async groups(): Promise<readonly GroupPostings[]> {
    const found: GroupPostings[] = []
    for await (const pairs of this.#index.iterate(searchRange(this.block, 'g')))
      for (const { key, value } of pairs)
        found.push({ group: groupOfSearchKey(key), postings: decodePostings(value) })
    return found
  }

  async dates(): Promise<Uint32Array> {
    const value = await this.#index.get(searchKey(this.block, 'd', ''))
    return (value && decodeDates(value)) ?? new Uint32Array(searchBlockSize)
  }
}
