/** The value of one article in the `articles` database: a fixed header, the Xref line, the article in wire form. */
import { crc32 } from 'node:zlib'
import type { MessageId } from '../../message-id.ts'
import { terminator } from '../../wire.ts'
import type { Room } from '../arena.ts'
import { sealFirst } from '../checksum.ts'
import type { ArticleNumber, Filing, GroupId, StoredArticle } from '../reading.ts'
import { sourceLength, writeSource } from './source-octets.ts'

/** With what its row in the log is made again from. */
export interface StoredRecord extends StoredArticle {
  readonly control: boolean
  /** Seconds since 1970, when it was accepted. */
  readonly time: number
  /** `peer:NAME`, `post:ACCOUNT` or `import`. */
  readonly source: string
}

export interface RecordParts {
  readonly messageId: MessageId
  readonly filings: readonly Filing[]
  readonly localOnly: boolean
  readonly control: boolean
  /** Seconds since 1970, when it was accepted. */
  readonly time: number
  /** At most 255 octets of it are kept. */
  readonly source: string
  readonly octets: number
  readonly lines: number
  /** `Xref: ...` with its CRLF; empty where the article is filed nowhere. */
  readonly xref: string
  /** Wire form, without Xref and without terminator. */
  readonly article: Buffer
  /** Offset of the body in `article`. */
  readonly bodyStart: number
  /** Gives `article` where it stands, with so many free octets before and behind it; undefined where there are less. */
  readonly memory?: { around(before: number, behind: number): Buffer | undefined }
}

const version = 1
const localOnlyFlag = 1
const controlFlag = 2
/**
 * crc 4 · version 1 · flags 1 · filings 2 · octets 4 · lines 4 · start 4 · xref length 4 · body start 4 · time 4 ·
 * id length 1 · source length 1
 */
const fixed = 34
/** Digits. RFC 3977 6: 2,147,483,647 at most */
const longestNumber = 10

export function encodeRecord(parts: RecordParts, room: Room = Buffer.allocUnsafe): Buffer {
  const { messageId, filings, xref, article } = parts
  const source = sourceLength(parts.source)
  const start = fixed + messageId.length + source + filings.length * 8
  const before = start + xref.length
  const around = parts.memory?.around(before, terminator.length)
  const record = around ?? room(before + article.length + terminator.length)
  record[4] = version
  record[5] = (parts.localOnly ? localOnlyFlag : 0) | (parts.control ? controlFlag : 0)
  record.writeUInt16BE(filings.length, 6)
  record.writeUInt32BE(parts.octets, 8)
  record.writeUInt32BE(parts.lines, 12)
  record.writeUInt32BE(start, 16)
  record.writeUInt32BE(xref.length, 20)
  record.writeUInt32BE(parts.bodyStart, 24)
  record.writeUInt32BE(parts.time, 28)
  record.writeUInt8(messageId.length, 32)
  record[33] = source
  let at = fixed + record.write(messageId, fixed, 'latin1')
  at = writeSource(parts.source, record, at)
  for (const { group, number } of filings) {
    record.writeUInt32BE(group, at)
    record.writeUInt32BE(number, at + 4)
    at += 8
  }
  record.write(xref, start, 'latin1')
  if (around === undefined) article.copy(record, before)
  terminator.copy(record, before + article.length)
  sealFirst(record)
  return record
}

/** No record has more octets before its article, where identity and groups are no longer and Xref is not folded. */
export function roomBefore(
  messageId: string,
  source: string,
  xref: { identity: string; groups: readonly string[] },
) {
  let octets = fixed + messageId.length + source.length * 3 + 'Xref: \r\n'.length + xref.identity.length
  for (const group of xref.groups) octets += 8 + 1 + group.length + 1 + longestNumber
  return octets
}

/** Undefined where the checksum does not hold or the version is unknown: such a record is never served. */
export function decodeRecord(record: Buffer): StoredRecord | undefined {
  if (record.length < fixed || record[4] !== version) return undefined
  if (record.readUInt32BE(0) !== crc32(record.subarray(4))) return undefined
  return new RecordView(record)
}

/** The checksum was verified, so offsets can be trusted. */
class RecordView implements StoredRecord {
  readonly #record: Buffer

  constructor(record: Buffer) {
    this.#record = record
  }

  get #start(): number {
    return this.#record.readUInt32BE(16)
  }
  get #idEnd(): number {
    return fixed + (this.#record[32] ?? 0)
  }
  get #articleStart(): number {
    return this.#start + this.#record.readUInt32BE(20)
  }
  get #bodyStart(): number {
    return this.#articleStart + this.#record.readUInt32BE(24)
  }
  get messageId(): MessageId {
    return this.#record.toString('latin1', fixed, this.#idEnd) as MessageId
  }
  get source(): string {
    return this.#record.toString('utf8', this.#idEnd, this.#idEnd + (this.#record[33] ?? 0))
  }
  get time(): number {
    return this.#record.readUInt32BE(28)
  }
  get filings(): readonly Filing[] {
    const record = this.#record
    const filings: Filing[] = []
    const end = this.#start
    for (let at = end - record.readUInt16BE(6) * 8; at < end; at += 8) {
      const group = record.readUInt32BE(at) as GroupId
      filings.push({ group, number: record.readUInt32BE(at + 4) as ArticleNumber })
    }
    return filings
  }
  get localOnly(): boolean {
    return ((this.#record[5] ?? 0) & localOnlyFlag) !== 0
  }
  get control(): boolean {
    return ((this.#record[5] ?? 0) & controlFlag) !== 0
  }
  get octets(): number {
    return this.#record.readUInt32BE(8)
  }
  get lines(): number {
    return this.#record.readUInt32BE(12)
  }
  get served(): Buffer {
    return this.#record.subarray(this.#start)
  }
  get transfer(): Buffer {
    return this.#record.subarray(this.#articleStart)
  }
  get head(): Buffer {
    // The blank line before the body is not part of the head. RFC 3977 6.2.2
    return this.#record.subarray(this.#start, this.#bodyStart - 2)
  }
  get body(): Buffer {
    return this.#record.subarray(this.#bodyStart)
  }
}
