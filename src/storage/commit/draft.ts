/**
 * One commit group while it is decided: the committed state with the group's own changes over it. `apply` asks and
 * tells it; the journal frame and the database batches are made from it.
 */
import type { Account, AccountName } from '../../account.ts'
import type { MessageId } from '../../message-id.ts'
import type { Arena, Room } from '../arena.ts'
import { decodeRecord, type StoredRecord } from '../article/record.ts'
import type { DatabaseName, RecordChanges, Stores } from '../database/store.ts'
import type { HistoryFilter } from '../history/history-filter.ts'
import {
  accountKey,
  arrivalKey,
  articleKey,
  type Counter,
  certificateKey,
  counterKey,
  counterValue,
  expiresKey,
  goneKey,
  groupKey,
  historyKey,
  horizonKey,
  marksKey,
  messageIdHash,
  readWide,
  wideValue,
} from '../keys.ts'
import { decodeArrivalRow, encodeArrivalRow } from '../log/arrival-row.ts'
import type { Announcement } from '../log/tail.ts'
import { rowsFromArticles } from '../overview/overview-repair.ts'
import type { Arrival, ArrivalRow, Filing, GroupId } from '../reading.ts'
import { encodeAccount, encodeOwner, readAccount, readOwner } from '../state/accounts.ts'
import { type Active, encodeDefinition, encodeMarks, type GroupState } from '../state/active.ts'
import { encodeGone, type Gone } from '../state/gone.ts'
import { encodeHorizon, type HorizonState } from '../state/horizon-state.ts'
import { DraftCancels } from './draft-cancels.ts'
import { DraftGroups } from './draft-groups.ts'
import { DraftHeld } from './draft-held.ts'
import { DraftNumbers } from './draft-numbers.ts'
import { DraftOverview } from './draft-overview.ts'

export type Counters = Record<Counter, number>

export interface Committed {
  readonly stores: Stores
  readonly active: Active
  readonly counters: Readonly<Counters>
  /** Time of the newest arrival, seconds. */
  readonly time: number
  readonly horizon: HorizonState
  readonly filter: Pick<HistoryFilter, 'add' | 'mayHold'>
  readonly arena: Arena
  /** Postings that wait for an administrator. */
  readonly held: number
}

export type Known = { readonly have: Arrival } | 'gone' | undefined

/** A message-ID that this group has to do with. */
interface Named {
  readonly hash: string
  known: Known
  /** Whether it was looked up, or set here. */
  sure: boolean
  /** This very group has changed it. */
  touched: boolean
}

export class Draft {
  readonly overview: DraftOverview
  readonly held: DraftHeld
  readonly cancels: DraftCancels
  readonly numbers: DraftNumbers
  readonly groups: DraftGroups
  readonly announcements: Announcement[] = []
  /** Earlier arrivals whose article or row changed: caches drop them. */
  readonly amended: Arrival[] = []
  /** Hashes of ids whose article is new here, and of those whose article is here no more. */
  readonly remembered: string[] = []
  readonly forgotten: string[] = []
  /** Mails put into the outbox. */
  readonly mails: number[] = []
  /** Accounts more, or less where negative. */
  accountsAdded = 0
  readonly #base: Committed
  readonly #counters: Counters
  readonly #accounts = new Map<AccountName, Account | undefined>()
  readonly #owners = new Map<string, AccountName | undefined>()
  readonly #named = new Map<string, Named>()
  readonly #changes: RecordChanges[number][] = []
  #wideArrival: Arrival | undefined
  #wideOctets: Buffer = Buffer.alloc(0)
  #time: number
  #horizon: HorizonState

  constructor(base: Committed) {
    this.#base = base
    this.#counters = { ...base.counters }
    this.#time = base.time
    this.#horizon = base.horizon
    this.held = new DraftHeld(base, this)
    this.cancels = new DraftCancels(base, this)
    this.numbers = new DraftNumbers(base.stores.index, this)
    this.groups = new DraftGroups(base.active)
    this.overview = new DraftOverview(base.stores.index, (group, block) =>
      rowsFromArticles(base.stores, group, block),
    )
  }

  get counters(): Readonly<Counters> {
    return this.#counters
  }

  /** Time of the newest arrival of this group, seconds. */
  get time(): number {
    return this.#time
  }

  get horizon(): HorizonState {
    return this.#horizon
  }

