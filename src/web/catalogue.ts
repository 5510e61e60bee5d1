/** The newsgroups as hierarchies of names: what a reader may see, counted and cut into sections. */

import { visibleLine } from '../article-text/visible.ts'
import type { Group, Reading } from '../storage/reading.ts'
import { groupAddress, hierarchyAddress } from './addresses.ts'
import type { GroupLine, Section } from './render.ts'
import type { Words } from './words/english.ts'

/** Every group in name order; read again only when something has arrived since. */
export function createCatalogue(reading: Reading): () => Promise<readonly Group[]> {
  let at = -1
  let groups: Promise<readonly Group[]> | undefined
  const read = async () => {
    const all: Group[] = []
    for await (const batch of reading.groups()) all.push(...batch)
    return all
  }
  return async () => {
    const newest = reading.newest
    if (groups === undefined || at !== newest) {
      at = newest
      groups = read()
    }
    try {
      return await groups
    } catch (error) {
      groups = undefined
      throw error
    }
  }
}

/** RFC 6048 3.1: `=other.group` is not said to who may not know of the other group. */
export function asShownTo(group: Group, mayRead: (name: string) => boolean): Group {
  const { status } = group
  return status.startsWith('=') && !mayRead(status.slice(1)) ? { ...group, status: 'x' } : group
}

/** RFC 3977 7.6.3, RFC 6048 3.1 */
export function statusNote(status: string, { groups }: Words): string {
  if (status === 'm') return groups.moderated
  if (status === 'n' || status === 'j' || status === 'x') return groups.readOnly
  return status.startsWith('=') ? groups.movedTo(visibleLine(status.slice(1))) : ''
}

function groupLine(group: Group, words: Words): GroupLine {
  return {
    name: visibleLine(group.name),
    to: groupAddress(group.name),
    description: visibleLine(group.description),
    articles: words.articles(group.count),
    note: statusNote(group.status, words),
  }
}

export function summaryOf(groups: readonly Group[], words: Words): string {
  const articles = groups.reduce((sum, group) => sum + group.count, 0)
  return `${words.groupCount(groups.length)}, ${words.articles(articles)}`
}

export function inHierarchy(name: string, hierarchy: string): boolean {
  return name === hierarchy || name.startsWith(`${hierarchy}.`)
}

/** More groups than this on one page are shown as counts of the hierarchies below. */
const mostListed = 300

/** Groups under `hierarchy` (empty for all) in sections by the next part of the name. */
export function sectionsOf(groups: readonly Group[], hierarchy: string, words: Words): Section[] {
  const depth = hierarchy === '' ? 1 : hierarchy.split('.').length + 1
  const sections = new Map<string, Group[]>()
  for (const group of groups) {
    const name = group.name.split('.').slice(0, depth).join('.')
    const direct = group.name === name && hierarchy !== ''
    const key = direct ? hierarchy : name
    const section = sections.get(key)
    if (section === undefined) sections.set(key, [group])
    else section.push(group)
  }
  const listed = groups.length <= mostListed
  return [...sections].map(([name, members]) => ({
    name: `${visibleLine(name)}.*`,
    to: hierarchyAddress(name),
    counts: summaryOf(members, words),
    groups: listed || name === hierarchy ? members.map(group => groupLine(group, words)) : [],
  }))
}
