/** The door of storage: opens and replays, then one way to write (`submit`) and one to read (`reading`). */
import type { Clock } from '../clock.ts'
import type { Log } from '../log.ts'
import type { Reason } from '../reason.ts'
import { Waiters } from '../waiters.ts'
import { Arena } from './arena.ts'
import { Reclaim } from './article/reclaim.ts'
import { seal, unseal } from './checksum.ts'
import { type Apply, Committer } from './commit/committer.ts'
import type { Draft } from './commit/draft.ts'
import { LocalLog, type SharedLog } from './commit/shared-log.ts'
import { SpaceWatch } from './commit/space-watch.ts'
import type { RecordChanges, Stores } from './database/store.ts'
import type { Disk } from './disk/disk.ts'
import type { Entry, Outcome } from './entry.ts'
import { Frozen } from './frozen.ts'
import { History } from './history/history.ts'
import { HistoryFilter } from './history/history-filter.ts'
import { loadKnown } from './history/load-known.ts'
import { RecentIds } from './history/recent-ids.ts'
import { IndexMaking, isEmpty } from './index/index-making.ts'
import { Checkpointer } from './journal/checkpoint.ts'
import { Checkpointing } from './journal/checkpointing.ts'
import type { Journal, Recovery } from './journal/journal.ts'
import { secretKey } from './keys.ts'
import { Arrivals } from './log/arrivals.ts'
import { Tail } from './log/tail.ts'
import { type Recovered, recover } from './opening/recovery.ts'
import { Reader } from './reader.ts'
import type { Arrival, Reading } from './reading.ts'
import { Retention } from './retention.ts'
import { SearchBlocks } from './search/search-blocks.ts'
import { type Accounts, countAccounts, StoredAccounts } from './state/accounts.ts'
import type { Active } from './state/active.ts'
import { DamagedState } from './state/damaged-state.ts'
import { countHeld, type Held, StoredHeld } from './state/held.ts'
import { type HorizonState, loadHorizon } from './state/horizon-state.ts'
import { type Notes, StoredNotes } from './state/notes.ts'
import { type Mail, type MailHead, readMail, readMailHeads, readMails } from './state/outbox.ts'
import type { Places } from './state/places.ts'
import { type Shelves, StoredShelves } from './state/shelves.ts'
import { StoredPlaces } from './state/stored-places.ts'

export interface StorageOptions {
  readonly stores: Stores
  /** Where the journal lies. */
  readonly disk: Disk
  readonly clock: Clock
  readonly log: Log
  readonly apply: Apply
  /** Called once when nothing may be answered any more: the process must end. */
  readonly fatal: (error: Error) => void
  /** Alone (the default) the queue is the order. */
  readonly sharedLog?: SharedLog
  /** Told of every synced group: its entries, and the seconds it took. */
  readonly committed?: (entries: number, seconds: number) => void
  /** Octets of the shared tail. */
  readonly tailOctets?: number
  /** Octets of the journal after which a checkpoint is due. */
  readonly checkpointOctets?: number
  /** How often free space is looked at, milliseconds; one second where absent. */
  readonly spaceInterval?: number
}

interface Opened extends Recovered {
  readonly horizon: HorizonState
  readonly accounts: number
  readonly held: number
}

export class Storage implements AsyncDisposable {
  readonly reading: Reading
  readonly history: History
  readonly places: Places
  readonly notes: Notes
  /** What people keep here. */
  readonly shelves: Shelves
  /** What expiry works on. */
  readonly retention: Retention
  readonly reclaim: Reclaim
  /** What the search finds; whoever fills it loads it first. */
  readonly search: SearchBlocks
  readonly accounts: Accounts
  /** Postings that wait for an administrator. */
  readonly held: Held
  /** The group table, for checks that must not wait. */
  readonly active: Active
  readonly recovery: Recovery
  readonly #options: StorageOptions
  readonly #journal: Journal
  readonly #committer: Committer
  readonly #making: IndexMaking
  readonly #checkpointing: Checkpointing
  readonly #arrivals: Arrivals
  readonly #mails = new Waiters()
  readonly #tail: Tail
  readonly #space: SpaceWatch
  readonly #filter = new HistoryFilter()
  readonly #recent = new RecentIds()
  readonly #arena = new Arena()
  readonly #closing = new AbortController()
  #counters: Recovered['counters']
  #time: number
  #horizon: HorizonState
  #accountCount: number
  #heldCount: number
  #loading: Promise<void> | undefined

