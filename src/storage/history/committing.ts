/** Message-IDs of articles that are queued or being committed: neither "have" nor "new". RFC 4644 2.4.2 */

export class Committing {
  /** Copies of each: two connections may bring the same article. */
  readonly #copies = new Map<string, number>()

  has(id: string): boolean {
    // A table that is empty is asked for no hash of the id.
    return this.#copies.size > 0 && this.#copies.has(id)
  }

  add(id: string): void {
    this.#copies.set(id, (this.#copies.get(id) ?? 0) + 1)
  }

  remove(id: string): void {
    const left = (this.#copies.get(id) ?? 0) - 1
    if (left > 0) this.#copies.set(id, left)
    else this.#copies.delete(id)
  }

  get size(): number {
    return this.#copies.size
  }
}
