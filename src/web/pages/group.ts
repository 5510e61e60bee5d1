/** `/g/<group>/`: the articles of a group, newest first, as threads or flat. */

import { visibleLine } from '../../article-text/visible.ts'
import type { Group } from '../../storage/reading.ts'
import { articleAddress, eventsAddress, groupAddress, postAddress, twinAddress } from '../addresses.ts'
import { asShownTo, statusNote } from '../catalogue.ts'
import { type OverviewRow, readWindow, type Window } from '../overview.ts'
import type { Link, ThreadLine } from '../render.ts'
import type { Answer, Site, Visit } from '../site.ts'
import { type Thread, threadRows } from '../threading.ts'
import { authorName, whenOf } from '../wording.ts'
import type { Words } from '../words/english.ts'
import { trailTo } from './hierarchy.ts'
import { noSuchGroup } from './missing.ts'

const rowsPerPage = 50

function threadLine(thread: Thread, now: number, words: Words): ThreadLine {
  const { row, replies } = thread
  return {
    subject: visibleLine(row.subject) || words.page.noSubject,
    to: articleAddress(row.messageId),
    author: visibleLine(authorName(row.from)),
    when: whenOf(row.date, now, words),
    replies: replies.map(reply => threadLine(reply, now, words)),
  }
}

function rowData(row: OverviewRow): object {
  return { ...row, address: articleAddress(row.messageId) }
}

function positive(text: string | null): number | undefined {
  return text !== null && /^\d{1,10}$/.test(text) ? Number(text) : undefined
}

interface Turning {
  readonly window: Window
  readonly flat: boolean
  readonly words: Words
}

function pagerOf(group: Group, { window, flat, words: { page } }: Turning): Link[] {
  const newest = window.rows[0]?.number
  const oldest = window.rows.at(-1)?.number
  const link = (text: string, query: string): Link => {
    const parts = [query, flat ? 'view=flat' : ''].filter(part => part !== '')
    return { text, to: `${groupAddress(group.name)}${parts.length > 0 ? `?${parts.join('&')}` : ''}` }
  }
  return [
    ...(window.newer ? [link(page.newest, '')] : []),
    ...(window.newer && newest !== undefined ? [link(page.newer, `after=${newest}`)] : []),
    ...(window.older && oldest !== undefined ? [link(page.older, `before=${oldest}`)] : []),
  ]
}

export async function groupPage(site: Site, visit: Visit): Promise<Answer> {
  const { words } = visit
  const { mayRead } = visit.access
  const found = await site.reading.group(visit.parameter('group'))
  if (found === undefined || !mayRead(found.name)) return noSuchGroup
  const group = asShownTo(found, mayRead)
  const flat = visit.query.get('view') === 'flat'
  const span = { before: positive(visit.query.get('before')), after: positive(visit.query.get('after')) }
  // Before the articles are read, so that none falls between the page and what is told live.
  const { place } = site.live
  const window = await readWindow(site.reading, group, { ...span, count: rowsPerPage })
  const threads = flat ? window.rows.map(row => ({ row, replies: [] })) : threadRows(window.rows)
  const now = site.clock.now()
  const live = eventsAddress(group.name, place)
  const name = visibleLine(group.name)
  return {
    kind: 'page',
    html: () =>
      site.render(
        'group',
        {
          frame: { ...site.frame(visit, name, twinAddress(groupAddress(group.name))), live },
          trail: trailTo(group.name, words),
          name,
          description: visibleLine(group.description),
          summary: words.articles(group.count),
          note: statusNote(group.status, words),
          post: visit.access.poster.mayPost(group.name) ? postAddress(group.name) : '',
          shape: flat
            ? { text: words.groups.asThreads, to: groupAddress(group.name) }
            : { text: words.groups.flat, to: `${groupAddress(group.name)}?view=flat` },
          threads: threads.map(thread => threadLine(thread, now, words)),
          empty: threads.length === 0,
          pager: pagerOf(group, { window, flat, words }),
        },
        words,
      ),
    data: {
      group: { name: group.name, status: group.status, description: group.description, count: group.count },
      low: group.low,
      high: group.high,
      articles: window.rows.map(rowData),
      older: window.older ? (window.rows.at(-1)?.number ?? 0) : 0,
    },
  }
}
