/**
 * Steps 5 to 8: the only writer. A group of entries is decided, journaled and synced, written to the databases
 * without sync, made visible, and only then answered.
 */
import type { Clock } from '../clock.ts'
import type { Log } from '../log.ts'
import { Reason } from '../reason.ts'
import { type Committed, Draft } from './draft.ts'
import type { Apply, Entry, Outcome } from './entry.ts'
import type { Journal, RecordChanges } from './journal.ts'
import { NoSpace, SyncFailed } from './journal-error.ts'
import type { Ordered, SharedLog } from './shared-log.ts'
import type { DatabaseName, Stores } from './store.ts'

export interface CommitterOptions {
  readonly stores: Stores
  readonly journal: Journal
  readonly log: SharedLog
  readonly apply: Apply
  readonly clock: Clock
  readonly events: Log
  /** Ends the process: after a failed sync nothing may be answered any more. */
  readonly fatal: (error: Error) => void
  /** Everything of a group is durable: make it visible. */
  readonly publish: (draft: Draft) => void
  readonly committed: () => Omit<Committed, 'stores'>
  /** After each group, while nothing is in flight: checkpoints. */
  readonly between: () => void
  /** Entries and seconds of each group. */
  readonly measured?: (entries: number, seconds: number) => void
}

type Answer = (outcome: Outcome) => void

interface Bookkeeping {
  readonly changes: RecordChanges
  readonly done: () => void
  readonly failed: (error: Error) => void
}

const databases = ['articles', 'state', 'index'] as const

export class Committer {
  readonly #options: CommitterOptions
  readonly #waiting = new Map<Entry, Answer>()
  readonly #stop = new AbortController()
  #bookkeeping: Bookkeeping[] = []
  #again: Ordered[] = []
  #running: Promise<void> | undefined
  #paused: Reason | undefined

  constructor(options: CommitterOptions) {
    this.#options = options
  }

  start(): void {
    this.#running = this.#run()
  }

  /** Message-IDs of articles that are queued or being committed: neither "have" nor "new". */
  readonly committing = new Set<string>()

  /** Why nothing is taken at the moment, if so. */
  get paused(): Reason | undefined {
    return this.#paused
  }

  /** Refuses new entries for a reason of our own until called without one. */
  pause(reason: Reason | undefined): void {
    this.#paused = reason
  }

  /** Resolves when the entry is durable and visible, or with why it is not. Never rejects. */
  submit(entry: Entry): Promise<Outcome> {
    const refused = this.#paused ?? (this.#stop.signal.aborted ? new Reason('paused', 'stopping') : undefined)
    if (refused) return Promise.resolve({ kind: 'deferred', reason: refused })
    if (entry.kind === 'article') this.committing.add(entry.messageId)
    return new Promise<Outcome>(resolve => {
      this.#waiting.set(entry, resolve)
      this.#options.log.append(entry).catch(error => {
        this.#options.events.error({ err: error }, 'the shared log did not take an entry')
        this.#answer(entry, { kind: 'deferred', reason: new Reason('fault') })
      })
    })
  }

  /** Changes of our own that are no entries of the log (places): durable with the next group. */
  write(changes: RecordChanges): Promise<void> {
    return new Promise((done, failed) => {
      this.#bookkeeping.push({ changes, done, failed })
      if (this.#bookkeeping.length === 1 && this.#waiting.size === 0) void this.submit(nothing())
    })
  }

  /** Finishes what is queued, then stops. */
  async close(): Promise<void> {
    this.#stop.abort()
    await this.#running
  }

  async #run(): Promise<void> {
    for await (const group of this.#options.log.follow(0, this.#stop.signal)) {
      let rest: Ordered[] = [...group]
      while (rest.length > 0) rest = await this.#commit(rest)
      this.#options.between()
    }
  }

  /** Commits a group; gives back those entries that wait for the next one. */
  async #commit(group: readonly Ordered[]): Promise<Ordered[]> {
    const { committed, stores, clock, measured } = this.#options
    const started = clock.monotonic()
    const draft = new Draft({ ...committed(), stores })
    const bookkeeping = this.#bookkeeping
    this.#bookkeeping = []
    this.#again = []
    try {
      const outcomes = await this.#decide(group, draft)
      await this.#write(draft, bookkeeping)
      this.#options.publish(draft)
      measured?.(outcomes.length, (clock.monotonic() - started) / 1000)
      for (const { done } of bookkeeping) done()
      for (const [entry, outcome] of outcomes) this.#answer(entry, outcome)
      return this.#again
    } catch (error) {
      this.#fail(group, bookkeeping, error)
      return []
    }
  }

  async #decide(group: readonly Ordered[], draft: Draft): Promise<[Entry, Outcome][]> {
    const outcomes: [Entry, Outcome][] = []
    await draft.prefetch(group.flatMap(({ entry }) => (entry.kind === 'article' ? [entry.messageId] : [])))
    for (const [at, { entry }] of group.entries()) {
      const outcome = await this.#options.apply(entry, draft)
      if (outcome === 'again') {
        this.#again = group.slice(at)
        break
      }
      outcomes.push([entry, outcome])
    }
    return outcomes
  }

  async #write(draft: Draft, bookkeeping: readonly Bookkeeping[]): Promise<void> {
    const changes = draft.finish()
    const records = [changes, ...bookkeeping.map(it => it.changes)].filter(record => record.length > 0)
    if (records.length === 0) return
    await this.#options.journal.append(records)
    await Promise.all(databases.map(name => this.#apply(name, records)))
  }

  /**
   * The journal holds it, so it is safe, but it must not become visible before the database has it: the handle is
   * reopened until the write goes through, and nothing new is taken meanwhile.
   */
  async #apply(name: DatabaseName, records: readonly RecordChanges[]): Promise<void> {
    const changes = records.flatMap(record => record.filter(change => change.database === name))
    if (changes.length === 0) return
    const store = this.#options.stores[name]
    for (let wait = 100; ; wait = Math.min(wait * 2, 5000)) {
      try {
        await store.batch(changes)
        if (this.#paused?.detail === `database ${name}`) this.#paused = undefined
        return
      } catch (error) {
        this.#paused ??= new Reason('busy', `database ${name}`)
        this.#options.events.error({ err: error, database: name }, 'database write failed, reopening')
        if (this.#stop.signal.aborted) throw error
        await this.#options.clock.sleep(wait, this.#stop.signal)
        await store.reopen().catch(cause => {
          this.#options.events.error({ err: cause, database: name }, 'database did not reopen')
        })
      }
    }
  }

  #fail(group: readonly Ordered[], bookkeeping: readonly Bookkeeping[], error: unknown): void {
    const { events, fatal } = this.#options
    if (error instanceof SyncFailed) {
      // Answer nothing: the process ends, and whoever sent these articles sends them again.
      fatal(error)
      return
    }
    const reason = new Reason(error instanceof NoSpace ? 'no-space' : 'fault')
    events.error({ err: error, entries: group.length }, 'commit failed')
    for (const { failed } of bookkeeping) failed(error instanceof Error ? error : new Error(String(error)))
    for (const { entry } of group) this.#answer(entry, { kind: 'deferred', reason })
  }

  #answer(entry: Entry, outcome: Outcome): void {
    if (entry.kind === 'article') this.committing.delete(entry.messageId)
    this.#waiting.get(entry)?.(outcome)
    this.#waiting.delete(entry)
  }
}

/** An entry that decides nothing: carries bookkeeping through the one queue. */
const nothing = (): Entry => ({ kind: 'mailed', mail: 0, time: 0, source: 'node' })
