/** The door of storage: opens and replays, then one way to write (`submit`) and one to read (`reading`). */
import type { Clock, Timer } from '../clock.ts'
import type { Log } from '../log.ts'
import { Reason } from '../reason.ts'
import { Active } from './active.ts'
import { Arrivals } from './arrivals.ts'
import { Checkpointer } from './checkpoint.ts'
import { seal, unseal } from './checksum.ts'
import { Committer } from './committer.ts'
import type { Disk } from './disk.ts'
import type { Counters, Draft } from './draft.ts'
import type { Apply, Entry, Mail, Outcome } from './entry.ts'
import { History } from './history.ts'
import { Journal, type RecordChanges, type Recovery } from './journal.ts'
import { allArrivals, arrivalOfKey, counterKey, readWide, secretKey, writeWide } from './keys.ts'
import { readMails } from './outbox.ts'
import type { Places } from './places.ts'
import { newestTime, Reader } from './reader.ts'
import type { Arrival, Reading } from './reading.ts'
import { LocalLog, type SharedLog } from './shared-log.ts'
import { Space } from './space.ts'
import type { DatabaseName, Stores } from './store.ts'
import { StoredPlaces } from './stored-places.ts'
import { Tail } from './tail.ts'

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
}

/** How often free space is looked at, milliseconds. */
const spaceInterval = 1000

export class Storage implements AsyncDisposable {
  readonly reading: Reading
  readonly history: History
  readonly places: Places
  /** The group table, for checks that must not wait. */
  readonly active: Active
  readonly recovery: Recovery
  readonly #options: StorageOptions
  readonly #journal: Journal
  readonly #committer: Committer
  readonly #checkpointer: Checkpointer
  readonly #arrivals: Arrivals
  readonly #mails = new Set<() => void>()
  readonly #tail: Tail
  readonly #space: Space
  #counters: Counters
  #time: number
  #timer: Timer | undefined
  #checkpointing: Promise<void> | undefined

  /** Replays the journal, reads the group table, starts the writer. Throws `CorruptJournal`, `DamagedState`. */
  static async open(options: StorageOptions): Promise<Storage> {
    const { stores, disk } = options
    const { journal, recovery } = await Journal.open(disk, changes => replay(stores, changes))
    const counters = await readCounters(stores)
    const active = await Active.load(stores.state)
    const time = await newestTime(stores)
    const storage = new Storage(options, { journal, recovery, counters, active, time })
    storage.#committer.start()
    storage.#watchSpace()
    return storage
  }

