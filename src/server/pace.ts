/** Long answers in small turns: nobody else waits for a big list. */
import { setImmediate } from 'node:timers/promises'
import type { Session } from './session.ts'

const sliceMilliseconds = 5
const chunkOctets = 65_536

/** Lets the event loop run at least every 5 ms of work, and tells when nobody wants the rest. */
export class Pace {
  readonly #session: Session
  #since: number

  constructor(session: Session) {
    this.#session = session
    this.#since = session.services.clock.monotonic()
  }

  /** Whether the client is still there. */
  get wanted(): boolean {
    return !this.#session.signal.aborted
  }

  /** Undefined while the slice lasts. */
  rest(): Promise<void> | undefined {
    const now = this.#session.services.clock.monotonic()
    return now - this.#since < sliceMilliseconds ? undefined : this.#rest()
  }

  async #rest(): Promise<void> {
    await setImmediate()
    this.#since = this.#session.services.clock.monotonic()
  }
}

/** One line an item, without CRLF; undefined leaves the item out. Stuffed where it begins with a dot. */
export type Render<T> = (item: T) => string | undefined | Promise<string | undefined>

/**
 * Batches of items as lines for the wire, in chunks up to 64 KiB and a line. `encoding` is that of the strings:
 * latin1 where each character stands for an octet of an article. Ends early when the client goes.
 */
export async function* linesOf<T>(
  session: Session,
  batches: AsyncIterable<readonly T[]> | Iterable<readonly T[]>,
  { render, encoding = 'utf8' }: { readonly render: Render<T>; readonly encoding?: 'utf8' | 'latin1' },
): AsyncGenerator<Buffer> {
  const pace = new Pace(session)
  let text = ''
  let items = 0
  for await (const batch of batches) {
    for (const item of batch) {
      const rendered = render(item)
      const line = rendered instanceof Promise ? await rendered : rendered
      if (line !== undefined) text += line.startsWith('.') ? `.${line}\r\n` : `${line}\r\n`
      if (text.length >= chunkOctets) {
        yield Buffer.from(text, encoding)
        text = ''
      }
      if ((++items & 15) !== 0) continue
      const rest = pace.rest()
      if (rest !== undefined) await rest
      if (!pace.wanted) return
    }
  }
  if (text !== '') yield Buffer.from(text, encoding)
}

/** The same sequence, or undefined where it is empty: known before the status line is sent. */
export async function nonEmpty<T>(source: AsyncIterable<T>): Promise<AsyncIterable<T> | undefined> {
  const iterator = source[Symbol.asyncIterator]()
  let first: IteratorResult<T> | undefined = await iterator.next()
  if (first.done) return undefined
  return {
    [Symbol.asyncIterator]: () => ({
      next() {
        const result = first
        first = undefined
        return result ? Promise.resolve(result) : iterator.next()
      },
      async return() {
        await iterator.return?.()
        return { done: true, value: undefined }
      },
    }),
  }
}
