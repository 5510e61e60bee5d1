/** Octets as docs/storage-format.md names them. Nothing here comes from the server's own code. */
import { createHash } from 'node:crypto'
import { crc32 } from 'node:zlib'

/** Reads fields one after the other; throws where there are too few octets. */
export class Octets {
  readonly #buffer: Buffer
  #at = 0

  constructor(buffer: Buffer) {
    this.#buffer = buffer
  }

  get left(): number {
    return this.#buffer.length - this.#at
  }

  take(count: number): Buffer {
    if (count > this.left) throw new Error(`${count} octets wanted, ${this.left} left`)
    this.#at += count
    return this.#buffer.subarray(this.#at - count, this.#at)
  }

  number(octets: number): number {
    let value = 0
    for (const octet of this.take(octets)) value = value * 256 + octet
    return value
  }

  text(octets: number): string {
    return this.take(octets).toString('latin1')
  }

  rest(): Buffer {
    return this.take(this.left)
  }
}

/** What lies behind a checksum at the front; throws where it does not hold. */
export function behindChecksum(buffer: Buffer): Octets {
  const octets = new Octets(buffer)
  const checksum = octets.number(4)
  const rest = octets.rest()
  if (crc32(rest) !== checksum) throw new Error('the checksum does not hold')
  return new Octets(rest)
}

/** The value before a checksum at the end; throws where it does not hold. */
export function unsealed(buffer: Buffer): Buffer {
  const value = buffer.subarray(0, Math.max(0, buffer.length - 4))
  if (buffer.length < 4 || crc32(value) !== buffer.readUInt32BE(buffer.length - 4))
    throw new Error('the seal does not hold')
  return value
}

/** The first 16 octets of the SHA-256 of a message-ID, in hexadecimal. */
export const hashOf = (messageId: string): string =>
  createHash('sha256').update(messageId, 'latin1').digest('hex').slice(0, 32)
