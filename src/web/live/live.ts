/**
 * Live subscribers of the web reader. They are no cursors: one dispatcher follows the arrival log while anybody
 * listens, and matches each arrival once for all of them. Who comes back to a place reads from the store up to there.
 */
import { networkOf, placeOf } from '../../address.ts'
import type { Clock, Timer } from '../../clock.ts'
import type { Config } from '../../config/config.ts'
import type { Log } from '../../log.ts'
import type { Arrival, ArrivalRow, Reading } from '../../storage/reading.ts'
import { articleEvent, liveArticle, namedFilings, placeEvent, resetEvent } from './live-event.ts'
import { arrivalOf, placeText } from './place.ts'
import { Subscriber } from './subscriber.ts'

export interface LiveOptions {
  readonly reading: Pick<Reading, 'arrivals' | 'changed' | 'newest' | 'article' | 'groupById'>
  readonly clock: Clock
  readonly log: Log
  /** Of the places of this store. */
  readonly epoch: number
}

interface Beginning extends Pick<Subscription, 'account' | 'address' | 'session' | 'stillGood' | 'limits'> {
  /** The arrival to go on from; undefined for a place that is none of this store. */
  readonly asked: number | undefined
}

/** An open stream, whether it has caught up or not. */
interface Seat extends Pick<Subscription, 'account' | 'session'> {
  /** Under which it is counted. */
  readonly place: string
  readonly network: string
  beats: number
}

export interface Subscription {
  /** Empty where nobody is signed in. */
  readonly account: string
  /** Empty likewise. */
  readonly session?: string
  /** Whose stream it is. */
  readonly address: string
  /** Of the streams of its address; absent where they are not counted. Many may have been asked for at once. */
  readonly limits?: StreamLimits | undefined
  /** Asked when the stream begins: the session may have ended, or may do less, since it was looked at. */
  readonly stillGood?: () => Promise<boolean>
  /** `epoch-arrival`; empty for what comes from now on. */
  readonly place: string
  /** Pattern and access rules in one. */
  readonly matches: (group: string) => boolean
}

/** As of NNTP. */
type StreamLimits = Pick<Config['limits'], 'connections_per_address' | 'connections_per_network'>

const batch = 256
/** Arrivals between the oldest place that is gone on from and now. */
const farthest = 20_000
/** Milliseconds between signs of life; a stream that proxies see nothing of is closed by them. */
const heartbeat = 20_000
/** A stream ends after so many of them and is opened again: by then a session may be over. */
const mostBeats = 30

export class Live {
  readonly #options: LiveOptions
  readonly #subscribers = new Set<Subscriber>()
  readonly #seats = new Map<Subscriber, Seat>()
  #position = 0
  #running: AbortController | undefined
  #beat: Timer | undefined

  constructor(options: LiveOptions) {
    this.#options = options
  }

  /** Whether as many streams are open for this address, or for its network, as may be. */
  isCrowded(address: string, limits: StreamLimits): boolean {
    const [place, network] = [placeOf(address), networkOf(address)]
    const seats = [...this.#seats.values()]
    return (
      seats.filter(seat => seat.place === place).length >= limits.connections_per_address ||
      seats.filter(seat => seat.network === network).length >= limits.connections_per_network
    )
  }

  /** The account may do other things than before: its browsers open their streams again, or may not. */
  endOf(account: string): void {
    this.#end(seat => seat.account === account)
  }

  /** Nobody sits behind it any more as who they were. */
  endOfSession(session: string): void {
    this.#end(seat => seat.session === session)
  }

  /** Everybody may do other things than before: browsers go on where they were, with the rights that they have now. */
  endAll(): void {
    this.#end(() => true)
  }

  /** Of what is visible now, for pages that are followed from there. */
  get place(): string {
    const { epoch, reading } = this.#options
    return placeText(epoch, reading.newest)
  }

  /** Texts of events as they come. The stream ends by itself, for browsers to open it again. */
  subscribe({ place, matches, ...whose }: Subscription): AsyncIterableIterator<string> {
    const { epoch, reading } = this.#options
    const now = reading.newest
    const asked = place === '' ? now : arrivalOf(place, epoch)
    const subscriber = new Subscriber(asked ?? now, {
      wants: groups => {
        const at = groups.findIndex(matches)
        return at < 0 ? undefined : at
      },
      ended: ended => this.#leave(ended),
    })
    const texts = this.#texts(subscriber, { asked, ...whose })
    return {
      [Symbol.asyncIterator]() {
        return this
      },
      next: () => texts.next(),
      // At once, not when the next event has come.
      return: async () => {
        subscriber.end()
        return { done: true, value: undefined }
      },
    }
  }

  #end(isMeant: (seat: Seat) => boolean): void {
    for (const [subscriber, seat] of [...this.#seats]) if (isMeant(seat)) subscriber.end()
  }

  async *#texts(
    subscriber: Subscriber,
    { asked, account, session = '', address, stillGood, limits }: Beginning,
  ): AsyncGenerator<string, undefined> {
    const { epoch, log, clock } = this.#options
    if (subscriber.over || (limits !== undefined && this.isCrowded(address, limits))) return
    const counted = { place: placeOf(address), network: networkOf(address) }
    this.#seats.set(subscriber, { account, session, ...counted, beats: 0 })
    this.#beat ??= clock.timer(heartbeat, () => this.#beatAll())
    try {
      if ((await stillGood?.()) === false) return
      yield* this.#begin(subscriber, asked)
      while (!subscriber.over && subscriber.after < this.#reached()) yield* this.#catchUp(subscriber)
      if (!subscriber.over) this.#join(subscriber)
      yield placeEvent(placeText(epoch, subscriber.after))
      for (let text = await subscriber.take(); text !== undefined; text = await subscriber.take()) yield text
    } catch (error) {
      log.error({ err: error }, 'a live stream ended')
    } finally {
      subscriber.end()
    }
  }

  /** Says where it begins, and what is the matter with the place it was to begin at. */
  async *#begin(subscriber: Subscriber, asked: number | undefined): AsyncGenerator<string> {
    const { reading, epoch } = this.#options
    const [oldest] = await reading.arrivals(0 as Arrival, 1)
    const first = Math.max((oldest?.arrival ?? 1) - 1, reading.newest - farthest, 0)
    if (asked === undefined || asked < first || asked > reading.newest) {
      subscriber.after = reading.newest
      yield `retry: 5000\n${resetEvent(epoch, first, subscriber.after)}`
    } else yield `retry: 5000\n${placeEvent(placeText(epoch, asked))}`
  }

  /** How far one has to read by oneself. */
  #reached(): number {
    return this.#running === undefined ? this.#options.reading.newest : this.#position
  }

