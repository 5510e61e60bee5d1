/** One ordered key-value database: the interface that storage stands on, with a contract suite for every kind. */

export interface Put {
  readonly key: Buffer
  readonly value: Buffer
}
/** A value of undefined deletes the key. */
export interface Change {
  readonly key: Buffer
  readonly value: Buffer | undefined
}

export interface KeyRange {
  readonly gte?: Buffer
  readonly gt?: Buffer
  readonly lt?: Buffer
  readonly lte?: Buffer
  readonly reverse?: boolean
  /** At most so many pairs; all where absent. */
  readonly limit?: number
}

/** A consistent view; must be released. */
export interface Snapshot extends AsyncDisposable {
  get(key: Buffer): Promise<Buffer | undefined>
  getMany(keys: readonly Buffer[]): Promise<(Buffer | undefined)[]>
  /** Pairs in key order, in batches of up to `batch` (512 where absent). */
  iterate(range: KeyRange, batch?: number): AsyncIterable<readonly Put[]>
  /** Keys alone, in batches. */
  keys(range: KeyRange, batch?: number): AsyncIterable<readonly Buffer[]>
}

export interface Store {
  get(key: Buffer): Promise<Buffer | undefined>
  getMany(keys: readonly Buffer[]): Promise<(Buffer | undefined)[]>
  /** Of one moment, but for a `reopen` meanwhile: then what follows is of the new handle. */
  iterate(range: KeyRange, batch?: number): AsyncIterable<readonly Put[]>
  keys(range: KeyRange, batch?: number): AsyncIterable<readonly Buffer[]>
  snapshot(): Snapshot
  /**
   * All or nothing; not synced: the journal in front is what makes it durable. The buffers must stay as they are
   * until it resolves. After one has failed all are refused until `reopen`.
   */
  batch(changes: readonly Change[]): Promise<void>
  /** True only when everything written before is proved to be in synced table files. */
  flush(): Promise<boolean>
  /** Takes everything out at once. Where that is cut short any part may be left, or nothing that opens. */
  clear(): Promise<void>
  /** Gives the room of what was deleted from `from` up to `to` back; reads and writes go on meanwhile. */
  compact(from: Buffer, to: Buffer): Promise<void>
  /** About so many octets of disk are taken by the keys from `from` up to `to`. */
  size(from: Buffer, to: Buffer): Promise<number>
  /** A fresh handle after a write error; readers under way finish on the old one. */
  reopen(): Promise<void>
  close(): Promise<void>
}

export const databases = ['articles', 'state', 'index'] as const
export type DatabaseName = (typeof databases)[number]
export type Stores = Readonly<Record<DatabaseName, Store>>

export interface RecordChange extends Change {
  readonly database: DatabaseName
  /** The value begins with the CRC-32 of what follows in it: its octets need not be gone through again. */
  readonly selfChecked?: true
}

/** What one applied entry does, as absolute values: replaying it twice is replaying it once. */
export type RecordChanges = readonly RecordChange[]

export async function countKeys(store: Pick<Store, 'keys'>, range: KeyRange): Promise<number> {
  let count = 0
  for await (const keys of store.keys(range, 1024)) count += keys.length
  return count
}
