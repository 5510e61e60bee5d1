/**
 * Answers a query from the newest article back: block by block by postings, then by the rows of the log as they are
 * now, and by the articles themselves where words must follow each other.
 */
import { setImmediate } from 'node:timers/promises'
import type { Clock } from '../../clock.ts'
import { isPhrase, matchesClause } from '../../search/matches.ts'
import type { Clause, Query } from '../../search/query.ts'
import { searchedText, threadOf } from '../../search/searched-text.ts'
import { articleIn } from '../../storage/article/stored-article.ts'
import type { Arrival, ArrivalRow, GroupId, Reading } from '../../storage/reading.ts'
import type { SearchBlock } from '../../storage/search/search-block.ts'
import type { SearchBlocks } from '../../storage/search/search-blocks.ts'
import { firstOfSearchBlock, searchBlockOf } from '../../storage/search/search-postings.ts'
import { type Asked, candidatesIn, type GroupTest, isOutside } from './candidates.ts'
import type { Indexer } from './indexer.ts'
import type { Offsets } from './offsets.ts'

/** Who asks, as far as it matters. */
export interface Asker {
  readonly mayRead: (group: string) => boolean
  readonly readsAll: boolean
}

export interface SearchFor {
  readonly query: Query
  readonly asker: Asker
  /** Only what arrived before it. */
  readonly before?: Arrival | undefined
  /** Hits at most. */
  readonly limit: number
  readonly signal?: AbortSignal | undefined
}

export interface Hit {
  readonly arrival: Arrival
  readonly row: ArrivalRow
}

export interface Hits {
  /** The latest arrival first. */
  readonly hits: readonly Hit[]
  /** Where to go on: `before` of the next search. Absent when all was looked at. */
  readonly next?: Arrival
  /** The search has cost enough before the limit of hits was reached: there may be more behind `next`. */
  readonly stopped: boolean
  /** Everything up to here was there to be found. */
  readonly indexed: Arrival
  /** Rows and articles that were looked at one by one. */
  readonly examined: number
}

export interface SearcherParts {
  readonly reading: Pick<Reading, 'locateId' | 'article' | 'groupById'>
  readonly index: SearchBlocks
  readonly indexer: Pick<Indexer, 'open' | 'indexed'>
  readonly clock: Clock
}

/** What one search may cost: blocks, rows, articles that are opened. */
const mostBlocks = 4000
const mostRows = 4000
const mostOpened = 200
const mostOpenedAtOnce = 20
/** Blocks that are read at once, doubled while nothing is found. */
const mostAtOnce = 32
/** Milliseconds. */
const slice = 5

export class Searcher {
  readonly #parts: SearcherParts

  constructor(parts: SearcherParts) {
    this.#parts = parts
  }

  async find(wanted: SearchFor): Promise<Hits> {
    return new Search(this.#parts, wanted).run()
  }
}

/** One search while it is under way. */
class Search {
  readonly #parts: SearcherParts
  readonly #wanted: SearchFor
  readonly #hits: Hit[] = []
  readonly #phrases: readonly Clause[]
  /** Names of groups that are there for the asker. */
  readonly #names = new Map<GroupId, string | undefined>()
  readonly #tests: readonly GroupTest[]
  #rows = 0
  #opened = 0
  #since: number
  /** Set where it ends before the first article. */
  #next: Arrival | undefined

  constructor(parts: SearcherParts, wanted: SearchFor) {
    this.#parts = parts
    this.#wanted = wanted
    this.#phrases = wanted.query.clauses.filter(isPhrase)
    this.#tests = [
      { passes: () => true, exclude: false },
      ...wanted.query.groups.map(({ wildmat, exclude }) => ({
        passes: (name: string) => wildmat.matches(name),
        exclude,
      })),
    ]
    this.#since = parts.clock.monotonic()
  }

