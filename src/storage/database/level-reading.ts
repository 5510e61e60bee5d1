/** Reading a level database, or a snapshot of one; shared with the stores in memory that tests use. */
import type { KeyRange, Put, Snapshot } from './store.ts'
import { SnapshotLost } from './store-error.ts'

/** The snapshot of the level packages: a token that is passed along with a read. */
export interface LevelSnapshot {
  ref(): void
  unref(): void
  close(): Promise<void>
  [Symbol.asyncDispose](): Promise<void>
}

interface Cursor<T> {
  nextv(size: number): Promise<T[]>
  close(): Promise<void>
}

interface ReadOptions {
  snapshot?: LevelSnapshot
}

interface WalkOptions extends ReadOptions, KeyRange {
  highWaterMarkBytes: number
}

/** What we use of an open level database with Buffers as keys and values. */
export interface LevelDatabase {
  get(key: Buffer, options: ReadOptions): Promise<Buffer | undefined>
  getMany(keys: Buffer[], options: ReadOptions): Promise<(Buffer | undefined)[]>
  iterator(options: WalkOptions): Cursor<[Buffer, Buffer]>
  keys(options: WalkOptions): Cursor<Buffer>
  snapshot(): LevelSnapshot
  close(): Promise<void>
}

/** Where to read: asked before each step, because a store may change its handle in between. */
export interface Source {
  database(): LevelDatabase | Promise<LevelDatabase>
  readonly snapshot?: LevelSnapshot
}

/** A batch ends early at this many octets: a client that stops reading leaves two of them, one taken and one ahead. */
const batchOctets = 128 * 1024
const usualBatch = 512

export async function* readPairs(
  source: Source,
  range: KeyRange,
  batch = usualBatch,
): AsyncGenerator<readonly Put[]> {
  const open = (database: LevelDatabase, options: WalkOptions) => database.iterator(options)
  for await (const found of walk(source, { range, batch, open, keyOf: ([key]) => key })) {
    yield found.map(([key, value]) => ({ key, value }))
  }
}

export function readKeys(
  source: Source,
  range: KeyRange,
  batch = usualBatch,
): AsyncGenerator<readonly Buffer[]> {
  const open = (database: LevelDatabase, options: WalkOptions) => database.keys(options)
  return walk(source, { range, batch, open, keyOf: key => key })
}

interface Walk<T> {
  readonly range: KeyRange
  readonly batch: number
  open(database: LevelDatabase, options: WalkOptions): Cursor<T>
  keyOf(item: T): Buffer
}

/**
 * Goes on behind the last key when the store has a new handle: the old one took its iterators with it. From the second
 * batch on the next is fetched while one is used, so that LevelDB and the event loop do not wait for each other.
 */
async function* walk<T>(
  source: Source,
  { range, batch, open, keyOf }: Walk<T>,
): AsyncGenerator<readonly T[]> {
  const { snapshot } = source
  let rest = range
  let current: LevelDatabase | undefined
  let cursor: Cursor<T> | undefined
  let ahead: Promise<T[]> | undefined
  let batches = 0
  try {
    while (rest.limit !== 0) {
      const database = await source.database()
      if (cursor === undefined || database !== current) {
        current = database
        cursor = open(database, { ...rest, highWaterMarkBytes: batchOctets, ...(snapshot && { snapshot }) })
        ahead = undefined
      }
      const found = await (ahead ?? cursor.nextv(batch))
      const last = found.at(-1)
      if (last === undefined) return
      rest = behind(rest, keyOf(last), found.length)
      batches += 1
      ahead = batches > 1 && rest.limit !== 0 ? cursor.nextv(batch) : undefined
      ahead?.catch(() => undefined) // Told to whoever comes for it, and to nobody where nobody does.
      yield found
    }
  } finally {
    await cursor?.close()
  }
}

function behind(range: KeyRange, key: Buffer, taken: number): KeyRange {
  const { gte, gt, lt, lte, reverse = false, limit } = range
  const left = limit === undefined ? {} : { limit: limit - taken }
  if (reverse) return { ...(gte && { gte }), ...(gt && { gt }), lt: key, reverse, ...left }
  return { gt: key, ...(lt && { lt }), ...(lte && { lte }), reverse, ...left }
}

/** A `Snapshot` over one handle; it does not survive that handle. */
export class LevelSnapshotReading implements Snapshot {
  readonly #database: LevelDatabase
  readonly #snapshot: LevelSnapshot
  readonly #source: Source
  readonly #released: () => void
  #valid = true

  constructor(database: LevelDatabase, released: () => void) {
    this.#database = database
    this.#snapshot = database.snapshot()
    this.#source = { database: () => this.#open(), snapshot: this.#snapshot }
    this.#released = released
  }

  async get(key: Buffer): Promise<Buffer | undefined> {
    return this.#open().get(key, { snapshot: this.#snapshot })
  }

  async getMany(keys: readonly Buffer[]): Promise<(Buffer | undefined)[]> {
    return this.#open().getMany([...keys], { snapshot: this.#snapshot })
  }

  iterate(range: KeyRange, batch?: number): AsyncIterable<readonly Put[]> {
    return readPairs(this.#source, range, batch)
  }

  keys(range: KeyRange, batch?: number): AsyncIterable<readonly Buffer[]> {
    return readKeys(this.#source, range, batch)
  }

  /** The handle goes: every later read throws `SnapshotLost`. */
  invalidate(): void {
    this.#valid = false
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#valid = false
    await this.#snapshot.close()
    this.#released()
  }

  #open(): LevelDatabase {
    if (!this.#valid) throw new SnapshotLost()
    return this.#database
  }
}
