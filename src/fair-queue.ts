/** Who waits for something scarce: the parties take turns, so that one that asks much waits behind itself. */

export class FairQueue<T> {
  /** The party whose turn comes next is first. */
  readonly #parties = new Map<string, T[]>()
  #length = 0

  get length(): number {
    return this.#length
  }

  /** How many `party` has waiting. */
  of(party: string): number {
    return this.#parties.get(party)?.length ?? 0
  }

  add(party: string, item: T): void {
    const items = this.#parties.get(party)
    if (items === undefined) this.#parties.set(party, [item])
    else items.push(item)
    this.#length += 1
  }

  /** The oldest of the party whose turn it is; undefined where nobody waits. */
  next(): T | undefined {
    for (const [party, items] of this.#parties) {
      const item = items.shift()
      this.#parties.delete(party)
      if (items.length > 0) this.#parties.set(party, items)
      this.#length -= 1
      return item
    }
    return undefined
  }

  /** Takes out the newest of the party that has most, where that is more than one more than `party` has. */
  makeRoom(party: string): T | undefined {
    let most: T[] = []
    for (const items of this.#parties.values()) if (items.length > most.length) most = items
    if (most.length <= this.of(party) + 1) return undefined
    this.#length -= 1
    return most.pop()
  }

  clear(): void {
    this.#parties.clear()
    this.#length = 0
  }
}
