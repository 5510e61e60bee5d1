/** What the articles say that belongs into `index`: history, numbers, overview, rows of the log. */
import type { Article } from '../../article.ts'
import { parseDistributions } from '../../newsgroup.ts'
import { overviewLine } from '../../overview-line.ts'
import { parsePath } from '../../path.ts'
import { decodeRecord, type StoredRecord } from '../article/record.ts'
import { articleIn, expiresOf, xrefIn } from '../article/stored-article.ts'
import type { Change, Put, Store } from '../database/store.ts'
import {
  allArrivals,
  arrivalKey,
  arrivalOfKey,
  expiresKey,
  historyKey,
  messageIdHash,
  numberKey,
  readWide,
  wideValue,
} from '../keys.ts'
import { encodeArrivalRow } from '../log/arrival-row.ts'
import { BlockBuilder } from '../overview/overview-builder.ts'
import type { Arrival, GroupId } from '../reading.ts'

/** What is there of a group. */
export interface Present {
  count: number
  octets: number
  low: number
  high: number
}

interface Opened {
  readonly arrival: Arrival
  readonly stored: StoredRecord
  readonly article: Article
}

export class IndexContents {
  articles = 0
  damaged = 0
  readonly groups = new Map<GroupId, Present>()
  readonly blocks: BlockBuilder
  readonly #index: Store
  readonly #oldestRow: number

  /** `index` is empty, but for rows of the log that the journal had. */
  static async over(index: Store): Promise<IndexContents> {
    return new IndexContents(index, await oldestRow(index))
  }

  private constructor(index: Store, oldestRow: number) {
    this.#index = index
    this.#oldestRow = oldestRow
    this.blocks = new BlockBuilder(index)
  }

  /** The changes for these articles, but for their overview, which is in `blocks`. Damaged ones are left out. */
  async add(pairs: readonly Put[]): Promise<Change[]> {
    const changes: Change[] = []
    for (const { key, value } of pairs) {
      const stored = decodeRecord(value)
      const article = stored && articleIn(stored)
      if (stored === undefined || article === undefined) this.damaged += 1
      else await this.#add(changes, { arrival: readWide(key) as Arrival, stored, article })
    }
    return changes
  }

  async #add(changes: Change[], { arrival, stored, article }: Opened): Promise<void> {
    this.articles += 1
    const value = wideValue(arrival)
    const xref = xrefIn(stored)
    for (const { group, number } of stored.filings) {
      this.blocks.add(group, number, overviewLine({ article, number, xref }))
      this.#count(group, number, article.wire.length)
      changes.push({ key: numberKey(group, number), value })
    }
    changes.push({ key: historyKey(messageIdHash(stored.messageId)), value })
    const expires = expiresOf(article)
    if (expires !== undefined) changes.push({ key: expiresKey(arrival), value: wideValue(expires) })
    // The journal had the row as it was, amendments included.
    const key = arrivalKey(arrival)
    if (arrival >= this.#oldestRow && (await this.#index.get(key)) !== undefined) return
    changes.push({ key, value: rowOf(stored, article) })
  }

  #count(group: GroupId, number: number, octets: number): void {
    let present = this.groups.get(group)
    if (present === undefined) {
      present = { count: 0, octets: 0, low: number, high: number }
      this.groups.set(group, present)
    }
    present.count += 1
    present.octets += octets
    present.low = Math.min(present.low, number)
    present.high = Math.max(present.high, number)
  }
}

async function oldestRow(index: Store): Promise<number> {
  for await (const [key] of index.keys({ ...allArrivals, limit: 1 }, 1)) if (key) return arrivalOfKey(key)
  return Number.POSITIVE_INFINITY
}

/** The row of the log as the article itself gives it. */
export function rowOf(stored: StoredRecord, article: Article): Buffer {
  const expires = expiresOf(article)
  return encodeArrivalRow({
    kind: 'article',
    time: stored.time,
    source: stored.source,
    messageId: stored.messageId,
    filings: stored.filings,
    path: parsePath(article.header('Path') ?? '').identities,
    distributions: parseDistributions(article.header('Distribution') ?? ''),
    size: article.wire.length,
    localOnly: stored.localOnly,
    control: stored.control,
    ...(expires !== undefined && { expires }),
  })
}
