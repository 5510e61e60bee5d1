/** A disk whose machine loses power at a chosen change: in the middle of a commit, a checkpoint or a start. */
import type { Disk, DiskFile } from '../../src/storage/disk/disk.ts'

export interface Mortality {
  /** Called before each change; `last`: the power goes with it, `dead`: it is gone. */
  change(): 'alive' | 'last' | 'dead'
  /** Before a sync is done. */
  pause(): Promise<void> | undefined
}

export class MortalDisk implements Disk {
  readonly #disk: Disk
  readonly #mortality: Mortality

  constructor(disk: Disk, mortality: Mortality) {
    this.#disk = disk
    this.#mortality = mortality
  }

  async open(name: string): Promise<DiskFile> {
    const file = await this.#disk.open(name)
    const change = <T>(work: () => Promise<T>) => this.#change(work)
    return {
      append: chunks => change(() => file.append(chunks)),
      sync: async () => {
        await this.#mortality.pause()
        await change(() => file.sync())
      },
      truncate: length => change(() => file.truncate(length)),
      read: (position, length) => file.read(position, length),
      size: () => file.size(),
      close: () => file.close(),
    }
  }

  list(): Promise<string[]> {
    return this.#disk.list()
  }

  remove(name: string): Promise<void> {
    return this.#change(() => this.#disk.remove(name))
  }

  syncDirectory(): Promise<void> {
    return this.#change(() => this.#disk.syncDirectory())
  }

  space(): Promise<{ free: number; total: number }> {
    return this.#disk.space()
  }

  /** A last change is done or half done; its caller never hears of it, nor of any after it. */
  async #change<T>(work: () => Promise<T>): Promise<T> {
    const state = this.#mortality.change()
    if (state === 'alive') return work()
    if (state === 'last') await work().catch(() => undefined)
    return new Promise<never>(() => {})
  }
}
