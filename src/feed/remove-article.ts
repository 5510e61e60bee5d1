/** Step 6 for cancels: the article leaves every group at once, its id stays. RFC 5537 5.3 */
import type { Draft } from '../storage/draft.ts'
import type { CancelEntry, Outcome } from '../storage/entry.ts'
import type { Arrival, Filing } from '../storage/reading.ts'

export async function applyCancel(entry: CancelEntry, draft: Draft): Promise<Outcome | 'again'> {
  const known = await draft.known(entry.target)
  if (draft.touched(entry.target)) return 'again'
  if (known === 'gone') return { kind: 'duplicate' }
  const filings = known ? await remove(known.have, draft) : []
  // RFC 5537 5.3: an unknown target is remembered, so that it is refused when it comes.
  draft.forget(entry.target, entry.time)
  const row = draft.announce({
    kind: 'cancel',
    time: entry.time,
    source: entry.source,
    messageId: entry.target,
    filings,
    path: [],
    distributions: [],
    size: 0,
    localOnly: true,
    control: false,
  })
  return { kind: 'stored', arrival: row.arrival, filings }
}

async function remove(arrival: Arrival, draft: Draft): Promise<readonly Filing[]> {
  const filings = await draft.filings(arrival)
  draft.deleteArticle(arrival)
  for (const { group: id, number } of filings) {
    draft.removeNumber(id, number)
    await draft.overview.remove(id, number)
    const group = draft.groupWithId(id)
    if (!group) continue
    // RFC 3977 6.1.1.2: an empty group has high = low - 1, and low never decreases.
    const low = number > group.low ? group.low : ((await draft.nextNumber(id, number)) ?? group.high + 1)
    draft.setGroup({ ...group, low, count: group.count - 1, used: Math.max(group.used, number) })
  }
  return filings
}
