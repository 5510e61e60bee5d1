/** What can only be started later, and is ended all the same when everything ends. */
import { Lifetimes } from './lifetimes.ts'

export class Beginning implements AsyncDisposable {
  /** Resolves when all is started. Rejects where that failed, where `after` rejects, and where the end came first. */
  readonly done: Promise<void>
  readonly #started = new Lifetimes()
  #begun: Promise<void> | undefined
  #ended = false

  /** `begin` is called when `after` resolves, and gives what it starts that has no other owner to `started`. */
  constructor(after: Promise<void>, begin: (started: Lifetimes) => Promise<void>) {
    this.done = after.then(() => {
      if (this.#ended) throw new Error('ended before it began')
      this.#begun = begin(this.#started)
      return this.#begun
    })
    this.done.catch(() => {})
  }

  get ended(): boolean {
    return this.#ended
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#ended = true
    await this.#begun?.catch(() => {})
    await this.#started[Symbol.asyncDispose]()
  }
}
