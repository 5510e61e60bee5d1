/** The feed to one peer: follows the arrival log from a durable place and offers what the peer wants. RFC 5537 3.6 */
import type { Clock } from '../../clock.ts'
import type { PeerConfig } from '../../config/config.ts'
import type { Log } from '../../log.ts'
import { safeText } from '../../reason.ts'
import { articleIn } from '../../storage/article/stored-article.ts'
import type { Arrival, ArrivalRow, Reading } from '../../storage/reading.ts'
import type { Places } from '../../storage/state/places.ts'
import type { Wildmat } from '../../wildmat.ts'
import type { GroupNames } from '../group-names.ts'
import type { LinkState } from '../link/facts.ts'
import { Link, type LinkParts } from '../link/link.ts'
import {
  groupsOfControl,
  type PeerRules,
  peerAddresses,
  type Wanted,
  type Why,
  wants,
} from '../peers/peer.ts'
import { FeedPlace } from './feed-place.ts'
import { type LastAnswer, LastAnswers } from './last-answers.ts'
import { Acceptance, type Answer, type Delivery } from './peer-answer.ts'
import type { Work } from './peer-connection.ts'
import { Pool, type PoolState } from './pool.ts'
import { Progress, type Standing } from './progress.ts'
import { Sent } from './sent.ts'

export interface OutgoingParts extends LinkParts {
  readonly reading: Reading
  readonly places: Places
  readonly clock: Clock
  /** 0 up to 1, for jitter. */
  readonly random: () => number
  readonly names: GroupNames
  readonly log: Log
}

export interface OutgoingOptions {
  readonly peer: PeerConfig
  readonly rules: PeerRules
  /** Where a peer that has no place begins, exclusive; the newest arrival where absent. */
  readonly after?: Arrival
  /** Later arrivals are left out, and the feed is over when all others are answered. */
  readonly until?: Arrival
  /** Only what is filed in one of these groups. */
  readonly only?: Wildmat
  /** Goes on counting where an earlier feed to this peer has stopped. */
  readonly sent?: Sent
}

export interface FeedStatus {
  readonly name: string
  readonly state: PoolState
  readonly connections: number
  /** What each of them stands on. */
  readonly links: readonly LinkState[]
  readonly cursor: Arrival
  /** Where it ends: the newest arrival, or what it was told. */
  readonly until: Arrival
  /** Arrivals behind the newest, wanted or not. */
  readonly behind: number
  /** Seconds since the oldest article that waits arrived here; 0 where none waits. */
  readonly lag: number
  /** Articles that were read from the log for it and not answered. */
  readonly waiting: number
  /** Of them, those put off. */
  readonly deferred: number
  readonly counters: Readonly<Sent>
  readonly lastError: string
  /** Milliseconds until the peer is called again. */
  readonly retryIn: number
}

export type PeerStanding =
  | { readonly send: false; readonly why: Why }
  /** `before`: it arrived before the feed began. */
  | {
      readonly send: true
      readonly standing: Standing | 'before'
      /** Absent where it was long ago, or before the feed was made. */
      readonly answer?: LastAnswer
    }

const batch = 256
/** After a fault in our own storage. */
const pauseAfterFault = 30_000
/** Answers that are remembered for `standing`. */
const remembered = 10_000

export class OutgoingFeed {
  readonly #parts: OutgoingParts
  readonly #options: OutgoingOptions
  readonly #pool: Pool
  /** Articles read from the log and not answered. */
  readonly #window: number
  readonly #stopping = new AbortController()
  readonly #sent: Sent
  readonly #place: FeedPlace
  readonly #answers = new LastAnswers(remembered)
  #progress: Progress | undefined
  #running: Promise<void> | undefined
  #ring: () => void = () => {}
  #full = false

