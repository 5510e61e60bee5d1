/** `/` and `/h/comp.lang/`: the newsgroups by hierarchy. */

import { visibleLine } from '../../article-text/visible.ts'
import type { Group } from '../../storage/reading.ts'
import { hierarchyAddress, homeAddress, twinAddress } from '../addresses.ts'
import { asShownTo, inHierarchy, sectionsOf, summaryOf } from '../catalogue.ts'
import type { Link } from '../render.ts'
import type { Answer, Site, Visit } from '../site.ts'
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
  const groups = await readable(site, visit)
  return {
    kind: 'page',
    html: () =>
      site.render('home', {
        frame: site.frame('Newsgroups', twinAddress(homeAddress)),
        summary: summaryOf(groups),
        sections: sectionsOf(groups, ''),
        empty: groups.length === 0,
      }),
    data: groupData(groups),
  }
}

/** Links to the hierarchies above a group or hierarchy, the list of all groups first; the name itself is not one. */
export function trailTo(name: string): Link[] {
  const parts = name.split('.')
  const above = parts.slice(0, -1).map((part, at) => ({
    text: visibleLine(part),
    to: hierarchyAddress(parts.slice(0, at + 1).join('.')),
  }))
  return [{ text: 'Groups', to: homeAddress }, ...above]
}

export async function hierarchyPage(site: Site, visit: Visit): Promise<Answer> {
  const hierarchy = visit.parameter('hierarchy')
  const groups = (await readable(site, visit)).filter(group => inHierarchy(group.name, hierarchy))
  if (groups.length === 0)
    return missing('No such hierarchy', 'There is no newsgroup here whose name begins so.')
  const name = visibleLine(hierarchy)
  return {
    kind: 'page',
    html: () =>
      site.render('hierarchy', {
        frame: site.frame(`${name}.*`, twinAddress(hierarchyAddress(hierarchy))),
        trail: trailTo(hierarchy),
        name,
        summary: summaryOf(groups),
        sections: sectionsOf(groups, hierarchy),
      }),
    data: groupData(groups),
  }
}
