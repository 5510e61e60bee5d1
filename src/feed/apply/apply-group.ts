/** Steps 5 and 6 for changes of groups: creation, removal, status and description. RFC 5537 5.2, RFC 3977 7.6.3 */
import { isReserved, parseNewsgroup } from '../../newsgroup.ts'
import { Reason } from '../../reason.ts'
import type { Draft } from '../../storage/commit/draft.ts'
import type { ArticleEntry, GroupEntry, Outcome } from '../../storage/entry.ts'
import type { GroupId } from '../../storage/reading.ts'
import { type GroupState, noMarks } from '../../storage/state/active.ts'

export function applyGroup(entry: GroupEntry, draft: Draft): Outcome {
  const old = draft.group(entry.name)
  if (entry.action === 'add' ? old !== undefined : old === undefined) return { kind: 'duplicate' }
  // RFC 3977 6: article numbers are at most 2^31-1.
  if ((entry.high ?? 0) >= 2 ** 31)
    return { kind: 'refused', reason: new Reason('newsgroup-full', entry.name) }
  const group = changed(entry, draft)
  draft.setGroup(group, true)
  const arrival = draft.announce({
    kind: 'group',
    time: entry.time,
    source: entry.source,
    messageId: '',
    filings: [],
    path: [],
    distributions: [],
    size: 0,
    localOnly: true,
    control: false,
  })
  return { kind: 'stored', arrival, filings: [] }
}

function changed(entry: GroupEntry, draft: Draft): GroupState {
  const known = draft.everGroup(entry.name) ?? newGroup(entry, draft)
  if (entry.action === 'remove') return { ...known, removed: true }
  const group = {
    ...known,
    removed: false,
    status: entry.status ?? (entry.action === 'add' ? 'y' : known.status),
    description: entry.description ?? known.description,
  }
  // Marks of another server continue its numbers here, but only where nothing was filed yet.
  if (entry.high === undefined || group.count > 0 || entry.high <= group.high) return group
  return { ...group, low: entry.high + 1, high: entry.high, fresh: group.high === 0 || group.fresh }
}

function newGroup(entry: Pick<GroupEntry, 'name' | 'time' | 'creator'>, draft: Draft): GroupState {
  return {
    ...noMarks,
    id: draft.next('group') as GroupId,
    name: entry.name,
    status: 'y',
    description: '',
    created: entry.time,
    creator: entry.creator ?? 'admin',
    removed: false,
  }
}

/** A group that an import asked for; undefined where the name is none or reserved. RFC 5536 3.1.4 */
export function createGroup(name: string, entry: ArticleEntry, draft: Draft): GroupState | undefined {
  const newsgroup = parseNewsgroup(name)
  if (newsgroup === undefined || isReserved(newsgroup)) return undefined
  applyGroup(
    {
      kind: 'group',
      action: 'add',
      name: newsgroup,
      time: entry.time,
      source: entry.source,
      creator: 'import',
    },
    draft,
  )
  return draft.group(newsgroup)
}

/** A group for what is kept and not listed; it has the numbers it begins with should somebody add it. */
export function hiddenGroup(name: string, { time }: ArticleEntry, draft: Draft): GroupState {
  const known = draft.everGroup(name)
  if (known !== undefined) return known
  const newsgroup = parseNewsgroup(name)
  if (newsgroup === undefined) throw new Error(`${name} is no newsgroup name`)
  const group = {
    ...newGroup({ name: newsgroup, time, creator: 'control' }, draft),
    status: 'n',
    removed: true,
  }
  draft.setGroup(group, true)
  return group
}
