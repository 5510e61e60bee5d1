/** A database in a LevelDB directory. LevelDB forgets silently after some errors, so each step here is proved. */
import { readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { Level } from 'level'
import type { Clock } from '../../clock.ts'
import { systemClock } from '../../clock.ts'
import { syncDirectory } from '../disk/node-disk.ts'
import { Turns } from '../turns.ts'
import { AtHand } from './at-hand.ts'
import {
  type LevelDatabase,
  LevelSnapshotReading,
  readKeys,
  readPairs,
  type Source,
} from './level-reading.ts'
import { allRecovered, messages, writeAheadLogs } from './recovered-logs.ts'
import type { Change, KeyRange, Put, Snapshot, Store } from './store.ts'
import { StoreClosed, StoreIncomplete, StoreLocked, WritesRefused } from './store-error.ts'

export interface LevelStoreOptions {
  /** Octets of uncompressed blocks kept in memory; 8 MiB where absent. */
  readonly cacheSize?: number
  /** Octets in memory before a table file is written; 4 MiB where absent. Up to twice this is held. */
  readonly writeBufferSize?: number
  /** Whether new tables are compressed; they are where absent. Those that are there are read either way. */
  readonly compression?: boolean
  /** File descriptors LevelDB may hold; 1000 where absent. */
  readonly maxOpenFiles?: number
  /** Milliseconds that `reopen` waits for open snapshots before it takes them away; 5000 where absent. */
  readonly patience?: number
  readonly clock?: Clock
}

/** Takes each change as it comes: less than half the work of a batch given as an array. */
interface WriteBatch {
  put(key: Buffer, value: Buffer): unknown
  del(key: Buffer): unknown
  write(): Promise<void>
  close(): Promise<void>
}

interface Asked {
  readonly key: Buffer
  readonly resolve: (value: Buffer | undefined) => void
  readonly reject: (error: unknown) => void
}

/** Keys of one errand: more would let large values wait for each other, and use one thread where there are more. */
const errand = 64
/** Keys that are read without an errand: for more of them it costs less of this thread. */
const mostAtOnce = 4

/** What LevelDB on a disk has beside what `level` has everywhere. */
interface LevelOnDisk extends LevelDatabase {
  getSync(key: Buffer): Buffer | undefined
  batch(): WriteBatch
  compactRange(start: Buffer, end: Buffer): Promise<void>
  approximateSize(start: Buffer, end: Buffer): Promise<number>
}

const empty = Buffer.alloc(0)

export class LevelStore implements Store {
  readonly #directory: string
  readonly #options: LevelStoreOptions
  /** Undefined while one handle is exchanged for another, and when closed. */
  #database: LevelOnDisk | undefined
  #exchange: Promise<void> | undefined
  #failure: unknown
  #closed = false
  #incomplete = false
  #idle: (() => void) | undefined
  /** Single keys that are asked for in this turn. */
  #asked: Asked[] = []
  readonly #atHand: AtHand
  readonly #snapshots = new Set<LevelSnapshotReading>()
  readonly #writes = new Turns()
  readonly #flushes = new Turns()
  readonly #source: Source = { database: () => this.#handle() }

  private constructor(directory: string, options: LevelStoreOptions, database: LevelOnDisk) {
    this.#directory = directory
    this.#options = options
    this.#database = database
    this.#atHand = new AtHand(options.clock ?? systemClock)
  }

  /**
   * Opens the database, created where absent. `StoreLocked` when it is open elsewhere; but trying that in the
   * process that has it open, or reading its LOCK file there, ends the lock for others. What was not flushed may
   * be gone, whatever LevelDB says: replay the journal into it before it is read.
   */
  static async open(directory: string, options: LevelStoreOptions = {}): Promise<LevelStore> {
    return new LevelStore(directory, options, await openLevel(directory, options))
  }

  /**
   * What is asked for in one turn of the event loop is read at its end: a few keys at once, as long as that is fast, and
   * more in errands to LevelDB's threads.
   */
  get(key: Buffer): Promise<Buffer | undefined> {
    return new Promise((resolve, reject) => {
      if (this.#asked.length === 0) process.nextTick(() => this.#answerAsked())
      this.#asked.push({ key, resolve, reject })
    })
  }

  async getMany(keys: readonly Buffer[]): Promise<(Buffer | undefined)[]> {
    const database = this.#database ?? (await this.#handle())
    return database.getMany([...keys], {})
  }

  /** One consistent view, unless the store is reopened meanwhile: then it goes on in the new handle. */
  iterate(range: KeyRange, batch?: number): AsyncIterable<readonly Put[]> {
    return readPairs(this.#source, range, batch)
  }

  keys(range: KeyRange, batch?: number): AsyncIterable<readonly Buffer[]> {
    return readKeys(this.#source, range, batch)
  }

  /** Throws `StoreClosed` in the moment in which `reopen` has no handle. */
  snapshot(): Snapshot {
    if (this.#database === undefined) throw new StoreClosed(this.#failure)
    const snapshot = new LevelSnapshotReading(this.#database, () => {
      this.#snapshots.delete(snapshot)
      if (this.#snapshots.size === 0) this.#idle?.()
    })
    this.#snapshots.add(snapshot)
    return snapshot
  }

  /** Batches are written in the order of the calls. `WritesRefused` after one has failed, until `reopen`. */
  batch(changes: readonly Change[]): Promise<void> {
    return this.#writes.run(async () => {
      if (this.#failure !== undefined) throw new WritesRefused(this.#failure)
      if (this.#database === undefined) throw new StoreClosed()
      try {
        await write(this.#database.batch(), changes)
      } catch (error) {
        this.#failure = error
        throw error
      }
    })
  }

  /**
   * LevelDB's CompactRange returns nothing, so on ENOSPC and EMFILE it resolves with nothing flushed. But a log
   * is removed only when all it held is in a synced table: the proof is that those of before are gone.
   */
  flush(): Promise<boolean> {
    return this.#flushes.run(async () => {
      if (this.#failure !== undefined) return false
      if (this.#database === undefined) throw new StoreClosed()
      const before = await writeAheadLogs(this.#directory)
      if (before.length === 0) return false
      await this.#database.compactRange(empty, empty)
      const after = new Set(await writeAheadLogs(this.#directory))
      if (before.some(name => after.has(name))) return false
      // LevelDB syncs its tables, but their names only when it begins a new manifest.
      await syncDirectory(this.#directory)
      return true
    })
  }

  /** Proves nothing: LevelDB says nothing of what it could not do. */
  compact(from: Buffer, to: Buffer): Promise<void> {
    return this.#flushes.run(async () => {
      if (this.#failure === undefined) await this.#database?.compactRange(from, to)
    })
  }

  async size(from: Buffer, to: Buffer): Promise<number> {
    await this.#exchange
    return (await this.#database?.approximateSize(from, to)) ?? 0
  }

  /**
   * LevelDB locks its directory, so there is never a second handle: open snapshots are waited for (at most
   * `patience`), later ones and reads are served by the old handle until then, and iterators go on in the new
   * one. Rejects, and may be called again, when the database does not open; `StoreIncomplete` when it opens but
   * does not prove that it has everything: then only a new store with a replay of the journal helps.
   */
  reopen(): Promise<void> {
    return this.#writes.run(() => this.#flushes.run(() => this.#reopen()))
  }

  /** Its files are removed, which takes no longer for many keys than for few. Open snapshots are lost. */
  clear(): Promise<void> {
    return this.#writes.run(() =>
      this.#flushes.run(async () => {
        if (this.#database === undefined) throw new StoreClosed(this.#failure)
        await this.#exchanged(this.#beginAnew())
      }),
    )
  }

  async close(): Promise<void> {
    await this.#writes.run(() =>
      this.#flushes.run(async () => {
        this.#closed = true
        await this.#shut()
      }),
    )
  }

  async #reopen(): Promise<void> {
    if (this.#closed) throw new StoreClosed()
    if (this.#incomplete) throw new StoreIncomplete(this.#directory, this.#failure)
    await this.#released()
    await this.#exchanged(this.#renew())
  }

  /** Whoever reads meanwhile waits for the new handle. */
  async #exchanged(exchange: Promise<void>): Promise<void> {
    this.#exchange = exchange
    try {
      await exchange
      this.#failure = undefined
    } catch (error) {
      this.#failure ??= error
      throw error
    } finally {
      this.#exchange = undefined
    }
  }

  async #renew(): Promise<void> {
    await this.#shut()
    const logs = await writeAheadLogs(this.#directory)
    const database = await openLevel(this.#directory, this.#options)
    if (await isProved(this.#directory, logs)) {
      this.#database = database
      return
    }
    this.#incomplete = true
    await database.close()
    throw new StoreIncomplete(this.#directory, this.#failure)
  }

  async #beginAnew(): Promise<void> {
    await this.#shut()
    // The folder itself stays: it may be a link to another disk.
    for (const name of await readdir(this.#directory))
      if (name !== 'LOCK') await rm(join(this.#directory, name), { recursive: true })
    // None of the old files may come back beside new ones of the same name.
    await syncDirectory(this.#directory)
    this.#database = await openLevel(this.#directory, this.#options)
  }

  async #shut(): Promise<void> {
    const database = this.#database
    this.#database = undefined
    for (const snapshot of this.#snapshots) snapshot.invalidate()
    await database?.close()
  }

  /** Resolves when no snapshot is open, or when patience is at its end. */
  async #released(): Promise<void> {
    if (this.#snapshots.size === 0) return
    const { clock = systemClock, patience = 5000 } = this.#options
    await new Promise<void>(resolve => {
      const timer = clock.timer(patience, resolve)
      this.#idle = () => {
        timer.cancel()
        resolve()
      }
    })
    this.#idle = undefined
  }

  #answerAsked(): void {
    const asked = this.#asked
    this.#asked = []
    const answered =
      asked.length > mostAtOnce ? 0 : this.#atHand.read(asked.length, at => this.#answer(asked[at]))
    for (let at = answered; at < asked.length; at += errand) void this.#run(asked.slice(at, at + errand))
  }

  #answer(asked: Asked | undefined): void {
    if (asked === undefined) return
    // Whoever reads while the handle is exchanged waits for the next one.
    if (this.#database === undefined) return void this.#run([asked])
    try {
      asked.resolve(this.#database.getSync(asked.key))
    } catch (error) {
      asked.reject(error)
    }
  }

  async #run(asked: readonly Asked[]): Promise<void> {
    try {
      const values = await this.getMany(asked.map(({ key }) => key))
      for (const [index, { resolve }] of asked.entries()) resolve(values[index])
    } catch (error) {
      for (const { reject } of asked) reject(error)
    }
  }

  async #handle(): Promise<LevelDatabase> {
    await this.#exchange
    if (this.#database === undefined) throw new StoreClosed(this.#failure)
    return this.#database
  }
}

async function write(batch: WriteBatch, changes: readonly Change[]): Promise<void> {
  try {
    for (const { key, value } of changes) {
      if (value === undefined) batch.del(key)
      else batch.put(key, value)
    }
    await batch.write()
  } finally {
    await batch.close()
  }
}

async function openLevel(directory: string, options: LevelStoreOptions): Promise<LevelOnDisk> {
  const { cacheSize, writeBufferSize, maxOpenFiles, compression } = options
  const database = new Level<Buffer, Buffer>(directory, {
    keyEncoding: 'buffer',
    valueEncoding: 'buffer',
    ...(cacheSize !== undefined && { cacheSize }),
    ...(writeBufferSize !== undefined && { writeBufferSize }),
    ...(maxOpenFiles !== undefined && { maxOpenFiles }),
    ...(compression !== undefined && { compression }),
  })
  try {
    await database.open()
  } catch (error) {
    if (isLocked(error)) throw new StoreLocked(directory, error)
    throw error
  }
  if (!isOnDisk(database)) throw new Error('level: this build has no compactRange')
  return database
}

/** The types of `level` are those common with browsers; on Node it is LevelDB. */
function isOnDisk(database: LevelDatabase): database is LevelOnDisk {
  return 'compactRange' in database
}

function isLocked(error: unknown): boolean {
  const cause = error instanceof Error ? error.cause : undefined
  return cause instanceof Error && 'code' in cause && cause.code === 'LEVEL_LOCKED'
}

/** A message file that cannot be read proves nothing. */
async function isProved(directory: string, logs: readonly string[]): Promise<boolean> {
  try {
    return allRecovered(logs, await messages(directory))
  } catch (error) {
    if (error instanceof Error && 'code' in error) return false
    throw error
  }
}
