/** Numbers of a group under which there is no article, so that what is unread can be counted exactly. RFC 3977 6.1.1.2 */
import { Recent } from '../../recent.ts'
import type { Group, GroupId, NumberRange, Reading } from '../../storage/reading.ts'
import { countWithin, type NumberRanges } from './number-ranges.ts'

/** Groups whose holes are remembered. */
const mostGroups = 2000
/** Numbers that are looked through for one answer; wider groups are counted roughly. */
const widest = 200_000

export class Holes {
  readonly #reading: Pick<Reading, 'numbers'>
  readonly #known = new Recent<GroupId, NumberRanges>(mostGroups)

  constructor(reading: Pick<Reading, 'numbers'>) {
    this.#reading = reading
  }

  /** Undefined where finding them would cost too much. */
  async of({ id, low, high, count }: Group): Promise<NumberRanges | undefined> {
    const missing = high - low + 1 - count
    if (missing <= 0) return []
    const known = this.#known.get(id)
    // A number that is gone never comes back, so as many as then are the same.
    if (known !== undefined && countWithin(known, low, high) === missing) return known
    if (high - low >= widest) return undefined
    const holes: NumberRange[] = []
    let next = low
    for await (const numbers of this.#reading.numbers(id, { low, high }))
      for (const number of numbers) {
        if (number > next) holes.push({ low: next, high: number - 1 })
        next = number + 1
      }
    if (next <= high) holes.push({ low: next, high })
    this.#known.set(id, holes)
    return holes
  }
}
