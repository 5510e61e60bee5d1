/** Articles as an Atom feed: the one file that meets the package `feed`. RFC 4287; ids are `news:` URIs, RFC 5538 2 */
import { Feed } from 'feed'
import { visibleText } from '../../article-text/visible.ts'

export interface FeedEntry {
  /** With its angle brackets. */
  readonly messageId: string
  /** Path of its page. */
  readonly to: string
  readonly title: string
  readonly author: string
  /** Plain text. */
  readonly text: string
  /** Milliseconds since 1970. */
  readonly written: number
}

export interface FeedText {
  readonly title: string
  /** Scheme and host before every path. */
  readonly origin: string
  /** Path of the page that shows the same. */
  readonly page: string
  /** Path of the feed. */
  readonly self: string
  readonly generator: string
  /** The newest first. */
  readonly entries: readonly FeedEntry[]
}

/** What XML 1.0 2.2 has no place for is made visible. */
function plain(text: string): string {
  return visibleText(text).replace(/[\ufffe\uffff]/g, '\ufffd')
}

/** The package puts titles and contents into the feed as HTML, whatever they say. */
function html(text: string): string {
  return plain(text).replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}

/** In other elements its writer takes `&amp;` for an ampersand that is written already. */
function element(text: string): string {
  return plain(text).replaceAll('&', '&amp;')
}

/** RFC 5538 2.2: without the angle brackets, and with what no address has in it encoded. */
export function newsUri(messageId: string): string {
  const id = messageId.replace(/^<(.*)>$/s, '$1')
  return `news:${encodeURIComponent(id).replace(/%(?:40|24|2B|3D|21|2A|27|28|29|2C|3B|3A)/g, decodeURIComponent)}`
}

export function atomFeed({ title, origin, page, self, generator, entries }: FeedText): string {
  const newest = entries.reduce((latest, { written }) => Math.max(latest, written), 0)
  const feed = new Feed({
    id: `${origin}${self}`,
    title: element(title),
    link: `${origin}${page}`,
    feedLinks: { atom: `${origin}${self}` },
    updated: new Date(newest),
    generator,
  })
  for (const entry of entries) {
    feed.addItem({
      id: newsUri(entry.messageId),
      title: html(entry.title),
      link: `${origin}${entry.to}`,
      date: new Date(entry.written),
      author: [{ name: element(entry.author) }],
      content: `<pre>${html(entry.text)}</pre>`,
    })
  }
  return feed.atom1()
}
