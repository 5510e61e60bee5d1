/** Reads the frames of one journal file, and tells a torn end from damage in the middle. */
import type { DiskFile } from '../disk/disk.ts'
import { type FrameHeader, frameMagic, headerLength, isIntact, readHeader } from './frame.ts'

export interface Frame {
  readonly header: FrameHeader
  readonly body: Buffer
  /** Offset of the octet behind it. */
  readonly end: number
}

/** Octets read at once; a larger frame is read whole. */
const windowLength = 1024 * 1024

export class FrameReader {
  readonly #file: DiskFile
  readonly #size: number
  #window: Buffer = Buffer.alloc(0)
  #windowAt = 0

  /** Reads the first `size` octets of `file`. */
  constructor(file: DiskFile, size: number) {
    this.#file = file
    this.#size = size
  }

  /** The frame that begins at `offset`; undefined where there is none, or a torn or damaged one. */
  async read(offset: number): Promise<Frame | undefined> {
    const header = readHeader(await this.#octets(offset, headerLength))
    if (header === undefined) return undefined
    const end = offset + headerLength + header.length
    if (end > this.#size) return undefined
    const octets = await this.#octets(offset, end - offset)
    if (octets.length !== end - offset || !isIntact(octets, header)) return undefined
    return { header, body: octets.subarray(headerLength), end }
  }

  /**
   * Offset of the nearest intact frame behind `offset` that is not older than `sequence`: stale blocks of a
   * removed file do not count.
   */
  async findLater(offset: number, sequence: number): Promise<number | undefined> {
    for (let at = offset + 1; at + headerLength <= this.#size; ) {
      const octets = await this.#octets(at, windowLength)
      const found = octets.indexOf(frameMagic)
      if (found < 0) {
        at += Math.max(1, octets.length - frameMagic.length + 1)
        continue
      }
      const frame = await this.read(at + found)
      if (frame !== undefined && frame.header.first >= sequence) return at + found
      at += found + 1
    }
    return undefined
  }

  /** Fewer than `length` at the end of the file. */
  async #octets(position: number, length: number): Promise<Buffer> {
    const wanted = Math.min(length, this.#size - position)
    const from = position - this.#windowAt
    if (from >= 0 && from + wanted <= this.#window.length) return this.#window.subarray(from, from + wanted)
    this.#window = await this.#file.read(
      position,
      Math.min(Math.max(length, windowLength), this.#size - position),
    )
    this.#windowAt = position
    return this.#window.subarray(0, wanted)
  }
}
