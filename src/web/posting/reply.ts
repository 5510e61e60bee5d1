/** The form for a follow-up: where it goes, what it is about and whom it quotes. RFC 5537 3.4.3; RFC 5536 3.2.6; RFC 3676 4.5 */
import type { Line } from '../../article-text/flowed.ts'
import { quoteMarks } from '../../article-text/quotes.ts'
import { signatureOf } from '../../article-text/signature.ts'
import { visibleLine } from '../../article-text/visible.ts'
import { groupNames, type ShownArticle } from '../article/shown-article.ts'
import { authorName } from '../wording.ts'
import type { Words } from '../words/english.ts'
import type { Typed } from './typed.ts'

/** Lines of a parent that are quoted. */
const mostQuoted = 400

/** RFC 5536 3.2.6: the author asks for mail. */
export function wantsMail(parent: ShownArticle): boolean {
  return parent.header('Followup-To').trim().toLowerCase() === 'poster'
}

/** Where replies by mail go, as it is written; it is shown and never sent to. RFC 5322 3.6.2 */
export function mailAddressOf(parent: ShownArticle): string {
  return visibleLine(parent.header('Reply-To') || parent.header('From'))
}

function replySubject(subject: string): string {
  // A form cannot send what no header may hold. RFC 5536 2.2
  const line = subject.replace(/[\p{Cc}\p{Cs}\s]+/gu, ' ').trim()
  // Peers do this: AW:, SV: and the like are answers in other languages.
  const bare = line.replace(/^(?:(?:re|aw|sv|antw)(?:\[\d+\])?:\s*)+/i, '')
  return `Re: ${bare}`
}

/** RFC 5537 3.4.3: the parent's groups, or where its author wants follow-ups. `quotes`: with its text. */
export function replyTo(
  parent: ShownArticle,
  typed: Typed,
  { words, quotes }: { readonly words: Words; readonly quotes: boolean },
): Typed {
  const followup = parent.header('Followup-To').trim()
  const groups = wantsMail(parent) ? [] : groupNames(followup === '' ? parent.header('Newsgroups') : followup)
  const author = visibleLine(authorName(parent.header('From')))
  const quotation = quotes ? quotationOf(parent.body.lines, words) : []
  return {
    ...typed,
    newsgroups: typed.newsgroups === '' ? groups.join(', ') : typed.newsgroups,
    subject: replySubject(parent.header('Subject')),
    body: quotation.length === 0 ? '' : `${words.post.wrote(author)}\n${quotation.join('\n')}\n\n`,
    inReplyTo: parent.located.messageId,
  }
}

/** One level deeper, the marks of forty years of newsreaders made alike, without the signature. */
function quotationOf(lines: readonly Line[], { post }: Words): string[] {
  const text = lines.slice(0, signatureOf(lines))
  const first = text.findIndex(line => line.text.trim() !== '')
  const last = text.findLastIndex(line => line.text.trim() !== '')
  if (first < 0) return []
  const whole = text.slice(first, last + 1)
  const quoted = whole.slice(0, mostQuoted).map(quotedLine)
  return whole.length > mostQuoted ? [...quoted, `> ${post.cutHere}`] : quoted
}

function quotedLine({ depth, text }: Line): string {
  const marks = depth === 0 ? { depth: 0, end: 0 } : quoteMarks(text)
  return `${'>'.repeat(marks.depth + 1)} ${text.slice(marks.end)}`.trimEnd()
}
