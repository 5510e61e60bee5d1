/** An article as a view over its raw octets in wire form. RFC 5536 2, 3; RFC 3977 3.6 */

import type { ArticleLimits } from './header-section.ts'
import {
  colonOf,
  endOf,
  endsAt,
  FieldList,
  type Fields,
  fieldSize,
  type HeaderSection,
  indexHeaders,
  lineEnd,
  nameOf,
  skipBlanks,
  startOf,
} from './header-section.ts'
import { Reason } from './reason.ts'

export interface ArticleEdit {
  /** Names of fields to leave out. */
  readonly remove?: readonly string[]
  /** Whole lines `Name: value` without CRLF (folds as CRLF + blank inside), put before and behind the rest. */
  readonly prepend?: readonly string[]
  readonly append?: readonly string[]
  /** A whole line that takes the place of the first field of its name, if there is one. */
  readonly replace?: string
  /** Gives memory for the new article, and octets to leave free before and behind it. */
  readonly into?: Into | undefined
}

export interface Into {
  readonly room: (octets: number) => Buffer
  readonly before: number
  readonly behind: number
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
  readonly #fields: Fields
  readonly #bodyStart: number
  #lines = -1
  /** Stuffed dots of the body. */
  #dots = 0
  /** The memory around `wire`, where `edit` left some free. */
  #around: Around | undefined

  private constructor(wire: Buffer, { fields, bodyStart }: HeaderSection) {
    this.wire = wire
    this.#fields = fields
    this.#bodyStart = bodyStart
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
    return field < 0 ? undefined : this.#value(field)
  }

