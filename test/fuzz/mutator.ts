/** Makes input from other input: small damage, words in odd places, and much of the same. */
import { octets } from './target.ts'

/** Octets of the largest input. */
export const mostOctets = 65_536

export class Mutator {
  readonly #random: () => number
  readonly #seeds: readonly Buffer[]
  readonly #words: readonly Buffer[]

  constructor({
    random,
    seeds,
    words,
  }: {
    readonly random: () => number
    readonly seeds: readonly Buffer[]
    readonly words: readonly string[]
  }) {
    this.#random = random
    this.#seeds = seeds
    this.#words = [...words, '\r\n', '\r', '\n', '\0', '.', ' ', '\t', '\xff', '\x80'].map(octets)
  }

  next(): Buffer {
    let input = this.#pick(this.#seeds)
    for (let left = 1 + this.#below(6); left > 0; left--) input = this.#mutate(input)
    return input.subarray(0, mostOctets)
  }

  /** Pieces of random sizes. */
  pieces(input: Buffer): Buffer[] {
    const pieces: Buffer[] = []
    const most = 1 + this.#below(Math.max(1, Math.ceil(input.length / 8)))
    for (let at = 0; at < input.length; ) {
      const length = 1 + this.#below(most)
      pieces.push(input.subarray(at, at + length))
      at += length
    }
    return pieces
  }

  #mutate(input: Buffer): Buffer {
    const [from, to] = this.#range(input)
    const before = input.subarray(0, from)
    const taken = input.subarray(from, to)
    const behind = input.subarray(to)
    switch (this.#below(8)) {
      case 0:
        return Buffer.concat([before, behind])
      case 1:
        return Buffer.concat([before, taken, taken, behind])
      case 2:
        return Buffer.concat([before, this.#pick(this.#words), input.subarray(from)])
      case 3:
        return Buffer.concat([before, this.#pick(this.#words), behind])
      case 4:
        return Buffer.concat([before, this.#flipped(input.subarray(from))])
      case 5:
        return Buffer.concat([before, this.#repeated(this.#pick(this.#words)), behind])
      case 6:
        return Buffer.concat([before, this.#repeated(taken), behind])
      default:
        return Buffer.concat([before, this.#pick(this.#seeds).subarray(this.#below(40))])
    }
  }

  /** Mostly short. */
  #range(input: Buffer): [number, number] {
    const from = this.#below(input.length + 1)
    const most = this.#below(4) === 0 ? input.length : 16
    return [from, Math.min(input.length, from + this.#below(most + 1))]
  }

  #flipped(input: Buffer): Buffer {
    const copy = Buffer.from(input)
    if (copy.length > 0) copy[0] = (copy[0] ?? 0) ^ (1 << this.#below(8))
    return copy
  }

  #repeated(part: Buffer): Buffer {
    const most = this.#below(10) === 0 ? mostOctets : 200
    const times = Math.floor(this.#below(most) / Math.max(1, part.length))
    return Buffer.concat(Array.from({ length: Math.min(times, most) }, () => part))
  }

  #pick<T>(all: readonly T[]): T {
    const picked = all[this.#below(all.length)]
    if (picked === undefined) throw new Error('nothing to pick from')
    return picked
  }

  #below(limit: number): number {
    return Math.floor(this.#random() * limit)
  }
}
