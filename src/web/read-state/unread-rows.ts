/** The unread articles of a group in the order of their numbers, without those that are hidden. */
import type { Group, Reading } from '../../storage/reading.ts'
import { type OverviewRow, readRows } from '../overview.ts'
import { isHidden } from '../taste/judge.ts'
import type { Taste } from '../taste/taste.ts'
import { countWithin, rangeOf } from './number-ranges.ts'
import type { Reader } from './reader.ts'

export interface Looking {
  readonly reading: Reading
  readonly reader: Reader
  readonly taste: Taste
}

export interface UnreadSpan {
  /** Greater numbers only. */
  readonly after: number
  readonly count: number
  /** Hidden articles too. */
  readonly hidden: boolean
}

/** Rows read at a time. */
const stride = 64
/** Rows that are looked at for one answer: somebody may have hidden a whole group. */
const mostRows = 10_000

export interface UnreadRows {
  /** Ascending. */
  readonly rows: readonly OverviewRow[]
  /** Left out between them. */
  readonly hiddenCount: number
}

export async function unreadRows(looking: Looking, group: Group, span: UnreadSpan): Promise<UnreadRows> {
  const { reading, reader, taste } = looking
  const read = reader.readIn(group)
  const rows: OverviewRow[] = []
  let hiddenCount = 0
  let from = Math.max(span.after, group.low - 1)
  for (let looked = 0; looked < mostRows && rows.length < span.count; ) {
    from = rangeOf(read, from + 1)?.high ?? from
    const low = await reading.next(group.id, from)
    if (low === undefined) break
    // One before the next, so that the range it is in is passed over as a whole.
    from = low - 1
    if (rangeOf(read, low) !== undefined) continue
    const high = Math.min(low + stride - 1, group.high)
    for (const row of await readRows(reading, group, { low, high })) {
      if (rangeOf(read, row.number) !== undefined || rows.length === span.count) continue
      if (!span.hidden && isHidden(taste.judge(row, group.name))) hiddenCount++
      else rows.push(row)
    }
    from = high
    looked += stride
  }
  return { rows, hiddenCount }
}

/** Told by the marks alone: no number from low to high is unread. */
export function allRead(reader: Reader, group: Group): boolean {
  const { low, high, count } = group
  return count === 0 || countWithin(reader.readIn(group), low, high) === high - low + 1
}
