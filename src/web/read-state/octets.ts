/** Numbers and short texts as few octets: seven bits an octet, the lowest first, the eighth says that more follow. */

export class OctetWriter {
  #octets: number[] = []

  /** 0 to 2^53-1. */
  number(value: number): void {
    let rest = value
    while (rest >= 0x80) {
      this.#octets.push((rest % 0x80) | 0x80)
      rest = Math.floor(rest / 0x80)
    }
    this.#octets.push(rest)
  }

  text(text: string): void {
    const octets = Buffer.from(text)
    this.number(octets.length)
    this.#octets.push(...octets)
  }

  get length(): number {
    return this.#octets.length
  }

  /** Takes away what was written behind the first `length` octets. */
  cut(length: number): void {
    this.#octets.length = length
  }

  octets(): Buffer {
    return Buffer.from(this.#octets)
  }
}

/** Reads 0 and empty texts behind the end. */
export class OctetReader {
  readonly #octets: Buffer
  #at = 0

  constructor(octets: Buffer) {
    this.#octets = octets
  }

  get done(): boolean {
    return this.#at >= this.#octets.length
  }

  number(): number {
    let value = 0
    let weight = 1
    while (!this.done) {
      const octet = this.#octets[this.#at++] ?? 0
      value += (octet & 0x7f) * weight
      if (octet < 0x80) break
      weight *= 0x80
    }
    return value
  }

  text(): string {
    const length = this.number()
    const start = this.#at
    this.#at = Math.min(start + length, this.#octets.length)
    return this.#octets.toString('utf8', start, this.#at)
  }
}
