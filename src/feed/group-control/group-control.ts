/**
 * Acts on newgroup, rmgroup and checkgroups as they arrive, at its own place in the log: whatever they ask for, articles
 * come in as fast as before. It runs only where there are rules for it. RFC 5537 5.2
 */
import type { Clock } from '../../clock.ts'
import type { Config } from '../../config/config.ts'
import type { Log } from '../../log.ts'
import { articleIn } from '../../storage/article/stored-article.ts'
import type { ArrivalRow, Reading } from '../../storage/reading.ts'
import type { Notes } from '../../storage/state/notes.ts'
import { Follower } from '../follower.ts'
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

export class GroupControl implements AsyncDisposable {
  readonly #parts: GroupControlParts
  readonly #follower: Follower

  constructor(parts: GroupControlParts) {
    this.#parts = parts
    this.#follower = new Follower({
      ...parts,
      note: 'control',
      take: async row => {
        if (isActedOn(row)) await this.#consider(row)
      },
      failed: error =>
        parts.log.warn({ err: error }, 'a control message could not be acted on; it is tried again'),
    })
  }

  /** Goes on where it ended; what came while there were no rules is never acted on. */
  async start(): Promise<void> {
    const { newest } = this.#parts.reading
    if (!this.#isWanted) return this.#follower.forget()
    const at = (await this.#follower.load())?.at
    this.#follower.start(at !== undefined && at <= newest ? at : newest)
  }

  async reload(): Promise<void> {
    if (this.#isWanted === this.#follower.isRunning) return
    if (this.#isWanted) return this.#follower.start(this.#parts.reading.newest)
    await this.#follower.stop()
    await this.#follower.forget()
    // The message in hand takes its time: a later reload may have overtaken.
    if (this.#isWanted && !this.#follower.isRunning) this.#follower.start(this.#parts.reading.newest)
  }

  /** Arrivals that were not looked at yet; 0 where nothing is acted on. */
  get behind(): number {
    return this.#follower.isRunning ? this.#follower.behind : 0
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (!this.#follower.isRunning) return
    await this.#follower.stop()
    await this.#follower
      .store()
      .catch(error => this.#parts.log.warn({ err: error }, 'the place of control messages was not stored'))
  }

  get #isWanted(): boolean {
    return this.#parts.config().control.length > 0
  }

  async #consider({ arrival, messageId, source }: ArrivalRow): Promise<void> {
    const { reading, acting } = this.#parts
    const stored = await reading.article(arrival)
    const article = stored && articleIn(stored)
    if (article !== undefined) await acting.consider({ article, messageId, source })
  }
}

/** An import is what once was: it changes nothing here. */
const isActedOn = ({ kind, control, source }: ArrivalRow): boolean =>
  kind === 'article' && control && (source.startsWith('peer:') || source.startsWith('post:'))
