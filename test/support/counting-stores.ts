/** Stores and a disk that count what they are asked to do: work that does not depend on how busy a machine is. */

import type { Change, KeyRange, Put, Snapshot, Store, Stores } from '../../src/storage/database/store.ts'
import type { Disk, DiskFile } from '../../src/storage/disk/disk.ts'

export class Work {
  /** Keys that were looked up, one by one or many at once. */
  reads = 0
  batches = 0
  puts = 0
  deletes = 0
  /** Octets of keys and values that were put. */
  octets = 0
  /** Octets given to the journal, and how often it was made durable. */
  journal = 0
  syncs = 0
  /** Nothing goes on to the store or the disk below while it is set: only the work above them is wanted. */
  onlyCounts = false
}

export class CountingStore implements Store {
  readonly #below: Store
  readonly #work: Work

  constructor(below: Store, work: Work) {
    this.#below = below
    this.#work = work
  }

  get(key: Buffer): Promise<Buffer | undefined> {
    this.#work.reads++
    return this.#below.get(key)
  }

  getMany(keys: readonly Buffer[]): Promise<(Buffer | undefined)[]> {
    this.#work.reads += keys.length
    return this.#below.getMany(keys)
  }

  batch(changes: readonly Change[]): Promise<void> {
    this.#work.batches++
    for (const { key, value } of changes) {
      if (value === undefined) this.#work.deletes++
      else this.#work.puts++
      this.#work.octets += key.length + (value?.length ?? 0)
    }
    return this.#work.onlyCounts ? Promise.resolve() : this.#below.batch(changes)
  }

  iterate(range: KeyRange, batch?: number): AsyncIterable<readonly Put[]> {
    return this.#below.iterate(range, batch)
  }

  keys(range: KeyRange, batch?: number): AsyncIterable<readonly Buffer[]> {
    return this.#below.keys(range, batch)
  }

  snapshot(): Snapshot {
    return this.#below.snapshot()
  }

  flush(): Promise<boolean> {
    return this.#below.flush()
  }

  clear(): Promise<void> {
    return this.#below.clear()
  }

  compact(from: Buffer, to: Buffer): Promise<void> {
    return this.#below.compact(from, to)
  }

  size(from: Buffer, to: Buffer): Promise<number> {
    return this.#below.size(from, to)
  }

  reopen(): Promise<void> {
    return this.#below.reopen()
  }

  close(): Promise<void> {
    return this.#below.close()
  }
}

export function countingStores({ articles, state, index }: Stores, work: Work): Stores {
  return {
    articles: new CountingStore(articles, work),
    state: new CountingStore(state, work),
    index: new CountingStore(index, work),
  }
}

export function countingDisk(below: Disk, work: Work): Disk {
  return {
    open: async name => counted(await below.open(name), work),
    list: () => below.list(),
    remove: name => below.remove(name),
    syncDirectory: () => below.syncDirectory(),
    space: () => below.space(),
  }
}

function counted(file: DiskFile, work: Work): DiskFile {
  return {
    append: chunks => {
      work.journal += chunks.reduce((sum, { length }) => sum + length, 0)
      return work.onlyCounts ? Promise.resolve() : file.append(chunks)
    },
    sync: () => {
      work.syncs++
      return file.sync()
    },
    truncate: length => file.truncate(length),
    read: (position, length) => file.read(position, length),
    size: () => file.size(),
    close: () => file.close(),
  }
}
