/**
 * Articles from another server, read as a newsreader reads them. What was looked at is kept as a mark for each group,
 * which moves only over numbers that are settled. RFC 3977 6.1.1, 8.3
 */
import { parseDate } from '../../date.ts'
import type { MessageId } from '../../message-id.ts'
import type { Arrival } from '../../storage/reading.ts'
import { Link } from '../link/link.ts'
import { NntpClient } from '../link/nntp-client.ts'
import { Fetcher } from './fetch.ts'
import { type PullOptions, type PullParts, type PullProgress, Tally } from './options.ts'
import { type Known, ReaderSession, type RemoteGroup } from './reader-session.ts'

/** Numbers looked at in one step; more where groups have gaps. */
const leastStep = 500
const mostStep = 1_000_000
/** RFC 3977 6 */
const highest = 2_147_483_647
/** Octets of a list or an article that are read; an article over our own limit is refused later. */
const mostOctets = 64 * 1024 * 1024
/** Milliseconds between two reports. */
const reportEvery = 250

/**
 * Reports several times a second and at the end. Rejects with an `NntpFault` or `PullStopped`: begun again it goes on
 * where it ended, and what it fetched is not fetched twice.
 */
export async function* pull(options: PullOptions, parts: PullParts): AsyncGenerator<PullProgress> {
  const { host, port } = options
  const address = host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`
  const link = new Link(options.link, parts)
  await using client = await NntpClient.call(address, { ...parts, link, goal: 'read', mostOctets })
  yield* new Pull(options, parts, client).run()
}

class Pull {
  readonly #options: PullOptions
  readonly #parts: PullParts
  readonly #session: ReaderSession
  readonly #tally: Tally
  readonly #fetcher: Fetcher
  #step = leastStep

  constructor(options: PullOptions, parts: PullParts, client: NntpClient) {
    this.#options = options
    this.#parts = parts
    this.#session = new ReaderSession(client)
    this.#tally = new Tally(parts.clock)
    this.#fetcher = new Fetcher(this.#session, { options, parts, tally: this.#tally })
  }

  async *run(): AsyncGenerator<PullProgress> {
    const groups = await this.#ours(await this.#session.groups(this.#options.groups))
    let reported = this.#parts.clock.monotonic()
    for (const [group, next] of groups) {
      for await (const _ of this.#group(group, next)) {
        if (this.#parts.clock.monotonic() - reported < reportEvery) continue
        yield this.#tally.progress()
        reported = this.#parts.clock.monotonic()
      }
    }
    yield this.#tally.progress()
  }

  /** Groups that are here, or are made, with the first number to look at. */
  async #ours(remote: readonly RemoteGroup[]): Promise<[RemoteGroup, number][]> {
    const ours: [RemoteGroup, number][] = []
    for (const group of remote) {
      if (!(await this.#isHere(group))) {
        this.#tally.unknownGroups++
        continue
      }
      const next = await this.#next(group)
      this.#tally.total += Math.max(0, group.high - next + 1)
      ours.push([group, next])
    }
    this.#tally.groups = ours.length
    return ours
  }

  async #isHere({ name, status }: RemoteGroup): Promise<boolean> {
    const { hasGroup, createGroup } = this.#parts
    return hasGroup(name) || (this.#options.createGroups && (await createGroup(name, status)))
  }

  async #next({ name, low, high }: RemoteGroup): Promise<number> {
    const { places, log } = this.#parts
    const place = await places.load(this.#placeName(name))
    const least = Math.max(1, low)
    // A restore has taken articles away: they are fetched again.
    if (place === undefined || place.epoch !== places.epoch || this.#options.afresh) return least
    if (place.cursor <= high) return Math.max(least, place.cursor + 1)
    if (high >= low)
      log.warn(
        { group: name, mark: place.cursor, high },
        'numbers of a pulled group have gone back: all are looked at',
      )
    return least
  }

  #placeName(group: string): string {
    const { host, port } = this.#options
    return `pull:${host.toLowerCase()}:${port}/${group}`
  }

  async *#group({ name, high: expected }: RemoteGroup, first: number): AsyncGenerator<void> {
    const tally = this.#tally
    const [before, all] = [tally.done, Math.max(0, expected - first + 1)]
    const marks = await this.#session.select(name)
    let next = Math.max(first, marks?.low ?? 0)
    const high = Math.min(marks?.high ?? 0, highest)
    while (next <= high) {
      const last = Math.min(high, next + this.#step - 1)
      const numbers = await this.#wanted(next, last)
      // The answer was too large, and the step is a smaller one now.
      if (numbers === undefined) continue
      yield* this.#fetch(numbers)
      await this.#mark(name, last)
      tally.done = before + Math.min(all, last - first + 1)
      next = last + 1
      yield
    }
    tally.done = before + all
  }

  /** Runs the fetch, with a chance to report behind every few answers. */
  async *#fetch(numbers: readonly number[]): AsyncGenerator<void> {
    for (let at = 0; at < numbers.length; at += leastStep) {
      let ended = false
      let wake = () => {}
      const running = this.#fetcher
        .fetch(numbers.slice(at, at + leastStep), () => wake())
        .finally(() => {
          ended = true
          wake()
        })
      try {
        while (!ended) {
          await new Promise<void>(resolve => {
            wake = resolve
          })
          yield
        }
      } finally {
        await running
      }
    }
  }

  /** Numbers to fetch; undefined where less is to be asked for at a time. */
  async #wanted(low: number, high: number): Promise<readonly number[] | undefined> {
    const answer = await this.#session.overview(low, high)
    if (answer === 'too much' && high > low) {
      this.#step = Math.max(1, Math.floor((high - low + 1) / 2))
      return undefined
    }
    if (answer === 'unable' || answer === 'too much') {
      this.#step = leastStep
      return Array.from({ length: high - low + 1 }, (_, at) => low + at)
    }
    // Numbers may have wide gaps; where there is something, the step is an ordinary one again.
    this.#step = answer.length === 0 ? Math.min(mostStep, this.#step * 2) : leastStep
    const numbers: number[] = []
    for (const known of answer) if (await this.#isWanted(known)) numbers.push(known.number)
    return numbers
  }

  async #isWanted({ messageId, date }: Known): Promise<boolean> {
    const { since } = this.#options
    const dated = since === undefined ? undefined : parseDate(date)
    if (since !== undefined && dated !== undefined && dated < since) {
      this.#tally.older++
      return false
    }
    const known = await this.#parts.history.lookup(messageId as MessageId)
    if (known === 'have' || known === 'gone') this.#tally.known++
    return known === 'new' || known === 'committing'
  }

  async #mark(group: string, number: number): Promise<void> {
    const { places } = this.#parts
    await places.save(this.#placeName(group), {
      epoch: places.epoch,
      cursor: number as Arrival,
      exceptions: [],
    })
  }
}
