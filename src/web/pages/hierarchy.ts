/** `/` and `/h/comp.lang/`: the newsgroups by hierarchy, filtered by a word, those subscribed to first. */

import { visibleLine } from '../../article-text/visible.ts'
import type { Group } from '../../storage/reading.ts'
import { hierarchyAddress, homeAddress, subscriptionsAddress, twinAddress } from '../addresses.ts'
import type { Directory } from '../catalogue/directory.ts'
import { type Listing, listingOf } from '../catalogue/listing.ts'
import { followHierarchy } from '../follow.ts'
import { type GroupLines, groupLines, groupsData } from '../groups/group-lines.ts'
import { missing } from '../missing.ts'
import { trailTo } from '../navigation.ts'
import { type UnreadCounts, unreadCounts } from '../read-state/unread-counts.ts'
import type { Section } from '../shown/reading.ts'
import type { Answer, Site, Visit } from '../site.ts'
import { slicesOf } from '../slices.ts'
import type { Words } from '../words/english.ts'

/** Subscriptions shown before the hierarchies; all of them stand on their own page. */
const mostSubscribed = 100
const longestFilter = 200

export async function homePage(site: Site, visit: Visit): Promise<Answer> {
  return listPage(site, visit, { hierarchy: '', directory: await site.directory(visit.access.mayRead) })
}

export async function hierarchyPage(site: Site, visit: Visit): Promise<Answer> {
  const hierarchy = visit.parameter('hierarchy')
  const directory = await site.directory(visit.access.mayRead)
  if (hierarchy === '' || directory.sum(hierarchy).groups === 0)
    return missing(words => words.trouble.hierarchy)
  return listPage(site, visit, { hierarchy, directory })
}

interface Listed {
  readonly hierarchy: string
  readonly directory: Directory
}

async function listPage(site: Site, visit: Visit, { hierarchy, directory }: Listed): Promise<Answer> {
  const { words, query } = visit
  const { place } = site.live
  const filter = (query.get('q') ?? '').trim().slice(0, longestFilter)
  const unread = await unreadCounts(directory, visit.reader)
  const listing = await listingOf(directory, hierarchy, {
    filter,
    from: query.get('from') ?? '',
    slices: slicesOf(site.clock),
  })
  const first = hierarchy === '' && filter === '' ? newsFirst(unread).slice(0, mostSubscribed) : []
  const lines = await groupLines(site, visit, { groups: [...first, ...listing.groups()], unread })
  const here = hierarchy === '' ? homeAddress : hierarchyAddress(hierarchy)
  const name = visibleLine(hierarchy)
  const title = hierarchy === '' ? words.groups.heading : `${name}.*`
  const sections = listing.sections.map(section => ({
    name: section.name === '' ? '' : `${visibleLine(section.name)}.*`,
    to: section.name === '' ? '' : hierarchyAddress(section.name),
    counts: countsOf(section, words),
    unread: newText(unread.below(section.name), words),
    groups: section.listed.map(lines.line),
  }))
  return {
    kind: 'page',
    keepsCookie: true,
    html: () =>
      site.render(
        'groups',
        {
          frame: {
            ...site.frame(visit, title, twinAddress(here)),
            ...followHierarchy(hierarchy, name, { words, place }),
          },
          trail: hierarchy === '' ? [] : trailTo(hierarchy, words),
          heading: title,
          here,
          token: site.tokens.of(visit.cookie),
          filter: visibleLine(filter),
          summary: summaryOf(listing, filter, words),
          sections: [...subscribedSection(first, lines, words), ...sections],
          empty: emptyText(directory, listing.sections.length === 0, words),
          pager:
            listing.next === '' ? [] : [{ text: words.groups.further, to: pageAddress(here, listing.next) }],
          offersNext: unread.subscribed.length > 0 && filter === '',
        },
        words,
      ),
    data: () => ({
      subscribed: first.map(({ name }) => name),
      ...groupsData([...first, ...listing.groups()], unread),
      hierarchies: listing.sections
        .filter(({ listed, name }) => name !== '' && listed.length === 0)
        .map(({ name, groups, articles }) => ({ name, groups, articles, unread: unread.below(name) })),
      next: listing.next,
    }),
  }
}

/** Where something is unread, then the others; each in name order. */
function newsFirst({ subscribed, of }: UnreadCounts): Group[] {
  const isNew = (group: Group) => (of(group) ?? 0) > 0
  return [...subscribed.filter(isNew), ...subscribed.filter(group => !isNew(group))]
}

function subscribedSection(groups: readonly Group[], lines: GroupLines, words: Words): Section[] {
  if (groups.length === 0) return []
  const { subscribed } = words.groups
  return [
    { name: subscribed, to: subscriptionsAddress, counts: '', unread: '', groups: groups.map(lines.line) },
  ]
}

function countsOf({ groups, articles }: { groups: number; articles: number }, words: Words): string {
  return `${words.groupCount(groups)}, ${words.articles(articles)}`
}

function newText(unread: number | undefined, words: Words): string {
  return unread === undefined || unread === 0 ? '' : words.unread(unread)
}

function summaryOf(listing: Listing, filter: string, words: Words): string {
  const { total, cut } = listing
  if (filter === '') return countsOf(total, words)
  const found = words.groups.found(words.groupCount(total.groups))
  return cut ? `${found} ${words.groups.tooMany}` : found
}

function emptyText(directory: Directory, nothing: boolean, { groups }: Words): string {
  if (directory.groups.length === 0) return groups.none
  return nothing ? groups.noneFound : ''
}

function pageAddress(here: string, from: string): string {
  return `${here}?${new URLSearchParams({ from })}`
}
