/** What OVER and HDR show of an article. RFC 3977 8.1, 8.3.2, 8.5.2; RFC 2980 2.8 */
import type { Article } from './article.ts'

/** RFC 3977 8.3.2: the columns behind the number. */
const fields = ['Subject', 'From', 'Date', 'Message-ID', 'References'] as const

const TAB = 9

export interface OverviewRow {
  readonly article: Article
  readonly number: number
  readonly xref: string
}

/** RFC 3977 8.3.2: folds are undone (`header` does that), then TAB, NUL, lone CR and lone LF become blanks. */
function oneColumn(value: string): string {
  return /[\0\t\r\n]/.test(value) ? value.replace(/[\0\t\r\n]/g, ' ') : value
}

/**
 * The line of OVER for an article under a number, with CRLF. `xref` is the whole header line that is served
 * before the article, without its last CRLF, or empty where there is none.
 */
export function overviewLine({ article, number, xref }: OverviewRow): Buffer {
  // RFC 3977 8.1: the whole article as served, so with the Xref line that is not part of its octets here.
  const octets = article.octets + (xref === '' ? 0 : xref.length + 2)
  // RFC 3977 8.3.2: from the ninth column on with the name
  const last = xref.includes('\r\n') ? xref.replaceAll('\r\n', '') : xref
  const first = String(number)
  const rest = `\t${octets}\t${article.lines}\t${oneColumn(last)}\r\n`
  let size = first.length + fields.length + rest.length
  for (const name of fields) size += article.columnRoom(name)
  const line = Buffer.allocUnsafe(size)
  let at = line.write(first, 0, 'latin1')
  for (const name of fields) {
    line[at] = TAB
    at = article.writeColumn(name, line, at + 1)
  }
  at += line.write(rest, at, 'latin1')
  return at === size ? line : line.subarray(0, at)
}
