/**
 * The articles of a group as conversations, by References, after Jamie Zawinski's algorithm: an article hangs below
 * the last one that it names, and what is named but not here keeps its place empty. RFC 5537 3.4.4, RFC 5536 3.2.10
 *
 * Articles are added in the order of their numbers and each changes only what it names, so that it makes no difference
 * whether they come at once or one by one. Unlike Zawinski: who is here says alone what it hangs below; others say it
 * only of articles that are missing. Else anybody could hang a conversation below an article of his.
 */
import { decodeHeader } from '../../article-text/header-words.ts'
import { parseDate } from '../../date.ts'
import { baseSubject } from './base-subject.ts'
import { Links, none } from './links.ts'
import { identifiersIn, type OverviewFields, type Place } from './overview-fields.ts'
import { Rows } from './rows.ts'
import { TextPool } from './text-pool.ts'

/** Of a longer list the first and the last so many count. */
const mostReferences = 20

/** An article without References belongs to one of the same subject only within so many numbers and seconds. */
const subjectReach = { numbers: 20_000, seconds: 60 * 86_400 } as const

const noDate = 0
const latestDate = 0xffff_ffff

/** What a reader sees of an article in a list. */
export interface ThreadArticle {
  readonly number: number
  readonly messageId: string
  /** Decoded, not yet made visible or escaped. */
  readonly from: string
  readonly subject: string
  /** Seconds since 1970; undefined where its Date cannot be read. */
  readonly date: number | undefined
}

interface Cells {
  /** 0: not here. */
  number: Uint32Array
  date: Uint32Array
  from: Uint32Array
  subject: Uint32Array
}

