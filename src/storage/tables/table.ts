/**
 * LevelDB's table files, as far as finding damage in one needs them: blocks with a checksum each, an index of the
 * blocks of keys, and a block that names the filter (LevelDB, doc/table_format.md).
 */
import { crc32c } from './crc32c.ts'
import { unpack } from './snappy.ts'
import { readVarint } from './varint.ts'

/** Octets behind each block: its compression and its checksum. */
export const blockTrailer = 5
const footerLength = 48
const magic = Buffer.from('57fb808b247547db', 'hex')
/** More than a block of keys or an index of ours ever holds. */
const mostOctets = 64 * 1024 * 1024

/** Where a block lies. */
export interface Extent {
  readonly at: number
  readonly length: number
}

export interface KeyBlock extends Extent {
  /** LevelDB's key (ours, and eight octets of its own): not before any in the block, before all of the next. */
  readonly bound: Buffer
}

export interface TableLayout {
  readonly keys: readonly KeyBlock[]
  /**
   * Names what else there is; in our tables that is a filter, or nothing. Undefined where the table says wrongly where
   * it lies, for which there is no checksum: what lies there is something else.
   */
  readonly names: Extent | undefined
  readonly filter: Extent | undefined
}

/** False for one that was being written when the process ended; LevelDB refuses it by itself where it needs it. */
export function isFinished(table: Buffer): boolean {
  return table.length >= footerLength && table.subarray(-magic.length).equals(magic)
}

/** Of a finished table. Undefined where what tells of the other blocks is damaged itself. */
export function readLayout(table: Buffer): TableLayout | undefined {
  const names = readExtent(table, table.length - footerLength)
  const index = names && readExtent(table, names.next)
  if (names === undefined || index === undefined) return undefined
  const blocks = readEntries(table, index)
  if (blocks === undefined) return undefined
  const keys: KeyBlock[] = []
  for (const { key, value } of blocks) {
    const extent = readExtent(value, 0)
    if (extent === undefined || !lies(table, extent)) return undefined
    keys.push({ at: extent.at, length: extent.length, bound: key })
  }
  // LevelDB writes the one straight behind the other.
  if (names.at + names.length + blockTrailer !== index.at)
    return { keys, names: undefined, filter: undefined }
  const filter = filterOf(table, names)
  return { keys, names, filter: filter && lies(table, filter) ? filter : undefined }
}

/** Whether the octets of the block are those that LevelDB sealed. */
export function isSound(table: Buffer, block: Extent): boolean {
  if (!lies(table, block)) return false
  const end = block.at + block.length
  return sealOf(table.subarray(block.at, end + 1)) === table.readUInt32LE(end + 1)
}

/** The checksum as it stands in the file: turned and moved, so that it does not cover other checksums of its kind. */
export function sealOf(octets: Buffer): number {
  const crc = crc32c(octets)
  return (((crc >>> 15) | (crc << 17)) + 0xa282ead8) >>> 0
}

export interface Entry {
  readonly key: Buffer
  readonly value: Buffer
}

/** Undefined where the block is damaged. */
export function readEntries(table: Buffer, block: Extent): Entry[] | undefined {
  if (!isSound(table, block)) return undefined
  const stored = table.subarray(block.at, block.at + block.length)
  const octets = table[block.at + block.length] === 0 ? stored : unpack(stored, mostOctets)
  return octets === undefined || octets.length < 8 ? undefined : entriesOf(octets)
}

/** Each key shares its beginning with the one before; the places where it does not stand behind the entries. */
function entriesOf(octets: Buffer): Entry[] | undefined {
  const end = octets.length - 4 * (octets.readUInt32LE(octets.length - 4) + 1)
  const entries: Entry[] = []
  let key: Buffer = Buffer.alloc(0)
  let held = 0
  for (let at = 0; at < end; ) {
    const shared = readVarint(octets, at)
    const own = shared && readVarint(octets, shared.next)
    const length = own && readVarint(octets, own.next)
    if (shared === undefined || own === undefined || length === undefined) return undefined
    const from = length.next + own.value
    at = from + length.value
    held += shared.value + own.value
    if (shared.value > key.length || at > end || held > mostOctets) return undefined
    key = Buffer.concat([key.subarray(0, shared.value), octets.subarray(length.next, from)])
    entries.push({ key, value: octets.subarray(from, at) })
  }
  return entries
}

function filterOf(table: Buffer, names: Extent): Extent | undefined {
  const entry = readEntries(table, names)?.find(({ key }) => key.toString('latin1').startsWith('filter.'))
  return entry && readExtent(entry.value, 0)
}

function readExtent(octets: Buffer, from: number): (Extent & { next: number }) | undefined {
  const at = readVarint(octets, from)
  const length = at && readVarint(octets, at.next)
  return at && length && { at: at.value, length: length.value, next: length.next }
}

const lies = (table: Buffer, { at, length }: Extent) => at + length + blockTrailer <= table.length
