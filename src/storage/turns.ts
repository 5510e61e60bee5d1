/** One piece of work at a time, in the order of the calls. */

export class Turns {
  #last: Promise<unknown> = Promise.resolve()

  /** Starts `work` when all before it have ended, well or not; settles as `work` does. */
  run<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.#last.then(work)
    this.#last = turn.catch(() => {})
    return turn
  }
}
