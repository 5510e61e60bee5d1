/** A list of articles as the answer to a feed reader, which is told where nothing has changed. RFC 4287, RFC 9110 8.8.3 */
import { createHash } from 'node:crypto'
import { visibleLine } from '../../article-text/visible.ts'
import { parseDate } from '../../date.ts'
import { articleAddress } from '../addresses.ts'
import { findArticle, type ShownArticle } from '../article/shown-article.ts'
import type { Answer, Site, Visit } from '../site.ts'
import { authorName } from '../wording.ts'
import type { FeedEntry } from './feed.ts'
import { atomFeed } from './feed.ts'

export interface FeedOf {
  readonly title: string
  /** Path of the page that shows the same, and of the feed. */
  readonly page: string
  readonly self: string
  /** Message-IDs with angle brackets, the newest first. */
  readonly ids: readonly string[]
}

/** Articles of a feed. */
export const mostEntries = 25
/** Characters of an article's text. */
const longestText = 20_000

/** The articles are read only where the reader has another list than this. */
export function feedAnswer(site: Site, visit: Visit, { title, page, self, ids }: FeedOf): Answer {
  const listed = ids.slice(0, mostEntries)
  const { language } = visit.words
  const etag = createHash('sha256').update(JSON.stringify([title, self, visit.origin, language, listed]))
  return {
    kind: 'feed',
    etag: `"${etag.digest('base64url').slice(0, 22)}"`,
    text: async () => {
      const entries: FeedEntry[] = []
      for (const id of listed) {
        const article = await findArticle(site, visit, id)
        if (article !== undefined) entries.push(entryOf(article, visit))
      }
      return atomFeed({ title, origin: visit.origin, page, self, generator: site.userAgent, entries })
    },
  }
}

function entryOf(article: ShownArticle, { words }: Visit): FeedEntry {
  const { messageId } = article.located
  return {
    messageId,
    to: articleAddress(messageId),
    title: visibleLine(article.header('Subject')) || words.page.noSubject,
    author: visibleLine(authorName(article.header('From'))),
    text: article.body.text.slice(0, longestText),
    // RFC 4287 4.2.15: changes only with the article, which never does.
    written: (parseDate(article.header('Date')) ?? 0) * 1000,
  }
}
