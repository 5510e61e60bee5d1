/** The door of the search: the index filled while the node runs, and questions to it, few at a time and in turns. */
import type { Clock } from '../../clock.ts'
import { FairQueue } from '../../fair-queue.ts'
import type { Log } from '../../log.ts'
import type { Arrival } from '../../storage/reading.ts'
import type { Storage } from '../../storage/storage.ts'
import { Indexer } from './indexer.ts'
import { type Hits, Searcher, type SearchFor } from './searcher.ts'

/** What the server and the web reader see of it. */
export interface Searching {
  readonly enabled: boolean
  /** Of the log: a place of another one is no place here. */
  readonly epoch: number
  /**
   * The newest hits first. `party`: the network or account that asks; parties take turns. Rejects with `SearchBusy`
   * where too many wait, and with `SearchOff`.
   */
  find(wanted: SearchFor, party: string): Promise<Hits>
}

export class SearchBusy extends Error {}
export class SearchOff extends Error {}

export interface SearchStatus {
  readonly enabled: boolean
  /** Arrivals that are not found yet. */
  readonly behind: number
  /** Articles that are found. */
  readonly articles: number
  /** Octets that the index takes, about. */
  readonly octets: number
}

/** Searches that run at once, and that wait. */
const mostRunning = 2
const mostWaiting = 64

interface SearchParts {
  readonly storage: Storage
  readonly enabled: () => boolean
  readonly clock: Clock
  readonly log: Log
  /** See `WorkShare`. */
  readonly asked?: (() => number) | undefined
}

export class Search implements Searching, AsyncDisposable {
  readonly #parts: SearchParts
  readonly #waiting = new FairQueue<() => void>()
  #indexer: Indexer | undefined
  #searcher: Searcher | undefined
  #running = 0

  constructor(parts: SearchParts) {
    this.#parts = parts
  }

  /** Begins or ends, as it is configured. */
  async reload(): Promise<void> {
    const { storage, enabled, clock, log, asked } = this.#parts
    if (!enabled()) return this.#stop()
    if (this.#indexer !== undefined) return
    const { reading, search: index } = storage
    this.#indexer = new Indexer({ reading, index, clock, log, asked })
    this.#searcher = new Searcher({ reading, index, clock, indexer: this.#indexer })
    this.#indexer.start()
  }

  get enabled(): boolean {
    return this.#indexer !== undefined
  }

  get epoch(): number {
    return this.#parts.storage.places.epoch
  }

  async find(wanted: SearchFor, party: string): Promise<Hits> {
    if (this.#running >= mostRunning) {
      if (this.#waiting.length >= mostWaiting) throw new SearchBusy('too many searches wait')
      await new Promise<void>(resolve => this.#waiting.add(party, resolve))
    } else this.#running += 1
    try {
      if (this.#searcher === undefined) throw new SearchOff('the search is switched off')
      return await this.#searcher.find(wanted)
    } finally {
      // Its place goes to who waits longest, or is free.
      const next = this.#waiting.next()
      if (next === undefined) this.#running -= 1
      else next()
    }
  }

  /** Resolves when everything up to `arrival` is found, or when `signal` aborts. */
  async reached(arrival: Arrival, signal: AbortSignal): Promise<void> {
    await this.#indexer?.reached(arrival, signal)
  }

  /** The index is made anew from the first article on while the node serves; false where there is none. */
  makeAgain(): boolean {
    this.#indexer?.makeAgain()
    return this.#indexer !== undefined
  }

  get status(): SearchStatus {
    const { storage } = this.#parts
    if (this.#indexer === undefined) return { enabled: false, behind: 0, articles: 0, octets: 0 }
    return {
      enabled: true,
      behind: Math.max(0, storage.reading.newest - this.#indexer.indexed),
      articles: storage.search.articles + this.#indexer.open.facts.articles,
      octets: storage.search.octets,
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#stop()
    // So that the next start does not make again what is there.
    const { storage } = this.#parts
    if (storage.search.isUnproved && !storage.ended) await storage.checkpoint()
  }

  async #stop(): Promise<void> {
    const indexer = this.#indexer
    this.#indexer = undefined
    this.#searcher = undefined
    await indexer?.stop()
  }
}
