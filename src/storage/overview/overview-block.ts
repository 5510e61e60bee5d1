/** Overview on disk: runs of loose rows while a block of 128 numbers fills, then one sealed block. RFC 3977 8.3 */
import { crc32 } from 'node:zlib'
import { sealFirst } from '../checksum.ts'

/** Numbers n with the same n div 128 share a block. */
export const blockSize = 128
export const blockOf = (number: number): number => Math.floor(number / blockSize)
export const slotOf = (number: number): number => number % blockSize

/** One overview line with its CRLF. */
export interface Row {
  readonly number: number
  readonly line: Buffer
}

/** crc 4 · version 1 · flags 1 · rows 2, then per row slot 1 · end of its line 4, then the lines. */
const fixed = 8
const entry = 5
const version = 1

/** Rows in ascending order of number, all of one block. */
export function encodeBlock(rows: readonly Row[]): Buffer {
  const start = fixed + rows.length * entry
  let text = 0
  for (const { line } of rows) text += line.length
  const block = Buffer.allocUnsafe(start + text)
  block[4] = version
  block[5] = 0
  block.writeUInt16BE(rows.length, 6)
  let at = start
  let head = fixed
  for (const { number, line } of rows) {
    block.set(line, at)
    at += line.length
    block[head] = slotOf(number)
    block.writeUInt32BE(at - start, head + 1)
    head += entry
  }
  sealFirst(block)
  return block
}

/** A sealed block, or a run of its loose rows, whose checksum was verified. */
export class Block {
  readonly #block: Buffer
  readonly #first: number

  private constructor(block: Buffer, first: number) {
    this.#block = block
    this.#first = first
  }

  /** `index` is n div 128. Undefined where the checksum does not hold. */
  static decode(index: number, value: Buffer): Block | undefined {
    if (value.length < fixed || value[4] !== version) return undefined
    if (value.readUInt32BE(0) !== crc32(value.subarray(4))) return undefined
    return new Block(value, index * blockSize)
  }

  get length(): number {
    return this.#block.readUInt16BE(6)
  }

  get #start(): number {
    return fixed + this.length * entry
  }

  #number(row: number): number {
    return this.#first + (this.#block[fixed + row * entry] ?? 0)
  }

  #end(row: number): number {
    return row < 0 ? 0 : this.#block.readUInt32BE(fixed + row * entry + 1)
  }

  rows(): Row[] {
    return Array.from({ length: this.length }, (_, row) => ({
      number: this.#number(row),
      line: this.#block.subarray(this.#start + this.#end(row - 1), this.#start + this.#end(row)),
    }))
  }

  /** The lines of `low` to `high` as one slice; the whole block costs no search. */
  slice(low: number, high: number): Buffer {
    let from = 0
    let to = this.length - 1
    while (from <= to && this.#number(from) < low) from++
    while (to >= from && this.#number(to) > high) to--
    return this.#block.subarray(this.#start + this.#end(from - 1), this.#start + this.#end(to))
  }
}
