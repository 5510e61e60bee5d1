/** Passes over the octets of a buffer that mean nothing in a block, eight at a time. */

const CR = 13
/** Above CR in each octet of a word. */
const least = 0x0e0e0e0e
const highBits = 0x8080_8080

export class PlainOctets {
  readonly #octets: Buffer
  /** The same memory from the first word that begins in it, or before. */
  readonly #words: Int32Array
  /** Octets of the first word that stand before the buffer. */
  readonly #shift: number

  /** Holds on to the memory of `octets`. */
  constructor(octets: Buffer) {
    this.#octets = octets
    this.#shift = octets.byteOffset & 3
    this.#words = new Int32Array(
      octets.buffer,
      octets.byteOffset - this.#shift,
      (octets.length + this.#shift) >> 2,
    )
  }

  /** Offset of the next octet that may be CR, LF or NUL, or the end. `from` is not behind the end. */
  end(from: number): number {
    const octets = this.#octets
    const shift = this.#shift
    let at = from
    for (; ((at + shift) & 3) !== 0; at++) if (at >= octets.length || (octets[at] as number) <= CR) return at
    at = this.#wordsEnd((at + shift) >> 2) * 4 - shift
    while (at < octets.length && (octets[at] as number) > CR) at++
    return at
  }

  /** The first of two words of which one holds such an octet, or one of the last two. */
  #wordsEnd(from: number): number {
    const words = this.#words
    const last = words.length - 1
    let at = from
    for (; at < last; at += 2) {
      const one = words[at] as number
      const other = words[at + 1] as number
      // The high bit of an octet comes out where that was below: the lowest of those that do is never wrong.
      if ((((one - least) & ~one) | ((other - least) & ~other)) & highBits) break
    }
    return at
  }
}