  async run(): Promise<Hits> {
    const { indexed } = this.#parts.indexer
    await this.#blocks(await this.#asked(), indexed)
    const hits = this.#hits
    return {
      hits,
      ...(this.#next !== undefined && { next: this.#next }),
      stopped: this.#next !== undefined && hits.length < this.#wanted.limit,
      indexed,
      examined: this.#rows + this.#opened,
    }
  }

  async #asked(): Promise<Asked> {
    const { query, asker } = this.#wanted
    const thread = query.thread === undefined ? undefined : await this.#threadOf(query.thread)
    if (asker.readsAll && query.groups.length === 0) return { query, thread }
    return { query, thread, groups: { name: group => this.#nameOf(group), tests: this.#tests } }
  }

  /** The thread that an article belongs to; the article begins it where it is not here, or not to be read. */
  async #threadOf(id: string): Promise<string> {
    const { reading } = this.#parts
    const located = await reading.locateId(id)
    if (located === undefined || (await this.#namesOf(located.filings)).length === 0) return id
    const stored = await reading.article(located.arrival)
    const article = stored && articleIn(stored)
    return article === undefined ? id : threadOf(article)
  }

  async #blocks(asked: Asked, indexed: Arrival): Promise<void> {
    const { before = Number.MAX_SAFE_INTEGER } = this.#wanted
    const only = await this.#onlyArrival()
    if (only === 'none') return
    const last = Math.min(before - 1, indexed, only ?? Number.MAX_SAFE_INTEGER)
    let atOnce = 1
    let looked = 0
    for (let block = searchBlockOf(last); block >= 0; block -= atOnce) {
      atOnce = only === undefined ? Math.min(looked === 0 ? 1 : atOnce * 2, mostAtOnce, block + 1) : block + 1
      const blocks = Array.from({ length: only === undefined ? atOnce : 1 }, (_, at) => block - at)
      looked += blocks.length
      const found = await Promise.all(blocks.map(each => this.#candidates(each, asked)))
      for (const [at, each] of blocks.entries()) {
        const offsets = found[at]
        const first = firstOfSearchBlock(each)
        if (offsets && !(await this.#take(offsets, { first, last, only }))) return
      }
      if (this.#wanted.signal?.aborted) return
      if (looked >= mostBlocks && block - atOnce >= 0) {
        this.#next = firstOfSearchBlock(block - atOnce + 1) as Arrival
        return
      }
      await this.#breathe()
    }
  }

  /** Of a query that names one article. */
  async #onlyArrival(): Promise<Arrival | 'none' | undefined> {
    const { id } = this.#wanted.query
    if (id === undefined) return undefined
    return (await this.#parts.reading.locateId(id))?.arrival ?? 'none'
  }

  async #candidates(number: number, asked: Asked): Promise<Offsets | undefined> {
    const { indexer, index } = this.#parts
    const { open } = indexer
    const isOpen = number >= open.block
    const facts = isOpen ? open.facts : index.facts(number)
    if (facts === undefined || isOutside(facts, asked.query)) return undefined
    const block: SearchBlock = isOpen ? open : index.block(number)
    return candidatesIn(block, asked)
  }

  /** False when enough is found, or was looked at. */
  async #take(
    offsets: Offsets,
    {
      first,
      last,
      only,
    }: { readonly first: number; readonly last: number; readonly only: number | undefined },
  ): Promise<boolean> {
    const arrivals: Arrival[] = []
    for (const offset of offsets.descending(last - first + 1))
      if (only === undefined || first + offset === only) arrivals.push((first + offset) as Arrival)
    const atOnce = this.#phrases.length > 0 ? mostOpenedAtOnce : this.#wanted.limit
    for (let at = 0; at < arrivals.length; at += atOnce)
      if (!(await this.#look(arrivals.slice(at, at + atOnce)))) return false
    return true
  }

  /** As `#take`, of some that follow each other. */
  async #look(arrivals: readonly Arrival[]): Promise<boolean> {
    const { limit, signal } = this.#wanted
    const [newest = 0, oldest = 0] = [arrivals[0], arrivals.at(-1)]
    if (this.#hits.length >= limit || this.#rows >= mostRows || this.#opened >= mostOpened)
      return this.#endAt((newest + 1) as Arrival)
    const hits = await this.#hitsOf(arrivals)
    for (const hit of hits) {
      if (this.#hits.length >= limit) return this.#endAt((hit.arrival + 1) as Arrival)
      this.#hits.push(hit)
    }
    await this.#breathe()
    return signal?.aborted === true ? this.#endAt(oldest as Arrival) : true
  }

  /** Those of them that are here, may be read, and have all that is looked for. */
  async #hitsOf(arrivals: readonly Arrival[]): Promise<Hit[]> {
    const rows = await this.#parts.index.rows(arrivals)
    this.#rows += rows.length
    const found: Hit[] = []
    for (const [at, row] of rows.entries())
      if (row !== undefined && (await this.#isWanted(row)))
        found.push({ arrival: arrivals[at] as Arrival, row })
    return this.#phrases.length === 0 ? found : this.#withPhrases(found)
  }

  #endAt(next: Arrival): false {
    this.#next = next
    return false
  }

  async #isWanted(row: ArrivalRow): Promise<boolean> {
    const names = await this.#namesOf(row.filings)
    return this.#tests.every(({ passes, exclude }) => names.some(passes) !== exclude)
  }

  async #withPhrases(hits: readonly Hit[]): Promise<Hit[]> {
    this.#opened += hits.length
    const stored = await Promise.all(hits.map(({ arrival }) => this.#parts.reading.article(arrival)))
    const found: Hit[] = []
    for (const [at, hit] of hits.entries()) {
      const each = stored[at]
      const article = each && articleIn(each)
      if (article === undefined) continue
      const text = searchedText(article)
      if (this.#phrases.every(clause => matchesClause(clause, text))) found.push(hit)
      await this.#breathe()
    }
    return found
  }

  /** The groups of an article that are there for the asker. */
  async #namesOf(filings: ArrivalRow['filings']): Promise<string[]> {
    const names = await Promise.all(filings.map(({ group }) => this.#nameOf(group)))
    return names.filter(name => name !== undefined)
  }

  async #nameOf(id: GroupId): Promise<string | undefined> {
    if (this.#names.has(id)) return this.#names.get(id)
    const { asker } = this.#wanted
    const group = await this.#parts.reading.groupById(id)
    const name = group && (asker.readsAll || asker.mayRead(group.name)) ? group.name : undefined
    this.#names.set(id, name)
    return name
  }

  /** Gives way to others after some milliseconds of work. */
  async #breathe(): Promise<void> {
    const { clock } = this.#parts
    if (clock.monotonic() - this.#since < slice) return
    await setImmediate()
    this.#since = clock.monotonic()
  }
}
