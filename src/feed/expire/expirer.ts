/** Continuous expiry: once a minute what is due goes, in small commits between those of others. RFC 5537 3.6 */
import type { Clock, Timer } from '../../clock.ts'
import type { Config, ExpireConfig } from '../../config/config.ts'
import { ExpireRules } from '../../expire-rules.ts'
import type { Log } from '../../log.ts'
import { articleIn } from '../../storage/article/stored-article.ts'
import type { Arrival, ArrivalRow } from '../../storage/reading.ts'
import type { Storage } from '../../storage/storage.ts'
import type { Wildmat } from '../../wildmat.ts'
import type { ClockWatch } from '../age/clock-watch.ts'
import { dateOf } from '../check/dates.ts'
import { type Found, Survey } from './survey.ts'
import { Tally, type TallyReport } from './tally.ts'

export interface ExpirerParts {
  readonly storage: Storage
  readonly config: () => Config
  readonly clock: Clock
  readonly log: Log
  readonly watch: ClockWatch
  /** Articles with an earlier date are refused from peers, seconds since 1970; 0 = none. */
  readonly horizon: () => number
  /** Up to here every place in the log has come. */
  readonly passed: () => Arrival
}

export interface ExpiryStatus {
  /** Since the start. */
  readonly articles: number
  readonly octets: number
  /** Seconds since 1970; 0 = never. */
  readonly lastRun: number
  /** Why it waits; empty where it does not. */
  readonly waits: string
}

export interface ExpireNow {
  readonly dryRun: boolean
  readonly only?: Wildmat | undefined
  /** Tried in a dry run instead of those that count. */
  readonly rules?: readonly ExpireConfig[] | undefined
}

const interval = 60_000
/** Also where nothing expires: ids are forgotten, and the clock is watched. */
const forgetEvery = 3_600_000
/** After each commit the others get at least as long as it took, milliseconds. */
const leastPause = 5

export class Expirer implements AsyncDisposable {
  readonly #parts: ExpirerParts
  readonly #survey: Survey
  readonly #stopping = new AbortController()
  #compiled: { readonly from: Config['expire']; readonly rules: ExpireRules } | undefined
  #timer: Timer | undefined
  #running: Promise<void> = Promise.resolve()
  #articles = 0
  #octets = 0
  #lastRun = 0
  #nextForget = 0

  constructor(parts: ExpirerParts) {
    this.#parts = parts
    const { storage } = parts
    const { active, retention } = storage
    this.#survey = new Survey({ active, retention, freeze: () => storage.freeze() })
  }

  async start(): Promise<void> {
    this.#lastRun = await this.#parts.storage.retention.lastRun()
    this.#nextForget = this.#parts.clock.monotonic() + forgetEvery
    this.#schedule()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stopping.abort()
    this.#timer?.cancel()
    await this.#running
  }

  /** There may be other rules. */
  reload(): void {
    this.#timer?.cancel()
    void this.#running.then(() => this.#schedule())
  }

