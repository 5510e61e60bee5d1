/**
 * Steps 5 to 8: the only writer. A group of entries is decided, journaled and synced, written to the databases
 * without sync, made visible, and only then answered.
 */
import type { Clock } from '../../clock.ts'
import type { Log } from '../../log.ts'
import { Reason } from '../../reason.ts'
import type { DatabaseName, RecordChanges, Stores } from '../database/store.ts'
import { StoreStuck } from '../database/store-error.ts'
import type { Decision, Entry, Outcome } from '../entry.ts'
import { Committing } from '../history/committing.ts'
import type { Journal } from '../journal/journal.ts'
import { NoSpace, SyncFailed } from '../journal/journal-error.ts'
import { Turns } from '../turns.ts'
import { type Bookkeeping, BookkeepingQueue } from './bookkeeping.ts'
import { DatabaseWriter } from './database-writer.ts'
import { type Committed, Draft } from './draft.ts'
import type { Ordered, SharedLog } from './shared-log.ts'

/** Decides one entry and writes what it does into the draft. */
export type Apply = (entry: Entry, draft: Draft) => Decision | Promise<Decision>

export interface CommitterOptions {
  readonly stores: Stores
  readonly journal: Journal
  readonly log: SharedLog
  readonly apply: Apply
  readonly clock: Clock
  readonly events: Log
  /** Ends the process: nothing may be answered any more. */
  readonly fatal: (error: Error) => void
  /** Everything of a group is durable: make it visible. */
  readonly publish: (draft: Draft) => void
  readonly committed: () => Omit<Committed, 'stores'>
  /** After each group. */
  readonly between: () => void
  /** Entries and seconds of each group. */
  readonly measured?: (entries: number, seconds: number) => void
}

/** Taken also while nothing else is: or a mail would be sent again, and a full disk would stay full. */
const always: ReadonlySet<Entry['kind']> = new Set(['mailed', 'expire', 'forget', 'unhold'])

/** The cause of a pause in which not even those are: what a decision would be built on is missing. */
export const indexMissing = 'index'

/** The cause of a pause in which articles alone are put off: an administrator wants it so, and goes on with his work. */
export const onlyArticles = 'mode'

/** Whether it brings an article, be it for a moderator. */
const bringsArticle = (entry: Entry): boolean =>
  entry.kind === 'article' || entry.kind === 'hold' || (entry.kind === 'mail' && entry.letter !== true)

type Answer = (outcome: Outcome) => void
type Group = readonly Ordered[]

interface Decided {
  /** Of the first entries of the group, in order. */
  readonly outcomes: readonly Outcome[]
  /** What waits for the next commit. */
  readonly again: Group
  readonly changes: RecordChanges
}

/** Deciding failed; `at` says at which entry, where that is known. Nothing was written. */
interface Undecided {
  readonly error: unknown
  readonly at: number | undefined
}

export class Committer {
  /** Message-IDs of articles that are queued or being committed. */
  readonly committing = new Committing()
  readonly #options: CommitterOptions
  readonly #writer: DatabaseWriter
  readonly #waiting = new Map<Entry, Answer>()
  readonly #turns = new Turns()
  readonly #stop = new AbortController()
  readonly #leaving = new AbortController()
  readonly #pauses = new Map<string, Reason>()
  readonly #bookkeeping = new BookkeepingQueue()
  readonly #stuck = new Set<DatabaseName>()
  #running: Promise<void> | undefined
  #applied: number
  /** What is in memory is no longer known to be what the journal says: nothing is committed any more. */
  #ended = false

