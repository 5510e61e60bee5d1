/**
 * Follows the arrival log row by row, in pauses, at a place of its own. Place and what was made of the rows before it
 * are stored in one value, so that after a crash each row counts once.
 */
import type { Clock } from '../clock.ts'
import type { Arrival, ArrivalRow, Reading } from '../storage/reading.ts'
import type { Notes } from '../storage/state/notes.ts'
import { persist } from './persistent.ts'
import { WorkShare } from './work-share.ts'

export interface FollowerParts {
  readonly reading: Pick<Reading, 'arrivals' | 'changed' | 'newest'>
  readonly notes: Notes
  /** Of the log: a restore begins another one. */
  readonly epoch: number
  readonly clock: Clock
  /** See `WorkShare`. */
  readonly asked?: (() => number) | undefined
  /** The name of the note that the place is stored in. */
  readonly note: string
  /** Rejects where the row is to be tried again. */
  readonly take: (row: ArrivalRow) => Promise<void>
  /** What was made of the rows that were taken; nothing where absent. */
  readonly made?: () => string
  /** Told of each fault before the pause. */
  readonly failed: (error: unknown) => void
}

interface Place {
  /** The last row that was taken. */
  readonly at: Arrival
  readonly made: string
}

const rowsAtOnce = 64
/** Between two times that the place is stored, milliseconds. */
const storeEvery = 60_000
const written = /^(\d+)-(\d+)(?: (.*))?$/s

export class Follower {
  readonly #parts: FollowerParts
  #at = 0 as Arrival
  /** Undefined where the note says nothing of this log. */
  #stored: Arrival | undefined
  #storedAt = 0
  #stopping: AbortController | undefined
  #running: Promise<void> = Promise.resolve()

  constructor(parts: FollowerParts) {
    this.#parts = parts
  }

  /** The place that is stored; undefined where there is none in this log. */
  async load(): Promise<Place | undefined> {
    const { notes, note, epoch } = this.#parts
    const text = (await notes.load(note))?.toString() ?? ''
    const [, of, at, made = ''] = written.exec(text) ?? []
    if (Number(of) !== epoch) return undefined
    this.#stored = Number(at) as Arrival
    return { at: this.#stored, made }
  }

  /** Goes on behind `at`, which is stored at once where it is not yet. */
  start(at: Arrival): void {
    const { clock, reading, asked, failed } = this.#parts
    this.#at = at
    this.#storedAt = at === this.#stored ? clock.monotonic() : Number.NEGATIVE_INFINITY
    const stopping = new AbortController()
    this.#stopping = stopping
    const { signal } = stopping
    const share = new WorkShare({ clock, signal, asked, newest: () => reading.newest })
    this.#running = persist({ clock, signal, step: () => this.#advance(share, signal), failed })
  }

  get isRunning(): boolean {
    return this.#stopping !== undefined
  }

  /** Arrivals that were not taken yet. */
  get behind(): number {
    return Math.max(0, this.#parts.reading.newest - this.#at)
  }

  /** Finishes the row in hand. The place is not stored. */
  async stop(): Promise<void> {
    this.#stopping?.abort()
    await this.#running
    this.#stopping = undefined
  }

  async store(): Promise<void> {
    const { notes, note, epoch, clock, made } = this.#parts
    // Before it fails: storage that takes nothing now holds up nobody who only reads.
    this.#storedAt = clock.monotonic()
    const at = this.#at
    if (at === this.#stored) return
    const text = made === undefined ? '' : ` ${made()}`
    await notes.save(note, Buffer.from(`${epoch}-${at}${text}`))
    this.#stored = at
  }

  /** As if it had never followed. */
  async forget(): Promise<void> {
    const { notes, note } = this.#parts
    this.#stored = undefined
    if ((await notes.load(note))?.length) await notes.save(note, Buffer.alloc(0))
  }

  async #advance(share: WorkShare, signal: AbortSignal): Promise<void> {
    const { reading, clock, take } = this.#parts
    if (clock.monotonic() - this.#storedAt >= storeEvery) await this.store()
    const { newest } = reading
    const rows = await reading.arrivals(this.#at, rowsAtOnce)
    for (const row of rows) {
      if (signal.aborted) return
      await take(row)
      this.#at = row.arrival
      await share.rest()
    }
    if (rows.length > 0) return
    // Rows at the end may have gone.
    this.#at = Math.max(this.#at, newest) as Arrival
    await reading.changed(this.#at, signal)
  }
}
