/** Entries as `accept` makes them, for tests of what stands behind it. */
import { Article } from '../../src/article.ts'
import type { MessageId } from '../../src/message-id.ts'
import type { Newsgroup } from '../../src/newsgroup.ts'
import { Reason } from '../../src/reason.ts'
import type { ArticleEntry, CancelEntry, GroupEntry } from '../../src/storage/entry.ts'
import { wireFromText } from '../../src/wire.ts'

export interface ArticleSketch {
  readonly id: string
  readonly groups: readonly string[]
  readonly keep?: { readonly group: string; readonly number: number }
  readonly body?: string
  readonly time?: number
}

const limits = { header_bytes: 65_536, header_line_bytes: 8192, headers: 200 }

export function articleEntry({
  id,
  groups,
  keep,
  body = 'Hello.\n',
  time = 1000,
}: ArticleSketch): ArticleEntry {
  const text = [
    'Path: node.example!.POSTED!not-for-mail',
    'From: a@example.org',
    `Newsgroups: ${groups.join(',')}`,
    `Subject: about ${id}`,
    `Message-ID: ${id}`,
    'Date: Thu, 01 Jan 2026 00:00:00 +0000',
    '',
    body,
  ].join('\n')
  const article = Article.parse(wireFromText(Buffer.from(text)), limits)
  if (article instanceof Reason) throw new Error(article.text)
  return {
    kind: 'article',
    time,
    source: keep ? 'import' : 'post:',
    article,
    messageId: id as MessageId,
    newsgroups: groups as Newsgroup[],
    path: ['node.example'],
    distributions: [],
    pathIdentity: 'node.example',
    localOnly: false,
    control: false,
    ...(keep && { keep: { group: keep.group as Newsgroup, number: keep.number } }),
  }
}

export const cancelEntry = (target: string, time = 1000): CancelEntry => ({
  kind: 'cancel',
  target: target as MessageId,
  time,
  source: 'test',
})

export const groupEntry = (
  action: GroupEntry['action'],
  name: string,
  more: Partial<GroupEntry> = {},
): GroupEntry => ({ kind: 'group', action, name: name as Newsgroup, time: 1000, source: 'test', ...more })
