/**
 * Counts articles as they arrive, in pauses, at its own place in the log. Counts and place are stored in one value, so
 * that after a crash each article is counted once; those of an earlier log are begun anew.
 */
import type { Clock } from '../../clock.ts'
import { parseDate } from '../../date.ts'
import type { Log } from '../../log.ts'
import type { Notes } from '../../storage/notes.ts'
import type { Arrival, ArrivalRow, Reading } from '../../storage/reading.ts'
import { articleIn } from '../../storage/stored-article.ts'
import { persist } from '../persistent.ts'
import { WorkShare } from '../work-share.ts'
import { Counts } from './counts.ts'
import { firstOf } from './thread-lengths.ts'

export interface StatisticsParts {
  readonly reading: Pick<Reading, 'arrivals' | 'article' | 'changed' | 'newest' | 'groupById'>
  readonly notes: Notes
  /** Of the log: a restore begins another one. */
  readonly epoch: number
  readonly clock: Clock
  readonly log: Log
  /** See `WorkShare`. */
  readonly asked?: (() => number) | undefined
}

/** What the web reader sees of it. */
export interface Counting {
  readonly counts: Counts
  /** Arrivals that are not counted yet. */
  readonly behind: number
}

const noteName = 'statistics'
const rowsAtOnce = 64
/** Between two times that the counts are stored, milliseconds. */
const storeEvery = 60_000
/** Characters of a poster's name and address. */
const longestPoster = 120

export class Statistics implements Counting, AsyncDisposable {
  readonly #parts: StatisticsParts
  readonly #stopping = new AbortController()
  readonly #share: WorkShare
  #counts = new Counts()
  #at = 0 as Arrival
  /** Place of the counts that are stored. */
  #stored = 0 as Arrival
  #storedAt = 0
  #running: Promise<void> = Promise.resolve()

  constructor(parts: StatisticsParts) {
    this.#parts = parts
    const { clock, reading, asked } = parts
    const { signal } = this.#stopping
    this.#share = new WorkShare({ clock, signal, asked, newest: () => reading.newest })
  }

  get counts(): Counts {
    return this.#counts
  }

  get behind(): number {
    return Math.max(0, this.#parts.reading.newest - this.#at)
  }

  start(): void {
    this.#running = this.#run()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stopping.abort()
    await this.#running
    await this.#store().catch(error => this.#parts.log.warn({ err: error }, 'statistics not stored'))
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
      failed: error =>
        log.warn({ err: error }, 'statistics: an article could not be counted; it is tried again'),
    })
  }

  async #load(): Promise<void> {
    const { notes, epoch, clock } = this.#parts
    this.#storedAt = clock.monotonic()
    const text = (await notes.load(noteName))?.toString() ?? ''
    const [, of, at, json = ''] = /^(\d+)-(\d+) (.*)$/s.exec(text) ?? []
    const counts = Number(of) === epoch ? Counts.parse(json) : undefined
    if (counts === undefined) return
    this.#counts = counts
    this.#at = Number(at) as Arrival
    this.#stored = this.#at
  }

  async #advance(): Promise<void> {
    const { reading, clock } = this.#parts
    const { signal } = this.#stopping
    const { newest } = reading
    const rows = await reading.arrivals(this.#at, rowsAtOnce)
    for (const row of rows) {
      if (signal.aborted) return
      // RFC 5537 5: control messages are for servers, and nobody reads them.
      if (row.kind === 'article' && !row.control) await this.#count(row)
      this.#at = row.arrival
      await this.#share.rest()
    }
    if (clock.monotonic() - this.#storedAt >= storeEvery) await this.#store()
    if (rows.length > 0) return
    // Rows at the end may have gone.
    this.#at = Math.max(this.#at, newest) as Arrival
    await reading.changed(this.#at, signal)
  }

  async #count(row: ArrivalRow): Promise<void> {
    const { reading } = this.#parts
    const stored = await reading.article(row.arrival)
    const article = stored && articleIn(stored)
    // It has gone meanwhile: nobody wants it counted.
    if (article === undefined) return
    const groups = await Promise.all(row.filings.map(({ group }) => reading.groupById(group)))
    const relayed = row.source.startsWith('peer:')
    this.#counts.add({
      written: parseDate(article.header('Date') ?? '') ?? row.time,
      arrived: row.time,
      octets: row.size,
      groups: groups.flatMap(group => (group === undefined ? [] : [group.name])),
      poster: (article.header('From') ?? '').slice(0, longestPoster),
      thread: firstOf(article.header('References') ?? '', row.messageId),
      path: relayed ? row.path : [],
      relayed,
    })
  }

  async #store(): Promise<void> {
    const { notes, epoch, clock } = this.#parts
    this.#storedAt = clock.monotonic()
    const at = this.#at
    if (at === this.#stored) return
    await notes.save(noteName, Buffer.from(`${epoch}-${at} ${JSON.stringify(this.#counts)}`))
    this.#stored = at
  }
}
