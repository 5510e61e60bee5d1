/** How many articles are fetched at once: large ones take turns by network, and small ones do not wait for them. */
import { FairQueue } from '../fair-queue.ts'

/** From here on an article is a large one, octets. */
const large = 64 * 1024
/** As many as storage takes in one errand. */
const mostSmall = 64
/** Each keeps a thread of the pool and then the event loop busy for some milliseconds. */
const mostLarge = 2

export interface Fetch<T> {
  /** The network that asks. */
  readonly party: string
  /** What the article is expected to be. */
  readonly octets: number
  /** Must not reject. */
  readonly run: () => T | Promise<T>
}

/** One for all connections of a server. */
export class FetchGate {
  readonly #small = new Lane(mostSmall)
  readonly #large = new Lane(mostLarge)

  /** Runs it at once where there is room in its lane, else when its turn comes. */
  fetch<T>(fetch: Fetch<T>): T | Promise<T> {
    return (fetch.octets < large ? this.#small : this.#large).take(fetch)
  }
}

class Lane {
  #free: number
  readonly #waiting = new FairQueue<() => void>()

  constructor(places: number) {
    this.#free = places
  }

  take<T>(fetch: Fetch<T>): T | Promise<T> {
    if (this.#free > 0) return this.#begin(fetch)
    return new Promise(resolve => this.#waiting.add(fetch.party, () => resolve(this.#begin(fetch))))
  }

  #begin<T>({ run }: Fetch<T>): T | Promise<T> {
    const result = run()
    if (!(result instanceof Promise)) return result
    this.#free -= 1
    void result.then(this.#done)
    return result
  }

  readonly #done = (): void => {
    this.#free += 1
    while (this.#free > 0) {
      const next = this.#waiting.next()
      if (next === undefined) return
      next()
    }
  }
}
