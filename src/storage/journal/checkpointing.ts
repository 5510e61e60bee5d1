/** When checkpoints are made: as the journal grows, again where one failed, never two at a time, and a last one. */
import type { Clock, Timer } from '../../clock.ts'
import type { Log } from '../../log.ts'
import { StoreIncomplete } from '../database/store-error.ts'
import type { SearchBlocks } from '../search/search-blocks.ts'
import type { Checkpointer } from './checkpoint.ts'

export interface CheckpointingParts {
  readonly checkpointer: Checkpointer
  /** Sequence of the last record that every database was given. */
  readonly applied: () => number
  /** The index is being made: the journal has rows of the log that it would lack the next time. */
  readonly unfinished: () => boolean
  /** Told what is proved. */
  readonly search: SearchBlocks
  readonly clock: Clock
  readonly log: Log
  /** The process must end. */
  readonly fatal: (error: Error) => void
}

/** Until a checkpoint that failed is tried again, milliseconds. */
const retry = 10_000

export class Checkpointing {
  readonly #parts: CheckpointingParts
  #running: Promise<void> | undefined
  #timer: Timer | undefined
  #stopped = false

  constructor(parts: CheckpointingParts) {
    this.#parts = parts
  }

  whenDue(): void {
    if (!this.#timer && this.#parts.checkpointer.due()) this.#begin()
  }

  /** Resolves also where it failed: it is tried again. */
  async now(): Promise<void> {
    this.#begin()
    await this.#running
  }

  /** Begins no further one. */
  stop(): void {
    this.#stopped = true
    this.#timer?.cancel()
  }

  /** Resolves when none is under way. */
  async idle(): Promise<void> {
    await this.#running
  }

  /** After `stop`, with nothing committed any more. */
  async last(): Promise<void> {
    if (!this.#parts.unfinished()) await this.#run()
  }

  /** Commits go on meanwhile. */
  #begin(): void {
    if (this.#stopped || this.#parts.unfinished()) return
    this.#running ??= this.#run().finally(() => {
      this.#running = undefined
    })
  }

  async #run(): Promise<void> {
    const { checkpointer, applied, search, log, fatal } = this.#parts
    try {
      const { written } = search
      const result = await checkpointer.run(applied())
      if (result.ok) {
        void search.proved(written)
        return
      }
      log.error({ failed: result.failed, err: result.causes[0] }, 'checkpoint failed')
      const incomplete = result.causes.find(cause => cause instanceof StoreIncomplete)
      if (incomplete) throw incomplete
      this.#later()
    } catch (error) {
      fatal(error instanceof Error ? error : new Error(String(error)))
    }
  }

  /** Also with nobody posting: a handle that could not be reopened serves no readers. */
  #later(): void {
    if (this.#stopped) return
    this.#timer = this.#parts.clock.timer(retry, () => {
      this.#timer = undefined
      this.#begin()
    })
  }
}
