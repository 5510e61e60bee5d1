/** A page of the articles of a group in the order in which they came, the newest first. */
import type { Group } from '../../storage/reading.ts'
import { articleAddress } from '../addresses.ts'
import { type OverviewRow, readWindow } from '../overview.ts'
import type { ThreadLine } from '../render.ts'
import type { Site, Visit } from '../site.ts'
import { readAny, shownAuthor, shownSubject } from '../thread/conversation.ts'
import { sifted, standing } from '../thread/hidden-rows.ts'
import { whenOf } from '../wording.ts'
import type { ListPage, ListSpan } from './list-page.ts'

interface Asked {
  readonly visit: Visit
  readonly span: ListSpan
}

export async function flatList(site: Site, group: Group, { visit, span }: Asked): Promise<ListPage> {
  const { rows, older, newer } = await readWindow(site.reading, group, {
    ...span,
    count: visit.settings.perPage,
  })
  const now = site.clock.now()
  const fresh = readAny(visit, group)
  const line = (row: OverviewRow): ThreadLine => {
    const unread = fresh && !visit.reader.isRead(group, row.number)
    return {
      subject: shownSubject(row.subject, visit.words),
      to: articleAddress(row.messageId),
      author: shownAuthor(row.from),
      when: whenOf(row.date, now, visit.words),
      unread,
      current: '',
      mark: `${unread ? 'new' : ''}${standing(visit, row, group.name)}`.trim(),
      replies: [],
    }
  }
  const { shown, hidden } = sifted(rows, group.name, { visit, rowOf: row => row })
  return {
    summaries: [],
    threads: shown.map(line),
    hidden,
    summary: visit.words.articles(group.count),
    since: '',
    newer: newer ? (rows[0]?.number ?? 0) : 0,
    older: older ? (rows.at(-1)?.number ?? 0) : 0,
    data: { articles: shown.map(rowData) },
  }
}

function rowData({ newsgroups: _, ...row }: OverviewRow): object {
  return { ...row, address: articleAddress(row.messageId) }
}