  private constructor(
    options: StorageOptions,
    opened: { journal: Journal; recovery: Recovery; counters: Counters; active: Active; time: number },
  ) {
    const { stores, clock, log } = options
    this.#options = options
    this.#journal = opened.journal
    this.recovery = opened.recovery
    this.active = opened.active
    this.#counters = opened.counters
    this.#time = opened.time
    this.#tail = new Tail(options.tailOctets)
    this.#arrivals = new Arrivals(opened.counters.arrival as Arrival)
    this.#space = new Space(options.disk)
    this.#checkpointer = new Checkpointer(stores, this.#journal)
    this.#committer = new Committer({
      stores,
      journal: this.#journal,
      log: options.sharedLog ?? new LocalLog(),
      apply: options.apply,
      clock,
      events: log,
      fatal: options.fatal,
      publish: draft => this.#publish(draft),
      committed: () => ({ active: this.active, counters: this.#counters, time: this.#time }),
      between: () => this.#checkpointWhenDue(),
      ...(options.committed && { measured: options.committed }),
    })
    this.places = new StoredPlaces(opened.counters.epoch, stores.state, changes =>
      this.#committer.write(changes),
    )
    this.history = new History(stores, this.#committer.committing)
    this.reading = new Reader({
      stores,
      active: this.active,
      tail: this.#tail,
      visible: this.#arrivals,
      log,
    })
  }

  /** Resolves when the entry is durable and visible, or with why it is not. Never rejects. */
  submit(entry: Entry): Promise<Outcome> {
    return this.#committer.submit(entry)
  }

  /** Octets only this node knows, made by `create` the first time and the same ever after. */
  async secret(create: () => Buffer): Promise<Buffer> {
    const sealed = await this.#options.stores.state.get(secretKey)
    const known = sealed && unseal(sealed)
    if (known) return known
    const made = create()
    await this.#committer.write([{ database: 'state', key: secretKey, value: seal(made) }])
    return made
  }

  /** Waiting mails, oldest first. */
  mails(limit: number): Promise<readonly Mail[]> {
    return readMails(this.#options.stores.state, limit)
  }

  /** Resolves when a mail was put into the outbox, or when `signal` aborts. */
  mailAdded(signal: AbortSignal): Promise<void> {
    if (signal.aborted) return Promise.resolve()
    return new Promise(resolve => {
      const done = () => {
        this.#mails.delete(done)
        signal.removeEventListener('abort', done)
        resolve()
      }
      this.#mails.add(done)
      signal.addEventListener('abort', done, { once: true })
    })
  }

  get journalOctets(): number {
    return this.#journal.size
  }

  /** Why no article is taken now, if so. */
  get paused(): Reason | undefined {
    return this.#committer.paused
  }

  /** Free and total octets of the disk, as last seen. */
  get space(): { readonly free: number; readonly total: number } {
    return this.#space.seen
  }

  /** Finishes the commit in flight and closes; a start after a crash does no more than one after this. */
  async close(): Promise<void> {
    this.#timer?.cancel()
    await this.#committer.close()
    await this.#checkpointing
    await this.#checkpoint()
    await this.#journal.close()
    await Promise.all(Object.values(this.#options.stores).map(store => store.close()))
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }

  #publish(draft: Draft): void {
    for (const announcement of draft.announcements) this.#tail.add(announcement)
    for (const arrival of draft.amended) this.#tail.drop(arrival)
    this.active.publish(draft.groups)
    this.#counters = { ...draft.counters }
    this.#time = draft.time
    this.#arrivals.announce(draft.counters.arrival as Arrival)
    if (draft.mails.length > 0) for (const done of [...this.#mails]) done()
  }

  /** Called with no commit in flight, so that all the journal holds has been written; commits go on meanwhile. */
  #checkpointWhenDue(): void {
    if (this.#checkpointing || !this.#checkpointer.due()) return
    this.#checkpointing = this.#checkpoint().finally(() => {
      this.#checkpointing = undefined
    })
  }

  async #checkpoint(): Promise<void> {
    const { log, fatal } = this.#options
    try {
      const result = await this.#checkpointer.run(this.#journal.sequence)
      if (!result.ok) log.error({ failed: result.failed, err: result.causes[0] }, 'checkpoint failed')
    } catch (error) {
      fatal(error instanceof Error ? error : new Error(String(error)))
    }
  }

  /** Stops taking articles before the disk is full, and takes them again by itself. */
  #watchSpace(): void {
    const look = async () => {
      const short = await this.#space.short()
      const paused = this.#committer.paused
      if (short && !paused) {
        this.#options.log.warn({ ...this.#space.seen }, 'disk nearly full: not accepting articles')
        this.#committer.pause(new Reason('no-space'))
      } else if (!short && paused?.name === 'no-space') {
        this.#options.log.info({ ...this.#space.seen }, 'room on disk again: accepting articles')
        this.#committer.pause(undefined)
      }
      this.#timer = this.#options.clock.timer(spaceInterval, () => void look())
    }
    this.#timer = this.#options.clock.timer(0, () => void look())
  }
}

async function replay(stores: Stores, changes: RecordChanges): Promise<void> {
  const names = ['articles', 'state', 'index'] as const satisfies readonly DatabaseName[]
  for (const name of names) {
    const own = changes.filter(change => change.database === name)
    if (own.length > 0) await stores[name].batch(own)
  }
}

/** Counters come from `state`; the newest arrival also from the log, whichever is later. */
async function readCounters(stores: Stores): Promise<Counters> {
  const names = ['arrival', 'group', 'mail', 'epoch'] as const
  const values = await stores.state.getMany(names.map(counterKey))
  const [arrival = 0, group = 0, mail = 0, epoch = 0] = values.map(value => (value ? readWide(value) : 0))
  if (epoch === 0) await writeFirstEpoch(stores)
  let newest = arrival
  for await (const keys of stores.index.keys({ ...allArrivals, reverse: true, limit: 1 }, 1))
    for (const key of keys) newest = Math.max(newest, arrivalOfKey(key))
  return { arrival: newest, group, mail, epoch: epoch || 1 }
}

async function writeFirstEpoch(stores: Stores): Promise<void> {
  const value = Buffer.allocUnsafe(8)
  writeWide(value, 1, 0)
  await stores.state.batch([{ key: counterKey('epoch'), value }])
}
