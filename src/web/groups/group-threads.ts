/** A page of the conversations of a group, the one with the newest article first. */
import type { Group } from '../../storage/reading.ts'
import { articleAddress, threadAddress } from '../addresses.ts'
import type { ThreadLine, ThreadSummary } from '../render.ts'
import type { Site, Visit } from '../site.ts'
import { type Slices, slicesOf } from '../slices.ts'
import type { Judged } from '../taste/rule.ts'
import { Conversation, readAny, shownAuthor, shownSubject, threadLines } from '../thread/conversation.ts'
import { sifted, standing } from '../thread/hidden-rows.ts'
import type { GroupThreads } from '../threading/thread-cache.ts'
import type { ThreadArticle } from '../threading/thread-forest.ts'
import { threadTree } from '../threading/thread-tree.ts'
import { whenAt } from '../wording.ts'
import type { ListPage, ListSpan } from './list-page.ts'

/** Articles that are looked at for who took part. */
const mostLookedAt = 40
const mostAuthors = 3
/** Of one tree and of all trees on a page. */
const mostLines = [30, 400] as const

interface Asked {
  readonly visit: Visit
  readonly span: ListSpan
  /** Shown as trees. */
  readonly trees: boolean
}

/** A conversation with what its lists need. */
interface Found {
  readonly conversation: Conversation
  readonly articles: number
  readonly newest: ThreadArticle
}

export async function threadList(site: Site, group: Group, asked: Asked): Promise<ListPage> {
  const { visit } = asked
  const { words } = visit
  const kept = await site.threads.of(group)
  const window = kept.threads.window({ ...asked.span, count: visit.settings.perPage })
  // All of what is kept is taken now, for it changes while others read.
  const found = window.threads.map(top => foundAt(kept, group, { top, whole: readAny(visit, group) }))
  const summary = words.threads.summary(words.articles(group.count), words.threadCount(kept.threads.count))
  const slices = slicesOf(site.clock)
  // A conversation is what its first article is.
  const { shown, hidden } = sifted(found, group.name, { visit, rowOf: firstRow })
  const [first, last] = [found[0], found.at(-1)]
  return {
    hidden,
    summaries: asked.trees ? [] : await summaries(shown, visit, slices),
    threads: asked.trees ? await trees(shown, visit, slices) : [],
    summary,
    since: kept.since > 0 ? words.threads.since(words.articles(kept.forest.rows.present)) : '',
    newer: window.newer ? (first?.newest.number ?? 0) : 0,
    older: window.older ? (last?.newest.number ?? 0) : 0,
    data: { threads: shown.map(threadData) },
  }
}

function firstRow({ conversation }: Pick<Found, 'conversation'>): Judged {
  const { subject, from, messageId } = conversation.article(0)
  return { subject, from, messageId, references: [] }
}

function foundAt(
  { forest, threads }: GroupThreads,
  group: Group,
  { top, whole }: { readonly top: number; readonly whole: boolean },
): Found {
  const articles = threads.articles(top)
  const tree = threadTree(forest, top, whole ? articles : Math.min(articles, mostLookedAt))
  return {
    conversation: new Conversation(group, forest, tree),
    articles,
    newest: forest.articleAt(threads.newest(top)),
  }
}

async function summaries(found: readonly Found[], visit: Visit, slices: Slices): Promise<ThreadSummary[]> {
  const lines: ThreadSummary[] = []
  for (const each of found) {
    lines.push(summaryOf(each, visit, await unreadIn(each, visit, slices)))
    await slices.rest()
  }
  return lines
}

interface Unread {
  readonly count: number
  /** Place of the first. */
  readonly first: number
}

async function unreadIn({ conversation, articles }: Found, visit: Visit, slices: Slices): Promise<Unread> {
  if (conversation.length < articles || !readAny(visit, conversation.group))
    return { count: articles, first: 0 }
  let count = 0
  let first = -1
  for (let at = 0; at < conversation.length; at++) {
    if ((at & 255) === 255) await slices.rest()
    if (visit.reader.isRead(conversation.group, conversation.number(at))) continue
    count += 1
    if (first < 0) first = at
  }
  return { count, first: Math.max(first, 0) }
}

function summaryOf({ conversation, articles, newest }: Found, visit: Visit, unread: Unread): ThreadSummary {
  const { words } = visit
  const root = conversation.article(0)
  const authors = new Set<string>()
  for (let at = 0; at < Math.min(conversation.length, mostLookedAt); at++)
    authors.add(shownAuthor(conversation.from(at)))
  return {
    subject: shownSubject(root.subject, words),
    to: articleAddress(root.messageId),
    articles: articles === 1 ? '' : words.articles(articles),
    unread:
      unread.count > 0 && readAny(visit, conversation.group)
        ? words.threads.countUnread(words.number(unread.count))
        : '',
    first: articleAddress(conversation.messageId(unread.first)),
    authors: [...authors].slice(0, mostAuthors),
    others: authors.size > mostAuthors ? words.threads.others : '',
    last: {
      to: articleAddress(newest.messageId),
      // Of an article alone it is the author that stands there already.
      author: articles === 1 ? '' : shownAuthor(newest.from),
      when: whenAt(newest.date, words),
    },
    mark: `${unread.count > 0 && readAny(visit, conversation.group) ? 'new' : ''}${standing(visit, firstRow({ conversation }), conversation.group.name)}`.trim(),
  }
}

async function trees(found: readonly Found[], visit: Visit, slices: Slices): Promise<ThreadLine[]> {
  const lines: ThreadLine[] = []
  let left: number = mostLines[1]
  for (const { conversation, articles } of found) {
    const to = Math.min(conversation.length, mostLines[0], Math.max(left, 1))
    left -= to
    const tree = threadLines(conversation, { from: 0, to, visit })
    lines.push(...asOne(to < articles ? withMore(tree, articles - to, { conversation, visit }) : tree))
    await slices.rest()
  }
  return lines
}

/** Lines behind the first answer the same article, which is not here. */
function asOne([first, ...others]: readonly ThreadLine[]): ThreadLine[] {
  if (first === undefined) return []
  return [first, ...others.map(line => ({ ...line, mark: `${line.mark} also`.trim() }))]
}

/** A last line below the first article that leads to the rest. */
function withMore(
  tree: readonly ThreadLine[],
  more: number,
  { conversation, visit: { words } }: { readonly conversation: Conversation; readonly visit: Visit },
): ThreadLine[] {
  const [first, ...others] = tree
  if (first === undefined) return []
  const line: ThreadLine = {
    subject: words.threads.more(words.articles(more)),
    to: threadAddress(conversation.messageId(0)),
    author: '',
    when: whenAt(undefined, words),
    unread: false,
    current: '',
    mark: 'more',
    replies: [],
  }
  return [{ ...first, replies: [...first.replies, line] }, ...others]
}

function threadData({ conversation, articles, newest }: Found): object {
  const { messageId, subject, from, date, number } = conversation.article(0)
  return {
    messageId,
    number,
    subject,
    from,
    date: date ?? null,
    articles,
    last: { ...newest, date: newest.date ?? null, address: articleAddress(newest.messageId) },
    address: threadAddress(messageId),
  }
}