  constructor(options: CommitterOptions) {
    this.#options = options
    this.#applied = options.journal.sequence
    this.#writer = new DatabaseWriter({
      ...options,
      stop: this.#leaving.signal,
      stuck: (name, stuck) => {
        const database = `database ${name}`
        if (stuck) this.#stuck.add(name)
        else this.#stuck.delete(name)
        this.pause(database, stuck ? new Reason('busy', database) : undefined)
      },
      overdue: () => {
        this.#answerAll(deferred(new Reason('busy')))
        this.#bookkeeping.giveUp()
      },
    })
  }

  start(): void {
    this.#running = this.#run().catch(error => this.#end(error))
  }

  /** Sequence of the last record whose writes to every database have returned. */
  get applied(): number {
    return this.#applied
  }

  /** Why nothing is taken at the moment, if so. */
  get paused(): Reason | undefined {
    const [first] = this.#pauses.values()
    return first
  }

  pausedBy(cause: string): boolean {
    return this.#pauses.has(cause)
  }

  /** Whether nothing is committed any more, because the databases lack what the journal has. */
  get ended(): boolean {
    return this.#ended
  }

  /** Refuses new entries for a reason of our own until called without one for the same `cause`. */
  pause(cause: string, reason?: Reason): void {
    if (reason) this.#pauses.set(cause, reason)
    else this.#pauses.delete(cause)
  }

  /** Resolves when the entry is durable and visible, or with why it is not. Never rejects. */
  submit(entry: Entry): Promise<Outcome> {
    return this.submitFor(entry, outcome => outcome)
  }

  /** Resolves with what `conclude`, which must not throw, makes of the outcome: one promise where two would do. */
  submitFor<T>(entry: Entry, conclude: (outcome: Outcome) => T): Promise<T> {
    const refused = this.#closing ? new Reason('paused', 'stopping') : this.#refusal(entry)
    if (refused) return Promise.resolve(conclude(deferred(refused)))
    if (entry.kind === 'article') this.committing.add(entry.messageId)
    return new Promise<T>(resolve => {
      this.#waiting.set(entry, outcome => resolve(conclude(outcome)))
      this.#options.log.append(entry)?.catch(error => {
        this.#options.events.error({ err: error }, 'the shared log did not take an entry')
        this.#answer(entry, deferred(new Reason('fault')))
      })
    })
  }

  #refusal(entry: Entry): Reason | undefined {
    for (const [cause, reason] of this.#pauses) {
      const takes = cause === onlyArticles ? !bringsArticle(entry) : always.has(entry.kind)
      if (cause === indexMissing || !takes) return reason
    }
    return undefined
  }

  /**
   * Changes of our own that are no entries of the log (places): resolves when they are durable, with the group
   * that is next or alone. Rejects when they could not be written; the older values stay.
   */
  write(changes: RecordChanges, { awaited = false } = {}): Promise<void> {
    if (this.#closing) return Promise.reject(new Error('storage is closed'))
    const { first, kept } = this.#bookkeeping.add(changes, { awaited })
    if (first) this.#turns.run(() => this.#commit([])).catch(error => this.#end(error))
    return kept
  }

  /**
   * The same for somebody who waits for it: rejects with `StoreStuck` while a database takes no writes, at once or as
   * soon as that has lasted half a minute.
   */
  writeAwaited(changes: RecordChanges): Promise<void> {
    return this.#stuck.size > 0 ? Promise.reject(new StoreStuck()) : this.write(changes, { awaited: true })
  }

  /**
   * A turn of the writer of its own, for repairs: while `work` runs nothing else is committed. Resolves when what it
   * wrote into the draft is durable and visible; rejects where that could not be.
   */
  turn<T>(work: (draft: Draft) => Promise<T>): Promise<T> {
    return this.#turns.run(async () => {
      if (this.#closing) throw new Error('storage is closed')
      const { committed, stores } = this.#options
      const draft = new Draft({ ...committed(), stores })
      const result = await work(draft)
      const changes = draft.finish()
      if (changes.length === 0) return result
      const kept = await this.#keep([changes])
      if (kept !== true) {
        this.#notKept([], [], kept)
        throw errorOf(kept.error)
      }
      if (!(await this.#makeVisible(draft, [changes]))) throw new Error('storage is closed')
      return result
    })
  }

  /** From now on a database that takes no writes is not waited for: whoever ends before `close` may be writing himself. */
  leave(): void {
    this.#leaving.abort()
  }

  /** Finishes what is queued, then stops. Never rejects. */
  async close(): Promise<void> {
    this.leave()
    this.#stop.abort()
    await this.#running
    await this.#turns.run(async () => {})
  }

  get #closing(): boolean {
    return this.#ended || this.#stop.signal.aborted
  }

  async #run(): Promise<void> {
    for await (const group of this.#options.log.follow(0, this.#stop.signal)) {
      const todo: Group[] = [group]
      for (let next = todo.shift(); next !== undefined; next = todo.shift()) {
        const part = next
        todo.unshift(...(await this.#turns.run(() => this.#commit(part))))
      }
    }
  }

  /** Commits a group and the bookkeeping that waits; gives back what of the group is still to be committed. */
  async #commit(group: Group): Promise<readonly Group[]> {
    if (this.#ended) return this.#neverWritten(group)
    const { committed, stores, clock, measured } = this.#options
    const started = clock.monotonic()
    const draft = new Draft({ ...committed(), stores })
    const decided = await this.#decide(group, draft)
    if ('error' in decided) return this.#isolate(group, decided)
    const bookkeeping = this.#bookkeeping.take()
    const records = [decided.changes, ...bookkeeping.map(it => it.changes)].filter(it => it.length > 0)
    if (records.length > 0) {
      const kept = await this.#keep(records)
      if (kept !== true) return this.#notKept(group, bookkeeping, kept)
      if (!(await this.#makeVisible(draft, records))) return this.#abandon(group, bookkeeping)
    }
    for (const { done } of bookkeeping) done()
    for (let at = 0; at < decided.outcomes.length; at++) this.#answerAt(group, at, decided.outcomes)
    measured?.(decided.outcomes.length, (clock.monotonic() - started) / 1000)
    if (records.length > 0) this.#options.between()
    return decided.again.length > 0 ? [decided.again] : []
  }

  async #decide(group: Group, draft: Draft): Promise<Decided | Undecided> {
    const outcomes: Outcome[] = []
    let again: Group = []
    let at: number | undefined
    try {
      const reading = draft.prefetch(idsOf(group))
      if (reading !== undefined) await reading
      at = 0
      for (const { entry } of group) {
        const decision = this.#options.apply(entry, draft)
        const outcome = decision instanceof Promise ? await decision : decision
        if (outcome === 'again') {
          again = group.slice(at)
          break
        }
        outcomes.push(outcome)
        at++
      }
      at = undefined
      return { outcomes, again, changes: draft.finish() }
    } catch (error) {
      return { error, at }
    }
  }

  /** True when the records are durable; otherwise why nothing of them was kept. */
  async #keep(records: readonly RecordChanges[]): Promise<true | { readonly error: unknown }> {
    try {
      await this.#options.journal.append(records)
      return true
    } catch (error) {
      return { error }
    }
  }

  /** False where that failed: then nothing in memory may be built on any more. */
  async #makeVisible(draft: Draft, records: readonly RecordChanges[]): Promise<boolean> {
    try {
      await this.#writer.write(records)
      this.#applied = this.#options.journal.sequence
      this.#options.publish(draft)
      return true
    } catch (error) {
      this.#end(error)
      return false
    }
  }

  /** One entry that cannot be decided must not keep the others out: the group is committed in parts around it. */
  #isolate(group: Group, { error, at }: Undecided): readonly Group[] {
    if (group.length <= 1) {
      const [ordered] = group
      const about = ordered && { kind: ordered.entry.kind, source: ordered.entry.source }
      this.#options.events.error({ err: error, ...about }, 'an entry could not be decided')
      return this.#defer(group, new Reason('fault'))
    }
    const middle = Math.floor(group.length / 2)
    const parts =
      at === undefined
        ? [group.slice(0, middle), group.slice(middle)]
        : [group.slice(0, at), group.slice(at, at + 1), group.slice(at + 1)]
    return parts.filter(part => part.length > 0)
  }

  /** The journal did not take it. */
  #notKept(
    group: Group,
    bookkeeping: readonly Bookkeeping[],
    { error }: { readonly error: unknown },
  ): readonly Group[] {
    // Answer nothing: the process ends, and whoever sent these articles sends them again.
    if (error instanceof SyncFailed) {
      this.#end(error)
      return []
    }
    for (const { failed } of bookkeeping) failed(errorOf(error))
    // Too large for one frame: nothing was written.
    if (error instanceof RangeError) return this.#isolate(group, { error, at: undefined })
    this.#options.events.error({ err: error, entries: group.length }, 'commit failed')
    const full = error instanceof NoSpace
    // Whoever watches the disk takes this back when there is room.
    if (full) this.pause('space', new Reason('no-space'))
    return this.#defer(group, new Reason(full ? 'no-space' : 'fault'))
  }

  /** The journal has it and the databases do not: it is there after the next start, and answered by nobody here. */
  #abandon(group: Group, bookkeeping: readonly Bookkeeping[]): readonly Group[] {
    if (!this.#leaving.signal.aborted) return []
    for (const { failed } of bookkeeping) failed(new Error('storage is closed'))
    return this.#defer(group, new Reason('paused', 'stopping'))
  }

  /** Came too late: neither the journal nor a database has it. */
  #neverWritten(group: Group): readonly Group[] {
    for (const { failed } of this.#bookkeeping.take()) failed(new Error('storage is closed'))
    return this.#defer(group, new Reason('paused', 'stopping'))
  }

  /** Nothing is decided after this: the counters in memory could give a number again that the journal has. */
  #end(error: unknown): void {
    this.#ended = true
    if (this.#leaving.signal.aborted && !(error instanceof SyncFailed)) {
      this.#options.events.error({ err: error }, 'stopped with writes that only the journal has')
      return
    }
    this.#options.fatal(errorOf(error))
  }

  #defer(group: Group, reason: Reason): readonly Group[] {
    for (const { entry } of group) this.#answer(entry, deferred(reason))
    return []
  }

  #answerAll(outcome: Outcome): void {
    for (const entry of [...this.#waiting.keys()]) this.#answer(entry, outcome)
  }

  #answerAt(group: Group, at: number, outcomes: readonly Outcome[]): void {
    const [ordered, outcome] = [group[at], outcomes[at]]
    if (ordered !== undefined && outcome !== undefined) this.#answer(ordered.entry, outcome)
  }

  #answer(entry: Entry, outcome: Outcome): void {
    const answer = this.#waiting.get(entry)
    if (answer === undefined) return
    this.#waiting.delete(entry)
    if (entry.kind === 'article') this.committing.remove(entry.messageId)
    answer(outcome)
  }
}

function idsOf(group: Group): string[] {
  const ids: string[] = []
  for (const { entry } of group) {
    if (entry.kind !== 'article') continue
    ids.push(entry.messageId)
    if (entry.withdraws !== undefined) ids.push(entry.withdraws.target)
  }
  return ids
}

const deferred = (reason: Reason): Outcome => ({ kind: 'deferred', reason })

const errorOf = (error: unknown): Error => (error instanceof Error ? error : new Error(String(error)))
