/**
 * Which articles of a block have a word, and in which of their fields: two octets an article, in ascending order.
 * docs/storage-format.md
 */
import { seal, unseal } from '../checksum.ts'

/** Arrivals of a block. */
export const searchBlockSize = 4096

export const searchBlockOf = (arrival: number): number => Math.floor(arrival / searchBlockSize)
export const firstOfSearchBlock = (block: number): number => block * searchBlockSize

/** Bits of the fields. */
export const inSubject = 1
export const inFrom = 2
export const inBody = 4
export const inAny = inSubject | inFrom | inBody
const fieldBits = 4

export const posting = (offset: number, fields: number): number => (offset << fieldBits) | fields
export const offsetOf = (each: number): number => each >> fieldBits
export const fieldsOf = (each: number): number => each & ((1 << fieldBits) - 1)

export function encodePostings(postings: readonly number[]): Buffer {
  const value = Buffer.allocUnsafe(postings.length * 2)
  for (const [at, each] of postings.entries()) value.writeUInt16BE(each, at * 2)
  return value
}

/** Damaged octets give other articles, and never a fault. */
export function decodePostings(value: Buffer): number[] {
  const postings: number[] = []
  for (let at = 0; at + 1 < value.length; at += 2) postings.push(value.readUInt16BE(at))
  return postings
}

/** What is known of a block without reading its postings. */
export interface SearchBlockFacts {
  readonly articles: number
  /** Dates of the oldest and the newest of its articles, seconds since 1970; of no meaning without articles. */
  readonly oldest: number
  readonly newest: number
  /** Of the postings and their keys, about. */
  readonly octets: number
}

/** Of the layout of postings and of how texts become words: another one is made again. */
const layout = 1

export function encodeFacts({ articles, oldest, newest, octets }: SearchBlockFacts): Buffer {
  const value = Buffer.allocUnsafe(15)
  value[0] = layout
  value.writeUInt16BE(articles, 1)
  for (const [at, each] of [oldest, newest, octets].entries()) value.writeUInt32BE(each, 3 + at * 4)
  return seal(value)
}

/** Undefined where it is damaged, or of another layout. */
export function decodeFacts(sealed: Buffer): SearchBlockFacts | undefined {
  const value = unseal(sealed)
  if (value === undefined || value.length !== 15 || value[0] !== layout) return undefined
  return {
    articles: value.readUInt16BE(1),
    oldest: value.readUInt32BE(3),
    newest: value.readUInt32BE(7),
    octets: value.readUInt32BE(11),
  }
}

/** The date of each article of a block, seconds since 1970; 0 where there is none. */
export function encodeDates(dates: Uint32Array): Buffer {
  const value = Buffer.allocUnsafe(searchBlockSize * 4)
  for (const [at, date] of dates.entries()) value.writeUInt32BE(date, at * 4)
  return seal(value)
}

/** Undefined where it is damaged. */
export function decodeDates(sealed: Buffer): Uint32Array | undefined {
  const value = unseal(sealed)
  if (value?.length !== searchBlockSize * 4) return undefined
  const dates = new Uint32Array(searchBlockSize)
  for (let at = 0; at < searchBlockSize; at++) dates[at] = value.readUInt32BE(at * 4)
  return dates
}
