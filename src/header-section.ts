/** Finds the header fields of an article in wire form, as offsets. RFC 5536 2.2; RFC 3977 3.1.1, 3.6 */
import { isBlank } from './field-octets.ts'
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

/**
 * Header fields as offsets in the wire form, three numbers each: of its name, of its colon, and behind the CRLF of its
 * last line. A field begins where the one before ends; a stuffed dot stands before a name that begins with a dot. No
 * objects, because they would outnumber all others of an article that waits for its commit.
 */
export type Fields = readonly number[]
export const fieldSize = 3

/** The first octet on the wire of the field whose numbers begin at `field`. */
export const startOf = (fields: Fields, field: number): number => fields[field - 1] ?? 0
export const nameOf = (fields: Fields, field: number): number => fields[field] ?? 0
export const colonOf = (fields: Fields, field: number): number => fields[field + 1] ?? 0
export const endOf = (fields: Fields, field: number): number => fields[field + 2] ?? 0

/** Most articles have no more fields: memory for so many is made at once, and not three times while they are added. */
const usual: Fields = Array.from({ length: 12 * fieldSize }, () => 0)

/** Fields that are being found or written. */
export class FieldList {
  readonly #numbers: number[]
  #count = 0

  /** Like those of another article; what they are does not matter. */
  constructor(like: Fields = usual) {
    this.#numbers = like.slice()
  }

  /** Of numbers: three for each field. */
  get count(): number {
    return this.#count
  }

  add(name: number, colon: number, end: number): void {
    this.#numbers[this.#count++] = name
    this.#numbers[this.#count++] = colon
    this.#numbers[this.#count++] = end
  }

  /** All of them; nothing is added any more. */
  get all(): Fields {
    this.#numbers.length = this.#count
    return this.#numbers
  }

  /** Behind the field that was added last. */
  get end(): number {
    return this.#numbers[this.#count - 1] ?? 0
  }

  /** Where the name of the field that was added last begins, and its colon. */
  get name(): number {
    return this.#numbers[this.#count - fieldSize] ?? 0
  }
  get colon(): number {
    return this.#numbers[this.#count - 2] ?? 0
  }
}

export interface HeaderSection {
  readonly fields: Fields
  /** First octet behind the blank line. */
  readonly bodyStart: number
}

const LF = 10
const CR = 13
const SPACE = 32
const DOT = 46
const COLON = 58

/** O(n) in the header section; the body is not looked at but for its end. */
export function indexHeaders(wire: Buffer, limits: ArticleLimits): HeaderSection | Reason {
  const fields = new FieldList()
  let at = 0
  while (!endsAt(wire, at)) {
    const fault = readField(wire, limits, fields)
    if (fault !== undefined) return fault
    if (fields.count > limits.headers * fieldSize) return new Reason('too-many-headers')
    at = fields.end
    if (at > limits.header_bytes) return new Reason('header-too-large')
    const { name } = fields
    if (at - name > limits.header_line_bytes && unfolded(wire, name, at) > limits.header_line_bytes)
      return new Reason('line-too-long', safeText(wire.toString('latin1', name, fields.colon)))
  }
  // Whoever sends it puts the terminator straight behind: an open last line would swallow that.
  if (!endsAt(wire, wire.length - 2)) return new Reason('open-line')
  return { fields: fields.all, bodyStart: at + 2 }
}

/** Adds the field behind those that were read. */
function readField(wire: Buffer, limits: ArticleLimits, fields: FieldList): Reason | undefined {
  const { lax, blankFolds = lax } = limits
  const start = fields.end
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
  if (end === -1) return new Reason('no-body-separator')
  fields.add(name, colon, end)
  return undefined
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

function unfolded(wire: Buffer, from: number, to: number): number {
  let octets = to - from
  for (let at = from; at < to; at = lineEnd(wire, at)) octets -= 2
  return octets
}

export function endsAt(wire: Buffer, at: number): boolean {
  return wire[at] === CR && wire[at + 1] === LF
}

export function skipBlanks(wire: Buffer, at: number): number {
  while (isBlank(wire[at])) at++
  return at
}

/** RFC 5536 2.2: printable ASCII without colon. */
function isNameOctet(octet: number): boolean {
  return octet > SPACE && octet < 127 && octet !== COLON
}

/** Whether a field has no content. */
export function isEmpty(wire: Buffer, colon: number, end: number): boolean {
  let at = skipBlanks(wire, colon + 1)
  while (at + 2 < end && endsAt(wire, at)) at = skipBlanks(wire, at + 2)
  return at + 2 === end
}

/** Writes a header line given as text behind the last field, its CRLF and a stuffed dot too. */
export function writeLine(wire: Buffer, line: string, fields: FieldList): void {
  let at = fields.end
  // RFC 3977 3.1.1
  if (line.charCodeAt(0) === DOT) wire[at++] = DOT
  const name = at
  at += wire.write(line, at, 'latin1')
  wire[at++] = CR
  wire[at++] = LF
  fields.add(name, name + line.indexOf(':'), at)
}
