/**
 * A body as its texts and its files. Lenient where senders are wrong; bounded where they are hostile: 10 levels, 100
 * parts, and each octet is looked at once a level. RFC 2045, RFC 2046 5.1
 */
import { decodeOctets } from './charset.ts'
import { givenName, type MediaType, parseContentType, parseDisposition } from './media-type.ts'
import { openedSize, openTransfer } from './transfer.ts'

/** What is needed of the headers: one character an octet, unfolded; undefined where absent. */
export type HeaderLookup = (name: string) => string | undefined

const deepest = 10
const mostParts = 100

/** A part that holds no others. */
export interface Leaf {
  readonly content: MediaType
  /** As the author wrote it; empty where there is none. */
  readonly name: string
  /** About how many octets `open` gives. */
  readonly size: number
  /** The octets with the transfer encoding undone. */
  readonly open: () => Buffer
}

export interface MimeTree {
  /** To be read, in order. */
  readonly texts: readonly Leaf[]
  /** To be fetched, in order. */
  readonly files: readonly Leaf[]
}

interface Part {
  readonly header: HeaderLookup
  readonly octets: Buffer
}

const crlf = Buffer.from('\r\n')

/** Header lines of a part, unfolded, the first of each name. */
function partHeader(head: Buffer): HeaderLookup {
  const fields = new Map<string, string>()
  const unfolded = head.toString('latin1').replace(/\r?\n(?=[ \t])/g, '')
  for (const line of unfolded.split(/\r?\n/, 200)) {
    const colon = line.indexOf(':')
    const name = line.slice(0, colon).trimEnd().toLowerCase()
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

interface Boundary {
  /** Of its CRLF. */
  readonly at: number
  /** Behind its line. */
  readonly next: number
  readonly closing: boolean
}

/** The next boundary line; one that only begins like ours is another's. RFC 2046 5.1.1 */
function nextBoundary(octets: Buffer, mark: Buffer, from: number): Boundary | undefined {
  for (let at = octets.indexOf(mark, from); at >= 0; at = octets.indexOf(mark, at + mark.length)) {
    const end = at + mark.length
    const lineEnd = octets.indexOf(crlf, end)
    const stop = lineEnd < 0 ? octets.length : lineEnd
    // Blanks may follow; longer lines than this are none of ours.
    const rest = octets.toString('latin1', end, Math.min(stop, end + 100)).trimEnd()
    if (rest === '' || rest === '--')
      return { at, next: Math.min(stop + 2, octets.length), closing: rest !== '' }
  }
  return undefined
}

/** The parts between the boundary lines; a missing end is the end of the body. RFC 2046 5.1.1 */
function splitParts(octets: Buffer, boundary: string): Part[] {
  const mark = Buffer.from(`\r\n--${boundary}`, 'latin1')
  const whole = Buffer.concat([crlf, octets])
  const parts: Part[] = []
  let found = nextBoundary(whole, mark, 0)
  while (found !== undefined && !found.closing && parts.length < mostParts) {
    // The line end of one boundary may begin the next.
    const next = nextBoundary(whole, mark, found.next - 2)
    parts.push(openPart(whole.subarray(found.next, Math.max(found.next, next?.at ?? whole.length))))
    found = next
  }
  return parts
}

interface Found {
  readonly texts: Leaf[]
  readonly files: Leaf[]
}

function leafOf(part: Part, content: MediaType): Leaf {
  const encoding = part.header('Content-Transfer-Encoding') ?? ''
  const disposition = parseDisposition(part.header('Content-Disposition') ?? '')
  return {
    content,
    name: givenName(disposition, content),
    size: openedSize(part.octets, encoding),
    open: () => openTransfer(part.octets, encoding),
  }
}

/** Texts that are data for a program. */
const notForReading = /^text\/(?:calendar|(?:x-)?vcard|csv|css|javascript|xml)$/

function isReadable(part: Part, { type }: MediaType): boolean {
  const disposition = parseDisposition(part.header('Content-Disposition') ?? '').type
  if (disposition === 'attachment') return false
  // A multipart comes here only without a boundary.
  if (type === 'message/delivery-status' || type.startsWith('multipart/')) return true
  return type.startsWith('text/') && !notForReading.test(type)
}

class Walk {
  #parts = 0

  look(part: Part, depth: number): Found {
    const content = parseContentType(part.header('Content-Type') ?? '')
    const boundary = content.parameters.get('boundary') ?? ''
    if (++this.#parts > mostParts || depth > deepest) return { texts: [], files: [] }
    if (content.type.startsWith('multipart/') && boundary !== '') {
      const inner = splitParts(part.octets, boundary).map(each => this.look(each, depth + 1))
      return content.type === 'multipart/alternative' ? best(inner) : joined(inner)
    }
    const leaf = leafOf(part, content)
    return isReadable(part, content) ? { texts: [leaf], files: [] } : { texts: [], files: [leaf] }
  }
}

function joined(found: readonly Found[]): Found {
  return { texts: found.flatMap(({ texts }) => texts), files: found.flatMap(({ files }) => files) }
}

const isHtml = ({ content }: Leaf) => content.type === 'text/html'

/** Of alternatives the plain one is read, and the others can be fetched. RFC 2046 5.1.4 */
function best(found: readonly Found[]): Found {
  const plain = found.find(({ texts }) => texts.some(text => !isHtml(text)))
  const chosen = plain ?? found.find(({ texts }) => texts.length > 0)
  const files = found.flatMap(each => (each === chosen ? each.files : [...each.texts, ...each.files]))
  return { texts: chosen?.texts ?? [], files }
}

/** Finds what a body without dot-stuffing is made of. */
export function mimeTree(header: HeaderLookup, octets: Buffer): MimeTree {
  const found = new Walk().look({ header, octets }, 0)
  if (found.texts.length > 0) return found
  const content = parseContentType(header('Content-Type') ?? '')
  // Broken MIME: octets that are text are better than nothing.
  const broken = content.type.startsWith('multipart/') && found.files.length === 0
  if (!broken && !content.type.startsWith('message/')) return found
  const plain = { type: 'text/plain', parameters: new Map<string, string>() }
  return {
    texts: [{ content: plain, name: '', size: octets.length, open: () => octets }],
    files: found.files,
  }
}

/** Characters of a part, its lines ended by LF. */
export function textOf({ content }: Leaf, octets: Buffer): string {
  return decodeOctets(octets, content.parameters.get('charset') ?? '')
    .replace(/^\ufeff/, '')
    .replace(/\r\n?/g, '\n')
}
