/** The conversations of the groups that are read, kept in memory and brought up to date by what has arrived or gone. */
import type { Clock } from '../../clock.ts'
import type { Arrival, Group, GroupId, Reading } from '../../storage/reading.ts'
import { type Slices, slicesOf } from '../slices.ts'
import { overviewFields } from './overview-fields.ts'
import { ThreadForest } from './thread-forest.ts'
import { Threads } from './threads.ts'

/** Newest articles of a group that are threaded. An article takes about 150 octets, one that is missing 80. */
const mostArticles = 150_000
/** Articles and missing ones of all groups together. */
const mostNodes = 500_000
/** Groups that are read from storage at the same time. */
const mostBuilds = 2
/** Rows of the log that are looked through for what has gone. */
const mostRows = 8192
/** Numbers that are looked through at once for where the newest articles begin. */
const stride = 65_536
/** Overview lines between two looks at the clock. */
const linesBetween = 32

export interface GroupThreads {
  readonly forest: ThreadForest
  readonly threads: Threads
  /** The smallest number that is threaded; 0 where all are. */
  readonly since: number
}

interface Kept extends GroupThreads {
  /** The log has been followed so far. */
  at: Arrival
  /** Articles of the group whose overview cannot be read. */
  unreadable: number
}

export interface ThreadCacheOptions {
  readonly reading: Reading
  readonly clock: Clock
  readonly mostArticles?: number
  readonly mostNodes?: number
}

export class ThreadCache {
  readonly #reading: Reading
  readonly #clock: Clock
  readonly #most: { readonly articles: number; readonly nodes: number }
  /** The least recently read first. */
  readonly #kept = new Map<GroupId, Kept>()
  readonly #updates = new Map<GroupId, Promise<Kept>>()
  readonly #waiting: (() => void)[] = []
  #builds = 0

  constructor(options: ThreadCacheOptions) {
    this.#reading = options.reading
    this.#clock = options.clock
    this.#most = { articles: options.mostArticles ?? mostArticles, nodes: options.mostNodes ?? mostNodes }
  }

  /** Articles and missing ones that are kept. */
  get nodes(): number {
    return [...this.#kept.values()].reduce((sum, { forest }) => sum + forest.count, 0)
  }

  /**
   * As of now, with everything that was visible before the call. What is given changes while others read: take from
   * it what is needed before waiting for anything.
   */
  async of({ id }: Group): Promise<GroupThreads> {
    const newest = this.#reading.newest
    for (;;) {
      const kept = this.#kept.get(id)
      if (kept !== undefined && kept.at >= newest) {
        this.#kept.delete(id)
        this.#kept.set(id, kept)
        return kept
      }
      let update = this.#updates.get(id)
      if (update === undefined) {
        update = this.#update(id).finally(() => this.#updates.delete(id))
        this.#updates.set(id, update)
      }
      const updated = await update
      // Else it was under way before what this call has to see.
      if (updated.at >= newest) return updated
    }
  }

  async #update(id: GroupId): Promise<Kept> {
    const newest = this.#reading.newest
    const slices = slicesOf(this.#clock)
    const group = await this.#reading.groupById(id)
    if (group === undefined) return { ...emptyThreads(0), at: newest, unreadable: 0 }
    const known = this.#kept.get(id)
    const kept = known !== undefined && !this.#isWorn(known) ? known : await this.#build(group, slices)
    if (kept === known) {
      await this.#append(group, kept, slices)
      if (!isWhole(kept, group, newest)) await this.#followTo(newest, id, kept)
    }
    // Whatever has gone, and however: the group tells how many articles it has.
    if (!isWhole(kept, group, newest)) await this.#compare(group, kept, slices)
    kept.at = newest
    this.#keep(id, kept)
    return kept
  }

  /** More than half of it has gone, or more has come than is threaded. */
  #isWorn({ forest: { rows } }: Kept): boolean {
    const gone = rows.length - rows.present
    return gone > rows.present + 1000 || rows.present > this.#most.articles * 1.25
  }

  async #build(group: Group, slices: Slices): Promise<Kept> {
    if (this.#builds >= mostBuilds) await new Promise<void>(resolve => this.#waiting.push(resolve))
    this.#builds += 1
    try {
      const at = this.#reading.newest
      const since = await this.#sinceOf(group)
      const kept = { ...emptyThreads(since), at, unreadable: 0 }
      await this.#append(group, kept, slices)
      return kept
    } finally {
      this.#builds -= 1
      this.#waiting.shift()?.()
    }
  }

  /** The number from which on a group has as many articles as are threaded; 0 where it has no more. */
  async #sinceOf({ id, count, low, high }: Group): Promise<number> {
    let left = this.#most.articles
    if (count <= left) return 0
    for (let last = high; last >= low; last -= stride) {
      const numbers: number[] = []
      const range = { low: Math.max(low, last - stride + 1), high: last }
      for await (const batch of this.#reading.numbers(id, range)) numbers.push(...batch)
      const first = numbers.at(-left)
      if (first !== undefined) return first
      left -= numbers.length
    }
    return 0
  }

  async #append({ id, low, high }: Group, { forest, since }: Kept, slices: Slices): Promise<void> {
    const range = { low: Math.max(low, since, forest.rows.last + 1), high }
    if (range.low > range.high) return
    let lines = 0
    for await (const octets of this.#reading.overview(id, range)) {
      for (let start = 0; start < octets.length; ) {
        const end = octets.indexOf('\r\n', start)
        if (end < 0) break
        const fields = overviewFields(octets, start, end)
        if (fields !== undefined) forest.add(octets, fields)
        start = end + 2
        if (++lines % linesBetween === 0) await slices.rest()
      }
    }
  }

  /** Takes out what has been cancelled or has expired. */
  async #followTo(newest: Arrival, id: GroupId, kept: Kept): Promise<void> {
    if (newest - kept.at > mostRows) return
    const rows = await this.#reading.arrivals(kept.at, newest - kept.at)
    for (const { kind, filings } of rows) {
      if (kind !== 'cancel' && kind !== 'expire') continue
      for (const { group, number } of filings) if (group === id) kept.forest.remove(number)
    }
    if (rows.at(-1)?.arrival === newest) kept.at = newest
  }

  async #compare({ id, low, high, count }: Group, kept: Kept, slices: Slices): Promise<void> {
    const { rows } = kept.forest
    let at = 0
    const dropBelow = (number: number) => {
      for (; at < rows.length && rows.number(at) < number; at++) kept.forest.remove(rows.number(at))
    }
    const range = { low: Math.max(low, kept.since), high }
    for await (const batch of this.#reading.numbers(id, range)) {
      for (const number of batch) {
        dropBelow(number)
        if (rows.number(at) === number) at += 1
      }
      await slices.rest()
    }
    dropBelow(high + 1)
    kept.unreadable = kept.since === 0 ? Math.max(0, count - rows.present) : 0
  }

  #keep(id: GroupId, kept: Kept): void {
    this.#kept.delete(id)
    this.#kept.set(id, kept)
    let nodes = this.nodes
    for (const [other, { forest }] of this.#kept) {
      if (nodes <= this.#most.nodes || other === id) break
      this.#kept.delete(other)
      nodes -= forest.count
    }
  }
}

/** Of the newest articles alone only the log can tell. */
function isWhole({ forest, since, unreadable, at }: Kept, group: Group, newest: Arrival): boolean {
  return since === 0 ? forest.rows.present + unreadable === group.count : at >= newest
}

function emptyThreads(since: number): GroupThreads {
  const forest = new ThreadForest()
  return { forest, threads: new Threads(forest), since }
}
