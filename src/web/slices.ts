/** Work for one page in small pieces: whoever speaks NNTP waits at most a slice for whoever reads in a browser. */
import { setImmediate as setTurn } from 'node:timers'
import { setImmediate } from 'node:timers/promises'
import type { Clock } from '../clock.ts'

/** Shorter than the 5 ms that nobody may be held up: what stands between two questions counts too. */
const sliceMilliseconds = 2

/** What a piece of work asks in between. */
export interface Slices {
  /** Undefined while the slice lasts; else a promise to wait for before going on. */
  rest(): Promise<void> | undefined
}

/** Whoever asked for the page has gone: thousands of them, each gone at once, would fill the memory with pages. */
export class Abandoned extends Error {
  override readonly name = 'Abandoned'
}

/** Those who work in slices go on one after the other, one in each turn of the event loop. */
export class Turnstile {
  readonly #next: (act: () => void) => void
  readonly #waiting: (() => void)[] = []

  /** `next` calls back in the next turn. */
  constructor(next: (act: () => void) => void = act => void setTurn(act)) {
    this.#next = next
  }

  /** Resolves when it is our turn. */
  readonly pass = (): Promise<void> =>
    new Promise(resolve => {
      this.#waiting.push(resolve)
      if (this.#waiting.length === 1) this.#next(this.#let)
    })

  /** As `pass`, for one page; rejects where nobody waits for it any more. */
  passFor({ gone }: { readonly gone: () => boolean }): () => Promise<void> {
    return async () => {
      await this.pass()
      if (gone()) throw new Abandoned('nobody waits for the page')
    }
  }

  readonly #let = (): void => {
    this.#waiting.shift()?.()
    if (this.#waiting.length > 0) this.#next(this.#let)
  }
}

/** A new slice begins now. `turn` lets all others go first. */
export function slicesOf(clock: Clock, turn: () => Promise<unknown> = () => setImmediate()): Slices {
  let since = clock.monotonic()
  const rest = async () => {
    await turn()
    since = clock.monotonic()
  }
  return { rest: () => (clock.monotonic() - since < sliceMilliseconds ? undefined : rest()) }
}

/** Runs steps to their end, and lets all others go first whenever a slice is over. */
export async function inSlices<Result>(steps: Generator<void, Result>, slices: Slices): Promise<Result> {
  for (;;) {
    const { done, value } = steps.next()
    if (done === true) return value
    const rest = slices.rest()
    if (rest !== undefined) await rest
  }
}
