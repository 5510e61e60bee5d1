/** Step 6 for what leaves the store: articles leave all their groups at once, their ids stay. RFC 5537 5.3 */
import type { MessageId } from '../../message-id.ts'
import type { Draft } from '../../storage/commit/draft.ts'
import type { CancelEntry, Outcome } from '../../storage/entry.ts'
import type { Arrival, ArrivalRow, Filing, GroupId } from '../../storage/reading.ts'
import { removedAt } from '../../storage/state/gone.ts'

/** What of an article's row its removal has to know. */
export type Leaving = Pick<ArrivalRow, 'arrival' | 'filings' | 'size' | 'expires'>

export async function applyCancel(entry: CancelEntry, draft: Draft): Promise<Outcome | 'again'> {
  const known = await draft.known(entry.target)
  if (draft.touched(entry.target)) return 'again'
  if (known === 'gone') return { kind: 'duplicate' }
  // RFC 5537 5.3: an unknown target is remembered, so that it is refused when it comes.
  return takeAway({ target: entry.target, arrival: known?.have, by: entry }, draft)
}

interface TakenAway {
  readonly target: MessageId
  /** Absent where it is not here. */
  readonly arrival: Arrival | undefined
  readonly by: Pick<CancelEntry, 'time' | 'source'>
}

/** An article leaves all its groups, its id stays, and whoever follows the log hears of it. Its own commit has not changed it. */
export async function takeAway({ target, arrival: at, by }: TakenAway, draft: Draft): Promise<Outcome> {
  const { time, source } = by
  const leaving = at && (await leavingAt(at, draft))
  if (leaving) await removeArticles([leaving], draft)
  const filings = leaving?.filings ?? []
  draft.forget(target, removedAt(time))
  const arrival = draft.announce({
    kind: 'cancel',
    time,
    source,
    messageId: target,
    filings,
    path: [],
    distributions: [],
    size: 0,
    localOnly: true,
    control: false,
  })
  return { kind: 'stored', arrival, filings }
}

/** Throws where neither the article nor its row tells where it is filed. */
async function leavingAt(arrival: Arrival, draft: Draft): Promise<Leaving> {
  const row = await draft.row(arrival)
  if (row) return row
  return { arrival, filings: await draft.filings(arrival), size: 0 }
}

interface Emptied {
  lowest: number
  highest: number
  count: number
  octets: number
}

/** Takes committed articles, their rows, numbers and overview away, and sets the marks of their groups. */
export async function removeArticles(articles: readonly Leaving[], draft: Draft): Promise<void> {
  const groups = new Map<GroupId, Emptied>()
  for (const article of articles) {
    draft.deleteArticle(article)
    for (const filing of article.filings) {
      draft.numbers.remove(filing.group, filing.number)
      await draft.overview.remove(filing.group, filing.number)
      note(groups, filing, article.size)
    }
  }
  for (const [id, emptied] of groups) await lower(id, emptied, draft)
}

function note(groups: Map<GroupId, Emptied>, { group, number }: Filing, size: number): void {
  const emptied = groups.get(group) ?? { lowest: number, highest: number, count: 0, octets: 0 }
  emptied.lowest = Math.min(emptied.lowest, number)
  emptied.highest = Math.max(emptied.highest, number)
  emptied.count += 1
  emptied.octets += size
  groups.set(group, emptied)
}

async function lower(id: GroupId, { lowest, highest, count, octets }: Emptied, draft: Draft): Promise<void> {
  const group = draft.groupWithId(id)
  if (!group) return
  // RFC 3977 6.1.1.2: an empty group has high = low - 1, and low never decreases.
  const low = lowest > group.low ? group.low : ((await draft.numbers.next(id, lowest)) ?? group.high + 1)
  draft.setGroup({
    ...group,
    low: Math.max(low, group.low),
    count: group.count - count,
    octets: Math.max(0, group.octets - octets),
    used: Math.max(group.used, highest),
  })
}
