/** A database that takes its time, so that things happen between a question and its answer. */
import type { Change, KeyRange, Put, Snapshot, Store } from '../../src/storage/database/store.ts'

export interface Pauses {
  /** Before a write is done; resolves in virtual time, or never where the process is gone. */
  write(): Promise<void> | undefined
  /** Before and after a read. */
  read(): Promise<void> | undefined
}

export class SlowStore implements Store {
  readonly #store: Store
  readonly #pauses: Pauses

  constructor(store: Store, pauses: Pauses) {
    this.#store = store
    this.#pauses = pauses
  }

  async get(key: Buffer): Promise<Buffer | undefined> {
    await this.#pauses.read()
    const value = await this.#store.get(key)
    await this.#pauses.read()
    return value
  }

  async getMany(keys: readonly Buffer[]): Promise<(Buffer | undefined)[]> {
    await this.#pauses.read()
    const values = await this.#store.getMany(keys)
    await this.#pauses.read()
    return values
  }

  async *iterate(range: KeyRange, batch?: number): AsyncGenerator<readonly Put[]> {
    for await (const found of this.#store.iterate(range, batch)) {
      await this.#pauses.read()
      yield found
    }
  }

  async *keys(range: KeyRange, batch?: number): AsyncGenerator<readonly Buffer[]> {
    for await (const found of this.#store.keys(range, batch)) {
      await this.#pauses.read()
      yield found
    }
  }

  snapshot(): Snapshot {
    return this.#store.snapshot()
  }

  async batch(changes: readonly Change[]): Promise<void> {
    await this.#pauses.write()
    await this.#store.batch(changes)
    await this.#pauses.write()
  }

  async flush(): Promise<boolean> {
    await this.#pauses.write()
    return this.#store.flush()
  }

  async clear(): Promise<void> {
    await this.#pauses.write()
    await this.#store.clear()
  }

  compact(from: Buffer, to: Buffer): Promise<void> {
    return this.#store.compact(from, to)
  }

  size(from: Buffer, to: Buffer): Promise<number> {
    return this.#store.size(from, to)
  }

  reopen(): Promise<void> {
    return this.#store.reopen()
  }

  close(): Promise<void> {
    return this.#store.close()
  }
}
