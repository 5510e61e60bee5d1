/**
 * How many threads have how many articles, counted as articles arrive: a thread is known by its first message-ID. The
 * threads that articles came to lately are remembered; one that was forgotten keeps the length it had, and begins anew.
 */
import { createHash } from 'node:crypto'

/** Upper ends of the lengths that threads are sorted into; the last span has none. */
export const lengthSpans = [1, 2, 5, 10, 20, 50, 100] as const

/** Threads that are remembered. */
const usualMost = 10_000

export interface WrittenLengths {
  readonly spans: readonly number[]
  /** The one with the newest article last. */
  readonly open: readonly (readonly [thread: string, articles: number])[]
}

export class ThreadLengths {
  readonly #most: number
  readonly #spans: number[]
  readonly #open: Map<string, number>

  constructor(written?: WrittenLengths, most = usualMost) {
    this.#most = most
    this.#spans = [...(written?.spans ?? Array.from({ length: lengthSpans.length + 1 }, () => 0))]
    this.#open = new Map(written?.open)
  }

  /** Threads by their length; see `lengthSpans`. */
  get spans(): readonly number[] {
    return this.#spans
  }

  /** An article of the thread that `first` begins, which need not be here. */
  add(first: string): void {
    // Message-IDs are long, and what two that look alike would do is small. 48 bits
    const thread = createHash('sha256').update(first).digest().toString('base64url', 0, 6)
    const length = (this.#open.get(thread) ?? 0) + 1
    if (length > 1) this.#change(length - 1, -1)
    this.#change(length, 1)
    this.#open.delete(thread)
    this.#open.set(thread, length)
    const [oldest] = this.#open.keys()
    if (this.#open.size > this.#most && oldest !== undefined) this.#open.delete(oldest)
  }

  toJSON(): WrittenLengths {
    return { spans: this.#spans, open: [...this.#open] }
  }

  #change(length: number, by: 1 | -1): void {
    const found = lengthSpans.findIndex(end => length <= end)
    const span = found === -1 ? lengthSpans.length : found
    this.#spans[span] = (this.#spans[span] ?? 0) + by
  }
}

/** The message-ID that the thread of an article is known by: the first that it refers to, or its own. RFC 5537 3.4.4 */
export const firstOf = (references: string, messageId: string): string =>
  /<[^<>\s]+>/.exec(references)?.[0] ?? messageId
