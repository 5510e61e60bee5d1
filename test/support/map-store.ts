/**
 * A database in plain maps, for simulations that take many thousands of copies of one: to copy it, or what a crash
 * would leave of it, costs next to nothing.
 */

import type { Change, KeyRange, Put, Snapshot, Store } from '../../src/storage/database/store.ts'
import { SnapshotLost, StoreClosed, WritesRefused } from '../../src/storage/database/store-error.ts'
import { Turns } from '../../src/storage/turns.ts'
import type { Faulty } from './memory-store.ts'

/** Never changed once it is made. Keys have one character an octet. */
class Pairs {
  readonly map: ReadonlyMap<string, Put>
  #sorted: readonly string[] | undefined

  constructor(map: ReadonlyMap<string, Put> = new Map()) {
    this.map = map
  }

  with(changes: readonly Change[]): Pairs {
    const map = new Map(this.map)
    for (const { key, value } of changes) {
      const name = key.toString('latin1')
      if (value === undefined) map.delete(name)
      else map.set(name, { key, value })
    }
    return new Pairs(map)
  }

  get(key: Buffer): Buffer | undefined {
    const value = this.map.get(key.toString('latin1'))?.value
    return value && Buffer.from(value)
  }

  range({ gte, gt, lt, lte, reverse, limit }: KeyRange): Put[] {
    this.#sorted ??= [...this.map.keys()].sort()
    const sorted = this.#sorted
    let from = gte === undefined ? 0 : place(sorted, gte, false)
    if (gt !== undefined) from = Math.max(from, place(sorted, gt, true))
    let to = lt === undefined ? sorted.length : place(sorted, lt, false)
    if (lte !== undefined) to = Math.min(to, place(sorted, lte, true))
    const names = sorted.slice(from, Math.max(from, to))
    if (reverse === true) names.reverse()
    return names.slice(0, limit).flatMap(name => this.map.get(name) ?? [])
  }
}

/** How many names are below `key`, or up to it. */
function place(sorted: readonly string[], key: Buffer, with_: boolean): number {
  const name = key.toString('latin1')
  let low = 0
  let high = sorted.length
  while (low < high) {
    const middle = (low + high) >> 1
    const at = sorted[middle] ?? ''
    if (at < name || (with_ && at === name)) low = middle + 1
    else high = middle
  }
  return low
}

interface Contents {
  readonly durable: Pairs
  /** Batches since the last flush, which a crash may drop. */
  readonly unflushed: readonly (readonly Change[])[]
  readonly present: Pairs
}

const nothing: Contents = { durable: new Pairs(), unflushed: [], present: new Pairs() }
const usualBatch = 512

export class MapStore implements Store {
  #contents: Contents
  #failure: unknown
  #open = true
  readonly #faults = new Map<Faulty, Error>()
  readonly #writes = new Turns()
  readonly #snapshots = new Set<MapSnapshot>()
  readonly #changed: () => void

  /** `changed` is called whenever a crash would leave something else. */
  constructor(changed: () => void = () => {}, contents: Contents = nothing) {
    this.#changed = changed
    this.#contents = contents
  }

  /** The next such call rejects with `error`; a flush answers false instead. */
  failNext(error: Error, call: Faulty = 'batch'): void {
    this.#faults.set(call, error)
  }

  /** The power goes: this store is dead, and the answer is what a new start finds; see `left`. */
  crash(random?: () => number, changed?: () => void): MapStore {
    this.#open = false
    return this.left(random, changed)
  }

  /** Of the batches since the last flush none is there, or with `random` each by chance, whole or not at all. */
  left(random?: () => number, changed?: () => void): MapStore {
    const { durable, unflushed } = this.#contents
    const kept = random === undefined ? [] : unflushed.filter(() => random() < 0.5)
    const present = kept.length === 0 ? durable : durable.with(kept.flat())
    return new MapStore(changed, { durable: present, unflushed: [], present })
  }

