/** How much each has of something just now; of those who have nothing no trace is left. */
export class Occupancy {
  readonly #amounts = new Map<string, number>()

  of(key: string): number {
    return this.#amounts.get(key) ?? 0
  }

  /** What is given back is a negative amount. */
  add(key: string, amount = 1): void {
    const left = this.of(key) + amount
    if (left > 0) this.#amounts.set(key, left)
    else this.#amounts.delete(key)
  }
}
