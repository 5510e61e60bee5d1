/** Looks at the free space of the disk again and again: articles stop before it is full, and go on by themselves. */
import type { Clock, Timer } from '../../clock.ts'
import type { Log } from '../../log.ts'
import { Reason } from '../../reason.ts'
import type { Disk } from '../disk/disk.ts'
import { Space } from '../disk/space.ts'
import type { Committer } from './committer.ts'

export interface SpaceWatchParts {
  readonly disk: Disk
  /** Paused while room is short. */
  readonly committer: Committer
  readonly clock: Clock
  readonly log: Log
  /** Milliseconds from one look to the next; one second where absent. */
  readonly spaceInterval?: number
}

const usualInterval = 1000

export class SpaceWatch {
  readonly #parts: SpaceWatchParts
  readonly #space: Space
  #stopped = false
  #timer: Timer | undefined

  constructor(parts: SpaceWatchParts) {
    this.#parts = parts
    this.#space = new Space(parts.disk)
  }

  /** Free and total octets of the disk, as last seen. */
  get seen(): { readonly free: number; readonly total: number } {
    return this.#space.seen
  }

  /** Resolves after the first look. */
  start(): Promise<void> {
    return this.#look()
  }

  stop(): void {
    this.#stopped = true
    this.#timer?.cancel()
  }

  async #look(): Promise<void> {
    const { committer, log, clock, spaceInterval = usualInterval } = this.#parts
    const short = await this.#space.short()
    if (this.#stopped) return
    const paused = committer.pausedBy('space')
    if (short && !paused) log.warn({ ...this.seen }, 'disk nearly full: not accepting articles')
    if (!short && paused) log.info({ ...this.seen }, 'room on disk again: accepting articles')
    committer.pause('space', short ? new Reason('no-space') : undefined)
    this.#timer = clock.timer(spaceInterval, () => void this.#look())
  }
}
