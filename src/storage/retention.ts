/** What expiry reads and keeps of its own: rows by group and number, rows with Expires, ids gone, when it last ran. */

import { seal, unseal } from './checksum.ts'
import type { Put, RecordChanges, Snapshot, Stores } from './database/store.ts'
import {
  allDone,
  allExpires,
  allGone,
  arrivalKey,
  arrivalOfKey,
  doneKey,
  expiryRunKey,
  hashOfKey,
  numberKey,
  numberOfKey,
  readWide,
  wideValue,
} from './keys.ts'
import { decodeArrivalRow } from './log/arrival-row.ts'
import { blockOf } from './overview/overview-block.ts'
import type { Arrival, ArrivalRow, GroupId, NumberRange } from './reading.ts'
import { decodeGone } from './state/gone.ts'

export interface FiledRow {
  readonly number: number
  readonly row: ArrivalRow
}

/** What an article of a group takes. */
export interface HeldNumber {
  readonly number: number
  /** Octets as it is relayed; 0 where its row is damaged. */
  readonly size: number
}

const rowsAtOnce = 128
const hashesAtOnce = 1024

export class Retention {
  readonly #stores: Stores
  readonly #write: (changes: RecordChanges) => Promise<void>

  constructor(stores: Stores, write: (changes: RecordChanges) => Promise<void>) {
    this.#stores = stores
    this.#write = write
  }

  /** Rows of articles of a group in the order of their numbers, an overview block at once; without the damaged ones. */
  async *filed(group: GroupId, { low, high }: NumberRange): AsyncGenerator<readonly FiledRow[]> {
    let block: Put[] = []
    const range = { gte: numberKey(group, low), lte: numberKey(group, high) }
    for await (const pairs of this.#stores.index.iterate(range, rowsAtOnce))
      for (const pair of pairs) {
        const [first] = block
        if (first && blockOf(numberOfKey(first.key)) !== blockOf(numberOfKey(pair.key))) {
          yield await this.#filedRows(block)
          block = []
        }
        block.push(pair)
      }
    if (block.length > 0) yield await this.#filedRows(block)
  }

  /** All numbers that a group has in `index`, in order: of one moment where that is a snapshot. */
  async *numbers(
    group: GroupId,
    index: Pick<Snapshot, 'iterate' | 'getMany'>,
  ): AsyncGenerator<readonly HeldNumber[]> {
    const range = { gte: numberKey(group, 0), lte: numberKey(group, 0xffff_ffff) }
    for await (const pairs of index.iterate(range, rowsAtOnce)) {
      const arrivals = pairs.map(({ value }) => readWide(value) as Arrival)
      const values = await index.getMany(arrivals.map(arrivalKey))
      yield pairs.map(({ key }, at) => {
        const [arrival, value] = [arrivals[at], values[at]]
        const row = arrival !== undefined && value && decodeArrivalRow(arrival, value)
        return { number: numberOfKey(key), size: row ? row.size : 0 }
      })
    }
  }

  /** Rows of articles whose Expires header names a time before `until`, seconds since 1970. */
  async *outdated(until: number): AsyncGenerator<readonly ArrivalRow[]> {
    for await (const pairs of this.#stores.index.iterate(allExpires, rowsAtOnce)) {
      const past = pairs.filter(({ value }) => value.length === 8 && readWide(value) < until)
      const rows = await this.#rows(past.map(({ key }) => arrivalOfKey(key)))
      yield rows.filter(row => row !== undefined)
    }
  }

  /** Hashes of ids that may be forgotten: dated before `horizon`. Batches may be empty: time to breathe. */
  async *forgettable(horizon: number): AsyncGenerator<readonly string[]> {
    for await (const pairs of this.#stores.state.iterate(allGone, hashesAtOnce))
      yield pairs.flatMap(({ key, value }) => {
        const gone = decodeGone(value)
        return gone && gone.date < horizon ? [hashOfKey(key)] : []
      })
  }

  /** Takes away rows of the log that tell only of what is gone, up to the one that every place has passed. */
  async trim(passed: Arrival): Promise<void> {
    for await (const keys of this.#stores.index.keys({ ...allDone, lt: doneKey(passed + 1) }, hashesAtOnce)) {
      const changes = keys.flatMap(key => [
        { database: 'index' as const, key: arrivalKey(arrivalOfKey(key)), value: undefined },
        { database: 'index' as const, key, value: undefined },
      ])
      await this.#write(changes)
    }
  }

  /** When expiry last ran, seconds since 1970; 0 where it never did or that is not known. */
  async lastRun(): Promise<number> {
    const sealed = await this.#stores.state.get(expiryRunKey)
    const value = sealed && unseal(sealed)
    return value ? readWide(value) : 0
  }

  /** Durable with the next commit. */
  ran(time: number): Promise<void> {
    return this.#write([{ database: 'state', key: expiryRunKey, value: seal(wideValue(time)) }])
  }

  async #filedRows(pairs: readonly Put[]): Promise<readonly FiledRow[]> {
    const rows = await this.#rows(pairs.map(({ value }) => readWide(value) as Arrival))
    return pairs.flatMap(({ key }, at) => {
      const row = rows[at]
      return row ? [{ number: numberOfKey(key), row }] : []
    })
  }

  async #rows(arrivals: readonly Arrival[]): Promise<(ArrivalRow | undefined)[]> {
    const values = await this.#stores.index.getMany(arrivals.map(arrivalKey))
    return arrivals.map((arrival, at) => {
      const value = values[at]
      return value && decodeArrivalRow(arrival, value)
    })
  }
}
