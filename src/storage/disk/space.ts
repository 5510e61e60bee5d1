/** When a disk is too full to take articles: stop early, so that nothing fails half-way, and begin again later. */
import type { Disk } from './disk.ts'

const MiB = 1024 * 1024

/** Octets that must stay free: max(128 MiB, min(2 GiB, 2 %)), but never more than an eighth of a small disk. */
export function spaceNeeded(total: number): number {
  const usual = Math.max(128 * MiB, Math.min(2048 * MiB, total * 0.02))
  return Math.min(usual, total / 8)
}

export class Space {
  readonly #disk: Disk
  seen = { free: 0, total: 0 }
  #short = false

  constructor(disk: Disk) {
    this.#disk = disk
  }

  /** Looks at the disk; once short it stays so until there is a tenth more than needed. */
  async short(): Promise<boolean> {
    try {
      this.seen = await this.#disk.space()
    } catch {
      // A disk that cannot tell is not full: writes themselves will say so.
      return false
    }
    const needed = spaceNeeded(this.seen.total) * (this.#short ? 1.1 : 1)
    this.#short = this.seen.free < needed
    return this.#short
  }
}
