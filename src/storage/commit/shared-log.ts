/** The order of entries: alone a queue is the order; in a cluster it would be a replicated stream. */
import type { Entry } from '../entry.ts'

/** Position in the shared order. */
export type Position = number

export interface Ordered {
  readonly position: Position
  readonly entry: Entry
}

export interface SharedLog {
  /** Resolves when the entry has a place in the order; undefined where it has one already. */
  append(entry: Entry): Promise<void> | undefined
  /** Everything after `after` in order, in groups of what is there: at most 256 entries or 4 MiB. */
  follow(after: Position, signal: AbortSignal): AsyncIterable<readonly Ordered[]>
}

const groupEntries = 256
const groupOctets = 4 * 1024 * 1024

/** Order only: nothing here is durable before `apply` has journaled it. */
export class LocalLog implements SharedLog {
  readonly #queue: Ordered[] = []
  #position: Position = 0
  #wake = () => {}

  append(entry: Entry): undefined {
    this.#position += 1
    this.#queue.push({ position: this.#position, entry })
    this.#wake()
  }

  async *follow(_after: Position, signal: AbortSignal): AsyncGenerator<readonly Ordered[]> {
    const stop = () => this.#wake()
    signal.addEventListener('abort', stop, { once: true })
    try {
      for (;;) {
        const group = this.#take()
        if (group.length > 0) yield group
        else if (signal.aborted) return
        else
          await new Promise<void>(resolve => {
            this.#wake = resolve
          })
      }
    } finally {
      signal.removeEventListener('abort', stop)
    }
  }

  #take(): readonly Ordered[] {
    let octets = 0
    let count = 0
    while (count < this.#queue.length && count < groupEntries && octets < groupOctets) {
      octets += sizeOf(this.#queue[count]?.entry)
      count += 1
    }
    return this.#queue.splice(0, count)
  }
}

function sizeOf(entry: Entry | undefined): number {
  if (entry?.kind === 'article') return entry.article.wire.length
  return entry?.kind === 'mail' ? entry.message.length : 100
}