  async *#catchUp(subscriber: Subscriber): AsyncGenerator<string> {
    const { newest } = this.#options.reading
    const rows = await this.#options.reading.arrivals(subscriber.after as Arrival, batch)
    for (const row of rows) {
      if (subscriber.over) return
      const text = (await this.#textsFor(row, [subscriber])).get(subscriber)
      subscriber.after = row.arrival
      if (text !== undefined) yield text
    }
    if (rows.length < batch) subscriber.after = Math.max(subscriber.after, newest)
  }

  #join(subscriber: Subscriber): void {
    this.#subscribers.add(subscriber)
    if (this.#running !== undefined) return
    this.#position = subscriber.after
    const running = new AbortController()
    this.#running = running
    this.#run(running).catch(error => {
      this.#options.log.error({ err: error }, 'live pages stopped')
      if (this.#running === running) this.#running = undefined
      for (const each of this.#subscribers) each.end()
    })
  }

  #leave(subscriber: Subscriber): void {
    this.#subscribers.delete(subscriber)
    this.#seats.delete(subscriber)
    if (this.#seats.size === 0) {
      this.#beat?.cancel()
      this.#beat = undefined
    }
    if (this.#subscribers.size > 0) return
    this.#running?.abort()
    this.#running = undefined
  }

  async #run({ signal }: AbortController): Promise<void> {
    const { reading } = this.#options
    while (!signal.aborted) {
      const { newest } = reading
      const rows = await reading.arrivals(this.#position as Arrival, batch)
      for (const row of rows) {
        const listening = [...this.#subscribers].filter(({ after }) => after < row.arrival)
        const texts = await this.#textsFor(row, listening)
        if (signal.aborted) return
        for (const [subscriber, text] of texts) subscriber.push(text)
        this.#position = row.arrival
      }
      if (rows.length < batch) this.#position = Math.max(this.#position, newest)
      if (rows.length === 0) await reading.changed(this.#position as Arrival, signal)
    }
  }

  /** The article is read once, and only where anybody wants it. */
  async #textsFor(row: ArrivalRow, subscribers: readonly Subscriber[]): Promise<Map<Subscriber, string>> {
    const texts = new Map<Subscriber, string>()
    if (row.kind !== 'article') return texts
    const { reading, epoch } = this.#options
    const filings = await namedFilings(reading, row)
    const names = filings.map(({ group }) => group)
    const wanted = subscribers.flatMap(subscriber => {
      const filing = filings[subscriber.wants(names) ?? -1]
      return filing === undefined ? [] : [{ subscriber, filing }]
    })
    if (wanted.length === 0) return texts
    const article = await liveArticle(reading, row)
    if (article === undefined) return texts
    const place = placeText(epoch, row.arrival)
    for (const { subscriber, filing } of wanted) texts.set(subscriber, articleEvent(place, filing, article))
    return texts
  }

  #beatAll(): void {
    const { clock, epoch } = this.#options
    this.#beat = clock.timer(heartbeat, () => this.#beatAll())
    for (const [subscriber, seat] of [...this.#seats]) {
      seat.beats++
      if (seat.beats > mostBeats) subscriber.end()
      else if (this.#subscribers.has(subscriber) && subscriber.idle)
        subscriber.push(placeEvent(placeText(epoch, Math.max(subscriber.after, this.#position))))
    }
  }
}
