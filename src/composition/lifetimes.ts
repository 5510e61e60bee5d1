/** What was started, ended in reverse order: Node 20 has `await using` but no AsyncDisposableStack. */

export class Lifetimes implements AsyncDisposable {
  #ends: (() => PromiseLike<void> | void)[] = []

  use<T extends AsyncDisposable>(part: T): T {
    this.#ends.push(() => part[Symbol.asyncDispose]())
    return part
  }

  defer(end: () => PromiseLike<void> | void): void {
    this.#ends.push(end)
  }

  /** Everything started so far, now in other hands; this one ends nothing any more. */
  move(): Lifetimes {
    const moved = new Lifetimes()
    moved.#ends = this.#ends
    this.#ends = []
    return moved
  }

  /** Ends all, also when one fails; rejects with the first failure. */
  async [Symbol.asyncDispose](): Promise<void> {
    const failures: unknown[] = []
    for (const end of this.#ends.reverse())
      try {
        await end()
      } catch (error) {
        failures.push(error)
      }
    this.#ends = []
    if (failures.length > 0) throw failures[0]
  }
}
