/** `Reading` over the committed state: group table in memory, the tail, and the databases behind it. */
import type { Log } from '../log.ts'
import { decodeRecord } from './article/record.ts'
import type { Stores } from './database/store.ts'
import { IndexUnfinished } from './index/index-unfinished.ts'
import {
  allArrivals,
  allArticles,
  arrivalKey,
  arrivalOfKey,
  articleKey,
  historyKey,
  messageIdHash,
  numberKey,
  numberOfKey,
  readWide,
} from './keys.ts'
import { decodeArrivalRow } from './log/arrival-row.ts'
import type { Tail } from './log/tail.ts'
import { overviewLines } from './overview/overview.ts'
import type {
  Arrival,
  ArrivalRow,
  Filing,
  Group,
  GroupId,
  Located,
  NumberRange,
  Reading,
  StoredArticle,
} from './reading.ts'
import type { Active } from './state/active.ts'

export interface Visible {
  readonly newest: Arrival
  changed(after: Arrival, signal: AbortSignal): Promise<void>
}

export interface ReaderOptions {
  readonly stores: Stores
  readonly active: Active
  readonly tail: Tail
  readonly visible: Visible
  readonly log: Log
  /** Whether the index is being made: what is not found may be there all the same. */
  readonly unfinished: () => boolean
}

const groupBatch = 512

export class Reader implements Reading {
  readonly #stores: Stores
  readonly #active: Active
  readonly #tail: Tail
  readonly #visible: Visible
  readonly #log: Log
  readonly #unfinished: () => boolean

  constructor({ stores, active, tail, visible, log, unfinished }: ReaderOptions) {
    this.#stores = stores
    this.#active = active
    this.#tail = tail
    this.#visible = visible
    this.#log = log
    this.#unfinished = unfinished
  }

  async group(name: string): Promise<Group | undefined> {
    return this.#active.named(name)
  }

  async groupById(id: GroupId): Promise<Group | undefined> {
    return this.#active.withId(id)
  }

