/** What the bodies of control messages say of newsgroups: names, descriptions, moderation. RFC 5537 4.2, 4.3, 5.2 */
import type { Article } from '../../article.ts'
import { decodeOctets } from '../../article-text/charset.ts'
import { type Leaf, mimeTree } from '../../article-text/mime-tree.ts'
import { unstuff } from '../../wire.ts'
import { decodeDescription } from '../import/description-charset.ts'

export interface GroupLine {
  /** As written: octets of strangers. */
  readonly name: string
  /** Only read where it counts: a list has many lines, and anybody may send one. */
  readonly described: () => Described
}

export interface Described {
  /** One line of text, with "(Moderated)" where it says so; empty where there is none. */
  readonly description: string
  readonly moderated: boolean
}

/** Characters of a description; what is longer is cut. */
const longestDescription = 300

/** More lines than any hierarchy has groups. */
const mostListed = 50_000
/** Octets of a text in which the line of one group is looked for. */
const longestInfo = 65_536
const lf = 0x0a

/** RFC 5537 4.2: moderation-tag */
const moderationTag = /\(moderated\)[ \t]*$/i

/** The same in every charset that names of newsgroups can stand in: no escapes, of RFC 2152 and RFC 1843 neither. */
const plain = /^[\t -*,-|\x7d]*$/

/** RFC 5537 4.2: newsgroups-tag */
const newsgroupsTag = 'for your newsgroups file:'

/** The line of `group`: in application/news-groupinfo, else below the newsgroups-tag of a text. */
export function groupInfo(article: Article, group: string): GroupLine | undefined {
  const { info, texts } = partsOf(article)
  if (info !== undefined) return linesIn(info, beginning(info)).find(({ name }) => name === group)
  for (const text of texts) {
    const lines = linesIn(text, beginning(text))
    const tag = lines.findIndex(({ whole }) => whole.trim().toLowerCase() === newsgroupsTag)
    const next = tag < 0 ? undefined : lines.slice(tag + 1).find(({ whole }) => whole.trim() !== '')
    if (next?.name === group) return next
  }
  return undefined
}

/** Every line of a list of newsgroups; undefined where it has more than any list has. RFC 5537 4.3 */
export function groupLines(article: Article): readonly GroupLine[] | undefined {
  const { list, texts } = partsOf(article)
  const part = list ?? texts[0]
  if (part === undefined) return []
  const octets = part.open()
  if (hasMoreLines(octets, mostListed)) return undefined
  return linesIn(part, octets).filter(({ whole }) => whole.trim() !== '')
}

/** Counted before anything is made of them. */
function hasMoreLines(octets: Buffer, most: number): boolean {
  let count = 0
  for (let at = octets.indexOf(lf); at >= 0; at = octets.indexOf(lf, at + 1)) if (++count > most) return true
  return false
}

function partsOf(article: Article) {
  const octets = unstuff(article.wire.subarray(article.bodyStart))
  const { texts, files } = mimeTree(name => article.header(name), octets)
  const typed = (type: string) => [...files, ...texts].find(({ content }) => content.type === type)
  return { info: typed('application/news-groupinfo'), list: typed('application/news-checkgroups'), texts }
}

const beginning = (part: Leaf): Buffer => part.open().subarray(0, longestInfo)

interface Line extends GroupLine {
  readonly whole: string
}

function linesIn(part: Leaf, octets: Buffer): Line[] {
  const charset = part.content.parameters.get('charset') ?? ''
  return octets
    .toString('latin1')
    .split(/\r?\n/)
    .map(whole => lineOf(whole, charset))
}

/** RFC 5537 4.2: newsgroups-line; blanks are taken where tabs should be, as peers do this. */
function lineOf(whole: string, charset: string): Line {
  const end = whole.search(/[ \t]/)
  const name = end < 0 ? whole : whole.slice(0, end)
  let made: Described | undefined
  const described = () => {
    made ??= describedBy(whole.slice(name.length), name, charset)
    return made
  }
  return { whole, name, described }
}

/** Moderation stands in the octets: what charset they are said to be in is seldom signed. */
function describedBy(written: string, name: string, charset: string): Described {
  // RFC 3977 7.6.6: one line of text.
  const line = textIn(written, name, charset)
    .replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ')
    .trim()
  const description = [...line].slice(0, longestDescription).join('')
  return { description, moderated: moderationTag.test(written) }
}

function textIn(written: string, name: string, charset: string): string {
  if (plain.test(written)) return written
  const octets = Buffer.from(written, 'latin1')
  return charset === '' ? decodeDescription(name, octets) : decodeOctets(octets, charset)
}
