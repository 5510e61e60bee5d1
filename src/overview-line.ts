/** What OVER and HDR show of an article. RFC 3977 8.1, 8.3.2, 8.5.2; RFC 2980 2.8 */
import type { Article } from './article.ts'

/** RFC 3977 8.3.2: the columns behind the number. */
const fields = ['Subject', 'From', 'Date', 'Message-ID', 'References'] as const

const TAB = 9
const LF = 10
const CR = 13
const zero = 0x30

export interface OverviewRow {
  readonly article: Article
  readonly number: number
  readonly xref: string
}

/** RFC 3977 8.3.2: folds are undone (`header` does that), then TAB, NUL, lone CR and lone LF become blanks. */
function oneColumn(value: string): string {
  return /[\0\t\r\n]/.test(value) ? value.replace(/[\0\t\r\n]/g, ' ') : value
}

function digitsOf(number: number): number {
  let digits = 1
  for (let rest = number; rest >= 10; rest = Math.floor(rest / 10)) digits++
  return digits
}

/** Without a string for each of three numbers of each article; gives the offset behind. */
function writeNumber(target: Buffer, number: number, at: number): number {
  const end = at + digitsOf(number)
  let rest = number
  for (let place = end - 1; place >= at; place--) {
    target[place] = zero + (rest % 10)
    rest = Math.floor(rest / 10)
  }
  return end
}

/**
 * The line of OVER for an article under a number, with CRLF. `xref` is the whole header line that is served
 * before the article, without its last CRLF, or empty where there is none.
 */
export function overviewLine(
  { article, number, xref }: OverviewRow,
  room: (octets: number) => Buffer = Buffer.allocUnsafe,
): Buffer {
  // RFC 3977 8.1: the whole article as served, so with the Xref line that is not part of its octets here.
  const octets = article.octets + (xref === '' ? 0 : xref.length + 2)
  const { lines } = article
  // RFC 3977 8.3.2: from the ninth column on with the name
  const last = xref.includes('\r\n') ? xref.replaceAll('\r\n', '') : xref
  let size = digitsOf(number) + fields.length + digitsOf(octets) + digitsOf(lines) + last.length + 5
  for (const name of fields) size += article.columnRoom(name)
  const line = room(size)
  let at = writeNumber(line, number, 0)
  for (const name of fields) {
    line[at] = TAB
    at = article.writeColumn(name, line, at + 1)
  }
  line[at] = TAB
  at = writeNumber(line, octets, at + 1)
  line[at] = TAB
  at = writeNumber(line, lines, at + 1)
  line[at] = TAB
  at += 1 + line.write(oneColumn(last), at + 1, 'latin1')
  line[at++] = CR
  line[at++] = LF
  return at === size ? line : line.subarray(0, at)
}
