/** How much is unread in the groups that a reader follows, and in whole hierarchies of them. */
import type { Group } from '../storage/reading.ts'
import { Directory } from './directory.ts'
import type { Reader } from './read-state/reader.ts'

export interface UnreadCounts {
  /** In name order. */
  readonly subscribed: readonly Group[]
  /** Undefined for a group that is neither subscribed to nor has been read in. */
  readonly of: (group: Group) => number | undefined
  /** In the subscribed groups of a hierarchy; of all for an empty one. Undefined where there is none. */
  readonly below: (hierarchy: string) => number | undefined
}

export async function unreadCounts(directory: Directory, reader: Reader): Promise<UnreadCounts> {
  const subscribed = subscriptionsIn(directory, reader)
  const counts = new Map<Group, number>(subscribed.map(group => [group, group.count]))
  for (const [group] of reader.marked(directory)) counts.set(group, await reader.unread(group))
  const followed = new Directory(
    subscribed.map(group => ({ ...group, count: counts.get(group) ?? group.count })),
  )
  return {
    subscribed,
    of: group => counts.get(group),
    below: hierarchy => {
      const { groups, articles } = followed.sum(hierarchy)
      return groups === 0 ? undefined : articles
    },
  }
}

/** In name order. */
export function subscriptionsIn(directory: Directory, reader: Reader): readonly Group[] {
  const { patterns } = reader
  const wanted = new Set(patterns === '' ? [] : directory.matching(patterns))
  let asPatterns = true
  for (const [group, mark] of reader.marked(directory)) {
    if (mark.wanted === undefined) continue
    asPatterns = false
    if (mark.wanted) wanted.add(group)
    else wanted.delete(group)
  }
  return asPatterns ? [...wanted] : [...wanted].sort((a, b) => (a.name < b.name ? -1 : 1))
}