  async *groups(): AsyncGenerator<readonly Group[]> {
    const names = this.#active.names()
    for (let at = 0; at < names.length; at += groupBatch)
      yield names
        .slice(at, at + groupBatch)
        .map(name => this.#active.named(name))
        .filter(group => group !== undefined)
  }

  numbers(group: GroupId, range: NumberRange): AsyncGenerator<readonly number[]> {
    this.#checkWhole()
    return this.#numbers(group, range)
  }

  async *#numbers(group: GroupId, range: NumberRange): AsyncGenerator<readonly number[]> {
    const { low, high } = this.#clip(group, range)
    if (low > high) return
    const between = { gte: numberKey(group, low), lte: numberKey(group, high) }
    for await (const keys of this.#stores.index.keys(between, 1024)) yield keys.map(numberOfKey)
  }

  async next(group: GroupId, from: number): Promise<number | undefined> {
    this.#checkWhole()
    const { high } = this.#clip(group, { low: 0, high: Number.MAX_SAFE_INTEGER })
    if (from >= high) return undefined
    const above = Math.max(from, 0)
    return this.#nearest({ gt: numberKey(group, above), lte: numberKey(group, high), limit: 1 })
  }

  async previous(group: GroupId, from: number): Promise<number | undefined> {
    this.#checkWhole()
    const { high } = this.#clip(group, { low: 0, high: Number.MAX_SAFE_INTEGER })
    const below = Math.min(from, high + 1)
    if (below < 1) return undefined
    return this.#nearest({ gte: numberKey(group, 0), lt: numberKey(group, below), limit: 1, reverse: true })
  }

  async locateNumber(group: GroupId, number: number): Promise<Located | undefined> {
    const arrival = await this.#arrivalOf(group, number)
    const located = arrival && (await this.#located(arrival))
    return this.#found(located && this.#isUnder({ group, number }, located.filings) ? located : undefined)
  }

  async locateId(id: string): Promise<Located | undefined> {
    const arrival = await this.#arrivalWithId(id)
    const located = arrival && (await this.#located(arrival))
    return this.#found(located?.messageId === id ? located : undefined)
  }

  async articleByNumber(group: GroupId, number: number): Promise<StoredArticle | undefined> {
    const arrival = await this.#arrivalOf(group, number)
    const article = arrival && (await this.article(arrival))
    return this.#found(article && this.#isUnder({ group, number }, article.filings) ? article : undefined)
  }

  async articleById(id: string): Promise<StoredArticle | undefined> {
    const arrival = await this.#arrivalWithId(id)
    const article = arrival && (await this.article(arrival))
    return this.#found(article?.messageId === id ? article : undefined)
  }

  async article(arrival: Arrival): Promise<StoredArticle | undefined> {
    const record = this.#tail.record(arrival) ?? (await this.#stores.articles.get(articleKey(arrival)))
    if (record === undefined) return undefined
    const article = decodeRecord(record)
    if (article === undefined) this.#log.error({ arrival }, 'article damaged: its checksum does not hold')
    return article
  }

  overview(group: GroupId, range: NumberRange): AsyncIterable<Buffer> {
    this.#checkWhole()
    const damaged = (id: GroupId, block: number) =>
      this.#log.error({ group: id, block }, 'overview damaged: rebuild the index')
    return overviewLines({ index: this.#stores.index, damaged }, group, this.#clip(group, range))
  }

  async arrivals(after: Arrival, limit: number): Promise<readonly ArrivalRow[]> {
    this.#checkWhole()
    const rows: ArrivalRow[] = []
    const last = Math.min(this.#visible.newest, after + limit)
    for (let arrival = after + 1; arrival <= last; arrival++) {
      const row = this.#tail.row(arrival as Arrival)
      if (!row) break
      rows.push(row)
    }
    return rows.length > 0 ? rows : this.#storedRows(after, limit)
  }

  async arrivalBefore(time: number): Promise<Arrival> {
    this.#checkWhole()
    let low = 0
    let high: number = this.#visible.newest
    // Times never decrease along the log, so the first row at or after `time` is found by halving.
    while (low < high) {
      const middle = Math.floor((low + high) / 2)
      const [row] = await this.#storedRows(middle as Arrival, 1)
      if (row !== undefined && row.time < time) low = row.arrival
      else high = middle
    }
    return low as Arrival
  }

  get newest(): Arrival {
    return this.#visible.newest
  }

  changed(after: Arrival, signal: AbortSignal): Promise<void> {
    return this.#visible.changed(after, signal)
  }

  #checkWhole(): void {
    if (this.#unfinished()) throw new IndexUnfinished()
  }

  #found<T>(value: T | undefined): T | undefined {
    if (value === undefined) this.#checkWhole()
    return value
  }

  async #arrivalOf(group: GroupId, number: number): Promise<Arrival | undefined> {
    const { low, high } = this.#clip(group, { low: number, high: number })
    if (low > high) return undefined
    const arrival = await this.#stores.index.get(numberKey(group, number))
    return arrival && (readWide(arrival) as Arrival)
  }

  async #arrivalWithId(id: string): Promise<Arrival | undefined> {
    const arrival = await this.#stores.index.get(historyKey(messageIdHash(id)))
    return arrival && (readWide(arrival) as Arrival)
  }

  /** Never another article under a number. */
  #isUnder({ group, number }: { group: GroupId; number: number }, filings: readonly Filing[]): boolean {
    if (filings.some(filing => filing.group === group && filing.number === number)) return true
    this.#log.error({ group, number }, 'article number damaged: rebuild the index')
    return false
  }

  /** Nothing above the visible high mark is ever read. RFC 3977 6.1.1.2 */
  #clip(id: GroupId, { low, high }: NumberRange): NumberRange {
    const group = this.#active.withId(id)
    if (!group) return { low: 1, high: 0 }
    return { low: Math.max(low, group.low), high: Math.min(high, group.high) }
  }

  async #nearest(range: Parameters<Stores['index']['keys']>[0]): Promise<number | undefined> {
    for await (const [key] of this.#stores.index.keys(range, 1)) if (key) return numberOfKey(key)
    return undefined
  }

  async #located(arrival: Arrival): Promise<Located | undefined> {
    // In the database and not announced yet: other parts of it may still be on their way there.
    if (arrival > this.#visible.newest) return undefined
    const row = this.#tail.row(arrival) ?? (await this.#storedRow(arrival))
    if (row === undefined || row.messageId === '') return undefined
    return { arrival, messageId: row.messageId, filings: row.filings }
  }

  async #storedRow(arrival: Arrival): Promise<ArrivalRow | undefined> {
    const value = await this.#stores.index.get(arrivalKey(arrival))
    return value && decodeArrivalRow(arrival, value)
  }

  async #storedRows(after: Arrival, limit: number): Promise<ArrivalRow[]> {
    const rows: ArrivalRow[] = []
    const range = { gt: arrivalKey(after), lte: arrivalKey(this.#visible.newest), limit }
    for await (const pairs of this.#stores.index.iterate(range, Math.min(limit, 512)))
      for (const { key, value } of pairs) {
        const row = decodeArrivalRow(arrivalOfKey(key), value)
        if (row) rows.push(row)
      }
    return rows
  }
}

/** The time of the newest row, or of the newest article where rows are missing, seconds; 0 for an empty log. */
export async function newestTime({ articles, index }: Stores): Promise<number> {
  let time = 0
  for await (const pairs of index.iterate({ ...allArrivals, reverse: true, limit: 1 }, 1))
    for (const { key, value } of pairs) time = decodeArrivalRow(arrivalOfKey(key), value)?.time ?? 0
  for await (const pairs of articles.iterate({ ...allArticles, reverse: true, limit: 1 }, 1))
    for (const { value } of pairs) time = Math.max(time, decodeRecord(value)?.time ?? 0)
  return time
}