  /** The values of all fields of that name, in order. */
  all(name: string): string[] {
    const values: string[] = []
    for (let field = this.#find(name); field >= 0; field = this.#find(name, field + fieldSize))
      values.push(this.#value(field))
    return values
  }

  /** What stands behind the colon of the first field of that name, with its folds, without its last CRLF. */
  rawValue(name: string): string | undefined {
    const field = this.#find(name)
    if (field < 0) return undefined
    return this.wire.toString('latin1', colonOf(this.#fields, field) + 1, endOf(this.#fields, field) - 2)
  }

  /** How many fields have that name (case-insensitive). */
  count(name: string): number {
    let count = 0
    for (let field = this.#find(name); field >= 0; field = this.#find(name, field + fieldSize)) count++
    return count
  }

  /** Field names as written, in order. */
  get names(): readonly string[] {
    return this.#each().map(field => this.#name(field))
  }

  /** Names of fields without any content, which RFC 5536 2.2 forbids and old articles have. */
  get emptyHeaders(): readonly string[] {
    return this.#each()
      .filter(field => isEmpty(this.wire, colonOf(this.#fields, field), endOf(this.#fields, field)))
      .map(field => this.#name(field))
  }

  /** Octets of the longest line of the header section, CRLF not counted. RFC 5536 2.2: at most 998 */
  get longestHeaderLine(): number {
    let longest = 0
    for (const field of this.#each()) {
      for (let at = nameOf(this.#fields, field); at < endOf(this.#fields, field); ) {
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
    this.#measure()
    let octets = this.wire.length - this.#dots
    const fields = this.#fields
    for (let at = 0; at < fields.length; at += fieldSize) octets -= nameOf(fields, at) - startOf(fields, at)
    return octets
  }

  /** Lines of the body. RFC 3977 8.1 */
  get lines(): number {
    this.#measure()
    return this.#lines
  }

  /** At most so many octets does `writeColumn` write. */
  columnRoom(name: string): number {
    const field = this.#find(name)
    if (field < 0) return 0
    return endOf(this.#fields, field) - 2 - skipBlanks(this.wire, colonOf(this.#fields, field) + 1)
  }

  /**
   * Writes the value of the first field of that name to `target`, as `header` gives it, with a blank for each octet that
   * no column may hold (TAB, NUL, lone CR and LF); gives the offset behind. RFC 3977 8.3.2
   */
  writeColumn(name: string, target: Buffer, start: number): number {
    const field = this.#find(name)
    if (field < 0) return start
    const { wire } = this
    const end = endOf(this.#fields, field) - 2
    let at = start
    let behind = start
    for (let from = colonOf(this.#fields, field) + 1; from < end; from++) {
      const octet = wire[from] as number
      if (octet > SPACE) {
        target[at++] = octet
        behind = at
      } else if (octet === CR && from + 1 < end && wire[from + 1] === LF) from++
      else if (!isBlank(octet)) {
        target[at++] = isLineOctet(octet) ? SPACE : octet
        behind = at
      } else if (at > start) target[at++] = SPACE
    }
    return behind
  }

  /**
   * A new article with other header fields and the very same body. Characters of lines are octets; a line that
   * would damage the header section (LF, NUL, a character above U+00FF) is a RangeError.
   */
  edit(edit: ArticleEdit): Article {
    const { prepend = [], append = [], into } = edit
    const { wire: old } = this
    const kept = this.#plan(edit)
    let size = old.length - this.#bodyStart + 2 + kept.octets
    for (const line of prepend) size += wireLength(line)
    for (const line of append) size += wireLength(line)

    const before = into?.before ?? 0
    const memory = into === undefined ? Buffer.allocUnsafe(size) : into.room(before + size + into.behind)
    const wire = into === undefined ? memory : memory.subarray(before, before + size)
    const fields = new FieldList(this.#fields)
    let at = 0
    for (const line of prepend) at = writeLine(wire, at, line, fields)
    at = this.#copyFields(kept, wire, at, fields)
    for (const line of append) at = writeLine(wire, at, line, fields)
    // RFC 5537 3.6: the body goes on as it came, octet for octet.
    old.copy(wire, at, this.#bodyStart - 2)
    const edited = new Article(wire, { fields: fields.all, bodyStart: at + 2 })
    edited.#lines = this.#lines
    edited.#dots = this.#dots
    if (into !== undefined) edited.#around = { memory, before }
    return edited
  }

  /**
   * The article where it stands with so many octets before and behind it to be written by the caller; undefined where
   * `edit` left less, and when it was asked before.
   */
  around(before: number, behind: number): Buffer | undefined {
    const around = this.#around
    if (around === undefined || around.before < before) return undefined
    const end = around.before + this.wire.length + behind
    if (end > around.memory.length) return undefined
    this.#around = undefined
    return around.memory.subarray(around.before - before, end)
  }

  /** Which fields stay, and which one is written anew. */
  #plan({ remove = [], replace }: ArticleEdit): Kept {
    const fields = this.#fields
    const name = replace?.slice(0, replace.indexOf(':'))
    const replaced = name === undefined ? -1 : this.#find(name)
    const gone: number[] = []
    let octets = this.#bodyStart - 2
    for (const other of remove)
      for (let field = this.#find(other); field >= 0; field = this.#find(other, field + fieldSize)) {
        if (field === replaced || gone.includes(field)) continue
        gone.push(field)
        octets -= endOf(fields, field) - startOf(fields, field)
      }
    if (replace !== undefined && replaced >= 0)
      octets += wireLength(replace) - endOf(fields, replaced) + startOf(fields, replaced)
    return { gone, replaced, line: replace ?? '', octets }
  }

  /** Neighbours are copied together; the new index is the old one moved. */
  #copyFields({ gone, replaced, line }: Kept, wire: Buffer, start: number, fields: FieldList): number {
    const old = this.#fields
    let at = start
    let from = 0
    let move = at
    for (let field = 0; field < old.length; field += fieldSize) {
      const isGone = gone.includes(field)
      if (!isGone && field !== replaced) {
        fields.add(nameOf(old, field) + move, colonOf(old, field) + move, endOf(old, field) + move)
        continue
      }
      at += this.wire.copy(wire, at, from, startOf(old, field))
      if (!isGone) at = writeLine(wire, at, line, fields)
      from = endOf(old, field)
      move = at - from
    }
    return at + this.wire.copy(wire, at, from, this.#bodyStart - 2)
  }

  /** Where the numbers of the next field of that name begin, -1 where there is none. */
  #find(name: string, from = 0): number {
    const fields = this.#fields
    for (let at = from; at < fields.length; at += fieldSize) {
      const start = nameOf(fields, at)
      if (colonOf(fields, at) - start === name.length && isNamed(this.wire, start, name)) return at
    }
    return -1
  }

  #each(): number[] {
    return Array.from({ length: this.#fields.length / fieldSize }, (_, index) => index * fieldSize)
  }

  #name(field: number): string {
    return this.wire.toString('latin1', nameOf(this.#fields, field), colonOf(this.#fields, field))
  }

  #value(field: number): string {
    const from = skipBlanks(this.wire, colonOf(this.#fields, field) + 1)
    const value = this.wire.toString('latin1', from, endOf(this.#fields, field) - 2)
    return trimBlanks(value.includes('\r\n') ? value.replaceAll('\r\n', '') : value)
  }

  #measure(): void {
    if (this.#lines >= 0) return
    const { wire } = this
    let lines = 0
    for (let at = this.#bodyStart; at !== -1 && at < wire.length; at = lineEnd(wire, at)) {
      if (wire[at] === DOT) this.#dots++
      lines++
    }
    this.#lines = lines
  }
}

interface Around {
  readonly memory: Buffer
  /** Octets in it before the article. */
  readonly before: number
}

interface Kept {
  /** Fields that are left out. */
  readonly gone: readonly number[]
  /** The field in whose place `line` stands; -1 for none. */
  readonly replaced: number
  readonly line: string
  /** Of all that stay, the new line counted. */
  readonly octets: number
}

/** Names are ASCII: compared on octets, without making a string. RFC 5536 2.2: case-insensitive */
function isNamed(wire: Buffer, at: number, name: string): boolean {
  for (let i = 0; i < name.length; i++) {
    const octet = wire[at + i] as number
    const wanted = name.charCodeAt(i)
    if (octet !== wanted && lowerCase(octet) !== lowerCase(wanted)) return false
  }
  return true
}

function lowerCase(octet: number): number {
  return octet >= 65 && octet <= 90 ? octet + 32 : octet
}

function isEmpty(wire: Buffer, colon: number, end: number): boolean {
  let at = skipBlanks(wire, colon + 1)
  while (at + 2 < end && endsAt(wire, at)) at = skipBlanks(wire, at + 2)
  return at + 2 === end
}

/** What RFC 3977 8.3.2 allows in no column, TAB aside. */
const isLineOctet = (octet: number): boolean => octet === 0 || octet === CR || octet === LF

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

function writeLine(wire: Buffer, start: number, line: string, fields: FieldList): number {
  let at = start
  // RFC 3977 3.1.1
  if (line.charCodeAt(0) === DOT) wire[at++] = DOT
  const name = at
  at += wire.write(line, at, 'latin1')
  wire[at++] = CR
  wire[at++] = LF
  fields.add(name, name + line.indexOf(':'), at)
  return at
}
