/** Many short texts of single octets (message-IDs, names, subjects), each kept once, in a few large arrays. */
import type { Place } from './overview-fields.ts'

const free = -1
/** Steps to look for a place. Texts made to share one get lost behind it, and nobody waits for them. */
const mostSteps = 256

export class TextPool {
  #octets = Buffer.allocUnsafeSlow(4096)
  /** Where each text ends in `#octets`. */
  #ends = new Uint32Array(256)
  #hashes = new Int32Array(256)
  /** Numbers of texts by hash; its length is a power of two. */
  #table = new Int32Array(1024).fill(free)
  #count = 0

  get count(): number {
    return this.#count
  }

  /** Octets of memory. */
  get size(): number {
    return this.#octets.length + this.#ends.byteLength + this.#hashes.byteLength + this.#table.byteLength
  }

  /** The number of a text, which is `count` of before where it is new. */
  intern(source: Buffer, start: number, end: number): number {
    const hash = hashOf(source, start, end)
    const place = this.#place(source, start, { end, hash })
    if (place === undefined) return this.#append(source, start, { end, hash })
    const known = this.#table[place] ?? free
    if (known !== free) return known
    const added = this.#append(source, start, { end, hash })
    this.#table[place] = added
    if (this.#count * 2 > this.#table.length) this.#spread()
    return added
  }

  /** A text beside the one that is there already; nothing finds it. */
  double(source: Buffer, start: number, end: number): number {
    return this.#append(source, start, { end, hash: 0 })
  }

  find(source: Buffer): number | undefined {
    const place = this.#place(source, 0, { end: source.length, hash: hashOf(source, 0, source.length) })
    const known = place === undefined ? free : (this.#table[place] ?? free)
    return known === free ? undefined : known
  }

  /** One character an octet. */
  text(number: number): string {
    return this.#octets.toString('latin1', this.#startOf(number), this.#ends[number])
  }

  #startOf(number: number): number {
    return number === 0 ? 0 : (this.#ends[number - 1] ?? 0)
  }

  /** Where a text stands in the table or can be put; undefined where the way there is too long. */
  #place(source: Buffer, start: number, { end, hash }: { end: number; hash: number }): number | undefined {
    const mask = this.#table.length - 1
    let at = hash & mask
    for (let step = 1; step <= mostSteps; step++) {
      const number = this.#table[at] ?? free
      if (number === free) return at
      if (this.#hashes[number] === hash && this.#equals(number, source, { start, end })) return at
      at = (at + step) & mask
    }
    return undefined
  }

  #equals(number: number, source: Buffer, { start, end }: Place): boolean {
    const from = this.#startOf(number)
    const to = this.#ends[number] ?? 0
    return to - from === end - start && this.#octets.compare(source, start, end, from, to) === 0
  }

  #append(source: Buffer, start: number, { end, hash }: { end: number; hash: number }): number {
    const number = this.#count
    const at = this.#startOf(number)
    const next = at + end - start
    if (next > this.#octets.length) {
      const octets = Buffer.allocUnsafeSlow(Math.max(next, Math.ceil(this.#octets.length * 1.5)))
      this.#octets.copy(octets, 0, 0, at)
      this.#octets = octets
    }
    if (number >= this.#ends.length) {
      const room = Math.ceil(number * 1.5)
      this.#ends = copied(this.#ends, new Uint32Array(room))
      this.#hashes = copied(this.#hashes, new Int32Array(room))
    }
    source.copy(this.#octets, at, start, end)
    this.#ends[number] = next
    this.#hashes[number] = hash
    this.#count += 1
    return number
  }

  #spread(): void {
    const old = this.#table
    this.#table = new Int32Array(old.length * 2).fill(free)
    const mask = this.#table.length - 1
    for (const number of old) {
      if (number === free) continue
      let at = (this.#hashes[number] ?? 0) & mask
      for (let step = 1; this.#table[at] !== free && step <= mostSteps; step++) at = (at + step) & mask
      if (this.#table[at] === free) this.#table[at] = number
    }
  }
}

function copied<Numbers extends Uint32Array | Int32Array>(from: Numbers, to: Numbers): Numbers {
  to.set(from)
  return to
}

/** FNV-1a, stirred, so that its low bits depend on all of it. */
function hashOf(source: Buffer, start: number, end: number): number {
  let hash = 0x811c9dc5
  for (let at = start; at < end; at++) hash = Math.imul(hash ^ (source[at] ?? 0), 0x01000193)
  hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d)
  return hash ^ (hash >>> 13)
}
