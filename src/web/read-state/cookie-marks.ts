/**
 * Marks of a visitor without an account, in a cookie: the groups that were read last, as many as find room. Signed, so
 * that only what this site has written is ever read. RFC 6265 4.1, 6.1
 */
import { createHmac, timingSafeEqual } from 'node:crypto'
import type { Group, GroupId, NumberRange } from '../../storage/reading.ts'
import { type Finding, isBlank, type Mark, type Marks, type Named } from './mark.ts'
import { atMost, type NumberRanges } from './number-ranges.ts'
import { OctetReader, OctetWriter } from './octets.ts'

export const marksCookie = 'marks'

/** Octets before base64url makes four of three: 3.5 kB in the browser, with what RFC 6265 6.1 leaves for others. */
const mostOctets = 2600
const digestOctets = 16
/** One group does not crowd out the others. */
const mostRanges = 100
const mostPattern = 300
const version = 1

export class CookieMarks implements Marks {
  readonly #secret: Buffer
  /** The one that was touched last stands last. */
  readonly #marks: Map<GroupId, Mark>
  #patterns: string
  #changed = false

  private constructor(secret: Buffer, marks: Map<GroupId, Mark>, patterns: string) {
    this.#secret = secret
    this.#marks = marks
    this.#patterns = patterns
  }

  /** A cookie that we have not written, or that is damaged, counts as none. */
  static read(cookie: string, secret: Buffer): CookieMarks {
    const octets = openSealed(cookie, secret)
    const read = octets === undefined ? undefined : decode(octets)
    return new CookieMarks(secret, read?.marks ?? new Map(), read?.patterns ?? '')
  }

  get({ id }: Named): Mark | undefined {
    return this.#marks.get(id)
  }

  set({ id }: Named, mark: Mark): void {
    this.#marks.delete(id)
    if (!isBlank(mark)) this.#marks.set(id, mark)
    this.#changed = true
  }

  get patterns(): string {
    return this.#patterns
  }

  set patterns(text: string) {
    this.#patterns = Buffer.byteLength(text) > mostPattern ? '' : text
    this.#changed = true
  }

  get empty(): boolean {
    return this.#marks.size === 0 && this.#patterns === ''
  }

  *groups(among: Pick<Finding, 'withId'>): Generator<readonly [Group, Mark]> {
    for (const [id, mark] of this.#marks) {
      const group = among.withId(id)
      if (group !== undefined) yield [group, mark]
    }
  }

  entries(): IterableIterator<[GroupId, Mark]> {
    return this.#marks.entries()
  }

  /** What the browser is to keep; undefined where it has it already. */
  get written(): string | undefined {
    if (!this.#changed) return undefined
    return this.empty ? '' : sealed(encode(this.#marks, this.#patterns), this.#secret)
  }
}

function digest(octets: Buffer, secret: Buffer): Buffer {
  return createHmac('sha256', secret).update('marks\0').update(octets).digest().subarray(0, digestOctets)
}

function sealed(octets: Buffer, secret: Buffer): string {
  return Buffer.concat([octets, digest(octets, secret)]).toString('base64url')
}

function openSealed(cookie: string, secret: Buffer): Buffer | undefined {
  if (cookie === '' || cookie.length > mostOctets * 2) return undefined
  const whole = Buffer.from(cookie, 'base64url')
  if (whole.length <= digestOctets) return undefined
  const octets = whole.subarray(0, -digestOctets)
  return timingSafeEqual(whole.subarray(-digestOctets), digest(octets, secret)) ? octets : undefined
}

/** Newest first, so that what finds no room is the oldest. */
function encode(marks: ReadonlyMap<GroupId, Mark>, patterns: string): Buffer {
  const writer = new OctetWriter()
  writer.number(version)
  writer.text(patterns)
  for (const [id, mark] of [...marks].reverse()) {
    const before = writer.length
    writeMark(writer, id, mark)
    if (writer.length <= mostOctets - digestOctets) continue
    writer.cut(before)
    break
  }
  return writer.octets()
}

/** Distances instead of numbers: small ones take one octet. */
function writeMark(writer: OctetWriter, id: GroupId, { read, wanted }: Mark): void {
  const kept = atMost(read, mostRanges)
  writer.number(id)
  writer.number(kept.length * 3 + (wanted === undefined ? 0 : wanted ? 1 : 2))
  let last = 0
  for (const { low, high } of kept) {
    writer.number(low - last)
    writer.number(high - low)
    last = high
  }
}

/** Undefined for a cookie of another version. */
function decode(octets: Buffer): { marks: Map<GroupId, Mark>; patterns: string } | undefined {
  const reader = new OctetReader(octets)
  if (reader.number() !== version) return undefined
  const patterns = reader.text()
  const marks: [GroupId, Mark][] = []
  while (!reader.done) marks.push(readMark(reader))
  return { marks: new Map(marks.reverse()), patterns }
}

function readMark(reader: OctetReader): [GroupId, Mark] {
  const id = reader.number() as GroupId
  const head = reader.number()
  const read: NumberRange[] = []
  let last = 0
  for (let left = Math.floor(head / 3); left > 0 && !reader.done; left--) {
    const low = last + reader.number()
    last = low + reader.number()
    read.push({ low, high: last })
  }
  return [id, markOf(read, head % 3)]
}

function markOf(read: NumberRanges, wish: number): Mark {
  return wish === 0 ? { read } : { read, wanted: wish === 1 }
}
