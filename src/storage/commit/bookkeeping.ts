/** Changes of our own that are no entries of the log, on their way to the next commit. */

import type { RecordChanges } from '../database/store.ts'
import { StoreStuck } from '../database/store-error.ts'

export interface Bookkeeping {
  readonly changes: RecordChanges
  readonly done: () => void
  readonly failed: (error: Error) => void
}

export class BookkeepingQueue {
  #waiting: Bookkeeping[] = []
  /** Those somebody waits for, also while they are being committed. */
  readonly #awaited = new Set<Bookkeeping>()

  /** `first`: nothing waited before it. */
  add(
    changes: RecordChanges,
    { awaited }: { readonly awaited: boolean },
  ): { readonly first: boolean; readonly kept: Promise<void> } {
    const kept = new Promise<void>((resolve, reject) => {
      const over = () => this.#awaited.delete(item)
      const item: Bookkeeping = {
        changes,
        done: () => {
          over()
          resolve()
        },
        failed: error => {
          over()
          reject(error)
        },
      }
      this.#waiting.push(item)
      if (awaited) this.#awaited.add(item)
    })
    return { first: this.#waiting.length === 1, kept }
  }

  take(): readonly Bookkeeping[] {
    const taken = this.#waiting
    this.#waiting = []
    return taken
  }

  /** Nobody should wait any more: what is not being committed yet is not kept. */
  giveUp(): void {
    this.#waiting = this.#waiting.filter(item => !this.#awaited.has(item))
    for (const { failed } of [...this.#awaited]) failed(new StoreStuck())
  }
}
