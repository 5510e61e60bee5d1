/**
 * What of an article is searched: subject, author and what the author wrote below, without quotes and signature. Not
 * those whose authors do not want it. RFC 5536 3.2.2, RFC 3676 4.3, 4.5
 */
import type { Article } from '../article.ts'
import { decodeHeader } from '../article-text/header-words.ts'
import { parseContentType } from '../article-text/media-type.ts'
import { readableBody } from '../article-text/readable.ts'
import { signatureOf } from '../article-text/signature.ts'
import { unstuff } from '../wire.ts'

export interface SearchedText {
  readonly subject: string
  readonly from: string
  readonly body: string
}

/** Octets of the body that are looked at, and characters of its text that are searched. */
const mostOctets = 256 * 1024
const mostCharacters = 64 * 1024

/** Never throws. Some tenths of a millisecond for a usual article, a few milliseconds for the largest. */
export function searchedText(article: Article): SearchedText {
  const value = (name: string) => article.header(name) ?? ''
  const charset = parseContentType(value('Content-Type')).parameters.get('charset') ?? ''
  const octets = article.wire.subarray(article.bodyStart, article.bodyStart + mostOctets)
  const { lines } = readableBody(name => article.header(name), unstuff(octets))
  const own = lines.slice(0, signatureOf(lines)).filter(({ depth }) => depth === 0)
  return {
    subject: decodeHeader(value('Subject'), charset),
    from: decodeHeader(value('From'), charset),
    body: own
      .map(({ text }) => text)
      .join('\n')
      .slice(0, mostCharacters),
  }
}

/** Whether it is to be read and its author lets it be found. Peers do this: X-No-Archive, in the header or as the first line of the body. */
export function mayBeFound(article: Article): boolean {
  // RFC 5537 5: that is for servers, not for readers.
  if (article.count('Control') > 0) return false
  if (/^\s*no\b/i.test(article.header('Archive') ?? '')) return false // RFC 5536 3.2.2
  if (/^\s*yes\b/i.test(article.header('X-No-Archive') ?? '')) return false
  const { wire, bodyStart } = article
  return !/^\s*X-No-Archive:\s*yes\b/i.test(wire.toString('latin1', bodyStart, bodyStart + 200))
}

/** Message-IDs of the References, oldest first. */
export function referencesOf(article: Article): string[] {
  return (article.header('References') ?? '').match(/<[^<>\s]{1,248}>/g) ?? []
}

/** The message-ID by which all articles of a thread know each other. RFC 5537 3.4.4: the first reference stays */
export function threadOf(article: Article): string {
  return referencesOf(article)[0] ?? article.header('Message-ID') ?? ''
}
