/** What is counted of articles as they arrive, bounded whatever comes, and written as JSON. */
import { type Counted, Leaders } from './leaders.ts'
import { ThreadLengths, type WrittenLengths } from './thread-lengths.ts'

export interface DayCount {
  /** Days since 1970, UTC. */
  readonly day: number
  articles: number
  octets: number
}

/** What is counted of one article. */
export interface Facts {
  /** When it was written, seconds since 1970; of the future it counts as of `arrived`. */
  readonly written: number
  /** When it came here. */
  readonly arrived: number
  readonly octets: number
  readonly groups: readonly string[]
  readonly poster: string
  /** See `firstOf`. */
  readonly thread: string
  /** Identities in Path, the newest first; empty where it was posted here. */
  readonly path: readonly string[]
  /** It was relayed to us, so that its way took time. */
  readonly relayed: boolean
}

/** Days that are kept, the newest. */
const mostDays = 3660
const mostGroups = 2_000
const mostPosters = 2_000
const mostHops = 2_000
const secondsPerDay = 86_400
/** Upper ends of the spans that delays are sorted into, seconds; the last span has none. */
export const delaySpans = [1, 10, 60, 600, 3_600, 21_600, 86_400] as const

const zeros = (length: number): number[] => Array.from({ length }, () => 0)

interface Written {
  readonly days: readonly (readonly [day: number, articles: number, octets: number])[]
  readonly hours: readonly number[]
  readonly weekdays: readonly number[]
  readonly delays: readonly number[]
  readonly groups: readonly Counted[]
  readonly posters: readonly Counted[]
  readonly hops: readonly Counted[]
  readonly threads: WrittenLengths
}

export class Counts {
  readonly #days = new Map<number, DayCount>()
  /** Of the day, UTC. */
  readonly hours: number[]
  /** From Monday on. ISO 8601 */
  readonly weekdays: number[]
  /** Articles by the span that their way took. */
  readonly delays: number[]
  readonly groups: Leaders
  readonly posters: Leaders
  /** `from to`: a step between two hosts in Path. */
  readonly hops: Leaders
  readonly threads: ThreadLengths

  constructor(written?: Written) {
    for (const [day, articles, octets] of written?.days ?? []) this.#days.set(day, { day, articles, octets })
    this.hours = [...(written?.hours ?? zeros(24))]
    this.weekdays = [...(written?.weekdays ?? zeros(7))]
    this.delays = [...(written?.delays ?? zeros(delaySpans.length + 1))]
    this.groups = new Leaders(mostGroups, written?.groups)
    this.posters = new Leaders(mostPosters, written?.posters)
    this.hops = new Leaders(mostHops, written?.hops)
    this.threads = new ThreadLengths(written?.threads)
  }

  add({ written, arrived, octets, groups, poster, thread, path, relayed }: Facts): void {
    const time = Math.min(written, arrived)
    this.#addDay(Math.floor(time / secondsPerDay), octets)
    const hour = Math.floor((time % secondsPerDay) / 3600)
    this.hours[hour] = (this.hours[hour] ?? 0) + 1
    // 1 January 1970 was a Thursday.
    const weekday = (Math.floor(time / secondsPerDay) + 3) % 7
    this.weekdays[weekday] = (this.weekdays[weekday] ?? 0) + 1
    for (const group of groups) this.groups.add(group)
    if (poster !== '') this.posters.add(poster)
    this.threads.add(thread)
    for (const [at, to] of path.entries()) {
      const from = path[at + 1]
      if (from !== undefined && from !== to) this.hops.add(`${from} ${to}`)
    }
    if (relayed) this.#addDelay(arrived - time)
  }

  /** The oldest first. */
  days(): readonly DayCount[] {
    return [...this.#days.values()].sort((a, b) => a.day - b.day)
  }

  toJSON(): Written {
    return {
      days: this.days().map(({ day, articles, octets }) => [day, articles, octets]),
      hours: this.hours,
      weekdays: this.weekdays,
      delays: this.delays,
      groups: this.groups.all(),
      posters: this.posters.all(),
      hops: this.hops.all(),
      threads: this.threads.toJSON(),
    }
  }

  /** Undefined where the text is none of ours, or of before everything was counted that is. */
  static parse(text: string): Counts | undefined {
    try {
      const written: Written = JSON.parse(text)
      return written.threads === undefined ? undefined : new Counts(written)
    } catch {
      return undefined
    }
  }

  #addDay(day: number, octets: number): void {
    const count = this.#days.get(day) ?? { day, articles: 0, octets: 0 }
    count.articles += 1
    count.octets += octets
    this.#days.set(day, count)
    if (this.#days.size > mostDays) this.#days.delete(Math.min(...this.#days.keys()))
  }

  #addDelay(seconds: number): void {
    const found = delaySpans.findIndex(end => seconds <= end)
    const span = found === -1 ? delaySpans.length : found
    this.delays[span] = (this.delays[span] ?? 0) + 1
  }
}
