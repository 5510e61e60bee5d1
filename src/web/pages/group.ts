/** `/g/<group>/`: the articles of a group, newest first, as threads or flat. */

import { visibleLine } from '../../article-text/visible.ts'
import type { Group } from '../../storage/reading.ts'
import { articleAddress, groupAddress, postAddress, twinAddress } from '../addresses.ts'
import { asShownTo, statusNote } from '../catalogue.ts'
import { type OverviewRow, readWindow, type Window } from '../overview.ts'
import type { Link, ThreadLine } from '../render.ts'
import type { Answer, Site, Visit } from '../site.ts'
import { type Thread, threadRows } from '../threading.ts'
import { authorName, countOf, whenOf } from '../wording.ts'
import { trailTo } from './hierarchy.ts'
import { noSuchGroup } from './missing.ts'

const rowsPerPage = 50

function threadLine(thread: Thread, now: number): ThreadLine {
  const { row, replies } = thread
  return {
    subject: visibleLine(row.subject) || '(no subject)',
    to: articleAddress(row.messageId),
    author: visibleLine(authorName(row.from)),
    when: whenOf(row.date, now),
    replies: replies.map(reply => threadLine(reply, now)),
  }
}

function rowData(row: OverviewRow): object {
  return { ...row, address: articleAddress(row.messageId) }
}

function positive(text: string | null): number | undefined {
  return text !== null && /^\d{1,10}$/.test(text) ? Number(text) : undefined
}

function pagerOf(group: Group, window: Window, flat: boolean): Link[] {
  const newest = window.rows[0]?.number
  const oldest = window.rows.at(-1)?.number
  const link = (text: string, query: string): Link => {
    const parts = [query, flat ? 'view=flat' : ''].filter(part => part !== '')
    return { text, to: `${groupAddress(group.name)}${parts.length > 0 ? `?${parts.join('&')}` : ''}` }
  }
  return [
    ...(window.newer ? [link('« Newest', '')] : []),
    ...(window.newer && newest !== undefined ? [link('‹ Newer', `after=${newest}`)] : []),
    ...(window.older && oldest !== undefined ? [link('Older ›', `before=${oldest}`)] : []),
  ]
}

export async function groupPage(site: Site, visit: Visit): Promise<Answer> {
  const { mayRead } = visit.access
  const found = await site.reading.group(visit.parameter('group'))
  if (found === undefined || !mayRead(found.name)) return noSuchGroup
  const group = asShownTo(found, mayRead)
  const flat = visit.query.get('view') === 'flat'
  const span = { before: positive(visit.query.get('before')), after: positive(visit.query.get('after')) }
  const window = await readWindow(site.reading, group, { ...span, count: rowsPerPage })
  const threads = flat ? window.rows.map(row => ({ row, replies: [] })) : threadRows(window.rows)
  const now = site.clock.now()
  const name = visibleLine(group.name)
  return {
    kind: 'page',
    html: () =>
      site.render('group', {
        frame: site.frame(name, twinAddress(groupAddress(group.name))),
        trail: trailTo(group.name),
        name,
        description: visibleLine(group.description),
        summary: countOf(group.count, 'article'),
        note: statusNote(group.status),
        post: visit.access.poster.mayPost(group.name) ? postAddress(group.name) : '',
        shape: flat
          ? { text: 'Show as threads', to: groupAddress(group.name) }
          : { text: 'Show flat', to: `${groupAddress(group.name)}?view=flat` },
        threads: threads.map(thread => threadLine(thread, now)),
        empty: threads.length === 0,
        pager: pagerOf(group, window, flat),
      }),
    data: {
      group: { name: group.name, status: group.status, description: group.description, count: group.count },
      low: group.low,
      high: group.high,
      articles: window.rows.map(rowData),
      older: window.older ? (window.rows.at(-1)?.number ?? 0) : 0,
    },
  }
}
