/** One frame of the journal: a commit group or a checkpoint under one checksum. The grammar is in docs/storage-format.md. */
import { crc32 } from 'node:zlib'
import { joinChecksums } from '../checksum-join.ts'
import type { DatabaseName, RecordChange, RecordChanges } from '../database/store.ts'

export type FrameKind = 'records' | 'checkpoint'

export interface FrameHeader {
  readonly kind: FrameKind
  /** Octets behind the header. */
  readonly length: number
  /** Sequence of the first record; the next one's where there is none. */
  readonly first: number
  /** Sequence of the last record; `first` - 1 where there is none. */
  readonly last: number
  readonly checksum: number
}

/** NUL and bare CR and LF: no article may contain it, so nobody can post something that looks like a frame. */
export const frameMagic = Buffer.from([0x00, 0x54, 0x4a, 0x0d, 0x00, 0x0a, 0xf7, 0x01])
export const headerLength = 36
const maxBodyLength = 0xffff_ffff
const maxKeyLength = 0xffff

const databases: readonly DatabaseName[] = ['articles', 'state', 'index']
const numbers: Readonly<Record<DatabaseName, number>> = { articles: 0, state: 1, index: 2 }
const kinds: readonly FrameKind[] = ['records', 'checkpoint']
const deletion = 0x80

/** A larger value is written from where it stands, a smaller one is copied behind its key: cheaper than a vector. */
const copyLimit = 32 * 1024
/** A scratch buffer up to this size is kept for the next frame. */
const keptScratch = 8 * 1024 * 1024

/** Where the checksum stands; it covers everything behind itself. */
const checksumAt = frameMagic.length
const coveredAt = checksumAt + 4

/** Encodes frames into a scratch buffer that it keeps: the chunks are valid until the next call. */
export class FrameEncoder {
  #scratch = Buffer.allocUnsafe(64 * 1024)

  /** `RangeError` for a key above 65,535 octets or a frame above 4 GiB, before anything is written. */
  records(first: number, records: readonly RecordChanges[]): Buffer[] {
    const { copied, total } = measure(records)
    const scratch = this.#room(headerLength + copied)
    const body = new Body(scratch)
    for (const record of records) body.record(record)
    const chunks = body.chunks()
    const last = first + records.length - 1
    return this.#finish(chunks, { kind: 'records', length: total, first, last }, body.selfChecked)
  }

  /** Says that everything up to `covered` is in the databases; `next` is the sequence of the next record. */
  checkpoint(next: number, covered: number): Buffer[] {
    const scratch = this.#room(headerLength + 8)
    writeUint64(scratch, covered, headerLength)
    const chunks = [scratch.subarray(0, headerLength + 8)]
    return this.#finish(chunks, { kind: 'checkpoint', length: 8, first: next, last: next - 1 })
  }

  #finish(
    chunks: Buffer[],
    header: Omit<FrameHeader, 'checksum'>,
    selfChecked: ReadonlySet<Buffer> = none,
  ): Buffer[] {
    const scratch = this.#scratch
    scratch.set(frameMagic)
    scratch.writeUInt32BE(header.length, coveredAt)
    scratch.writeUInt32BE(kinds.indexOf(header.kind), coveredAt + 4)
    writeUint64(scratch, header.first, coveredAt + 8)
    writeUint64(scratch, header.last, coveredAt + 16)
    let sum = 0
    for (const [index, chunk] of chunks.entries()) {
      if (selfChecked.has(chunk)) sum = withSelfChecked(chunk, sum)
      else sum = crc32(index === 0 ? chunk.subarray(coveredAt) : chunk, sum)
    }
    scratch.writeUInt32BE(sum, checksumAt)
    return chunks
  }

  #room(octets: number): Buffer {
    if (this.#scratch.length < octets || this.#scratch.length > keptScratch) {
      this.#scratch = Buffer.allocUnsafe(Math.max(octets, 64 * 1024))
    }
    return this.#scratch
  }
}

const none: ReadonlySet<Buffer> = new Set()

/** Octets of the checksum that a value begins with. */
const ownChecksum = 4

function withSelfChecked(value: Buffer, sum: number): number {
  const upToRest = crc32(value.subarray(0, ownChecksum), sum)
  return joinChecksums(upToRest, value.readUInt32BE(0), value.length - ownChecksum)
}

/** Fills the scratch buffer behind the room for the header. */
class Body {
  readonly #scratch: Buffer
  readonly #chunks: Buffer[] = []
  /** Those of its chunks that begin with their own checksum. */
  readonly selfChecked = new Set<Buffer>()
  #start = 0
  #at = headerLength

