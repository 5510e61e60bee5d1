/**
 * Counts articles as they arrive, in pauses, at its own place in the log. Counts and place are stored in one value, so
 * that after a crash each article is counted once; those of an earlier log are begun anew.
 */
import type { Clock } from '../../clock.ts'
import { parseDate } from '../../date.ts'
import type { Log } from '../../log.ts'
import { articleIn } from '../../storage/article/stored-article.ts'
import type { Arrival, ArrivalRow, Reading } from '../../storage/reading.ts'
import type { Notes } from '../../storage/state/notes.ts'
import { Follower } from '../follower.ts'
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

/** Characters of a poster's name and address. */
const longestPoster = 120

export class Statistics implements Counting, AsyncDisposable {
  readonly #parts: StatisticsParts
  readonly #follower: Follower
  #counts = new Counts()

  constructor(parts: StatisticsParts) {
    this.#parts = parts
    this.#follower = new Follower({
      ...parts,
      note: 'statistics',
      take: row => this.#take(row),
      made: () => JSON.stringify(this.#counts),
      failed: error =>
        parts.log.warn({ err: error }, 'statistics: an article could not be counted; it is tried again'),
    })
  }

  get counts(): Counts {
    return this.#counts
  }

  get behind(): number {
    return this.#follower.behind
  }

  /** Goes on where it ended; counts of another log, or of before everything was counted that is, begin anew. */
  async start(): Promise<void> {
    const place = await this.#follower.load()
    const counts = Counts.parse(place?.made ?? '')
    if (counts !== undefined) this.#counts = counts
    const at = counts === undefined ? undefined : place?.at
    this.#follower.start(at ?? (0 as Arrival))
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (!this.#follower.isRunning) return
    await this.#follower.stop()
    await this.#follower.store().catch(error => this.#parts.log.warn({ err: error }, 'statistics not stored'))
  }

  async #take(row: ArrivalRow): Promise<void> {
    // RFC 5537 5: control messages are for servers, and nobody reads them.
    if (row.kind === 'article' && !row.control) await this.#count(row)
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
}
