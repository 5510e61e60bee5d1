/** A disk in memory that loses, tears and fills: for simulations, with every choice from a seeded function. */
import type { Disk, DiskFile } from '../../src/storage/disk/disk.ts'
import { Inode, type Random } from './sim-inode.ts'
import { type DiskCall, Power, systemError } from './sim-power.ts'

export class SimDisk implements Disk {
  /** Octets it holds; an append beyond writes what fits and fails with ENOSPC. May be changed at any time. */
  capacity: number
  readonly #power = new Power()
  readonly #names = new Map<string, Inode>()
  #durableNames = new Map<string, Inode>()
  /** Creations and, without an inode, removals since the last sync of the directory. */
  #changes: { readonly name: string; readonly inode?: Inode }[] = []

  constructor(capacity = Number.POSITIVE_INFINITY) {
    this.capacity = capacity
  }

  /** The next such call fails with `error`: an append half written; a sync so that no later one helps. */
  failNext(call: DiskCall, error: Error): void {
    this.#power.failNext(call, error)
  }

  /** The power goes in the change after `changes` further ones; writes, syncs, creations and removals count. */
  losePowerAfter(changes: number): void {
    this.#power.loseAfter(changes)
  }

  /** The power goes, and comes back: this disk is dead, the answer is what is left of it. */
  crash(random: Random): SimDisk {
    this.#power.cut()
    return this.left(random)
  }

  /** What would be left if the power went now. */
  left(random: Random): SimDisk {
    const names = new Map(this.#durableNames)
    const undecided = new Set<string>()
    for (const { name, inode } of this.#changes) {
      if (undecided.has(name)) continue
      if (random() < 0.5) undecided.add(name)
      else if (inode === undefined) names.delete(name)
      else names.set(name, inode)
    }
    const left = new SimDisk(this.capacity)
    for (const [name, inode] of names) left.write(name, inode.survivor(random))
    return left
  }

  /** The same disk once more; what is done to one does nothing to the other. */
  copy(): SimDisk {
    const copies = new Map<Inode, Inode>()
    const copyOf = (inode: Inode): Inode => {
      const copy = copies.get(inode) ?? inode.copy()
      copies.set(inode, copy)
      return copy
    }
    const copied = new SimDisk(this.capacity)
    for (const [name, inode] of this.#names) copied.#names.set(name, copyOf(inode))
    for (const [name, inode] of this.#durableNames) copied.#durableNames.set(name, copyOf(inode))
    copied.#changes = this.#changes.map(({ name, inode }) =>
      inode === undefined ? { name } : { name, inode: copyOf(inode) },
    )
    return copied
  }

  /** What a reader sees in the file; undefined where there is none. */
  content(name: string): Buffer | undefined {
    return this.#names.get(name)?.content
  }

  /** Puts a file there durably, as damage or a person would. */
  write(name: string, content: Buffer): void {
    const inode = new Inode(Buffer.from(content))
    this.#names.set(name, inode)
    this.#durableNames.set(name, inode)
  }

  async open(name: string): Promise<DiskFile> {
    const free = () => this.#free()
    const existing = this.#names.get(name)
    if (existing !== undefined) {
      this.#power.enter('open')
      return new SimFile(existing, this.#power, free)
    }
    const inode = new Inode()
    this.#power.change('open', () => {
      this.#names.set(name, inode)
      this.#changes.push({ name, inode })
    })
    return new SimFile(inode, this.#power, free)
  }

  async list(): Promise<string[]> {
    return [...this.#names.keys()].sort()
  }

  async remove(name: string): Promise<void> {
    this.#power.change('remove', () => {
      if (!this.#names.delete(name)) throw systemError('ENOENT', name)
      this.#changes.push({ name })
    })
  }

  async syncDirectory(): Promise<void> {
    this.#power.change('syncDirectory', () => {
      this.#durableNames = new Map(this.#names)
      this.#changes = []
    })
  }

  async space(): Promise<{ free: number; total: number }> {
    return { free: this.#free(), total: this.capacity }
  }

  #free(): number {
    let used = 0
    for (const { content } of this.#names.values()) used += content.length
    return Math.max(0, this.capacity - used)
  }
}

class SimFile implements DiskFile {
  readonly #inode: Inode
  readonly #power: Power
  readonly #free: () => number
  #open = true

  constructor(inode: Inode, power: Power, free: () => number) {
    this.#inode = inode
    this.#power = power
    this.#free = free
  }

  async append(chunks: readonly Buffer[]): Promise<void> {
    const inode = this.#use()
    const octets = Buffer.concat(chunks)
    const fitting = octets.subarray(0, this.#free())
    const half = () => inode.append(fitting.subarray(0, octets.length / 2))
    this.#power.change('append', () => inode.append(fitting), half)
    if (fitting.length < octets.length) throw systemError('ENOSPC', 'append')
  }

  async sync(): Promise<void> {
    const inode = this.#use()
    this.#power.change(
      'sync',
      () => inode.sync(),
      () => inode.poison(),
    )
  }

  async truncate(length: number): Promise<void> {
    const inode = this.#use()
    this.#power.change('truncate', () => inode.truncate(length))
  }

  async read(position: number, length: number): Promise<Buffer> {
    const inode = this.#use()
    this.#power.enter('read')
    return Buffer.from(inode.content.subarray(position, position + length))
  }

  async size(): Promise<number> {
    return this.#use().content.length
  }

  async close(): Promise<void> {
    this.#open = false
  }

  #use(): Inode {
    if (!this.#open) throw systemError('EBADF', 'closed')
    return this.#inode
  }
}
