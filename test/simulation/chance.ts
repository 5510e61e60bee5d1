/** Choices of a simulation, all from one seed. */
import { seeded } from '../support/seeded.ts'

export class Chance {
  readonly #next: () => number

  constructor(seed: number) {
    this.#next = seeded(seed)
  }

  /** From 0 to below 1. */
  readonly random = (): number => this.#next()

  /** A whole number from `low` to `high`, both included. */
  between(low: number, high: number): number {
    return low + Math.floor(this.#next() * (high - low + 1))
  }

  /** True in so many of a hundred cases. */
  percent(cases: number): boolean {
    return this.#next() * 100 < cases
  }

  one<T>(of: readonly [T, ...T[]]): T {
    return of[Math.floor(this.#next() * of.length)] ?? of[0]
  }

  /** `count` of them at most, in random order. */
  some<T>(of: readonly T[], count: number): T[] {
    const left = [...of]
    const taken: T[] = []
    while (taken.length < count && left.length > 0)
      taken.push(...left.splice(Math.floor(this.#next() * left.length), 1))
    return taken
  }

  octets(count: number): Buffer {
    return Buffer.from(Array.from({ length: count }, () => Math.floor(this.#next() * 256)))
  }

  /** A seed for choices that do not disturb these. */
  fork(): Chance {
    return new Chance(Math.floor(this.#next() * 2 ** 32))
  }
}