  /**
   * Replays the journal, reads the group table, starts the writer, and begins to make the index again where it is
   * missing: `whole` tells when that is done. Throws `CorruptJournal`, `MissingJournal`, `DamagedState`; the stores are
   * closed then, as by `close`.
   */
  static async open(options: StorageOptions): Promise<Storage> {
    try {
      const recovered = await recover(options)
      const horizon = await loadHorizon(options.stores.state)
      const accounts = await countAccounts(options.stores.state)
      const held = await countHeld(options.stores.state)
      const storage = new Storage(options, { ...recovered, horizon, accounts, held })
      await storage.#space.start()
      storage.#committer.start()
      storage.#loading = storage.#loadKnown()
      if (await isEmpty(options.stores)) await storage.whole
      return storage
    } catch (error) {
      await Promise.allSettled(Object.values(options.stores).map(store => store.close()))
      throw error
    }
  }

  private constructor(options: StorageOptions, opened: Opened) {
    const { stores, log } = options
    this.#options = options
    this.#journal = opened.journal
    this.recovery = opened.recovery
    this.active = opened.active
    this.#counters = opened.counters
    this.#time = opened.time
    this.#horizon = opened.horizon
    this.#accountCount = opened.accounts
    this.#heldCount = opened.held
    this.#tail = new Tail(options.tailOctets)
    this.#arrivals = new Arrivals(opened.counters.arrival as Arrival)
    this.#committer = this.#createCommitter(options)
    this.#making = new IndexMaking(opened.whole, {
      ...options,
      journal: this.#journal,
      active: this.active,
      committer: this.#committer,
    })
    const unfinished = () => this.#making.unfinished
    this.#space = new SpaceWatch({ ...options, committer: this.#committer })
    const write = (changes: RecordChanges) => this.#committer.write(changes)
    this.places = new StoredPlaces(opened.counters.epoch, stores.state, write)
    this.notes = new StoredNotes(stores.state, write)
    this.shelves = new StoredShelves(stores.state, {
      save: changes => this.#committer.writeAwaited(changes),
      clear: write,
    })
    this.retention = new Retention(stores, write)
    this.reclaim = new Reclaim(stores)
    this.search = new SearchBlocks({ index: stores.index, places: this.places, log })
    this.#checkpointing = new Checkpointing({
      ...options,
      checkpointer: new Checkpointer(stores, this.#journal, options.checkpointOctets),
      applied: () => this.#committer.applied,
      unfinished,
      search: this.search,
    })
    this.accounts = new StoredAccounts(stores.state, () => this.#accountCount)
    this.held = new StoredHeld(stores.state, () => this.#heldCount)
    this.history = new History({
      stores,
      committing: this.#committer.committing,
      filter: this.#filter,
      recent: this.#recent,
      unfinished,
    })
    this.reading = new Reader({
      stores,
      active: this.active,
      tail: this.#tail,
      visible: this.#arrivals,
      log,
      unfinished,
    })
  }

  #createCommitter(options: StorageOptions): Committer {
    return new Committer({
      stores: options.stores,
      journal: this.#journal,
      log: options.sharedLog ?? new LocalLog(),
      apply: options.apply,
      clock: options.clock,
      events: options.log,
      fatal: options.fatal,
      publish: draft => this.#publish(draft),
      committed: () => ({
        active: this.active,
        counters: this.#counters,
        time: this.#time,
        horizon: this.#horizon,
        filter: this.#filter,
        arena: this.#arena,
        held: this.#heldCount,
      }),
      between: () => this.#checkpointing.whenDue(),
      ...(options.committed && { measured: options.committed }),
    })
  }

  /** Resolves when the entry is durable and visible, or with why it is not. Never rejects. */
  submit(entry: Entry): Promise<Outcome> {
    return this.#committer.submit(entry)
  }

  /** The same with what `conclude`, which must not throw, makes of the outcome. */
  submitFor<T>(entry: Entry, conclude: (outcome: Outcome) => T): Promise<T> {
    return this.#committer.submitFor(entry, conclude)
  }

  /** A turn of the writer, for repairs; see `Committer.turn`. */
  turn<T>(work: (draft: Draft) => Promise<T>): Promise<T> {
    return this.#committer.turn(work)
  }

  /** All of one moment; must be released soon, because nothing that goes meanwhile gives room back. */
  freeze(): Promise<Frozen> {
    const { articles, state, index } = this.#options.stores
    return this.turn(
      async () =>
        new Frozen({
          articles: articles.snapshot(),
          state: state.snapshot(),
          index: index.snapshot(),
          groups: this.active.all(),
          newest: this.reading.newest,
        }),
    )
  }

  /** Octets only this node knows, made by `create` the first time and the same ever after. */
  async secret(create: () => Buffer): Promise<Buffer> {
    const sealed = await this.#options.stores.state.get(secretKey)
    const known = sealed && unseal(sealed)
    if (known) return known
    if (sealed) throw new DamagedState("the node's secret")
    const made = create()
    await this.#committer.write([{ database: 'state', key: secretKey, value: seal(made) }])
    return made
  }

  /** Waiting mails, oldest first. */
  mails(limit: number): Promise<readonly Mail[]> {
    return readMails(this.#options.stores.state, limit)
  }

  /** One of them. */
  mail(id: number): Promise<Mail | undefined> {
    return readMail(this.#options.stores.state, id)
  }

  /** As `mails`, without what they say. */
  mailHeads(limit: number): Promise<readonly MailHead[]> {
    return readMailHeads(this.#options.stores.state, limit)
  }

  /** Resolves when a mail was put into the outbox, or when `signal` aborts. */
  mailAdded(signal: AbortSignal): Promise<void> {
    return this.#mails.wait(signal)
  }

  /** Resolves when the index has everything; rejects where that failed, or storage is closed before. */
  get whole(): Promise<void> {
    return this.#making.whole
  }

  /** Whether the index is being made: readers get what is in it, nothing is taken, the log cannot be read. */
  get unfinished(): boolean {
    return this.#making.unfinished
  }

  /** The stored age limit for articles from peers. */
  get horizon(): HorizonState {
    return this.#horizon
  }

  /** Lets the journal shrink now. Resolves also where that failed: it is tried again. */
  checkpoint(): Promise<void> {
    return this.#checkpointing.now()
  }

  get journalOctets(): number {
    return this.#journal.size
  }

  /** Why no article is taken now, if so. */
  get paused(): Reason | undefined {
    return this.#committer.paused
  }

  /** Takes no articles for a reason of somebody else's, until called without one for the same `cause`. */
  pause(cause: string, reason?: Reason): void {
    this.#committer.pause(cause, reason)
  }

  /** Nothing is committed any more. */
  get ended(): boolean {
    return this.#closing.signal.aborted || this.#committer.ended
  }

  /** Free and total octets of the disk, as last seen. */
  get space(): { readonly free: number; readonly total: number } {
    return this.#space.seen
  }

  /** Before those end who write here: a database that takes no writes keeps nobody from ending. */
  leave(): void {
    this.#committer.leave()
  }

  /** Finishes the commit in flight and closes; a start after a crash does no more than one after this. */
  async close(): Promise<void> {
    this.#closing.abort()
    this.#making.stop()
    this.#space.stop()
    this.#checkpointing.stop()
    await this.#committer.close()
    await this.#loading
    await this.#checkpointing.idle()
    if (!this.#committer.ended) await this.#checkpointing.last()
    await this.#journal.close()
    await Promise.all(Object.values(this.#options.stores).map(store => store.close()))
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }

  #publish(draft: Draft): void {
    for (const announcement of draft.announcements) this.#tail.add(announcement)
    for (const hash of draft.remembered) this.#recent.add(hash)
    for (const hash of draft.forgotten) this.#recent.delete(hash)
    for (const arrival of draft.amended) this.#tail.drop(arrival)
    this.active.publish(draft.groups.changed())
    this.#counters = { ...draft.counters }
    this.#time = draft.time
    this.#horizon = draft.horizon
    this.#accountCount += draft.accountsAdded
    this.#heldCount += draft.held.added
    this.#arrivals.announce(draft.counters.arrival as Arrival)
    if (draft.mails.length > 0) this.#mails.wake()
  }

  /** Nobody waits for it: until it is loaded, and where that fails, every id is asked of the databases. */
  async #loadKnown(): Promise<void> {
    try {
      await this.whole
      const { stores } = this.#options
      const newest = this.#counters.arrival
      await loadKnown({ stores, filter: this.#filter, recent: this.#recent, newest }, this.#closing.signal)
    } catch (error) {
      if (this.#closing.signal.aborted) return
      this.#options.log.warn({ err: error }, 'the known message-IDs could not be loaded')
    }
  }
}
