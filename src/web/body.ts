/**
 * The readable text of an article: charset and transfer encoding undone, the first text/plain part of a multipart.
 * Only enough of MIME to read discussions; attachments are named, not opened. RFC 2045, RFC 2046 5.1
 */
import { decodeBase64, decodeHeader, decodeOctets, decodeQuotedPrintable } from './decode.ts'

export interface ReadableBody {
  readonly text: string
  /** Parts that are not shown, in words. */
  readonly omitted: readonly string[]
  /** What is shown is the source of an HTML part, for want of a plain one. */
  readonly html: boolean
}

/** What is needed of the headers: one character an octet, unfolded; undefined where absent. */
export type HeaderLookup = (name: string) => string | undefined

interface Part {
  readonly header: HeaderLookup
  readonly octets: Buffer
}

const deepest = 10
const mostParts = 100

interface ContentType {
  readonly type: string
  readonly parameters: ReadonlyMap<string, string>
}

/** RFC 2045 5.1. What is not a content type is text/plain. */
export function parseContentType(value: string): ContentType {
  const bounded = value.slice(0, 2000)
  const type = bounded.replace(/;.*$/s, '').trim().toLowerCase()
  const parameters = new Map<string, string>()
  for (const match of bounded.matchAll(/;\s*([^\s=;"]{1,60})\s*=\s*(?:"([^"]*)"|([^;\s"]*))/g)) {
    const name = (match[1] ?? '').toLowerCase()
    if (!parameters.has(name)) parameters.set(name, match[2] ?? match[3] ?? '')
  }
  return { type: /^[\w.+-]+\/[\w.+-]+$/.test(type) ? type : 'text/plain', parameters }
}

function contentType(part: Part): ContentType {
  return parseContentType(part.header('Content-Type') ?? '')
}

/** The octets with the transfer encoding undone; an unknown one is taken as it is. */
function openTransfer(part: Part): Buffer {
  const encoding = (part.header('Content-Transfer-Encoding') ?? '').trim().toLowerCase()
  if (encoding === 'base64') return decodeBase64(part.octets)
  if (encoding === 'quoted-printable') return decodeQuotedPrintable(part.octets)
  return part.octets
}

function textOf(part: Part): string {
  const charset = contentType(part).parameters.get('charset') ?? ''
  return decodeOctets(openTransfer(part), charset)
    .replace(/^\ufeff/, '')
    .replace(/\r\n?/g, '\n')
}

/** Header lines of a part, unfolded, the first of each name. */
function partHeader(head: Buffer): HeaderLookup {
  const fields = new Map<string, string>()
  const unfolded = head.toString('latin1').replace(/\r?\n(?=[ \t])/g, '')
  for (const line of unfolded.split(/\r?\n/, 200)) {
    const colon = line.indexOf(':')
    const name = line.slice(0, colon).toLowerCase()
    if (colon > 0 && !fields.has(name)) fields.set(name, line.slice(colon + 1).trim())
  }
  return name => fields.get(name.toLowerCase())
}

function openPart(octets: Buffer): Part {
  // A part without headers begins with its blank line. RFC 2046 5.1
  if (octets.subarray(0, 2).equals(crlf)) return { header: () => undefined, octets: octets.subarray(2) }
  const blank = octets.indexOf('\r\n\r\n')
  if (blank < 0) return { header: partHeader(octets), octets: Buffer.alloc(0) }
  return { header: partHeader(octets.subarray(0, blank)), octets: octets.subarray(blank + 4) }
}

const crlf = Buffer.from('\r\n')

/** The parts between the boundary lines; a missing end is the end of the body. RFC 2046 5.1.1 */
function splitParts(octets: Buffer, boundary: string): Part[] {
  const mark = Buffer.from(`\r\n--${boundary}`, 'latin1')
  const whole = Buffer.concat([crlf, octets])
  const parts: Part[] = []
  let at = whole.indexOf(mark)
  while (at >= 0 && parts.length < mostParts) {
    const lineEnd = whole.indexOf(crlf, at + mark.length)
    const closing = whole.subarray(at + mark.length, at + mark.length + 2).toString('latin1') === '--'
    if (closing || lineEnd < 0) break
    const next = whole.indexOf(mark, lineEnd)
    parts.push(openPart(whole.subarray(lineEnd + 2, next < 0 ? whole.length : Math.max(next, lineEnd + 2))))
    at = next
  }
  return parts
}

interface Findings {
  plain: string | undefined
  html: string | undefined
  parts: number
  readonly omitted: string[]
}

function describe(part: Part): string {
  const { type, parameters } = contentType(part)
  const disposition = parseContentType(
    `x/x;${(part.header('Content-Disposition') ?? '').replace(/^[^;]*;?/, '')}`,
  )
  const name = decodeHeader(disposition.parameters.get('filename') ?? parameters.get('name') ?? '')
  const kilobytes = Math.max(1, Math.round(openTransfer(part).length / 1000))
  return `${name === '' ? '' : `${name}, `}${type}, ${kilobytes} kB`
}

function isAttachment(part: Part): boolean {
  return /^\s*attachment/i.test(part.header('Content-Disposition') ?? '')
}

function look(part: Part, depth: number, found: Findings): void {
  if (++found.parts > mostParts || depth > deepest) return
  const { type, parameters } = contentType(part)
  const boundary = parameters.get('boundary') ?? ''
  if (type.startsWith('multipart/') && boundary !== '') {
    for (const inner of splitParts(part.octets, boundary)) look(inner, depth + 1, found)
  } else if (type === 'text/plain' && found.plain === undefined && !isAttachment(part)) {
    found.plain = textOf(part)
  } else if (type === 'text/html' && found.html === undefined && !isAttachment(part)) {
    found.html = textOf(part)
  } else {
    found.omitted.push(describe(part))
  }
}

/** Finds what a person can read in a body without dot-stuffing. Bounded: 100 parts, 10 levels. */
export function readableBody(header: HeaderLookup, octets: Buffer): ReadableBody {
  const found: Findings = { plain: undefined, html: undefined, parts: 0, omitted: [] }
  const whole = { header, octets }
  look(whole, 0, found)
  if (found.plain !== undefined) return { text: found.plain, omitted: found.omitted, html: false }
  if (found.html !== undefined) return { text: found.html, omitted: found.omitted, html: true }
  // Broken MIME, or nothing but pictures: octets that are text are better than nothing.
  const { type } = contentType(whole)
  const text = /^(text|multipart|message)\//.test(type)
    ? decodeOctets(octets, '').replace(/\r\n?/g, '\n')
    : ''
  return { text, omitted: found.omitted, html: false }
}