  constructor(scratch: Buffer) {
    this.#scratch = scratch
  }

  record(changes: RecordChanges): void {
    const scratch = this.#scratch
    this.#at = scratch.writeUInt32BE(changes.length, this.#at)
    for (const change of changes) {
      const { database, key, value } = change
      this.#at = scratch.writeUInt8(numbers[database] | (value === undefined ? deletion : 0), this.#at)
      this.#at = scratch.writeUInt16BE(key.length, this.#at)
      scratch.set(key, this.#at)
      this.#at += key.length
      if (value !== undefined) this.#value(value, change)
    }
  }

  chunks(): Buffer[] {
    this.#cut()
    return this.#chunks
  }

  #value(value: Buffer, { selfChecked }: RecordChange): void {
    this.#at = this.#scratch.writeUInt32BE(value.length, this.#at)
    if (value.length > copyLimit) {
      this.#cut()
      this.#chunks.push(value)
      if (selfChecked) this.selfChecked.add(value)
    } else {
      this.#scratch.set(value, this.#at)
      this.#at += value.length
    }
  }

  #cut(): void {
    if (this.#at > this.#start) this.#chunks.push(this.#scratch.subarray(this.#start, this.#at))
    this.#start = this.#at
  }
}

function measure(records: readonly RecordChanges[]): { copied: number; total: number } {
  let copied = 0
  let apart = 0
  for (const changes of records) {
    copied += 4
    for (const { key, value } of changes) {
      if (key.length > maxKeyLength) throw new RangeError(`journal: a key of ${key.length} octets`)
      copied += 3 + key.length
      if (value === undefined) continue
      copied += 4
      if (value.length > copyLimit) apart += value.length
      else copied += value.length
    }
  }
  const total = copied + apart
  if (total > maxBodyLength) throw new RangeError(`journal: a frame of ${total} octets`)
  return { copied, total }
}

/** Undefined where `octets` does not begin with the header of a frame. Says nothing of its checksum. */
export function readHeader(octets: Buffer): FrameHeader | undefined {
  if (octets.length < headerLength) return undefined
  if (!octets.subarray(0, frameMagic.length).equals(frameMagic)) return undefined
  const kind = kinds[octets.readUInt32BE(coveredAt + 4)]
  const first = readUint64(octets, coveredAt + 8)
  const last = readUint64(octets, coveredAt + 16)
  if (kind === undefined || last < first - 1) return undefined
  return {
    kind,
    length: octets.readUInt32BE(coveredAt),
    first,
    last,
    checksum: octets.readUInt32BE(checksumAt),
  }
}

/** Whether `frame`, header and body, is what was written. */
export function isIntact(frame: Buffer, { checksum }: FrameHeader): boolean {
  return crc32(frame.subarray(coveredAt)) === checksum
}

/** All changes of an intact frame in order, as views of `body`; `RangeError` when it is not of this format. */
export function readRecords(body: Buffer, { first, last }: FrameHeader): RecordChanges {
  const changes: RecordChanges[number][] = []
  let at = 0
  for (let sequence = first; sequence <= last; sequence++) {
    const count = body.readUInt32BE(at)
    at += 4
    for (let index = 0; index < count; index++) {
      const flags = body.readUInt8(at)
      const database = databases[flags & ~deletion]
      if (database === undefined) throw new RangeError(`journal: unknown database ${flags}`)
      const keyEnd = at + 3 + body.readUInt16BE(at + 1)
      const key = body.subarray(at + 3, keyEnd)
      if (flags & deletion) {
        changes.push({ database, key, value: undefined })
        at = keyEnd
      } else {
        const valueEnd = keyEnd + 4 + body.readUInt32BE(keyEnd)
        changes.push({ database, key, value: body.subarray(keyEnd + 4, valueEnd) })
        at = valueEnd
      }
    }
  }
  if (at !== body.length) throw new RangeError('journal: a frame whose records do not fill it')
  return changes
}

/** The sequence that a checkpoint frame covers. */
export function readCheckpoint(body: Buffer): number {
  return readUint64(body, 0)
}

const two32 = 0x1_0000_0000

function writeUint64(buffer: Buffer, value: number, at: number): void {
  buffer.writeUInt32BE(Math.floor(value / two32), at)
  buffer.writeUInt32BE(value % two32, at + 4)
}

function readUint64(buffer: Buffer, at: number): number {
  return buffer.readUInt32BE(at) * two32 + buffer.readUInt32BE(at + 4)
}