  copy(): MapStore {
    return new MapStore(undefined, this.#contents)
  }

  async get(key: Buffer): Promise<Buffer | undefined> {
    this.#fault('get')
    return this.#present().get(key)
  }

  async getMany(keys: readonly Buffer[]): Promise<(Buffer | undefined)[]> {
    this.#fault('get')
    const present = this.#present()
    return keys.map(key => present.get(key))
  }

  async *iterate(range: KeyRange, batch = usualBatch): AsyncGenerator<readonly Put[]> {
    const pairs = this.#present().range(range)
    for (let at = 0; at < pairs.length; at += batch) {
      yield pairs.slice(at, at + batch)
      this.#present()
    }
  }

  async *keys(range: KeyRange, batch?: number): AsyncGenerator<readonly Buffer[]> {
    for await (const pairs of this.iterate(range, batch)) yield pairs.map(({ key }) => key)
  }

  snapshot(): Snapshot {
    const snapshot = new MapSnapshot(this.#present(), () => this.#snapshots.delete(snapshot))
    this.#snapshots.add(snapshot)
    return snapshot
  }

  batch(changes: readonly Change[]): Promise<void> {
    // As LevelDB does: what the caller does with its buffers afterwards changes nothing here.
    const own = changes.map(({ key, value }) => ({
      key: Buffer.from(key),
      value: value && Buffer.from(value),
    }))
    return this.#writes.run(async () => {
      if (this.#failure !== undefined) throw new WritesRefused(this.#failure)
      this.#present()
      try {
        this.#fault('batch')
      } catch (error) {
        this.#failure = error
        throw error
      }
      this.#write(own)
    })
  }

  clear(): Promise<void> {
    return this.#writes.run(async () => {
      this.#write(
        this.#present()
          .range({})
          .map(({ key }) => ({ key, value: undefined })),
      )
      this.#failure = undefined
    })
  }

  async flush(): Promise<boolean> {
    const present = this.#present()
    if (this.#failure !== undefined || this.#faults.delete('flush')) return false
    this.#contents = { durable: present, unflushed: [], present }
    this.#changed()
    return true
  }

  async compact(): Promise<void> {
    this.#present()
  }

  async size(): Promise<number> {
    this.#present()
    return 0
  }

  reopen(): Promise<void> {
    return this.#writes.run(async () => {
      this.#present()
      this.#fault('reopen')
      this.#failure = undefined
    })
  }

  /** What `left` and `crash` give can still be had. */
  close(): Promise<void> {
    return this.#writes.run(async () => {
      this.#open = false
      for (const snapshot of this.#snapshots) snapshot.lose()
    })
  }

  #write(changes: readonly Change[]): void {
    const { durable, unflushed, present } = this.#contents
    this.#contents = { durable, unflushed: [...unflushed, changes], present: present.with(changes) }
    this.#changed()
  }

  #fault(call: Faulty): void {
    const error = this.#faults.get(call)
    this.#faults.delete(call)
    if (error !== undefined) throw error
  }

  #present(): Pairs {
    if (!this.#open) throw new StoreClosed(this.#failure)
    return this.#contents.present
  }
}

class MapSnapshot implements Snapshot {
  #pairs: Pairs | undefined
  readonly #released: () => void

  constructor(pairs: Pairs, released: () => void) {
    this.#pairs = pairs
    this.#released = released
  }

  async get(key: Buffer): Promise<Buffer | undefined> {
    return this.#valid().get(key)
  }

  async getMany(keys: readonly Buffer[]): Promise<(Buffer | undefined)[]> {
    return keys.map(key => this.#valid().get(key))
  }

  async *iterate(range: KeyRange, batch = usualBatch): AsyncGenerator<readonly Put[]> {
    const pairs = this.#valid().range(range)
    for (let at = 0; at < pairs.length; at += batch) yield pairs.slice(at, at + batch)
  }

  async *keys(range: KeyRange, batch?: number): AsyncGenerator<readonly Buffer[]> {
    for await (const pairs of this.iterate(range, batch)) yield pairs.map(({ key }) => key)
  }

  lose(): void {
    this.#pairs = undefined
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.lose()
    this.#released()
  }

  #valid(): Pairs {
    if (this.#pairs === undefined) throw new SnapshotLost()
    return this.#pairs
  }
}
