/** What an old article or a mail lacks is added, so that it can be served; what cannot be, is said. RFC 5536 3.1 */
import { createHash } from 'node:crypto'
import { Article } from '../../article.ts'
import { formatDate, parseDate } from '../../date.ts'
import { standsAt } from '../../field-octets.ts'
import type { ArticleLimits } from '../../header-section.ts'
import { Reason } from '../../reason.ts'
import { scanBlock, wireFromText } from '../../wire.ts'
import type { Incoming } from '../accept.ts'
import type { Found } from './found.ts'

export interface Completing {
  readonly limits: ArticleLimits
  /** Newsgroups for what has none. */
  readonly group?: string
  readonly keepNumbers?: boolean
  readonly createGroups?: boolean
}

/** The first line of an article that an earlier import refused and somebody mended. */
export const rejectedField = 'X-Tidings-Rejected'
const longestMark = 600
const CR = 13

/** The article ready for the way in, or why it cannot be one. Pure: the same octets give the same article. */
export function complete(found: Found, completing: Completing): Incoming | Reason {
  if (found.fault !== undefined) return new Reason(found.fault)
  const text = withoutMark(found.text)
  const wire = wireFromText(text)
  // RFC 3977 3.6: no NUL whatever. A bare CR is kept for local readers and never relayed.
  if (wire.includes(0)) return new Reason('nul')
  // Lines that were made of LF alone have no other fault.
  const fault = text.includes(CR) ? scanBlock(wire) : undefined
  if (fault !== undefined && fault !== 'bare-cr') return new Reason(fault)
  const parsed = Article.parse(wire, { ...completing.limits, lax: true })
  if (parsed instanceof Reason) return parsed
  const missing = missingLines(parsed, found, completing)
  if (missing instanceof Reason) return missing
  // An empty field of that name goes: it would stand in front of the one that is added.
  const remove = missing.map(line => line.slice(0, line.indexOf(':')))
  const article = missing.length === 0 ? parsed : parsed.edit({ remove, append: missing })
  return {
    article,
    origin: { kind: 'import' },
    ...(completing.keepNumbers === true && found.filed !== undefined ? { keep: found.filed } : {}),
    ...(completing.createGroups === true ? { createGroups: true } : {}),
    ...(fault === 'bare-cr' ? { localOnly: true } : {}),
  }
}

function missingLines(article: Article, found: Found, completing: Completing): string[] | Reason {
  const lines: string[] = []
  const lacks = (name: string) => !article.hasContent(name)
  if (lacks('From')) return new Reason('missing-header', 'From')
  const group = found.filed?.group ?? completing.group
  if (lacks('Newsgroups')) {
    if (group === undefined) return new Reason('missing-header', 'Newsgroups')
    lines.push(`Newsgroups: ${group}`)
  }
  if (lacks('Date')) {
    const date = found.date ?? olderDate(article)
    if (date === undefined) return new Reason('missing-header', 'Date')
    lines.push(`Date: ${formatDate(date)}`)
  }
  if (lacks('Message-ID')) lines.push(`Message-ID: ${contentId(article.wire)}`)
  // RFC 5322 3.6 does not ask mail for a Subject, RFC 5536 3.1.6 asks news.
  if (lacks('Subject')) lines.push('Subject: (no subject)')
  if (lacks('Path')) lines.push('Path: not-for-mail')
  return lines
}

/** Fields of the 1980s that tell when an article was made or came: RFC 850 2.2; and the last hop of a mail. */
function olderDate(article: Article): number | undefined {
  for (const name of ['Posted', 'NNTP-Posting-Date', 'Date-Received', 'Received']) {
    const value = article.header(name)
    const date = value === undefined ? undefined : parseDate(value.slice(value.lastIndexOf(';') + 1))
    if (date !== undefined) return date
  }
  return undefined
}

/** The same for the same octets, so that importing twice changes nothing. */
function contentId(wire: Buffer): string {
  return `<${createHash('sha256').update(wire).digest('hex').slice(0, 40)}@import.invalid>`
}

/** Without a first line that is no header: ours of an earlier import, or what rn wrote above a saved article. */
function withoutMark(text: Buffer): Buffer {
  const saved =
    standsAt(text, 0, 'Article ') &&
    /^Article \d+ of [\w.+-]+:\r?\n/.test(text.toString('latin1', 0, longestMark))
  if (!saved && !standsAt(text, 0, `${rejectedField}:`)) return text
  return text.subarray(text.indexOf(0x0a) + 1)
}
