/**
 * Who has most, of more names than can be kept: the least of those kept gives way to a new name, which takes over its
 * count, so that nobody who really has much is missed. "Space-Saving", Metwally, Agrawal and El Abbadi, 2005.
 */

export type Counted = readonly [name: string, count: number]

export class Leaders {
  readonly #most: number
  readonly #counts: Map<string, number>

  /** At most `most` names are kept. */
  constructor(most: number, counts: Iterable<Counted> = []) {
    this.#most = most
    this.#counts = new Map(counts)
  }

  add(name: string): void {
    const known = this.#counts.get(name)
    if (known !== undefined || this.#counts.size < this.#most) {
      this.#counts.set(name, (known ?? 0) + 1)
      return
    }
    const [least, count] = this.#least()
    this.#counts.delete(least)
    this.#counts.set(name, count + 1)
  }

  /** The greatest first; equal ones by name. */
  top(limit: number): readonly Counted[] {
    return [...this.#counts].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1)).slice(0, limit)
  }

  all(): readonly Counted[] {
    return [...this.#counts]
  }

  #least(): Counted {
    let found: Counted = ['', Number.POSITIVE_INFINITY]
    for (const entry of this.#counts) if (entry[1] < found[1]) found = entry
    return found
  }
}
