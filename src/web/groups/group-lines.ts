/** Newsgroups as lines of a list: what they are about, what is new in them, and whether they are subscribed to. */

import { visibleLine } from '../../article-text/visible.ts'
import type { Group } from '../../storage/reading.ts'
import { groupAddress } from '../addresses.ts'
import type { UnreadCounts } from '../read-state/unread-counts.ts'
import type { GroupLine, Switch } from '../shown/reading.ts'
import type { Site, Visit } from '../site.ts'
import { whenAt } from '../wording.ts'
import type { Words } from '../words/english.ts'

export interface GroupLines {
  readonly line: (group: Group) => GroupLine
}

/** RFC 3977 7.6.3, RFC 6048 3.1 */
export function statusNote(status: string, { groups }: Words): string {
  if (status === 'm') return groups.moderated
  if (status === 'n' || status === 'j' || status === 'x') return groups.readOnly
  return status.startsWith('=') ? groups.movedTo(visibleLine(status.slice(1))) : ''
}

const noDate = { text: '', machine: '', ago: '' }

export interface Lined {
  readonly groups: readonly Group[]
  readonly unread: UnreadCounts
}

/** Lines of these groups and no others: what has to be looked up is looked up for all of them together. */
export async function groupLines(site: Site, visit: Visit, { groups, unread }: Lined): Promise<GroupLines> {
  const { words } = visit
  const last = await site.lastPosts.of(groups)
  const now = site.clock.now()
  const line = (group: Group): GroupLine => {
    const news = unread.of(group) ?? 0
    const seconds = last.get(group.id)
    return {
      name: visibleLine(group.name),
      to: groupAddress(group.name),
      description: visibleLine(group.description),
      articles: words.articles(group.count),
      unread: news === 0 ? '' : words.unread(news),
      last:
        seconds === undefined ? noDate : { ...whenAt(seconds, words), ago: words.ago(now / 1000 - seconds) },
      note: statusNote(group.status, words),
      switch: switchOf(group, visit),
    }
  }
  return { line }
}

/** The button that subscribes to a group, or ends it. */
export function switchOf(group: Group, { reader, words: { groups } }: Visit): Switch {
  const name = visibleLine(group.name)
  return reader.subscribed(group)
    ? { name: 'leave', value: group.name, text: groups.leave, about: groups.leaveOf(name) }
    : { name: 'join', value: group.name, text: groups.join, about: groups.joinOf(name) }
}

export function groupsData(groups: readonly Group[], unread: UnreadCounts): object {
  return {
    groups: groups.map(group => {
      const { name, status, description, low, high, count } = group
      return { name, status, description, low, high, count, unread: unread.of(group) }
    }),
  }
}
