/** Reading overview: sealed blocks and loose rows of a range, in order, as lines ready for the wire. RFC 3977 8.3 */
import { blockKey, rowKey } from './keys.ts'
import { Block, blockOf, blockSize, decodeRow, type Row } from './overview-block.ts'
import type { GroupId, NumberRange } from './reading.ts'
import type { Snapshot, Store } from './store.ts'

const chunkOctets = 65_536
const blockKeyLength = 9

/** A damaged row or block is left out and reported; `index` can be made again. */
export type ReportDamage = (group: GroupId, block: number) => void

export interface OverviewSource {
  readonly index: Pick<Store | Snapshot, 'iterate'>
  readonly damaged: ReportDamage
}

/** Chunks of whole lines, each up to about 64 KiB, of the numbers in `range` that exist. */
export async function* overviewLines(
  { index, damaged }: OverviewSource,
  group: GroupId,
  range: NumberRange,
): AsyncGenerator<Buffer> {
  if (range.low > range.high) return
  const last = blockOf(range.high)
  let pending: Buffer[] = []
  let octets = 0
  const between = { gte: blockKey(group, blockOf(range.low)), lte: rowKey(group, last, 0xff) }
  for await (const pairs of index.iterate(between, 64)) {
    for (const { key, value } of pairs) {
      const lines = linesOf(key, value, range)
      if (lines === undefined) damaged(group, key.readUInt32BE(5))
      else if (lines.length > 0) {
        pending.push(lines)
        octets += lines.length
      }
      if (octets < chunkOctets) continue
      yield joined(pending)
      pending = []
      octets = 0
    }
  }
  if (pending.length > 0) yield joined(pending)
}

const joined = (parts: Buffer[]): Buffer => (parts.length === 1 && parts[0] ? parts[0] : Buffer.concat(parts))

function linesOf(key: Buffer, value: Buffer, { low, high }: NumberRange): Buffer | undefined {
  const block = key.readUInt32BE(5)
  if (key.length === blockKeyLength) return Block.decode(block, value)?.slice(low, high)
  const number = block * blockSize + (key[9] ?? 0)
  return number < low || number > high ? Buffer.alloc(0) : decodeRow(value)
}

export interface StoredBlock {
  readonly sealed: boolean
  readonly rows: readonly Row[]
  /** Numbers that stand as loose rows, beside the sealed block or without one. */
  readonly loose: readonly number[]
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
  const loose: number[] = []
  let sealed = false
  let damaged = false
  for await (const pairs of index.iterate({ gte: blockKey(group, block), lte: rowKey(group, block, 0xff) })) {
    for (const { key, value } of pairs) {
      if (key.length === blockKeyLength) {
        sealed = true
        const decoded = Block.decode(block, value)
        if (decoded) rows.push(...decoded.rows())
        else damaged = true
        continue
      }
      const number = block * blockSize + (key[9] ?? 0)
      loose.push(number)
      const line = decodeRow(value)
      if (line) rows.push({ number, line })
      else damaged = true
    }
  }
  return { sealed, rows, loose, damaged }
}
