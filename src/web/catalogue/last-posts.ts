/** When the newest article of a group was written, by its Date header; remembered until a newer one comes. RFC 5536 3.1.1 */
import type { Clock } from '../../clock.ts'
import { parseDate } from '../../date.ts'
import { Recent } from '../../recent.ts'
import type { Group, GroupId, Reading } from '../../storage/reading.ts'
import { newestRow } from '../overview.ts'

interface Known {
  readonly high: number
  readonly count: number
  readonly seconds: number | undefined
}

const mostKnown = 50_000
/** Looked up side by side. */
const atOnce = 16

export class LastPosts {
  readonly #reading: Reading
  readonly #clock: Clock
  readonly #known = new Recent<GroupId, Known>(mostKnown)

  constructor(reading: Reading, clock: Clock) {
    this.#reading = reading
    this.#clock = clock
  }

  /** Seconds since 1970 by group; a group without articles, or whose newest has no date, has none. */
  async of(groups: readonly Group[]): Promise<ReadonlyMap<GroupId, number>> {
    const found = new Map<GroupId, number>()
    const queue = groups.filter(({ count }) => count > 0).values()
    const work = async () => {
      for (const group of queue) {
        const seconds = await this.#of(group)
        if (seconds !== undefined) found.set(group.id, seconds)
      }
    }
    await Promise.all(Array.from({ length: atOnce }, work))
    return found
  }

  async #of(group: Group): Promise<number | undefined> {
    const { id, high, count } = group
    const known = this.#known.get(id)
    if (known?.high === high && known.count === count) return known.seconds
    const newest = await newestRow(this.#reading, group)
    const written = parseDate(newest?.date ?? '')
    // A date to come says nothing of when it was written.
    const seconds = written === undefined ? undefined : Math.min(written, this.#clock.now() / 1000)
    this.#known.set(id, { high, count, seconds })
    return seconds
  }
}
