/** Article numbers as newsreaders note them, `1-5,7`: sorted ranges that neither overlap nor touch. newsrc(5); RFC 3977 6 */
import type { NumberRange } from '../../storage/reading.ts'

/** Ascending, with a number that is in none between any two. */
export type NumberRanges = readonly NumberRange[]

/** RFC 3977 6 */
const highest = 2_147_483_647

/** In any order and overlapping, as other programs leave them; undefined for what is no list of ranges. */
export function parseRanges(text: string): NumberRanges | undefined {
  const ranges: NumberRange[] = []
  for (const part of text.split(',')) {
    const piece = part.trim()
    if (piece === '') continue
    const [, first = '', last = first] = /^(\d{1,10})(?:-(\d{1,10}))?$/.exec(piece) ?? []
    if (first === '') return undefined
    const [low, high] = [Number(first), Math.min(Number(last), highest)]
    // `0` and `1-0` stand for nothing in the files of old newsreaders.
    if (high >= 1 && low <= high) ranges.push({ low: Math.max(low, 1), high })
  }
  return merged(ranges)
}

export function formatRanges(ranges: NumberRanges): string {
  return ranges.map(({ low, high }) => (low === high ? `${low}` : `${low}-${high}`)).join(',')
}

/** One number. */
export const justOne = (number: number): NumberRanges => [{ low: number, high: number }]

/** All numbers that are in either. */
export function unite(some: NumberRanges, others: NumberRanges): NumberRanges {
  if (others.length === 0) return some
  return some.length === 0 ? others : merged([...some, ...others])
}

/** The numbers of `some` that are not in `others`. */
export function without(some: NumberRanges, others: NumberRanges): NumberRanges {
  const left: NumberRange[] = []
  let at = 0
  for (const { low, high } of some) {
    let from = low
    while ((others[at]?.high ?? highest + 1) < from) at++
    for (let next = at; from <= high; next++) {
      const other = others[next]
      if (other === undefined || other.low > high) {
        left.push({ low: from, high })
        break
      }
      if (other.low > from) left.push({ low: from, high: other.low - 1 })
      from = Math.max(from, other.high + 1)
    }
  }
  return left
}

/** The range that a number is in. */
export function rangeOf(ranges: NumberRanges, number: number): NumberRange | undefined {
  let below = 0
  let above = ranges.length
  while (below < above) {
    const middle = (below + above) >>> 1
    const range = ranges[middle]
    if (range === undefined || range.high >= number) above = middle
    else below = middle + 1
  }
  const range = ranges[below]
  return range !== undefined && range.low <= number ? range : undefined
}

/** How many numbers from `low` to `high` are in the ranges. */
export function countWithin(ranges: NumberRanges, low: number, high: number): number {
  let count = 0
  for (const range of ranges) count += Math.max(0, Math.min(range.high, high) - Math.max(range.low, low) + 1)
  return count
}

/** What is not above a number. */
export const upTo = (ranges: NumberRanges, number: number): NumberRanges =>
  without(ranges, [{ low: number + 1, high: highest }])

/** At most so many ranges: the gaps between the lowest ones are closed, so that the oldest articles count as read. */
export function atMost(ranges: NumberRanges, most: number): NumberRanges {
  const first = ranges[0]
  const last = ranges[ranges.length - most]
  if (ranges.length <= most || first === undefined || last === undefined) return ranges
  return [{ low: first.low, high: last.high }, ...ranges.slice(ranges.length - most + 1)]
}

function merged(ranges: readonly NumberRange[]): NumberRanges {
  const sorted = ranges.toSorted((a, b) => a.low - b.low)
  const whole: NumberRange[] = []
  for (const range of sorted) {
    const last = whole.at(-1)
    if (last === undefined || range.low > last.high + 1) whole.push(range)
    else if (range.high > last.high) whole[whole.length - 1] = { low: last.low, high: range.high }
  }
  return whole
}