  constructor(parts: OutgoingParts, options: OutgoingOptions) {
    const { peer } = options
    this.#parts = parts
    this.#options = options
    this.#sent = options.sent ?? new Sent(parts.clock)
    this.#window = Math.max(500, peer.max_connections * 400)
    this.#place = new FeedPlace({
      name: options.rules.name,
      places: parts.places,
      clock: parts.clock,
      progress: () => this.#progress,
      stopping: this.#stopping.signal,
      failed: why => this.#complain(why),
    })
    this.#pool = new Pool({
      clock: parts.clock,
      random: parts.random,
      link: new Link(peer, parts),
      work: this.#work(),
      hasWork: () => this.#progress?.hasReady ?? false,
      addresses: peerAddresses(peer),
      bind: peer.bind,
      streaming: peer.streaming,
      maxConnections: peer.max_connections,
      failed: why => this.#complain(why),
    })
  }

  /** Takes up the place and feeds until `stop`. Resolves when the place is known. */
  async start(): Promise<void> {
    this.#progress = await this.#begin()
    this.#running = this.#follow(this.#progress)
  }

  /** Resolves when everything `until` its end is answered, or when it was stopped. */
  get over(): Promise<void> {
    return this.#running ?? Promise.resolve()
  }

  /** Everything `until` its end is answered; false where it has none. */
  get complete(): boolean {
    const progress = this.#progress
    return progress !== undefined && this.#read && progress.open === 0 && progress.exceptions === 0
  }

  /** Rows up to `until` were read. */
  get #read(): boolean {
    return this.#progress !== undefined && this.#progress.scanned >= this.#until
  }

  get #until(): number {
    return this.#options.until ?? Number.POSITIVE_INFINITY
  }

  /** Resolves when nothing is under way any more and the place is stored. */
  async stop(): Promise<void> {
    this.#stopping.abort()
    this.#ring()
    await this.#pool.stop()
    await this.#running
    await this.#place.saveLast()
  }

  /** Calls the peer and offers what was put off at once, whatever the waits; stores the place. */
  async flush(): Promise<void> {
    this.#progress?.wakeDue(true)
    this.#pool.retryNow()
    await this.#place.save()
  }

  /** Whether the peer wants an arrival, and how far the feed is with it. */
  async standing(row: ArrivalRow): Promise<PeerStanding> {
    const wanted = await this.#judge(row)
    if (!wanted.send) return wanted
    if (row.arrival <= this.#place.began) return { send: true, standing: 'before' }
    const answer = this.#answers.get(row.arrival)
    const standing = this.#progress?.standing(row.arrival) ?? 'ahead'
    return { send: true, standing, ...(answer && { answer }) }
  }

  /** Nothing up to here is looked at any more. */
  get passed(): Arrival {
    return this.#progress?.passed ?? (0 as Arrival)
  }

  status(): FeedStatus {
    const progress = this.#progress
    const cursor = progress?.cursor ?? (0 as Arrival)
    const oldest = progress?.oldest
    return {
      name: this.#options.rules.name,
      state: this.#pool.state,
      connections: this.#pool.connections,
      links: this.#pool.links,
      cursor,
      until: this.#options.until ?? this.#parts.reading.newest,
      behind: Math.max(0, this.#parts.reading.newest - cursor),
      lag: oldest === undefined ? 0 : Math.max(0, Math.floor(this.#parts.clock.now() / 1000) - oldest),
      waiting: progress === undefined ? 0 : progress.open + progress.exceptions,
      deferred: progress?.exceptions ?? 0,
      counters: this.#sent,
      lastError: this.#sent.lastError,
      retryIn: this.#pool.retryIn,
    }
  }

  async #begin(): Promise<Progress> {
    const { places, reading } = this.#parts
    const place = await this.#place.load()
    if (place === undefined) {
      const cursor = this.#options.after ?? reading.newest
      const progress = new Progress(cursor, this.#parts)
      await this.#place.begin(cursor, progress)
      return progress
    }
    if (place.epoch !== places.epoch)
      this.#parts.log.warn({ place: place.cursor }, 'peer place is from before a restore')
    // A place of another epoch may stand ahead of the log; what is sent twice is a duplicate, never a loss.
    const cursor = Math.min(place.cursor, reading.newest) as Arrival
    const progress = new Progress(cursor, this.#parts)
    for (const { arrival, tries } of place.exceptions) {
      const [row] = arrival > cursor ? [] : await reading.arrivals((arrival - 1) as Arrival, 1)
      const delivery = row?.arrival === arrival ? await this.#wanted(row) : undefined
      if (delivery === undefined) this.#sent.gone += 1
      else progress.resume({ ...delivery, tries })
    }
    return progress
  }

  async #follow(progress: Progress): Promise<void> {
    const { signal } = this.#stopping
    while (!signal.aborted && !this.complete) {
      try {
        const scanned = await this.#scan(progress)
        progress.wakeDue()
        this.#pool.wake()
        if (!scanned) await this.#pause(progress)
      } catch (error) {
        this.#complain(`our own storage: ${safeText(error instanceof Error ? error.message : 'fault')}`)
        await this.#parts.clock.sleep(pauseAfterFault, signal)
      }
    }
  }

  /** Reads on where there is room; whether there may be more to read at once. */
  async #scan(progress: Progress): Promise<boolean> {
    this.#full = progress.open >= this.#window
    if (this.#full || this.#read) return false
    const rows = await this.#parts.reading.arrivals(progress.scanned, batch)
    for (const row of rows) {
      if (row.arrival > this.#until) break
      const expired = row.kind === 'expire'
      const wanted = await this.#wanted(expired ? { ...row, kind: 'article' } : row)
      if (expired && wanted !== undefined) this.#sent.gone += 1
      progress.scan(row.arrival, expired ? undefined : wanted)
    }
    // Rows of old arrivals may be gone.
    const last = rows.at(-1)?.arrival ?? this.#until
    if (this.#options.until !== undefined && last >= this.#until) progress.scan(this.#options.until)
    if (rows.length > 0) this.#place.saveLater()
    return rows.length > 0
  }

  async #judge(row: ArrivalRow): Promise<Wanted> {
    const { names } = this.#parts
    const { only } = this.#options
    const filed = names.known(row.filings) ?? (await names.load(row.filings))
    if (only !== undefined && !filed.some(name => only.matches(name))) return { send: false, why: 'groups' }
    const about = row.kind === 'article' && row.control ? await this.#controlled(row) : []
    return wants(this.#options.rules, row, about.length === 0 ? filed : about)
  }

  async #wanted(row: ArrivalRow): Promise<Delivery | undefined> {
    if (row.messageId === '' || !(await this.#judge(row)).send) return undefined
    return { arrival: row.arrival, messageId: row.messageId, size: row.size, time: row.time, tries: 0 }
  }

  /** RFC 5537 3.6: what a control message is about counts, wherever it was filed. */
  async #controlled({ arrival }: ArrivalRow): Promise<readonly string[]> {
    const stored = await this.#parts.reading.article(arrival)
    const article = stored && articleIn(stored)
    return article === undefined ? [] : groupsOfControl(article)
  }

  /** Until there is something to read, to offer again, or to stop for. */
  async #pause(progress: Progress): Promise<void> {
    const { clock, reading } = this.#parts
    const rung = new Promise<void>(resolve => {
      this.#ring = resolve
    })
    if (this.#stopping.signal.aborted || this.complete || (this.#full && this.#hasRoomAgain)) return
    const next = progress.dueIn
    const timer = next === undefined ? undefined : clock.timer(next, () => this.#ring())
    const enough = new AbortController()
    const waits = [rung]
    if (!this.#full && !this.#read) waits.push(reading.changed(progress.scanned, enough.signal))
    await Promise.race(waits)
    enough.abort()
    timer?.cancel()
  }

  #work(): Work {
    return {
      acceptance: new Acceptance(),
      take: () => {
        const delivery = this.#progress?.take()
        if (delivery !== undefined) this.#sent.offered += 1
        return delivery
      },
      read: async ({ arrival }) => (await this.#parts.reading.article(arrival))?.transfer,
      answered: (delivery, answer) => this.#answered(delivery, answer),
      returned: (delivery, offered) => {
        if (offered) this.#putOff(delivery)
        else this.#progress?.giveBack(delivery)
      },
    }
  }

  #answered(delivery: Delivery, answer: Answer): void {
    this.#tell(delivery, answer)
    this.#sent.answer(answer, delivery.size)
    this.#answers.set(delivery.arrival, answer)
    if (answer.outcome === 'later') this.#putOff(delivery)
    else {
      if (answer.code !== 0) this.#pool.succeeded()
      this.#progress?.finish(delivery)
      this.#settled()
    }
  }

  #tell({ messageId, tries }: Delivery, { outcome, code, text }: Answer): void {
    const fields = { messageId, code, text: safeText(text), tries }
    if (outcome === 'refused') this.#parts.log.warn(fields, 'peer cannot take article')
    else if (outcome === 'rejected') this.#parts.log.info(fields, 'peer rejected article')
    else this.#parts.log.trace(fields, outcome)
  }

  #putOff(delivery: Delivery): void {
    this.#sent.deferred += 1
    this.#progress?.putOff(delivery)
    // The loop sets its timer for it.
    this.#ring()
    this.#settled()
  }

  #settled(): void {
    this.#place.saveLater()
    if ((this.#full && this.#hasRoomAgain) || this.complete) this.#ring()
  }

  /** Half of the window, so that rows are read many at a time. */
  get #hasRoomAgain(): boolean {
    return (this.#progress?.open ?? 0) <= this.#window / 2
  }

  #complain(why: string): void {
    this.#sent.fault(why)
    this.#parts.log.warn({ why }, 'peer trouble')
  }
}
