/**
 * Fills the index of the search: follows the arrival log from the end of the last block that is proved to be on disk,
 * and keeps what comes after it in memory until that is a block too.
 */

import type { Clock } from '../../clock.ts'
import type { Log } from '../../log.ts'
import { mayBeFound } from '../../search/searched-text.ts'
import { articleIn } from '../../storage/article/stored-article.ts'
import type { Arrival, ArrivalRow, Reading, StoredArticle } from '../../storage/reading.ts'
import { OpenSearchBlock } from '../../storage/search/open-search-block.ts'
import type { SearchBlocks } from '../../storage/search/search-blocks.ts'
import { firstOfSearchBlock, searchBlockOf } from '../../storage/search/search-postings.ts'
import { Waiters } from '../../waiters.ts'
import { persist } from '../persistent.ts'
import { WorkShare } from '../work-share.ts'
import { documentOf } from './document.ts'

export interface IndexerParts {
  readonly reading: Pick<Reading, 'arrivals' | 'article' | 'changed' | 'newest'>
  readonly index: SearchBlocks
  readonly clock: Clock
  readonly log: Log
  /** See `WorkShare`. */
  readonly asked?: (() => number) | undefined
}

/** Rows, and octets of articles, that are read at once. */
const rowsAtOnce = 32
const octetsAtOnce = 1024 * 1024
/** Articles that have gone before blocks are looked through for them, and which part of all they must be. */
const manyGone = 4096
const partGone = 8

export class Indexer {
  readonly #parts: IndexerParts
  readonly #stopping = new AbortController()
  readonly #share: WorkShare
  readonly #moved = new Waiters()
  #open = new OpenSearchBlock(0)
  #at = 0 as Arrival
  #gone = 0
  #again = false
  #wake = new AbortController()
  #running: Promise<void> = Promise.resolve()

  constructor(parts: IndexerParts) {
    this.#parts = parts
    const { clock, reading, asked } = parts
    const { signal } = this.#stopping
    this.#share = new WorkShare({ clock, signal, asked, newest: () => reading.newest })
  }

  start(): void {
    this.#running = this.#run()
  }

  /** Finishes the piece of work in hand. */
  async stop(): Promise<void> {
    this.#stopping.abort()
    this.#wake.abort()
    await this.#running
  }

  /** The block that is not full yet. */
  get open(): OpenSearchBlock {
    return this.#open
  }

  /** Articles up to here are found. */
  get indexed(): Arrival {
    return this.#at
  }

  /** Resolves when all up to `arrival` are found, or when `signal` aborts. */
  async reached(arrival: Arrival, signal: AbortSignal): Promise<void> {
    while (this.#at < arrival && !signal.aborted) await this.#moved.wait(signal)
  }

  /** Everything is made again, from the first article on; what was there is not found until then. */
  makeAgain(): void {
    this.#again = true
    this.#wake.abort()
  }

  async #run(): Promise<void> {
    const { clock, log } = this.#parts
    let loaded = false
    await persist({
      clock,
      signal: this.#stopping.signal,
      step: async () => {
        if (!loaded) await this.#load()
        loaded = true
        await this.#advance()
      },
      failed: error => {
        log.error({ err: error }, 'the index of the search was not filled: it is tried again')
        loaded = false
      },
    })
  }

  async #load(): Promise<void> {
    const { index } = this.#parts
    await index.load()
    this.#begin()
  }

  #begin(): void {
    const { index } = this.#parts
    this.#open = new OpenSearchBlock(index.next)
    this.#at = index.cursor
  }

  async #advance(): Promise<void> {
    const { reading, index } = this.#parts
    if (this.#again) {
      this.#again = false
      if (!this.#stopping.signal.aborted) this.#wake = new AbortController()
      await index.clear(() => this.#share.rest())
      this.#begin()
    }
    const { newest } = reading
    const rows = await reading.arrivals(this.#at, rowsAtOnce)
    if (rows.length > 0) return this.#take(rows)
    // Rows at the end may have gone.
    await this.#reach(Math.max(newest, this.#at) as Arrival)
    await this.#sweepWhereDue()
    await reading.changed(this.#at, this.#wake.signal)
  }

  /** As many rows as are not too much to hold. */
  async #take(rows: readonly ArrivalRow[]): Promise<void> {
    const { reading } = this.#parts
    let octets = 0
    const taken = rows.filter((row, at) => {
      octets += row.size
      return at === 0 || octets <= octetsAtOnce
    })
    const articles = await Promise.all(
      taken.map(row => (row.kind === 'article' ? reading.article(row.arrival) : undefined)),
    )
    for (const [at, row] of taken.entries()) {
      if (this.#stopping.signal.aborted || this.#again) return
      await this.#reach((row.arrival - 1) as Arrival)
      if (this.#stopping.signal.aborted) return
      this.#add(row, articles[at])
      await this.#reach(row.arrival)
      await this.#share.rest()
    }
  }

  #add(row: ArrivalRow, stored: StoredArticle | undefined): void {
    if (row.kind === 'cancel') this.#gone += 1
    if (row.kind === 'expire') this.#gone += row.filings.length
    const article = stored && articleIn(stored)
    if (article === undefined || !mayBeFound(article)) return
    try {
      this.#open.add(row.arrival - firstOfSearchBlock(this.#open.block), documentOf(article, row))
    } catch (error) {
      // One article that cannot be read must not hold up all behind it.
      this.#parts.log.error({ err: error, arrival: row.arrival }, 'an article cannot be found by its words')
    }
  }

  /** Everything up to `arrival` was taken: full blocks are written. */
  async #reach(arrival: Arrival): Promise<void> {
    const { index } = this.#parts
    while (searchBlockOf(arrival + 1) > this.#open.block) {
      if (!(await index.write(this.#open, () => this.#share.rest(), this.#stopping.signal))) return
      this.#at = index.cursor
      this.#open = new OpenSearchBlock(index.next)
    }
    this.#at = arrival
    this.#moved.wake()
  }

  async #sweepWhereDue(): Promise<void> {
    const { index } = this.#parts
    if (this.#gone < manyGone || this.#gone * partGone < index.articles) return
    this.#gone = 0
    for (let block = 0; block < index.next; block++) {
      if (this.#stopping.signal.aborted || this.#again) return
      await index.sweep(block, () => this.#share.rest())
      await this.#share.rest()
    }
  }
}
