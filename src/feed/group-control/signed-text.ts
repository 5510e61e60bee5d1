/**
 * What is signed of a control message, and the signature: the X-PGP-Sig field as the hierarchies of Usenet write it.
 * `version names base64...`: the text is a line with the names, those fields in that order, a blank line and the body.
 */
import type { Article } from '../../article.ts'
import { unstuff } from '../../wire.ts'

export interface SignedText {
  /** Lines end in LF, without blanks before it. */
  readonly text: Buffer
  /** The octets of an OpenPGP signature, RFC 4880 11.4. */
  readonly signature: Buffer
  /** Names of the fields that are signed, in lower case. */
  readonly fields: ReadonlySet<string>
}

/** Characters of the field; a signature of 8,192 bits has 1,500. */
const longestField = 10_000
const mostNames = 40
const fieldName = /^[!-9;-~]+$/
const blankFold = /\r\n[ \t]*(?:\r\n|$)/
const base64 = /^[A-Za-z0-9+/]+={0,2}$/

/** A sentence where there is none, or it cannot be used. Never throws. */
export function signedText(article: Article): SignedText | string {
  const field = article.header('X-PGP-Sig')
  if (field === undefined) return 'no signature'
  if (article.count('X-PGP-Sig') > 1 || field.length > longestField) return 'X-PGP-Sig cannot be read'
  const [, list = '', ...lines] = field.split(/[ \t]+/)
  // RFC 4880 6.1: the last word is a checksum of the others, which proves nothing.
  const radix = lines.filter(line => !line.startsWith('=')).join('')
  if (!base64.test(radix)) return 'X-PGP-Sig cannot be read'
  const names = list.split(',')
  if (names.length > mostNames || !names.every(name => fieldName.test(name)))
    return 'X-PGP-Sig cannot be read'
  // Which of them is signed could not be told.
  const repeated = names.find(name => article.count(name) > 1)
  if (repeated !== undefined) return 'a signed field stands twice'
  // Of such a line nothing is left in the signed text: what stands behind it there would pass for the body.
  if (names.some(name => blankFold.test(article.rawValue(name) ?? '')))
    return 'a signed field has a blank line'
  const head = [`X-Signed-Headers: ${list}`, ...names.map(name => `${name}: ${signedValue(article, name)}`)]
  const body = unstuff(article.wire.subarray(article.bodyStart)).toString('latin1')
  const text = `${head.join('\n')}\n\n${body}`.replaceAll('\r\n', '\n')
  return {
    text: Buffer.from(withoutBlanks(text), 'latin1'),
    signature: Buffer.from(radix, 'base64'),
    fields: new Set(names.map(name => name.toLowerCase())),
  }
}

/** As it stands there, folds and all, without the blank behind the colon. */
const signedValue = (article: Article, name: string): string =>
  (article.rawValue(name) ?? '').replace(/^[ \t]/, '')

/** RFC 4880 7.1: blanks at the ends of lines are not signed. A regular expression for this takes quadratic time. */
function withoutBlanks(text: string): string {
  const lines = text.split('\n')
  const last = lines.length - 1
  return lines.map((line, at) => (at === last ? line : trimEnd(line))).join('\n')
}

function trimEnd(line: string): string {
  let end = line.length
  while (end > 0 && (line[end - 1] === ' ' || line[end - 1] === '\t')) end--
  return line.slice(0, end)
}
