/** Rows of the arrival log as octets: see docs/storage-format.md. */
import { crc32 } from 'node:zlib'
import type { MessageId } from '../../message-id.ts'
import type { Room } from '../arena.ts'
import { sourceLength, writeSource } from '../article/source-octets.ts'
import { sealFirst } from '../checksum.ts'
import { readWide, writeWide } from '../keys.ts'
import type { Arrival, ArrivalKind, ArrivalRow, ArticleNumber, GroupId } from '../reading.ts'

const kinds: readonly ArrivalKind[] = ['article', 'group', 'cancel', 'expire', 'file']
const localOnlyFlag = 1
const controlFlag = 2
const expiresFlag = 4
/** crc 4 · kind 1 · flags 1 · time 4 · size 4 · filings 2 · Path identities 2 · distributions 1 · id length 1 · source length 1 */
const fixed = 21

export function encodeArrivalRow(row: Omit<ArrivalRow, 'arrival'>, room: Room = Buffer.allocUnsafe): Buffer {
  const path = row.path.length > 0xffff ? row.path.slice(0, 0xffff) : row.path
  const distributions = row.distributions.length > 0xff ? row.distributions.slice(0, 0xff) : row.distributions
  const source = sourceLength(row.source)
  let length = fixed + row.messageId.length + source + row.filings.length * 8
  for (const text of path) length += 1 + Math.min(text.length, 0xff)
  for (const text of distributions) length += 1 + Math.min(text.length, 0xff)
  if (row.expires !== undefined) length += 8
  const value = room(length)
  value[4] = kinds.indexOf(row.kind)
  value[5] =
    (row.localOnly ? localOnlyFlag : 0) |
    (row.control ? controlFlag : 0) |
    (row.expires === undefined ? 0 : expiresFlag)
  value.writeUInt32BE(row.time, 6)
  value.writeUInt32BE(row.size, 10)
  value.writeUInt16BE(row.filings.length, 14)
  value.writeUInt16BE(path.length, 16)
  value[18] = distributions.length
  value.writeUInt8(row.messageId.length, 19)
  value[20] = source
  let at = fixed + value.write(row.messageId, fixed, 'latin1')
  at = writeSource(row.source, value, at)
  for (const { group, number } of row.filings) {
    value.writeUInt32BE(group, at)
    value.writeUInt32BE(number, at + 4)
    at += 8
  }
  for (const text of path) at = writeText(value, text, at)
  for (const text of distributions) at = writeText(value, text, at)
  if (row.expires !== undefined) writeWide(value, row.expires, at)
  sealFirst(value)
  return value
}

function writeText(value: Buffer, text: string, at: number): number {
  const length = Math.min(text.length, 0xff)
  value[at] = length
  return at + 1 + value.write(text, at + 1, length, 'latin1')
}

/** Undefined where the checksum does not hold. */
export function decodeArrivalRow(arrival: Arrival, value: Buffer): ArrivalRow | undefined {
  if (value.length < fixed || value.readUInt32BE(0) !== crc32(value.subarray(4))) return undefined
  const idEnd = fixed + (value[19] ?? 0)
  const sourceEnd = idEnd + (value[20] ?? 0)
  let at = sourceEnd
  const filings = Array.from({ length: value.readUInt16BE(14) }, () => {
    at += 8
    return {
      group: value.readUInt32BE(at - 8) as GroupId,
      number: value.readUInt32BE(at - 4) as ArticleNumber,
    }
  })
  const text = () => {
    const start = at + 1
    at = start + (value[at] ?? 0)
    return value.toString('latin1', start, at)
  }
  return {
    arrival,
    kind: kinds[value[4] ?? 0] ?? 'article',
    time: value.readUInt32BE(6),
    source: value.toString('utf8', idEnd, sourceEnd),
    messageId: value.toString('latin1', fixed, idEnd) as MessageId,
    filings,
    path: Array.from({ length: value.readUInt16BE(16) }, text),
    distributions: Array.from({ length: value[18] ?? 0 }, text),
    size: value.readUInt32BE(10),
    localOnly: ((value[5] ?? 0) & localOnlyFlag) !== 0,
    control: ((value[5] ?? 0) & controlFlag) !== 0,
    ...(((value[5] ?? 0) & expiresFlag) !== 0 && { expires: readWide(value, value.length - 8) }),
  }
}
