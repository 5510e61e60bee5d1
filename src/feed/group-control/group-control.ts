/**
 * Acts on newgroup, rmgroup and checkgroups as they arrive, at its own place in the log: whatever they ask for, articles
 * come in as fast as before. It runs only where there are rules for it. RFC 5537 5.2
 */
import type { Clock } from '../../clock.ts'
import type { Config } from '../../config/config.ts'
import type { Log } from '../../log.ts'
import type { Notes } from '../../storage/notes.ts'
import type { Arrival, ArrivalRow, Reading } from '../../storage/reading.ts'
import { articleIn } from '../../storage/stored-article.ts'
import { persist } from '../persistent.ts'
import { WorkShare } from '../work-share.ts'
import type { Acting } from './acting.ts'

export interface GroupControlParts {
  readonly config: () => Config
  readonly reading: Pick<Reading, 'arrivals' | 'article' | 'changed' | 'newest'>
  readonly notes: Notes
  /** Of the log: a restore begins another one. */
  readonly epoch: number
  readonly clock: Clock
  readonly log: Log
  /** See `WorkShare`. */
  readonly asked?: (() => number) | undefined
  readonly acting: Pick<Acting, 'consider'>
}

const noteName = 'control'
const rowsAtOnce = 64
/** Between two times that the place is stored, milliseconds. */
const storeEvery = 60_000

export class GroupControl implements AsyncDisposable {
  readonly #parts: GroupControlParts
  #at = 0 as Arrival
  #stored = -1
  #storedAt = 0
  #stopping: AbortController | undefined
  #running: Promise<void> = Promise.resolve()

  constructor(parts: GroupControlParts) {
    this.#parts = parts
  }

  /** Goes on where it ended; what came while there were no rules is never acted on. */
  async start(): Promise<void> {
    const { notes, epoch, reading } = this.#parts
    const text = (await notes.load(noteName))?.toString() ?? ''
    const [, of, at] = /^(\d+)-(\d+)$/.exec(text) ?? []
    const isOurs = Number(of) === epoch && Number(at) <= reading.newest
    if (!this.#isWanted) {
      if (text !== '') await notes.save(noteName, Buffer.alloc(0))
      return
    }
    this.#begin(isOurs ? (Number(at) as Arrival) : reading.newest)
  }

  async reload(): Promise<void> {
    const isRunning = this.#stopping !== undefined
    if (this.#isWanted === isRunning) return
    if (!isRunning) return this.#begin(this.#parts.reading.newest)
    await this.#end()
    await this.#parts.notes.save(noteName, Buffer.alloc(0))
  }

  /** Arrivals that were not looked at yet; 0 where nothing is acted on. */
  get behind(): number {
    return this.#stopping === undefined ? 0 : Math.max(0, this.#parts.reading.newest - this.#at)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#stopping === undefined) return
    await this.#end()
    await this.#store().catch(error =>
      this.#parts.log.warn({ err: error }, 'the place of control messages was not stored'),
    )
  }

  get #isWanted(): boolean {
    return this.#parts.config().control.length > 0
  }

  #begin(at: Arrival): void {
    const { clock, log, reading, asked } = this.#parts
    this.#at = at
    this.#storedAt = clock.monotonic()
    const stopping = new AbortController()
    this.#stopping = stopping
    const { signal } = stopping
    const share = new WorkShare({ clock, signal, asked, newest: () => reading.newest })
    this.#running = persist({
      clock,
      signal,
      step: () => this.#advance(share, signal),
      failed: error => log.warn({ err: error }, 'a control message could not be acted on; it is tried again'),
    })
  }

  async #end(): Promise<void> {
    this.#stopping?.abort()
    await this.#running
    this.#stopping = undefined
  }

  async #advance(share: WorkShare, signal: AbortSignal): Promise<void> {
    const { reading, clock } = this.#parts
    const { newest } = reading
    if (this.#stored < 0) await this.#store()
    const rows = await reading.arrivals(this.#at, rowsAtOnce)
    for (const row of rows) {
      if (signal.aborted) return
      if (isActedOn(row)) await this.#consider(row)
      this.#at = row.arrival
      await share.rest()
    }
    if (clock.monotonic() - this.#storedAt >= storeEvery) await this.#store()
    if (rows.length > 0) return
    // Rows at the end may have gone.
    this.#at = Math.max(this.#at, newest) as Arrival
    await reading.changed(this.#at, signal)
  }

  async #consider({ arrival, messageId, source }: ArrivalRow): Promise<void> {
    const { reading, acting } = this.#parts
    const stored = await reading.article(arrival)
    const article = stored && articleIn(stored)
    if (article !== undefined) await acting.consider({ article, messageId, source })
  }

  async #store(): Promise<void> {
    const { notes, epoch, clock } = this.#parts
    this.#storedAt = clock.monotonic()
    const at = this.#at
    if (at === this.#stored) return
    await notes.save(noteName, Buffer.from(`${epoch}-${at}`))
    this.#stored = at
  }
}

/** An import is what once was: it changes nothing here. */
const isActedOn = ({ kind, control, source }: ArrivalRow): boolean =>
  kind === 'article' && control && (source.startsWith('peer:') || source.startsWith('post:'))
