/** Checkpoints: when the databases are proved to hold what the journal holds, the journal may shrink. */

import type { DatabaseName, Store, Stores } from '../database/store.ts'
import type { Journal } from './journal.ts'
import { SyncFailed } from './journal-error.ts'

export type CheckpointResult =
  | { readonly ok: true; readonly sequence: number }
  | {
      readonly ok: false
      /** Databases that did not flush, and were reopened where that was possible. */
      readonly failed: readonly DatabaseName[]
      /** Why: of the flush, of the reopening, or of the journal. */
      readonly causes: readonly unknown[]
    }

const usualLimit = 64 * 1024 * 1024

export class Checkpointer {
  readonly #stores: Stores
  readonly #journal: Journal
  readonly #limit: number
  /** Size of the journal after the last checkpoint: what came meanwhile stays for the next one. */
  #kept = 0

  /** `limit`: octets of the journal after which a checkpoint is due; 64 MiB where absent. */
  constructor(stores: Stores, journal: Journal, limit = usualLimit) {
    this.#stores = stores
    this.#journal = journal
    this.#limit = limit
  }

  due(): boolean {
    return this.#journal.size - this.#kept > this.#limit
  }

  /**
   * `applied`: sequence of the last record whose writes to every database have returned. Commits may go on
   * meanwhile. On `ok: false` nothing was removed; try again later. `SyncFailed` ends the process.
   */
  async run(applied: number): Promise<CheckpointResult> {
    const flushed = await Promise.all([
      flush('articles', this.#stores.articles),
      flush('state', this.#stores.state),
      flush('index', this.#stores.index),
    ])
    const bad = flushed.filter(result => !result.ok)
    if (bad.length > 0) {
      return { ok: false, failed: bad.map(({ name }) => name), causes: bad.flatMap(({ causes }) => causes) }
    }
    try {
      await this.#journal.checkpoint(applied)
    } catch (error) {
      if (error instanceof SyncFailed) throw error
      return { ok: false, failed: [], causes: [error] }
    }
    this.#kept = this.#journal.size
    return { ok: true, sequence: applied }
  }
}

interface Flushed {
  readonly name: DatabaseName
  readonly ok: boolean
  readonly causes: readonly unknown[]
}

/** A handle that did not flush is not trusted with another write. */
async function flush(name: DatabaseName, store: Store): Promise<Flushed> {
  const causes: unknown[] = []
  try {
    if (await store.flush()) return { name, ok: true, causes }
  } catch (error) {
    causes.push(error)
  }
  try {
    await store.reopen()
  } catch (error) {
    causes.push(error)
  }
  return { name, ok: false, causes }
}
