/** How much is unread in the groups that a reader follows, and in whole hierarchies of them. */
import type { Group } from '../../storage/reading.ts'
import { Directory } from '../catalogue/directory.ts'
import type { Reader } from './reader.ts'

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
  const marked = new Map<Group, number>()
  for (const [group] of reader.marked(directory)) marked.set(group, await reader.unread(group))
  const followed = new Directory(subscribed, group => marked.get(group) ?? group.count)
  return {
    subscribed,
    of: group => marked.get(group) ?? (reader.subscribed(group) ? group.count : undefined),
    below: hierarchy => {
      const { groups, articles } = followed.sum(hierarchy)
      return groups === 0 ? undefined : articles
    },
  }
}

/** In name order. */
export function subscriptionsIn(directory: Directory, reader: Reader): readonly Group[] {
  const { patterns } = reader
  const matching = patterns === '' ? [] : directory.matching(patterns)
  const [wanted, unwanted] = [new Set<Group>(), new Set<Group>()]
  for (const [group, mark] of reader.marked(directory)) {
    if (mark.wanted === true) wanted.add(group)
    else if (mark.wanted === false) unwanted.add(group)
  }
  if (wanted.size === 0 && unwanted.size === 0) return matching
  for (const group of matching) if (!unwanted.has(group)) wanted.add(group)
  return [...wanted].sort((a, b) => (a.name < b.name ? -1 : 1))
}
