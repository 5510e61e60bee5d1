/**
 * Step 7, second half: what the journal holds goes into the databases, however long that takes. A handle that failed
 * is reopened, which proves that it still has all it was given before; then the same changes, being absolute, are
 * written again.
 */
import type { Clock } from '../../clock.ts'
import type { Log } from '../../log.ts'
import {
  type Change,
  type DatabaseName,
  databases,
  type RecordChanges,
  type Stores,
} from '../database/store.ts'
import { StoreIncomplete } from '../database/store-error.ts'

export interface DatabaseWriterOptions {
  readonly stores: Stores
  readonly clock: Clock
  readonly events: Log
  /** From then on a failing write is given up: the journal has it, and the next start writes it. */
  readonly stop: AbortSignal
  /** A database takes no writes (true), or takes them again. */
  readonly stuck: (database: DatabaseName, stuck: boolean) => void
  /** Called once for a write that has taken too long: nobody should wait for it any more. */
  readonly overdue: () => void
}

const firstPause = 100
const lastPause = 5000
/** Milliseconds after which those who wait are told to come again. */
const patience = 30_000

export class DatabaseWriter {
  readonly #options: DatabaseWriterOptions

  constructor(options: DatabaseWriterOptions) {
    this.#options = options
  }

  /** Rejects when stopped meanwhile, and with `StoreIncomplete`: then only a new start, with its replay, helps. */
  async write(records: readonly RecordChanges[]): Promise<void> {
    await Promise.all(databases.map(name => this.#write(name, records)))
  }

  async #write(name: DatabaseName, records: readonly RecordChanges[]): Promise<void> {
    const changes: Change[] = []
    for (const record of records)
      for (const change of record) if (change.database === name) changes.push(change)
    if (changes.length === 0) return
    const { stores, clock, events, stop, stuck, overdue } = this.#options
    const started = clock.monotonic()
    let waiting = true
    for (let pause = firstPause; ; pause = Math.min(pause * 2, lastPause)) {
      try {
        await stores[name].batch(changes)
        stuck(name, false)
        return
      } catch (error) {
        events.error({ err: error, database: name }, 'database write failed, reopening')
        stuck(name, true)
        if (stop.aborted) throw error
      }
      if (waiting && clock.monotonic() - started > patience) {
        waiting = false
        overdue()
      }
      await clock.sleep(pause, stop)
      await this.#reopen(name)
    }
  }

  async #reopen(name: DatabaseName): Promise<void> {
    const { stores, events } = this.#options
    try {
      await stores[name].reopen()
    } catch (error) {
      if (error instanceof StoreIncomplete) throw error
      events.error({ err: error, database: name }, 'database did not reopen')
    }
  }
}
