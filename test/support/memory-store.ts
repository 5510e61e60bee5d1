/** A database in memory for tests and simulations: completes in a fixed order, fails and crashes on demand. */
import { MemoryLevel } from 'memory-level'
import {
  type LevelDatabase,
  type LevelSnapshot,
  LevelSnapshotReading,
  readKeys,
  readPairs,
  type Source,
} from '../../src/storage/database/level-reading.ts'
import type { Change, KeyRange, Put, Snapshot, Store } from '../../src/storage/database/store.ts'
import { StoreClosed, WritesRefused } from '../../src/storage/database/store-error.ts'
import { Turns } from '../../src/storage/turns.ts'

type Operation = { type: 'put'; key: Buffer; value: Buffer } | { type: 'del'; key: Buffer }

interface WritableLevel extends LevelDatabase {
  batch(operations: Operation[]): Promise<void>
}

export type Faulty = 'batch' | 'flush' | 'get' | 'reopen'

export class MemoryStore implements Store {
  readonly #level: WritableLevel
  /** What the last flush made durable; absent before the first. */
  #durable: LevelSnapshot | undefined
  /** Batches since then, which a crash may drop. */
  #unflushed: Operation[][] = []
  #failure: unknown
  #open = true
  readonly #faults = new Map<Faulty, Error>()
  readonly #writes = new Turns()
  readonly #source: Source = { database: () => this.#handle() }

  private constructor(level: WritableLevel) {
    this.#level = level
  }

  static async open(): Promise<MemoryStore> {
    const level = new MemoryLevel<Buffer, Buffer>({ keyEncoding: 'buffer', valueEncoding: 'buffer' })
    await level.open()
    return new MemoryStore(level)
  }

  /** The next such call rejects with `error`; a flush answers false instead. */
  failNext(error: Error, call: Faulty = 'batch'): void {
    this.#faults.set(call, error)
  }

  /**
   * The power goes: this store is dead, and the answer is what a new start finds. Of the batches since the last
   * flush none is there, or with `random` (0 to below 1) each by chance, whole or not at all.
   */
  async crash(random?: () => number): Promise<MemoryStore> {
    this.#open = false
    const survivor = await MemoryStore.open()
    if (this.#durable !== undefined) {
      const source = { database: () => this.#level, snapshot: this.#durable }
      for await (const pairs of readPairs(source, {})) await survivor.batch(pairs)
    }
    for (const operations of this.#unflushed) {
      if (random !== undefined && random() < 0.5) await survivor.#level.batch(operations)
    }
    await survivor.flush()
    return survivor
  }

  async get(key: Buffer): Promise<Buffer | undefined> {
    this.#fault('get')
    return this.#handle().get(key, {})
  }

  async getMany(keys: readonly Buffer[]): Promise<(Buffer | undefined)[]> {
    this.#fault('get')
    return this.#handle().getMany([...keys], {})
  }

  iterate(range: KeyRange, batch?: number): AsyncIterable<readonly Put[]> {
    return readPairs(this.#source, range, batch)
  }

  keys(range: KeyRange, batch?: number): AsyncIterable<readonly Buffer[]> {
    return readKeys(this.#source, range, batch)
  }

  snapshot(): Snapshot {
    return new LevelSnapshotReading(this.#handle(), () => {})
  }

  batch(changes: readonly Change[]): Promise<void> {
    const operations = changes.map(copy)
    return this.#writes.run(async () => {
      if (this.#failure !== undefined) throw new WritesRefused(this.#failure)
      const level = this.#handle()
      try {
        this.#fault('batch')
      } catch (error) {
        this.#failure = error
        throw error
      }
      await level.batch(operations)
      this.#unflushed.push(operations)
    })
  }

  async flush(): Promise<boolean> {
    const level = this.#handle()
    if (this.#failure !== undefined || this.#faults.delete('flush')) return false
    const before = this.#durable
    this.#durable = level.snapshot()
    this.#unflushed = []
    await before?.close()
    return true
  }

  clear(): Promise<void> {
    return this.#writes.run(async () => {
      const level = this.#handle()
      const operations: Operation[] = []
      for await (const keys of readKeys(this.#source, {}))
        for (const key of keys) operations.push({ type: 'del', key })
      await level.batch(operations)
      this.#unflushed.push(operations)
      this.#failure = undefined
    })
  }

  async compact(): Promise<void> {
    this.#handle()
  }

  async size(): Promise<number> {
    this.#handle()
    return 0
  }

  reopen(): Promise<void> {
    return this.#writes.run(async () => {
      this.#handle()
      this.#fault('reopen')
      this.#failure = undefined
    })
  }

  /** What `crash` would leave can still be had. */
  close(): Promise<void> {
    return this.#writes.run(async () => {
      this.#open = false
    })
  }

  #fault(call: Faulty): void {
    const error = this.#faults.get(call)
    this.#faults.delete(call)
    if (error !== undefined) throw error
  }

  #handle(): WritableLevel {
    if (!this.#open) throw new StoreClosed(this.#failure)
    return this.#level
  }
}

/** As LevelDB does: what the caller does with its buffers afterwards changes nothing here. */
function copy({ key, value }: Change): Operation {
  if (value === undefined) return { type: 'del', key: Buffer.from(key) }
  return { type: 'put', key: Buffer.from(key), value: Buffer.from(value) }
}
