/** Runs an action once for each key, so that a form sent twice posts once. */

export class Once<Result> {
  readonly #results = new Map<string, Promise<Result>>()
  readonly #keeps: (result: Result) => boolean
  readonly #most: number

  /** A result that `keeps` says no to is forgotten at once, and so is the oldest of more than `most`. */
  constructor(keeps: (result: Result) => boolean, most = 1000) {
    this.#keeps = keeps
    this.#most = most
  }

  /** The result of `action`, or of the run under the same key before or beside it. */
  async run(key: string, action: () => Promise<Result>): Promise<{ result: Result; first: boolean }> {
    const known = this.#results.get(key)
    if (known !== undefined) return { result: await known, first: false }
    const running = action()
    this.#results.set(key, running)
    this.#trim()
    let kept = false
    try {
      const result = await running
      kept = this.#keeps(result)
      return { result, first: true }
    } finally {
      if (!kept) this.#results.delete(key)
    }
  }

  #trim(): void {
    for (const key of this.#results.keys()) {
      if (this.#results.size <= this.#most) return
      this.#results.delete(key)
    }
  }
}
