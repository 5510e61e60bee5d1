/** The newest articles of some groups, found from the end of the arrival log. */
import type { Arrival, ArrivalRow, Group, GroupId } from '../../storage/reading.ts'
import type { Site } from '../site.ts'
import { slicesOf } from '../slices.ts'

/** Rows of the log that are read at once, and at most. */
const stride = 500
const mostRows = 20_000

/** Message-IDs, the newest first. What is behind many thousands of others is not news. */
export async function newestIn(
  site: Site,
  { groups, count }: { readonly groups: readonly Group[]; readonly count: number },
): Promise<string[]> {
  const wanted = new Set<GroupId>(groups.map(({ id }) => id))
  const ids: string[] = []
  const { newest } = site.reading
  const slices = slicesOf(site.clock)
  for (let end: number = newest; end > 0 && newest - end < mostRows && ids.length < count; end -= stride) {
    const after = Math.max(0, end - stride)
    const rows = await site.reading.arrivals(after as Arrival, Math.min(stride, end))
    ids.push(...idsOf(rows, end, wanted).reverse())
    await slices.rest()
  }
  return ids.slice(0, count)
}

function idsOf(rows: readonly ArrivalRow[], end: number, wanted: ReadonlySet<GroupId>): string[] {
  return rows
    .filter(({ arrival, kind }) => kind === 'article' && arrival <= end)
    .filter(({ filings }) => filings.some(({ group }) => wanted.has(group)))
    .map(({ messageId }) => messageId)
}
