/** An article as a view over its raw octets in wire form. RFC 5536 2, 3; RFC 3977 3.6 */

import type { ArticleLimits } from './header-section.ts'
import {
  endsAt,
  type Field,
  type HeaderSection,
  indexHeaders,
  lineEnd,
  skipBlanks,
} from './header-section.ts'
import { Reason } from './reason.ts'

export interface ArticleEdit {
  /** Names of fields to leave out. */
  readonly remove?: readonly string[]
  /** Whole lines `Name: value` without CRLF (folds as CRLF + blank inside), put before and behind the rest. */
  readonly prepend?: readonly string[]
  readonly append?: readonly string[]
}

const TAB = 9
const LF = 10
const CR = 13
const SPACE = 32
const DOT = 46

/**
 * Holds on to the buffer it was parsed from, which may be a slice of a larger one; what `edit` gives stands in
 * memory of its own. Nobody may write to `wire`.
 */
export class Article {
  /** Wire form: CRLF, dot-stuffed, no terminator. */
  readonly wire: Buffer
  readonly #fields: readonly Field[]
  readonly #bodyStart: number
  #body: BodyMeasure | undefined

  private constructor(wire: Buffer, section: HeaderSection, body?: BodyMeasure) {
    this.wire = wire
    this.#fields = section.fields
    this.#bodyStart = section.bodyStart
    this.#body = body
  }

  /** Indexes the header section; `Reason` where it is no article. O(n), never throws. */
  static parse(wire: Buffer, limits: ArticleLimits): Article | Reason {
    const section = indexHeaders(wire, limits)
    return section instanceof Reason ? section : new Article(wire, section)
  }

  /**
   * Value of the first field of that name, unfolded (CRLF of folds dropped), without blanks around it, one
   * character an octet; undefined where absent.
   */
  header(name: string): string | undefined {
    const field = this.#find(name)
    return field && this.#value(field)
  }

  /** The values of all fields of that name, in order. */
  all(name: string): string[] {
    return this.#fields.filter(field => isNamed(this.wire, field, name)).map(field => this.#value(field))
  }

  /** The first field of that name with its folds, unstuffed, without its last CRLF: fit for `edit`. */
  rawField(name: string): Buffer | undefined {
    const field = this.#find(name)
    return field && this.wire.subarray(field.name, field.end - 2)
  }

  /** How many fields have that name (case-insensitive). */
  count(name: string): number {
    let count = 0
    for (const field of this.#fields) if (isNamed(this.wire, field, name)) count++
    return count
  }

  /** Field names as written, in order. */
  get names(): readonly string[] {
    return this.#fields.map(field => this.#name(field))
  }

  /** Names of fields without any content, which RFC 5536 2.2 forbids and old articles have. */
  get emptyHeaders(): readonly string[] {
    return this.#fields.filter(field => isEmpty(this.wire, field)).map(field => this.#name(field))
  }

  /** Octets of the longest line of the header section, CRLF not counted. RFC 5536 2.2: at most 998 */
  get longestHeaderLine(): number {
    let longest = 0
    for (const { name, end } of this.#fields) {
      for (let at = name; at < end; ) {
        const next = lineEnd(this.wire, at)
        longest = Math.max(longest, next - 2 - at)
        at = next
      }
    }
    return longest
  }

  /** Offset in `wire` of the first octet after the blank line. */
  get bodyStart(): number {
    return this.#bodyStart
  }

  /** Octets without stuffing, CRLF as two. RFC 3977 8.1 */
  get octets(): number {
    let octets = this.wire.length - this.#measure().dots
    for (const field of this.#fields) octets -= field.name - field.start
    return octets
  }

  /** Lines of the body. RFC 3977 8.1 */
  get lines(): number {
    return this.#measure().lines
  }

  /**
   * A new article with other header fields and the very same body. Characters of lines are octets; a line that
   * would damage the header section (LF, NUL, a character above U+00FF) is a RangeError.
   */
  edit(edit: ArticleEdit): Article {
    const { remove = [], prepend = [], append = [] } = edit
    const kept =
      remove.length === 0 ? this.#fields : this.#fields.filter(field => !this.#isOne(field, remove))
    let size = this.wire.length - this.#bodyStart + 2
    for (const field of kept) size += field.end - field.start
    for (const line of prepend) size += wireLength(line)
    for (const line of append) size += wireLength(line)

    const wire = Buffer.allocUnsafe(size)
    const fields: Field[] = []
    let at = 0
    for (const line of prepend) at = writeLine(wire, at, line, fields)
    at = this.#copyFields(kept, wire, at, fields)
    for (const line of append) at = writeLine(wire, at, line, fields)
    // RFC 5537 3.6: the body goes on as it came, octet for octet.
    this.wire.copy(wire, at, this.#bodyStart - 2)
    return new Article(wire, { fields, bodyStart: at + 2 }, this.#body)
  }

  /** Neighbours are copied together; the new index is the old one moved. */
  #copyFields(kept: readonly Field[], wire: Buffer, at: number, fields: Field[]): number {
    let from = kept[0]?.start ?? 0
    let to = from
    for (const { start, name, colon, end } of kept) {
      if (start !== to) {
        at += this.wire.copy(wire, at, from, to)
        from = start
      }
      const move = at - from
      fields.push({ start: start + move, name: name + move, colon: colon + move, end: end + move })
      to = end
    }
    return at + this.wire.copy(wire, at, from, to)
  }

  #find(name: string): Field | undefined {
    for (const field of this.#fields) if (isNamed(this.wire, field, name)) return field
    return undefined
  }

  #isOne(field: Field, names: readonly string[]): boolean {
    for (const name of names) if (isNamed(this.wire, field, name)) return true
    return false
  }

  #name(field: Field): string {
    return this.wire.toString('latin1', field.name, field.colon)
  }

  #value(field: Field): string {
    const value = this.wire.toString('latin1', skipBlanks(this.wire, field.colon + 1), field.end - 2)
    return trimBlanks(value.includes('\r\n') ? value.replaceAll('\r\n', '') : value)
  }

