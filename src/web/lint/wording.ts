/** Rules about the text itself: what plain text cannot show, and what many readers cannot. RFC 3676, RFC 1855 3.1.1 */
import { htmlText } from '../../article-text/html-text.ts'
import { isQuoted, layersOf, ownLines } from './layers.ts'
import type { Rule } from './writing.ts'

/** RFC 3676 4.2: 78 characters fit everywhere. */
const mostColumns = 78

/** Soft breaks help words, and neither tables nor program text; a link may be as long as it is. */
const cannotFlow = (line: string): boolean =>
  line.length > mostColumns &&
  !isQuoted(line) &&
  !line.includes('://') &&
  (/^[ \t]/.test(line) || !line.slice(0, mostColumns).includes(' '))

export const longLines: Rule = {
  finds: ({ body }) => body.split('\n').find(cannotFlow)?.trim().slice(0, 60),
  mends: ({ body }) => ({
    body: body
      .split('\n')
      .flatMap(line => (cannotFlow(line) ? cut(line) : [line]))
      .join('\n'),
  }),
}

/** Where there is a blank, else where the room ends; the indentation is kept. */
function cut(line: string): string[] {
  const indent = /^[ \t]{0,40}/.exec(line)?.[0] ?? ''
  const room = mostColumns - indent.length - 4
  const lines: string[] = []
  let rest = line.slice(indent.length)
  while (rest.length > room) {
    const blank = rest.lastIndexOf(' ', room)
    const end = blank > 0 ? blank : room
    lines.push(indent + rest.slice(0, end))
    rest = rest.slice(blank > 0 ? end + 1 : end)
  }
  return [...lines, indent + rest]
}

const tag =
  /<\/?(?:p|br|div|span|b|i|u|em|strong|font|a|h[1-6]|ul|ol|li|table|tr|td|blockquote)(?:\s[^<>]{0,300})?\/?>/gi
const fewTags = 2

export const markup: Rule = {
  finds: ({ body }) => {
    const tags = ownLines(layersOf(body)).join('\n').match(tag) ?? []
    return tags.length >= fewTags ? tags[0] : undefined
  },
  mends: ({ body }) => ({
    body: body
      .split('\n')
      .map(line => (isQuoted(line) || line.search(tag) < 0 ? line : htmlText(line).trim()))
      .join('\n'),
  }),
}

/** RFC 3676 4.3 gives the mark; four lines are the old custom. */
const mostSignature = 4

export const longSignature: Rule = {
  finds: ({ body }) => {
    const { signature } = layersOf(body.trimEnd())
    return signature.length - 1 > mostSignature ? String(signature.length - 1) : undefined
  },
  mends: ({ body }) => {
    const lines = body.split('\n')
    return { body: lines.slice(0, lines.lastIndexOf('-- ') + 1 + mostSignature).join('\n') }
  },
}

/** A signature mark without its blank is a line like any other. */
export const bareMark: Rule = {
  finds: ({ body }) => (bareMarkAt(body.split('\n')) >= 0 ? '' : undefined),
  mends: ({ body }) => {
    const lines = body.split('\n')
    const at = bareMarkAt(lines)
    return { body: lines.map((line, each) => (each === at ? '-- ' : line)).join('\n') }
  },
}

const nearEnd = 12

function bareMarkAt(lines: readonly string[]): number {
  if (lines.includes('-- ')) return -1
  const at = lines.lastIndexOf('--')
  return at > 0 && lines.length - at <= nearEnd && lines.slice(at + 1).some(line => line.trim() !== '')
    ? at
    : -1
}

const attachment =
  /\b(?:(?:is|are|have|i've|see|file|picture|screenshot|patch) attached|attached (?:is|are|file|picture|patch)|see attachment|im anhang|anbei|angehängt|siehe anhang)\b/iu

export const noAttachment: Rule = {
  finds: ({ body }) => {
    for (const line of ownLines(layersOf(body))) {
      const found = attachment.exec(line)
      if (found !== null) return found[0]
    }
    return undefined
  },
}
