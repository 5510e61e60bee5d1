/** Numbers of 32 bits as LevelDB and Snappy write them: seven bits an octet, the lowest first. */

export interface Varint {
  readonly value: number
  /** Where the octets behind it begin. */
  readonly next: number
}

const mostOctets = 5

/** Undefined where it does not end within `octets`, or does not fit in 32 bits. */
export function readVarint(octets: Buffer, at: number): Varint | undefined {
  let value = 0
  for (let length = 0; length < mostOctets; length++) {
    const octet = octets[at + length]
    if (octet === undefined) return undefined
    value += (octet & 0x7f) * 2 ** (7 * length)
    if (octet < 0x80) return value < 2 ** 32 ? { value, next: at + length + 1 } : undefined
  }
  return undefined
}