export class ThreadForest {
  readonly links = new Links()
  readonly rows = new Rows()
  /** Its numbers are those of the nodes. */
  readonly #ids = new TextPool()
  readonly #texts = new TextPool()
  readonly #bases = new TextPool()
  /** The article with which a subject began, by base subject. */
  #starters = new Int32Array(64).fill(none)
  /** Of a text that is a subject: its base subject twice, and one more where it is a reply; 0 where not yet known. */
  #subjects = new Uint32Array(64)
  #cells: Cells = {
    number: new Uint32Array(256),
    date: new Uint32Array(256),
    from: new Uint32Array(256),
    subject: new Uint32Array(256),
  }
  #changes = 0
  /** Nodes before the article that is being added. */
  #settled = 0

  /** Grows whenever a node that was there before comes to hang elsewhere, or an article goes. */
  get changes(): number {
    return this.#changes
  }

  /** Articles and empty places. */
  get count(): number {
    return this.links.count
  }

  /** Octets of memory. */
  get size(): number {
    const { number, date, from, subject } = this.#cells
    const cells = [number, date, from, subject, this.#starters, this.#subjects]
    const parts = [this.links, this.rows, this.#ids, this.#texts, this.#bases]
    return [...cells.map(it => it.byteLength), ...parts.map(it => it.size)].reduce((sum, size) => sum + size)
  }

  /** The number of the article at a node; 0 where it is not here. */
  numberAt(node: number): number {
    return this.#cells.number[node] ?? 0
  }

  idAt(node: number): string {
    return this.#ids.text(node)
  }

  articleAt(node: number): ThreadArticle {
    const { number, date, subject } = this.#cells
    const seconds = date[node] ?? noDate
    return {
      number: number[node] ?? 0,
      messageId: this.idAt(node),
      from: this.fromAt(node),
      subject: decodeHeader(this.#texts.text(subject[node] ?? 0)),
      date: seconds === noDate ? undefined : seconds,
    }
  }

  /** The From of the article at a node, decoded. */
  fromAt(node: number): string {
    return decodeHeader(this.#texts.text(this.#cells.from[node] ?? 0))
  }

  /** The number of the base subject of the article at a node, `none` where it has none, and whether it is a reply. */
  baseAt(node: number): { readonly base: number; readonly reply: boolean } {
    return this.#baseOf(this.#cells.subject[node] ?? 0)
  }

  /** The node of a message-ID with its angle brackets; `none` where nobody has named it. */
  nodeOf(messageId: string): number {
    return this.#ids.find(Buffer.from(messageId, 'latin1')) ?? none
  }

  /** Numbers only grow: a smaller one than the last is left out. Gives the node, or `none`. */
  add(octets: Buffer, fields: OverviewFields): number {
    if (fields.number <= this.rows.last) return none
    this.#settled = this.count
    const node = this.#nodeFor(octets, fields.messageId)
    const date = parseDate(octets.toString('latin1', fields.date.start, fields.date.end)) ?? noDate
    const subject = this.#texts.intern(octets, fields.subject.start, fields.subject.end)
    this.#cells.number[node] = fields.number
    this.#cells.date[node] = Math.min(Math.max(date, noDate), latestDate)
    this.#cells.from[node] = this.#texts.intern(octets, fields.from.start, fields.from.end)
    this.#cells.subject[node] = subject
    this.rows.add(fields.number, node)
    this.#hang(node, this.#chain(octets, { node, references: fields.references }))
    return node
  }

  /** Its place stays, empty. Whether it was here. */
  remove(number: number): boolean {
    const node = this.rows.remove(number)
    if (node === none) return false
    this.#cells.number[node] = 0
    this.#changes += 1
    return true
  }

  /** Two articles under one message-ID have nothing to do with each other. */
  #nodeFor(octets: Buffer, { start, end }: Place): number {
    const node = end > start ? this.#ids.intern(octets, start, end) : this.#ids.double(octets, start, end)
    const taken = node < this.count && this.numberAt(node) !== 0
    return this.#grow(taken ? this.#ids.double(octets, start, end) : node)
  }

  #grow(node: number): number {
    if (node >= this.#cells.number.length) {
      const room = Math.ceil(node * 1.5)
      const { number, date, from, subject } = this.#cells
      this.#cells = {
        number: roomier(number, room),
        date: roomier(date, room),
        from: roomier(from, room),
        subject: roomier(subject, room),
      }
    }
    while (this.links.count <= node) this.links.add()
    return node
  }

  /** The nodes of what it names, oldest first, linked with each other as far as they are missing. */
  #chain(
    octets: Buffer,
    { node, references }: { readonly node: number; readonly references: Place },
  ): number[] {
    const named = identifiersIn(octets, references)
    if (named.length > mostReferences) named.splice(1, named.length - mostReferences)
    const chain: number[] = []
    for (const { start, end } of named) {
      const one = this.#grow(this.#ids.intern(octets, start, end))
      if (one === node) continue
      const before = chain.at(-1)
      if (before !== undefined) this.#presume(before, one)
      chain.push(one)
    }
    return chain
  }

  /** Somebody says so of an article that is not here, and has not been told otherwise. */
  #presume(parent: number, child: number): void {
    if (this.numberAt(child) !== 0 || this.links.parent(child) !== none) return
    if (this.links.mayHang(child, parent)) this.#link(parent, child)
  }

  #hang(node: number, chain: readonly number[]): void {
    const begun = this.#beginner(node, chain.length === 0)
    const above = (chain.length === 0 ? [begun] : chain).findLast(
      one => one !== none && this.links.mayHang(node, one),
    )
    if (above !== undefined && this.links.parent(node) === above) return
    // What others presumed of it while it was missing counts no more.
    if (this.links.parent(node) !== none) {
      this.links.unlink(node)
      this.#changes += 1
    }
    if (above !== undefined) this.#link(above, node)
  }

  #link(parent: number, child: number): void {
    if (child < this.#settled) this.#changes += 1
    this.links.link(parent, child)
  }

  /**
   * The article that one without References answers by its subject, or `none`. An article that answers nothing begins
   * its subject anew, and so does one that finds no other in reach.
   */
  #beginner(node: number, alone: boolean): number {
    const { base, reply } = this.baseAt(node)
    if (base === none) return none
    const begun = this.#starters[base] ?? none
    const near = begun !== none && this.#near(begun, node)
    if (!near || (alone && !reply)) this.#starters[base] = node
    return near && alone && reply ? begun : none
  }

  #near(one: number, other: number): boolean {
    const { number, date } = this.#cells
    const [a = 0, b = 0] = [number[one], number[other]]
    if (a === 0 || b - a > subjectReach.numbers) return false
    const [from = noDate, to = noDate] = [date[one], date[other]]
    return from === noDate || to === noDate || Math.abs(to - from) <= subjectReach.seconds
  }

  /** Worked out once for each subject. RFC 5256 2.1 */
  #baseOf(subject: number): { readonly base: number; readonly reply: boolean } {
    if (subject >= this.#subjects.length) this.#subjects = roomier(this.#subjects, Math.ceil(subject * 1.5))
    const known = this.#subjects[subject] ?? 0
    if (known !== 0) return { base: (known >>> 1) - 2, reply: (known & 1) === 1 }
    const { base, reply } = baseSubject(decodeHeader(this.#texts.text(subject)))
    const octets = Buffer.from(base)
    const number = base === '' ? none : this.#bases.intern(octets, 0, octets.length)
    if (number >= this.#starters.length)
      this.#starters = grownWith(this.#starters, Math.ceil(number * 1.5), none)
    this.#subjects[subject] = ((number + 2) << 1) | (reply ? 1 : 0)
    return { base: number, reply }
  }
}

function roomier(cells: Uint32Array, room: number) {
  const more = new Uint32Array(room)
  more.set(cells)
  return more
}

function grownWith(cells: Int32Array, room: number, value: number) {
  const more = new Int32Array(room).fill(value)
  more.set(cells)
  return more
}
