/** What the bodies of control messages say of newsgroups: names, descriptions, moderation. RFC 5537 4.2, 4.3, 5.2 */
import type { Article } from '../../article.ts'
import { decodeOctets } from '../../article-text/charset.ts'
import { type Leaf, mimeTree } from '../../article-text/mime-tree.ts'
import { unstuff } from '../../wire.ts'
import { decodeDescription } from '../import/description-charset.ts'

export interface GroupLine {
  /** As written: octets of strangers. */
  readonly name: string
  /** One line of text, with "(Moderated)" where it says so; empty where there is none. */
  readonly description: string
  readonly moderated: boolean
}

/** Characters of a description; what is longer is cut. */
const longestDescription = 300

/** RFC 5537 4.2: moderation-tag */
const moderationTag = /\(moderated\)$/i

/** RFC 5537 4.2: newsgroups-tag */
const newsgroupsTag = 'for your newsgroups file:'

/** The line of `group`: in application/news-groupinfo, else below the newsgroups-tag of a text. */
export function groupInfo(article: Article, group: string): GroupLine | undefined {
  const { info, texts } = partsOf(article)
  if (info !== undefined) return linesIn(info).find(({ name }) => name === group)
  for (const text of texts) {
    const lines = linesIn(text)
    const tag = lines.findIndex(({ whole }) => whole.trim().toLowerCase() === newsgroupsTag)
    const next = tag < 0 ? undefined : lines.slice(tag + 1).find(({ whole }) => whole.trim() !== '')
    if (next?.name === group) return next
  }
  return undefined
}

/** Every line of a list of newsgroups. RFC 5537 4.3 */
export function groupLines(article: Article): readonly GroupLine[] {
  const { list, texts } = partsOf(article)
  const part = list ?? texts[0]
  return part === undefined ? [] : linesIn(part).filter(({ whole }) => whole.trim() !== '')
}

function partsOf(article: Article) {
  const octets = unstuff(article.wire.subarray(article.bodyStart))
  const { texts, files } = mimeTree(name => article.header(name), octets)
  const typed = (type: string) => [...files, ...texts].find(({ content }) => content.type === type)
  return { info: typed('application/news-groupinfo'), list: typed('application/news-checkgroups'), texts }
}

interface Line extends GroupLine {
  readonly whole: string
}

function linesIn(part: Leaf): Line[] {
  const octets = part.open()
  const charset = part.content.parameters.get('charset') ?? ''
  return octets
    .toString('latin1')
    .split(/\r?\n/)
    .map(whole => lineOf(whole, charset))
}

/** RFC 5537 4.2: newsgroups-line; blanks are taken where tabs should be, as peers do this. */
function lineOf(whole: string, charset: string): Line {
  const end = whole.search(/[ \t]/)
  if (end < 0) return { whole, name: whole, description: '', moderated: false }
  const name = whole.slice(0, end)
  const octets = Buffer.from(whole.slice(end), 'latin1')
  const text = charset === '' ? decodeDescription(name, octets) : decodeOctets(octets, charset)
  // RFC 3977 7.6.6: one line of text.
  const description = [...text.replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ').trim()]
    .slice(0, longestDescription)
    .join('')
  return { whole, name, description, moderated: moderationTag.test(description) }
}
