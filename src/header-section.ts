/** Finds the header fields of an article in wire form, as offsets. RFC 5536 2.2; RFC 3977 3.1.1, 3.6 */
import { Reason, safeText } from './reason.ts'

export interface ArticleLimits {
  /** Octets of the whole header section. */
  readonly header_bytes: number
  /** Octets of one field, unfolded. */
  readonly header_line_bytes: number
  /** Number of fields. */
  readonly headers: number
  /** Folds of blanks alone are let pass, in relayed articles and in old ones. */
  readonly blankFolds?: boolean
  /** For imports of old articles: they are, and no blank behind the colon is. */
  readonly lax?: boolean
}

/** One header field, as offsets in the wire form. */
export interface Field {
  /** First octet on the wire: a stuffed dot where the name begins with a dot. */
  readonly start: number
  readonly name: number
  readonly colon: number
  /** Behind the CRLF of its last line. */
  readonly end: number
}

export interface HeaderSection {
  readonly fields: readonly Field[]
  /** First octet behind the blank line. */
  readonly bodyStart: number
}

const TAB = 9
const LF = 10
const CR = 13
const SPACE = 32
const DOT = 46
const COLON = 58

/** O(n) in the header section; the body is not looked at but for its end. */
export function indexHeaders(wire: Buffer, limits: ArticleLimits): HeaderSection | Reason {
  const fields: Field[] = []
  let at = 0
  while (!endsAt(wire, at)) {
    const field = readField(wire, at, limits)
    if (field instanceof Reason) return field
    if (fields.length === limits.headers) return new Reason('too-many-headers')
    if (field.end > limits.header_bytes) return new Reason('header-too-large')
    if (field.end - field.name > limits.header_line_bytes && unfolded(wire, field) > limits.header_line_bytes)
      return new Reason('line-too-long', safeText(wire.toString('latin1', field.name, field.colon)))
    fields.push(field)
    at = field.end
  }
  // Whoever sends it puts the terminator straight behind: an open last line would swallow that.
  if (!endsAt(wire, wire.length - 2)) return new Reason('open-line')
  return { fields, bodyStart: at + 2 }
}

function readField(wire: Buffer, start: number, { lax, blankFolds = lax }: ArticleLimits): Field | Reason {
  // RFC 3977 3.1.1: header lines are stuffed like all others. A fold begins with a blank, so it never is.
  const name = wire[start] === DOT ? start + 1 : start
  let colon = name
  while (isNameOctet(wire[colon] as number)) colon++
  if (wire.length === colon) return new Reason('no-body-separator')
  const content = skipBlanks(wire, colon + 1)
  // RFC 5536 2.2: name, colon, blank. A field without any content is left to whoever asks `emptyHeaders`.
  const spaced = content > colon + 1 || lax || endsAt(wire, content)
  if (wire[colon] !== COLON || colon === name || !spaced) return badLine(wire, start)
  let end = lineEnd(wire, content)
  while (end !== -1 && isBlank(wire[end])) {
    const fold = skipBlanks(wire, end)
    // RFC 5536 2.2: each line of a field has something besides blanks.
    if (!blankFolds && endsAt(wire, fold)) return badLine(wire, start)
    end = lineEnd(wire, fold)
  }
  return end === -1 ? new Reason('no-body-separator') : { start, name, colon, end }
}

function badLine(wire: Buffer, start: number): Reason {
  const end = Math.min(start + 60, wire.length)
  const [line = ''] = wire.toString('latin1', start, end).split('\r\n', 1)
  return new Reason('bad-header', safeText(line))
}

/** Behind the CRLF of the line, -1 where there is none. RFC 3977 3.1: only CRLF ends a line. */
export function lineEnd(wire: Buffer, at: number): number {
  let lf = wire.indexOf(LF, at)
  while (lf !== -1 && wire[lf - 1] !== CR) lf = wire.indexOf(LF, lf + 1)
  return lf === -1 ? -1 : lf + 1
}

function unfolded(wire: Buffer, field: Field): number {
  let octets = field.end - field.name
  for (let at = field.name; at < field.end; at = lineEnd(wire, at)) octets -= 2
  return octets
}

export function endsAt(wire: Buffer, at: number): boolean {
  return wire[at] === CR && wire[at + 1] === LF
}

export function skipBlanks(wire: Buffer, at: number): number {
  while (isBlank(wire[at])) at++
  return at
}

function isBlank(octet: number | undefined): boolean {
  return octet === SPACE || octet === TAB
}

/** RFC 5536 2.2: printable ASCII without colon. */
function isNameOctet(octet: number): boolean {
  return octet > SPACE && octet < 127 && octet !== COLON
}
