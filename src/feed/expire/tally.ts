/** What expired, or would, counted for each group. */

import type { Arrival, ArrivalRow, GroupId } from '../../storage/reading.ts'
import type { Active } from '../../storage/state/active.ts'

export interface GroupTally {
  readonly name: string
  readonly articles: number
  readonly octets: number
}

export interface TallyReport {
  /** Each once, however many groups it was in. */
  readonly articles: number
  readonly octets: number
  /** In name order, in the last report alone; a crosspost in each of its groups. */
  readonly groups: readonly GroupTally[]
  readonly done: boolean
}

export class Tally {
  readonly #active: Pick<Active, 'withId'>
  readonly #seen = new Set<Arrival>()
  readonly #groups = new Map<GroupId, { articles: number; octets: number }>()
  #octets = 0

  constructor(active: Pick<Active, 'withId'>) {
    this.#active = active
  }

  /** An article that was counted already is not counted again. */
  add(rows: readonly ArrivalRow[]): void {
    for (const { arrival, filings, size } of rows) {
      if (this.#seen.has(arrival)) continue
      this.#seen.add(arrival)
      this.#octets += size
      for (const { group } of filings) this.#count(group, size)
    }
  }

  report(done = false): TallyReport {
    const groups = done
      ? [...this.#groups].map(([id, counts]) => ({ name: this.#nameOf(id), ...counts }))
      : []
    groups.sort((a, b) => (a.name < b.name ? -1 : 1))
    return { articles: this.#seen.size, octets: this.#octets, groups, done }
  }

  #count(group: GroupId, size: number): void {
    const counts = this.#groups.get(group) ?? { articles: 0, octets: 0 }
    counts.articles += 1
    counts.octets += size
    this.#groups.set(group, counts)
  }

  #nameOf(id: GroupId): string {
    return this.#active.withId(id)?.name ?? String(id)
  }
}
