/** Mailboxes of the mboxrd kind: `From ` lines between messages, `>From ` in bodies with one `>` more. RFC 4155 */
import { parseDate } from '../../date.ts'
import type { Found } from './found.ts'
import type { OctetSource } from './octet-source.ts'

const from = Buffer.from('From ')
const fromAtLine = Buffer.from('\nFrom ')
/** Octets behind which a separator may have begun: two line ends and `From `. */
const overlap = 9
const longestFromLine = 1000
const lf = 0x0a
const cr = 0x0d
const quote = 0x3e

/** `most`: octets of a message; what is longer is passed over and reported. */
export async function* readMbox(source: OctetSource, name: string, most: number): AsyncGenerator<Found> {
  let count = 0
  for (;;) {
    const line = await source.line(longestFromLine)
    if (line === undefined) return
    if (count === 0 && !line.subarray(0, from.length).equals(from)) {
      // RFC 4155: nothing but blank lines may stand before the first message.
      if (line.toString('latin1').trim() === '') continue
      yield { text: Buffer.alloc(0), where: name, fault: 'bad-header' }
      return
    }
    const where = `${name}: message ${++count}`
    const text = await message(source, most)
    if (text === undefined) yield { text: Buffer.alloc(0), where, fault: 'article-too-large' }
    else yield { text: unquoted(text), where, ...delivered(line) }
  }
}

/** All up to the next From_ line, which is left; undefined where that is more than `most`. */
async function message(source: OctetSource, most: number): Promise<Buffer | undefined> {
  let at = 0
  let over = false
  for (;;) {
    const { ahead } = source
    const separator = separatorIn(ahead, at)
    if (separator >= 0) return over || separator > most ? skipped(source, separator) : body(source, separator)
    if (over || ahead.length > most + overlap) {
      over = true
      source.skip(ahead.length - overlap)
    }
    // A whole mark further back was looked at; only what begins here may still become one.
    at = Math.max(0, source.ahead.length - (fromAtLine.length - 1))
    if (await source.more()) continue
    const { length } = source.ahead
    return over || length > most ? skipped(source, length) : body(source, length)
  }
}

function skipped(source: OctetSource, octets: number): undefined {
  source.skip(octets)
}

/** Without the blank line that belongs to the separator. */
function body(source: OctetSource, octets: number): Buffer {
  const text = source.take(octets)
  const end = text.length - (text.at(-2) === cr ? 2 : 1)
  return text[end - 1] === lf ? text.subarray(0, end) : text
}

/** Offset of a From_ line behind a blank one, at `at` or later; -1 where there is none. */
function separatorIn(ahead: Buffer, at: number): number {
  for (let i = ahead.indexOf(fromAtLine, at); i >= 0; i = ahead.indexOf(fromAtLine, i + 1)) {
    const before = ahead[i - 1] === cr ? i - 2 : i - 1
    if (before < 0 || ahead[before] === lf) return i + 1
  }
  return -1
}

/** `>From ` and `>>From ` at the beginning of a line lose one `>`. */
function unquoted(text: Buffer): Buffer {
  const pieces: Buffer[] = []
  let done = 0
  for (let i = text.indexOf('\n>'); i >= 0; i = text.indexOf('\n>', i + 1)) {
    let end = i + 1
    while (text[end] === quote) end++
    if (!text.subarray(end, end + from.length).equals(from)) continue
    pieces.push(text.subarray(done, i + 1))
    done = i + 2
  }
  return pieces.length === 0 ? text : Buffer.concat([...pieces, text.subarray(done)])
}

/** `From address Thu Apr 15 12:00:00 1993`: when it was delivered. */
function delivered(line: Buffer): { readonly date?: number } {
  const text = line.toString('latin1')
  const day = text.search(/ (?:Mon|Tue|Wed|Thu|Fri|Sat|Sun) /)
  const date = day < 0 ? undefined : parseDate(text.slice(day).trim())
  return date === undefined ? {} : { date }
}
