/** `/` and `/h/comp.lang/`: the newsgroups by hierarchy. */

import { visibleLine } from '../../article-text/visible.ts'
import type { Group } from '../../storage/reading.ts'
import { hierarchyAddress, homeAddress, twinAddress } from '../addresses.ts'
import { asShownTo, inHierarchy, sectionsOf, summaryOf } from '../catalogue.ts'
import type { Link } from '../render.ts'
import type { Answer, Site, Visit } from '../site.ts'
import type { Words } from '../words/english.ts'
import { missing } from './missing.ts'

function groupData(groups: readonly Group[]): object {
  return {
    groups: groups.map(({ name, status, description, low, high, count }) => ({
      name,
      status,
      description,
      low,
      high,
      count,
    })),
  }
}

async function readable(site: Site, visit: Visit): Promise<Group[]> {
  const { mayRead } = visit.access
  return (await site.groups()).filter(group => mayRead(group.name)).map(group => asShownTo(group, mayRead))
}

export async function homePage(site: Site, visit: Visit): Promise<Answer> {
  const { words } = visit
  const groups = await readable(site, visit)
  return {
    kind: 'page',
    html: () =>
      site.render(
        'home',
        {
          frame: site.frame(visit, words.groups.heading, twinAddress(homeAddress)),
          summary: summaryOf(groups, words),
          sections: sectionsOf(groups, '', words),
          empty: groups.length === 0,
        },
        words,
      ),
    data: groupData(groups),
  }
}

/** Links to the hierarchies above a group or hierarchy, the list of all groups first; the name itself is not one. */
export function trailTo(name: string, words: Words): Link[] {
  const parts = name.split('.')
  const above = parts.slice(0, -1).map((part, at) => ({
    text: visibleLine(part),
    to: hierarchyAddress(parts.slice(0, at + 1).join('.')),
  }))
  return [{ text: words.page.groups, to: homeAddress }, ...above]
}

export async function hierarchyPage(site: Site, visit: Visit): Promise<Answer> {
  const { words } = visit
  const hierarchy = visit.parameter('hierarchy')
  const groups = (await readable(site, visit)).filter(group => inHierarchy(group.name, hierarchy))
  if (groups.length === 0) return missing(words => words.trouble.hierarchy)
  const name = visibleLine(hierarchy)
  return {
    kind: 'page',
    html: () =>
      site.render(
        'hierarchy',
        {
          frame: site.frame(visit, `${name}.*`, twinAddress(hierarchyAddress(hierarchy))),
          trail: trailTo(hierarchy, words),
          name,
          summary: summaryOf(groups, words),
          sections: sectionsOf(groups, hierarchy, words),
        },
        words,
      ),
    data: groupData(groups),
  }
}