  setHorizon(horizon: HorizonState): void {
    this.#horizon = horizon
    this.put('state', horizonKey, encodeHorizon(horizon))
  }

  async account(name: AccountName): Promise<Account | undefined> {
    if (this.#accounts.has(name)) return this.#accounts.get(name)
    return readAccount(this.#base.stores.state, name)
  }

  async certificateOwner(certificate: string): Promise<AccountName | undefined> {
    if (this.#owners.has(certificate)) return this.#owners.get(certificate)
    return readOwner(this.#base.stores.state, certificate)
  }

  /** From one state of an account to the next; undefined = there is none. */
  setAccount(old: Account | undefined, next: Account | undefined): void {
    for (const certificate of old?.certificates ?? []) {
      this.#owners.set(certificate, undefined)
      this.delete('state', certificateKey(certificate))
    }
    for (const certificate of next?.certificates ?? []) {
      this.#owners.set(certificate, next?.name)
      if (next) this.put('state', certificateKey(certificate), encodeOwner(next.name))
    }
    if (next) this.put('state', accountKey(next.name), encodeAccount(next))
    else if (old) this.delete('state', accountKey(old.name))
    const name = next?.name ?? old?.name
    if (name !== undefined) this.#accounts.set(name, next)
    this.accountsAdded += Number(next !== undefined) - Number(old !== undefined)
  }

  /** Memory for values of this group. */
  get room(): Room {
    return this.#base.arena.room
  }

  /** Looks many message-IDs up at once, before they are asked for one by one; a promise where some may be known. */
  prefetch(ids: readonly string[]): Promise<void> | undefined {
    const { filter } = this.#base
    const asked: Named[] = []
    for (const id of ids) {
      const named = this.#name(id)
      if (named.sure) continue
      if (filter.mayHold(named.hash)) asked.push(named)
      else named.sure = true
    }
    return asked.length === 0 ? undefined : this.#lookUp(asked)
  }

  async #lookUp(asked: readonly Named[]): Promise<void> {
    const { index, state } = this.#base.stores
    const [have, gone] = await Promise.all([
      index.getMany(asked.map(({ hash }) => historyKey(hash))),
      state.getMany(asked.map(({ hash }) => goneKey(hash))),
    ])
    for (const [at, named] of asked.entries()) {
      const arrival = have[at]
      if (named.touched) continue
      named.known = arrival ? { have: readWide(arrival) as Arrival } : gone[at] ? 'gone' : undefined
      named.sure = true
    }
  }

  /** A promise only where the id was not looked up before, and may be known. */
  known(id: string): Known | Promise<Known> {
    const reading = this.prefetch([id])
    const named = this.#name(id)
    return reading === undefined ? named.known : reading.then(() => named.known)
  }

  /** False where the databases surely have nothing about that id, and this group neither. */
  mayHold(id: string): boolean {
    return this.#base.filter.mayHold(this.#name(id).hash)
  }

  /** True where this very group has changed that article: what builds on it waits for the next group. */
  touched(id: string): boolean {
    return this.#named.get(id)?.touched === true
  }

  group(name: string): GroupState | undefined {
    const group = this.groups.everNamed(name)
    return group?.removed ? undefined : group
  }

  everGroup(name: string): GroupState | undefined {
    return this.groups.everNamed(name)
  }

  groupWithId(id: GroupId): GroupState | undefined {
    return this.groups.withId(id)
  }

  setGroup(group: GroupState, definition = false): void {
    this.groups.set(group)
    if (definition) this.put('state', groupKey(group.id), encodeDefinition(group))
  }

  next(counter: Counter): number {
    this.#counters[counter] += 1
    return this.#counters[counter]
  }

  /** The next arrival; its time never goes back. */
  announce(row: Omit<ArrivalRow, 'arrival'>, record?: Buffer): Arrival {
    this.#time = Math.max(this.#time, row.time)
    const arrival = this.next('arrival') as Arrival
    const whole = row.time === this.#time ? row : { ...row, time: this.#time }
    const value = encodeArrivalRow(whole, this.room)
    this.put('index', arrivalKey(arrival), value)
    if (row.expires !== undefined) this.put('index', expiresKey(arrival), wideValue(row.expires))
    this.announcements.push({ arrival, row: value, record })
    return arrival
  }

  remember(id: MessageId, arrival: Arrival): void {
    const { hash } = this.#set(id, { have: arrival })
    this.remembered.push(hash)
    this.put('index', historyKey(hash), this.wide(arrival))
  }

  /** The article is gone: its id stays. */
  forget(id: MessageId, gone: Gone): void {
    const { hash } = this.#set(id, 'gone')
    this.forgotten.push(hash)
    this.put('state', goneKey(hash), encodeGone(gone))
    this.delete('index', historyKey(hash))
  }

  /** The article is gone, and its date alone keeps copies away. */
  drop(id: MessageId): void {
    this.dropHash(this.#set(id, undefined).hash)
  }

  /** The same where the hash alone is known, for repairs: nothing else of this group may be about that id. */
  dropHash(hash: string): void {
    this.forgotten.push(hash)
    this.delete('index', historyKey(hash))
  }

  putArticle(arrival: Arrival, record: Buffer): void {
    this.#changes.push({ database: 'articles', key: this.wide(arrival), value: record, selfChecked: true })
  }

  /** A committed article; undefined where it is gone or damaged. */
  async article(arrival: Arrival): Promise<StoredRecord | undefined> {
    const record = await this.#base.stores.articles.get(articleKey(arrival))
    return record && decodeRecord(record)
  }

  /** Where a committed article is filed. Throws where neither the article nor its row tells. */
  async filings(arrival: Arrival): Promise<readonly Filing[]> {
    const filings = (await this.row(arrival))?.filings ?? (await this.article(arrival))?.filings
    if (filings === undefined) throw new Error(`arrival ${arrival} is damaged: where it is filed is unknown`)
    return filings
  }

  /** A committed article in another form and its row with other filings. */
  async amend(id: MessageId, arrival: Arrival, changed: { record: Buffer; filings: readonly Filing[] }) {
    this.putArticle(arrival, changed.record)
    const row = await this.row(arrival)
    if (row) this.put('index', arrivalKey(arrival), encodeArrivalRow({ ...row, filings: changed.filings }))
    this.#name(id).touched = true
    this.amended.push(arrival)
  }

  /** The article and its row in the log go; its numbers and overview are the caller's. */
  deleteArticle({ arrival, expires }: Pick<ArrivalRow, 'arrival' | 'expires'>): void {
    this.delete('articles', articleKey(arrival))
    this.delete('index', arrivalKey(arrival))
    if (expires !== undefined) this.delete('index', expiresKey(arrival))
    this.amended.push(arrival)
  }

  /** What is committed under a key. */
  get(database: DatabaseName, key: Buffer): Promise<Buffer | undefined> {
    return this.#base.stores[database].get(key)
  }

  /** A committed row of the log; undefined where there is none or it is damaged. */
  async row(arrival: Arrival): Promise<ArrivalRow | undefined> {
    const value = await this.#base.stores.index.get(arrivalKey(arrival))
    return value && decodeArrivalRow(arrival, value)
  }

  put(database: DatabaseName, key: Buffer, value: Buffer): void {
    this.#changes.push({ database, key, value })
  }

  delete(database: DatabaseName, key: Buffer): void {
    this.#changes.push({ database, key, value: undefined })
  }

  /** Everything this group changes, as absolute values: the payload of one journal frame. Called once. */
  finish(): RecordChanges {
    for (const group of this.groups.changed()) this.put('state', marksKey(group.id), encodeMarks(group))
    for (const name of ['arrival', 'group', 'mail', 'cancel'] as const)
      if (this.#counters[name] !== this.#base.counters[name]) this.#putCounter(name)
    for (const { key, value } of this.overview.changes())
      this.#changes.push({ database: 'index', key, value })
    return this.#changes
  }

  /** Eight octets; an article needs those of its arrival three times and more, one after another. */
  wide(arrival: Arrival): Buffer {
    if (this.#wideArrival !== arrival) {
      this.#wideArrival = arrival
      this.#wideOctets = articleKey(arrival)
    }
    return this.#wideOctets
  }

  #putCounter(name: Counter): void {
    this.put('state', counterKey(name), counterValue(this.#counters[name]))
  }

  #set(id: string, known: Known): Named {
    const named = this.#name(id)
    named.known = known
    named.sure = true
    named.touched = true
    this.#base.filter.add(named.hash)
    return named
  }

  #name(id: string): Named {
    const found = this.#named.get(id)
    if (found !== undefined) return found
    const named = { hash: messageIdHash(id), known: undefined, sure: false, touched: false }
    this.#named.set(id, named)
    return named
  }
}
