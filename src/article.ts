/** An article as a view over its raw octets in wire form. RFC 5536 2, 3; RFC 3977 3.6 */

import { type ArticleEdit, copyFields, type Kept } from './article-edit.ts'
import { copyOctets, isBlank, isNamed, standsAt, trimBlanks, wireLength } from './field-octets.ts'
import { longestLine, mayRepeat } from './header-faults.ts'
import {
  type ArticleLimits,
  colonOf,
  endOf,
  endsAt,
  FieldList,
  type Fields,
  fieldSize,
  type HeaderSection,
  indexHeaders,
  isEmpty,
  lineEnd,
  nameOf,
  skipBlanks,
  startOf,
  writeLine,
} from './header-section.ts'
import { type Around, type Into, newMemory } from './own-memory.ts'
import { Reason } from './reason.ts'

const LF = 10
const CR = 13
const SPACE = 32
const MARK = 33
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
  /** The memory around `wire`, where it has some of its own, and the octets of it before `wire`. */
  #memory: Buffer | undefined
  #before = 0
  /** What `edit` gave stands where this stood: its octets are no longer those of its fields. */
  #usedUp = false

  private constructor(wire: Buffer, { fields, bodyStart }: HeaderSection) {
    this.wire = wire
    this.#fields = fields
    this.#bodyStart = bodyStart
  }

  /**
   * Indexes the header section; `Reason` where it is no article. O(n), never throws. `around`: `wire` is nobody else's,
   * and may be written over by `edit`.
   */
  static parse(wire: Buffer, limits: ArticleLimits, around?: Around): Article | Reason {
    const section = indexHeaders(wire, limits)
    if (section instanceof Reason) return section
    const article = new Article(wire, section)
    if (around === undefined) return article
    article.#memory = around.memory
    article.#before = around.before
    return article
  }

  /**
   * Value of the first field of that name, unfolded (CRLF of folds dropped), without blanks around it, one
   * character an octet; undefined where absent.
   */
  header(name: string): string | undefined {
    const field = this.#find(name)
    return field < 0 ? undefined : this.#value(field)
  }

  /** Whether the first field of that name has that value, as `header` gives it; without making a string. */
  says(name: string, value: string): boolean {
    const field = this.#find(name)
    if (field < 0) return false
    const { wire } = this
    const from = skipBlanks(wire, colonOf(this.#fields, field) + 1)
    if (from + value.length + 2 !== endOf(this.#fields, field)) return this.#value(field) === value
    return standsAt(wire, from, value)
  }

  /** Whether the first field of that name has content: `header` gives more than ''. */
  hasContent(name: string): boolean {
    const field = this.#find(name)
    if (field < 0) return false
    const content = skipBlanks(this.wire, colonOf(this.#fields, field) + 1)
    // A fold comes first, if ever, in old articles.
    return !endsAt(this.wire, content) || this.#value(field) !== ''
  }

  /**
   * False where no two fields have one name (case-insensitive). True as well where that would take long to tell: of more
   * fields than usual, or of names longer than any that is known.
   */
  get mayRepeat(): boolean {
    return mayRepeat(this.wire, this.#fields)
  }

  /**
   * Whether Path is written so, on one line of at most so many octets (CRLF not counted), with one blank in front of its
   * value, which begins with `site`, in the same case, and an exclamation mark, and none behind it.
   */
  pathBeginsAt(site: string, octets: number): boolean {
    const field = this.#find('Path')
    if (field < 0) return false
    const { wire } = this
    const start = nameOf(this.#fields, field)
    const end = endOf(this.#fields, field) - 2
    if (end - start > octets || isBlank(wire[end - 1])) return false
    const value = start + 'Path: '.length
    if (!standsAt(wire, start, 'Path: ') || !standsAt(wire, value, site)) return false
    return wire[value + site.length] === MARK && lineEnd(wire, start) === end + 2
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
    return longestLine(this.wire, this.#fields)
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
    const { prepend = none, append = none, into } = edit
    const { wire: old } = this
    this.#checkUnused()
    const kept = this.#plan(edit)
    let header = kept.octets
    for (const line of prepend) header += wireLength(line)
    for (const line of append) header += wireLength(line)

    const here = into === undefined ? -1 : this.#placeHere(header, into)
    const size = header + old.length - this.#bodyStart + 2
    const before = here < 0 ? (into?.before ?? 0) : here
    const memory = (here < 0 ? undefined : this.#memory) ?? newMemory(size, into)
    const wire = into === undefined ? memory : memory.subarray(before, before + size)
    // The old one is still read while the new one is written.
    const target = here < 0 ? wire : Buffer.allocUnsafe(header)
    // All of the old one, so that whatever stands behind the last change is in its place: that is most of it.
    const isFilled = here < 0 && append.length === 0 && before + size >= old.length
    if (isFilled) memory.set(old, before + size - old.length)
    const fields = new FieldList(this.#fields)
    for (const line of prepend) writeLine(target, line, fields)
    const from = copyFields(kept, target, fields)
    const stop = this.#bodyStart - 2
    if (!isFilled) copyOctets(target, fields.end + from - stop, { source: old, from, stop })
    for (const line of append) writeLine(target, line, fields)
    // RFC 5537 3.6: the body goes on as it came, octet for octet.
    if (here >= 0) target.copy(wire)
    else if (!isFilled) old.copy(wire, fields.end, stop)
    const edited = new Article(wire, { fields: fields.all, bodyStart: fields.end + 2 })
    edited.#lines = this.#lines
    edited.#dots = this.#dots
    if (into !== undefined) {
      edited.#memory = memory
      edited.#before = before
    }
    return edited
  }

  /** Where in its memory a header section of so many octets would begin; -1 where there is no room. */
  #placeHere(header: number, { before, behind }: Into): number {
    if (this.#memory === undefined) return -1
    const start = this.#before + this.#bodyStart - 2 - header
    if (start < before || this.#before + this.wire.length + behind > this.#memory.length) return -1
    this.#usedUp = true
    return start
  }

  /**
   * The article where it stands with so many octets before and behind it to be written by the caller; undefined where
   * `edit` left less, and when it was asked before.
   */
  around(before: number, behind: number): Buffer | undefined {
    const memory = this.#memory
    const start = this.#before
    if (memory === undefined || start < before) return undefined
    const end = start + this.wire.length + behind
    if (end > memory.length) return undefined
    this.#memory = undefined
    return memory.subarray(start - before, end)
  }

  /** Which fields stay, and which one is written anew. */
  #plan({ remove = none, replace, insert }: ArticleEdit): Kept {
    const fields = this.#fields
    const name = insert?.name ?? replace?.slice(0, replace.indexOf(':'))
    const replaced = name === undefined ? -1 : this.#find(name)
    let gone = nowhere
    let octets = this.#bodyStart - 2
    for (const other of remove)
      for (let field = this.#find(other); field >= 0; field = this.#find(other, field + fieldSize)) {
        if (field === replaced || gone.includes(field)) continue
        gone = [...gone, field]
        octets -= endOf(fields, field) - startOf(fields, field)
      }
    const line = insert?.text ?? replace ?? ''
    const inserts = insert !== undefined
    if (replaced >= 0)
      octets += inserts ? line.length : wireLength(line) - endOf(fields, replaced) + startOf(fields, replaced)
    return { wire: this.wire, fields, gone, replaced, line, inserts, octets }
  }

  /** Its octets are another article's otherwise, and what is read of them would be wrong. */
  #checkUnused(): void {
    if (this.#usedUp) throw new Error('the article was edited where it stood: it is no more')
  }

  /** Where the numbers of the next field of that name begin, -1 where there is none. */
  #find(name: string, from = 0): number {
    this.#checkUnused()
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

const none: readonly string[] = []
const nowhere: readonly number[] = []

/** What RFC 3977 8.3.2 allows in no column, TAB aside. */
const isLineOctet = (octet: number): boolean => octet === 0 || octet === CR || octet === LF
