/** `/g/<group>/`: the articles of a group, newest activity first: as conversations, as their trees, or as a flat list. */

import { visibleLine } from '../../article-text/visible.ts'
import type { Group } from '../../storage/reading.ts'
import { groupAddress, postAddress, searchFormAddress, twinAddress } from '../addresses.ts'
import { asShownTo } from '../catalogue/catalogue.ts'
import { followGroup } from '../follow.ts'
import { statusNote } from '../groups/group-lines.ts'
import { flatList } from '../groups/group-list.ts'
import { threadList } from '../groups/group-threads.ts'
import type { ListPage } from '../groups/list-page.ts'
import { readingBar } from '../groups/reading-bar.ts'
import { noSuchGroup } from '../missing.ts'
import { trailTo } from '../navigation.ts'
import type { Link, Place } from '../render.ts'
import type { Answer, Site, Visit } from '../site.ts'
import type { Words } from '../words/english.ts'

const groupViews = ['threads', 'tree', 'flat'] as const
export type GroupView = (typeof groupViews)[number]

function positive(text: string | null): number | undefined {
  return text !== null && /^\d{1,10}$/.test(text) ? Number(text) : undefined
}

function viewOf(visit: Visit): GroupView {
  const asked = visit.query.get('view')
  return groupViews.find(view => view === asked) ?? 'threads'
}

function addressOf(group: Group, view: GroupView, place = ''): string {
  const parts = [place, view === 'threads' ? '' : `view=${view}`].filter(part => part !== '')
  return `${groupAddress(group.name)}${parts.length > 0 ? `?${parts.join('&')}` : ''}`
}

function pagerOf(group: Group, view: GroupView, { page, words }: { page: ListPage; words: Words }): Link[] {
  const link = (text: string, place: string): Link => ({ text, to: addressOf(group, view, place) })
  return [
    ...(page.newer > 0 ? [link(words.page.newest, ''), link(words.page.newer, `after=${page.newer}`)] : []),
    ...(page.older > 0 ? [link(words.page.older, `before=${page.older}`)] : []),
  ]
}

function shapesOf(group: Group, view: GroupView, { threads }: Words): Place[] {
  const texts = { threads: threads.asThreads, tree: threads.asTree, flat: threads.asList }
  return groupViews.map(each => ({
    text: texts[each],
    to: addressOf(group, each),
    current: each === view ? 'true' : '',
  }))
}

export async function groupPage(site: Site, visit: Visit): Promise<Answer> {
  const { words } = visit
  const { mayRead } = visit.access
  const found = await site.reading.group(visit.parameter('group'))
  if (found === undefined || !mayRead(found.name)) return noSuchGroup
  const group = asShownTo(found, mayRead)
  const view = viewOf(visit)
  const span = { before: positive(visit.query.get('before')), after: positive(visit.query.get('after')) }
  // Before the articles are read, so that none falls between the page and what is told live.
  const { place } = site.live
  const page =
    view === 'flat'
      ? await flatList(site, group, { visit, span })
      : await threadList(site, group, { visit, span, trees: view === 'tree' })
  const name = visibleLine(group.name)
  const unread = await visit.reader.unread(group)
  const bar = readingBar(site, visit, { group, unread, upTo: group.high, back: visit.here })
  return {
    kind: 'page',
    keepsCookie: visit.hadCookie,
    html: () =>
      site.render(
        'group',
        {
          frame: {
            ...site.frame(visit, name, twinAddress(groupAddress(group.name))),
            ...followGroup(group.name, name, { words, place }),
          },
          trail: trailTo(group.name, words),
          name,
          description: visibleLine(group.description),
          summary: page.summary,
          note: statusNote(group.status, words),
          post: visit.access.poster.mayPost(group.name) ? postAddress(group.name) : '',
          search: searchFormAddress(group.name),
          shapes: shapesOf(group, view, words),
          bar,
          hidden: page.hidden === 0 ? '' : words.reading.hiddenHere(words.number(page.hidden)),
          showHidden: addressOf(group, view, 'hidden=1'),
          since: page.since,
          summaries: page.summaries,
          threads: page.threads,
          empty: page.summaries.length + page.threads.length === 0,
          pager: pagerOf(group, view, { page, words }),
        },
        words,
      ),
    data: {
      unread,
      hidden: page.hidden,
      group: { name: group.name, status: group.status, description: group.description, count: group.count },
      low: group.low,
      high: group.high,
      ...page.data,
      older: page.older,
    },
  }
}