  status(): ExpiryStatus {
    const waits = this.#parts.watch.doubt() ?? ''
    const lastRun = this.#rules().none ? 0 : this.#lastRun
    return { articles: this.#articles, octets: this.#octets, lastRun, waits }
  }

  /** One round now, as the timer makes it. Never rejects. */
  async round(): Promise<void> {
    try {
      if (this.#parts.watch.doubt() !== undefined) return
      await this.#expireAll()
      await this.#forgetWhereDue()
    } catch (error) {
      this.#parts.log.error({ err: error }, 'expiry failed: it is tried again')
    }
  }

  /**
   * What is due goes now, or is only counted; reports what there was so far. The clock is trusted from then on: whoever
   * asks for it has looked.
   */
  async *now({ dryRun, only, rules: tried }: ExpireNow, signal: AbortSignal): AsyncGenerator<TallyReport> {
    const { storage } = this.#parts
    await storage.whole
    const tally = new Tally(storage.active)
    if (!dryRun) this.#parts.watch.trust()
    const rules = dryRun && tried !== undefined ? new ExpireRules(tried) : this.#rules()
    for await (const found of this.#survey.due({ time: this.#now(), rules, only })) {
      if (signal.aborted || this.#stopping.signal.aborted) return
      tally.add(dryRun ? found.rows : await this.#expire(found))
      yield tally.report()
    }
    if (!dryRun) await this.#ended(this.#now())
    yield tally.report(true)
  }

  #schedule(): void {
    if (this.#stopping.signal.aborted) return
    this.#timer?.cancel()
    this.#timer = this.#parts.clock.timer(this.#rules().none ? forgetEvery : interval, () => {
      this.#running = this.round().finally(() => this.#schedule())
    })
  }

  async #expireAll(): Promise<void> {
    const rules = this.#rules()
    const { signal } = this.#stopping
    const time = this.#now()
    // A start must know when the clock was last right.
    if (rules.none) return await this.#parts.storage.retention.ran(time)
    for await (const found of this.#survey.due({ time, rules })) {
      if (signal.aborted) return
      await this.#expire(found)
    }
    await this.#ended(time)
  }

  /** Also without articles: a start must know when the clock was last right. */
  async #ended(time: number): Promise<void> {
    const { storage, passed } = this.#parts
    const newest = storage.reading.newest
    await storage.retention.trim(Math.min(passed(), newest - 1) as Arrival)
    await storage.retention.ran(time)
    this.#lastRun = time
    await storage.reclaim.run(storage.active.articles, this.#stopping.signal)
  }

  /** The rows of what has gone. */
  async #expire({ judgement, rows }: Found): Promise<readonly ArrivalRow[]> {
    if (rows.length === 0) return []
    const { storage, clock, horizon, passed } = this.#parts
    const started = clock.monotonic()
    const articles = await Promise.all(
      rows.map(async row => ({ arrival: row.arrival, date: await this.#dateOf(row) })),
    )
    const outcome = await storage.submit({
      kind: 'expire',
      ...judgement,
      source: 'expire',
      articles,
      horizon: horizon(),
      passed: passed(),
    })
    const gone = outcome.kind === 'stored' ? outcome.filings : []
    const keys = new Set(gone.map(({ group, number }) => `${group}/${number}`))
    const removed = rows.filter(({ filings: [first] }) => first && keys.has(`${first.group}/${first.number}`))
    for (const { arrival, size } of removed) {
      this.#articles += 1
      this.#octets += size
      storage.reclaim.note(arrival, size)
    }
    await clock.sleep(Math.max(leastPause, clock.monotonic() - started), this.#stopping.signal)
    return removed
  }

  /** Of a damaged article, or one without a date that can be read, the latest that it may have. */
  async #dateOf({ arrival, time }: ArrivalRow): Promise<number> {
    const stored = await this.#parts.storage.reading.article(arrival)
    const article = stored && articleIn(stored)
    return (article && dateOf(article)) ?? time + 86_400
  }

  /** Ids whose date the age limit has passed: the memory of them does not grow for ever. */
  async #forgetWhereDue(): Promise<void> {
    const { clock, storage, horizon } = this.#parts
    if (clock.monotonic() < this.#nextForget) return
    this.#nextForget = clock.monotonic() + forgetEvery
    const limit = horizon()
    if (limit === 0) return
    for await (const hashes of storage.retention.forgettable(limit)) {
      if (this.#stopping.signal.aborted) return
      const entry = { kind: 'forget' as const, time: this.#now(), source: 'expire', horizon: limit, hashes }
      if (hashes.length > 0) await storage.submit(entry)
      await clock.sleep(leastPause, this.#stopping.signal)
    }
  }

  #rules(): ExpireRules {
    const { expire } = this.#parts.config()
    if (this.#compiled?.from !== expire) this.#compiled = { from: expire, rules: new ExpireRules(expire) }
    return this.#compiled.rules
  }

  #now(): number {
    return Math.floor(this.#parts.clock.now() / 1000)
  }
}
