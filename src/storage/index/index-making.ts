/** The index of an open node while it is made again: nothing is committed meanwhile, and readers get what is there. */
import type { Log } from '../../log.ts'
import { Reason } from '../../reason.ts'
import { type Committer, indexMissing } from '../commit/committer.ts'
import type { Stores } from '../database/store.ts'
import type { Journal } from '../journal/journal.ts'
import { allArticles } from '../keys.ts'
import type { Active } from '../state/active.ts'
import { makeIndex } from './index-rebuild.ts'

interface IndexMakingParts {
  readonly stores: Stores
  readonly journal: Journal
  readonly active: Active
  readonly log: Log
  readonly committer: Pick<Committer, 'pause' | 'turn'>
  readonly fatal: (error: Error) => void
}

export class IndexMaking {
  /** Resolves when the index is whole; rejects where that failed, which is fatal, or `stop` came first. */
  readonly whole: Promise<void>
  readonly #stop = new AbortController()
  #unfinished: boolean

  /** `whole`: there is nothing to do. */
  constructor(whole: boolean, parts: IndexMakingParts) {
    this.#unfinished = !whole
    this.whole = whole ? Promise.resolve() : this.#make(parts)
    this.whole.catch(() => {})
  }

  get unfinished(): boolean {
    return this.#unfinished
  }

  /** The next start begins anew. */
  stop(): void {
    this.#stop.abort()
  }

  async #make({ committer, fatal, ...parts }: IndexMakingParts): Promise<void> {
    const { signal } = this.#stop
    committer.pause(indexMissing, new Reason('busy', 'the index is being made again'))
    try {
      await committer.turn(() => makeIndex({ ...parts, signal }))
      this.#unfinished = false
      committer.pause(indexMissing)
    } catch (error) {
      if (!signal.aborted) fatal(error instanceof Error ? error : new Error(String(error)))
      throw error
    }
  }
}

/** Whether there is nothing that an index would be made from. */
export async function isEmpty({ articles }: Stores): Promise<boolean> {
  for await (const keys of articles.keys({ ...allArticles, limit: 1 }, 1)) return keys.length === 0
  return true
}
