/** One stored article as a reader may see it: found, allowed, parsed and decoded. RFC 5536 3, RFC 3977 8.1 */
import type { Article } from '../../article.ts'
import { decodeRaw } from '../../article-text/charset.ts'
import { decodeHeader } from '../../article-text/header-words.ts'
import { parseContentType } from '../../article-text/media-type.ts'
import { type ReadableBody, readableBody } from '../../article-text/readable.ts'
import { articleIn } from '../../storage/article/stored-article.ts'
import type { Group, Located, StoredArticle } from '../../storage/reading.ts'
import { unstuff } from '../../wire.ts'
import { readIn } from '../reading-group.ts'
import type { Site, Visit } from '../site.ts'

export interface ShownArticle {
  readonly located: Pick<Located, 'messageId' | 'filings'>
  /** Groups it is filed in that this reader may read, the one it is read in first. */
  readonly groups: readonly { readonly group: Group; readonly number: number }[]
  /** The group in which it is read, where links must say so to stay there. See `readIn`. */
  readonly carried: string
  /** Decoded value of the first field of that name; empty where absent. */
  readonly header: (name: string) => string
  /** Every field in order, names as written and values decoded. */
  readonly fields: () => readonly HeaderField[]
  readonly body: ReadableBody
  /** The octets that were posted and relayed, without Xref, stuffing and terminator. */
  readonly octets: Buffer
}

export interface HeaderField {
  readonly name: string
  readonly value: string
}

/** Fields of names and identifiers, in which nothing is an encoded word. RFC 2047 5 */
const structured = new Set(['newsgroups', 'followup-to', 'references', 'message-id', 'date', 'distribution'])

/** `charset` is what the article says of its body: raw octets in its header are most likely of the same. */
function decoded(name: string, value: string, charset: string): string {
  return structured.has(name.toLowerCase())
    ? decodeRaw(Buffer.from(value, 'latin1'), charset)
    : decodeHeader(value, charset)
}

function headerFields(article: Article, charset: string): HeaderField[] {
  const values = new Map<string, string[]>()
  return article.names.map(name => {
    const key = name.toLowerCase()
    const rest = values.get(key) ?? article.all(name)
    values.set(key, rest)
    return { name, value: decoded(name, rest.shift() ?? '', charset) }
  })
}

/** Message-IDs in a header value, in order. */
export function messageIds(value: string): string[] {
  return value.match(/<[^<>\s]+>/g) ?? []
}

/** Names in a Newsgroups or Followup-To value. RFC 5536 3.1.4 */
export function groupNames(value: string): string[] {
  return value
    .split(',')
    .map(name => name.trim())
    .filter(name => name !== '')
}

/** Undefined where there is none, or none that this reader may see. `id` with its angle brackets. */
export async function findArticle(site: Site, visit: Visit, id: string): Promise<ShownArticle | undefined> {
  const stored = await site.reading.articleById(id)
  return stored && shownArticle(site, visit, stored)
}

/** The article that the address of the page names. */
export function findAsked(site: Site, visit: Visit): Promise<ShownArticle | undefined> {
  return findArticle(site, visit, `<${askedId(visit)}>`)
}

/** Octets. */
const longArticle = 100_000

/** Without angle brackets, whether the address has them or not. */
export const askedId = (visit: Visit): string => visit.parameter('id').replace(/^<(.*)>$/s, '$1')

/** As `findArticle`, of an article that was found otherwise. */
export async function shownArticle(
  site: Site,
  visit: Visit,
  stored: StoredArticle,
): Promise<ShownArticle | undefined> {
  // Finding the parts of a megabyte takes as long as a slice.
  if (stored.octets > longArticle) {
    await site.turnstile.pass()
    if (visit.gone()) return undefined
  }
  const article = articleIn(stored)
  if (article === undefined) return undefined
  const filed = await Promise.all(
    stored.filings.map(async filing => ({
      group: await site.reading.groupById(filing.group),
      number: filing.number as number,
    })),
  )
  const carried = filed.flatMap(({ group, number }) => (group === undefined ? [] : [{ group, number }]))
  const readable = carried.filter(({ group }) => visit.access.mayRead(group.name))
  const { groups, carried: group } = readIn(readable, visit)
  const content = contentOf(article)
  // An article whose groups are all gone is read by message-ID until it expires; its header says what it was.
  const named = () => groupNames(content.header('Newsgroups')).some(visit.access.mayRead)
  if (groups.length === 0 && (carried.length > 0 || !named())) return undefined
  const { messageId, filings } = stored
  return { located: { messageId, filings }, groups, carried: group, ...content }
}

type Content = Pick<ShownArticle, 'header' | 'fields' | 'body' | 'octets'>

/** What an article says, wherever it is from, parsed and decoded. */
export function contentOf(article: Article): Content {
  const { wire } = article
  const charset = parseContentType(article.header('Content-Type') ?? '').parameters.get('charset') ?? ''
  const octets = unstuff(wire)
  const head = unstuff(wire.subarray(0, article.bodyStart)).length
  return {
    header: name => decoded(name, article.header(name) ?? '', charset),
    fields: () => headerFields(article, charset),
    body: readableBody(name => article.header(name), octets.subarray(head)),
    octets,
  }
}
