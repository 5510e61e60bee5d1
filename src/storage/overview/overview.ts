/** Reading overview: sealed blocks and runs of loose rows of a range, in order, as lines ready for the wire. RFC 3977 8.3 */

import type { Snapshot, Store } from '../database/store.ts'
import { blockKey, runKey } from '../keys.ts'
import type { GroupId, NumberRange } from '../reading.ts'
import { Block, blockOf, blockSize, type Row } from './overview-block.ts'

const chunkOctets = 65_536
/** Lines of a block that go out as they are: copies this large make V8 collect the whole heap again and again. */
const largeOctets = 8192
const blockKeyLength = 9
/** Full blocks that are asked for by their keys, which is less than to seek them; more of them are walked through. */
const mostByKey = 2

/** A damaged row or block is left out and reported; `index` can be made again. */
export type ReportDamage = (group: GroupId, block: number) => void

export interface OverviewSource {
  readonly index: Pick<Store | Snapshot, 'get' | 'iterate'>
  readonly damaged: ReportDamage
}

/** Chunks of whole lines, each of one block or of up to about 64 KiB, of the numbers in `range` that exist. */
export async function* overviewLines(
  source: OverviewSource,
  group: GroupId,
  range: NumberRange,
): AsyncGenerator<Buffer> {
  if (range.low > range.high) return
  const full = await linesOfFull(source, group, range)
  if (full === undefined) yield* linesWalked(source, group, range)
  else yield full
}

/** Undefined where the range is longer, or touches a block that is not full: it may have runs of rows beside it. */
async function linesOfFull(
  { index }: OverviewSource,
  group: GroupId,
  { low, high }: NumberRange,
): Promise<Buffer | undefined> {
  const first = blockOf(low)
  const count = blockOf(high) - first + 1
  if (count > mostByKey) return undefined
  const numbers = Array.from({ length: count }, (_, at) => first + at)
  const values = await Promise.all(numbers.map(number => index.get(blockKey(group, number))))
  const lines: Buffer[] = []
  for (const [at, value] of values.entries()) {
    const block = value && Block.decode(first + at, value)
    if (block?.length !== rowsOfFull(first + at)) return undefined
    lines.push(block.slice(low, high))
  }
  return joined(lines)
}

/** RFC 3977 6: there is no article 0. */
const rowsOfFull = (block: number): number => (block === 0 ? blockSize - 1 : blockSize)

async function* linesWalked(
  { index, damaged }: OverviewSource,
  group: GroupId,
  range: NumberRange,
): AsyncGenerator<Buffer> {
  const last = blockOf(range.high)
  const between = { gte: blockKey(group, blockOf(range.low)), lte: runKey(group, last, 0xff) }
  const gathered = new Gathered()
  for await (const pairs of index.iterate(between, 64)) {
    for (const { key, value } of pairs) {
      const block = key.readUInt32BE(5)
      const lines = Block.decode(block, value)?.slice(range.low, range.high)
      if (lines === undefined) damaged(group, block)
      else if (lines.length > 0) yield* gathered.add(lines)
    }
  }
  yield* gathered.take()
}

/** Lines of few articles, put together. */
class Gathered {
  #parts: Buffer[] = []
  #octets = 0

  /** Chunks that are complete by now. */
  add(lines: Buffer): Buffer[] {
    if (lines.length >= largeOctets) return [...this.take(), lines]
    this.#parts.push(lines)
    this.#octets += lines.length
    return this.#octets < chunkOctets ? [] : this.take()
  }

  /** What is left, one chunk or none. */
  take(): Buffer[] {
    if (this.#parts.length === 0) return []
    const chunk = joined(this.#parts)
    this.#parts = []
    this.#octets = 0
    return [chunk]
  }
}

const joined = (parts: Buffer[]): Buffer => (parts.length === 1 && parts[0] ? parts[0] : Buffer.concat(parts))

export interface StoredBlock {
  readonly sealed: boolean
  readonly rows: readonly Row[]
  /** Slots at which runs of loose rows stand, beside the sealed block or without one. */
  readonly runs: readonly number[]
  /** A checksum does not hold: what it was of is not among the rows. */
  readonly damaged: boolean
}

/** All rows of one block, sealed or loose. */
export async function readBlock(
  index: Pick<Store, 'iterate'>,
  group: GroupId,
  block: number,
): Promise<StoredBlock> {
  const rows: Row[] = []
  const runs: number[] = []
  let sealed = false
  let damaged = false
  for await (const pairs of index.iterate({ gte: blockKey(group, block), lte: runKey(group, block, 0xff) })) {
    for (const { key, value } of pairs) {
      if (key.length === blockKeyLength) sealed = true
      else runs.push(key[9] ?? 0)
      const decoded = Block.decode(block, value)
      if (decoded) rows.push(...decoded.rows())
      else damaged = true
    }
  }
  return { sealed, rows, runs, damaged }
}