  #measure(): BodyMeasure {
    this.#body ??= measureBody(this.wire, this.#bodyStart)
    return this.#body
  }
}

interface BodyMeasure {
  readonly lines: number
  /** Stuffed dots. */
  readonly dots: number
}

function measureBody(wire: Buffer, at: number): BodyMeasure {
  let lines = 0
  let dots = 0
  while (at !== -1 && at < wire.length) {
    if (wire[at] === DOT) dots++
    at = lineEnd(wire, at)
    lines++
  }
  return { lines, dots }
}

/** Names are ASCII: compared on octets, without making a string. RFC 5536 2.2: case-insensitive */
function isNamed(wire: Buffer, field: Field, name: string): boolean {
  const { length } = name
  if (field.colon - field.name !== length) return false
  for (let i = 0; i < length; i++) {
    if (lowerCase(wire[field.name + i] as number) !== lowerCase(name.charCodeAt(i))) return false
  }
  return true
}

function lowerCase(octet: number): number {
  return octet >= 65 && octet <= 90 ? octet + 32 : octet
}

function isEmpty(wire: Buffer, field: Field): boolean {
  let at = skipBlanks(wire, field.colon + 1)
  while (at + 2 < field.end && endsAt(wire, at)) at = skipBlanks(wire, at + 2)
  return at + 2 === field.end
}

/** A regular expression for this takes quadratic time. */
function trimBlanks(value: string): string {
  let from = 0
  let to = value.length
  while (from < to && isBlank(value.charCodeAt(from))) from++
  while (to > from && isBlank(value.charCodeAt(to - 1))) to--
  return value.slice(from, to)
}

function isBlank(code: number): boolean {
  return code === SPACE || code === TAB
}

/** Octets of a header line given as text, with its CRLF and a stuffed dot. */
function wireLength(line: string): number {
  for (let i = 0; i < line.length; i++) {
    const code = line.charCodeAt(i)
    if (code > CR && code < 256) continue
    const fold = code === LF && line.charCodeAt(i - 1) === CR && isBlank(line.charCodeAt(i + 1))
    if (code === 0 || code > 255 || (code === LF && !fold))
      throw new RangeError(`header line ${JSON.stringify(line.slice(0, 60))} holds what no header may hold`)
  }
  return line.length + 2 + (line.charCodeAt(0) === DOT ? 1 : 0)
}

function writeLine(wire: Buffer, start: number, line: string, fields: Field[]): number {
  let at = start
  // RFC 3977 3.1.1
  if (line.charCodeAt(0) === DOT) wire[at++] = DOT
  const name = at
  at += wire.write(line, at, 'latin1')
  wire[at++] = CR
  wire[at++] = LF
  fields.push({ start, name, colon: name + line.indexOf(':'), end: at })
  return at
}
