/** Header values as text: encoded words and raw 8-bit octets. RFC 2047, RFC 2231 5, RFC 5536 3.1 */
import { decodeOctets, decodeRaw } from './charset.ts'
import { decodeBase64, decodeQuotedPrintable } from './transfer.ts'

const encodedWord = /=\?([^?\s]{1,60})\?([bqBQ])\?([^?\s]*)\?=/g

/** Without the escape that begins Japanese in seven bits. RFC 1468 */
const plainAscii = /^[\x20-\x7e\t]*$/

interface Word {
  readonly charset: string
  readonly octets: Buffer
}

function openWord(charset: string, encoding: string, text: string): Word {
  const octets = Buffer.from(text, 'latin1')
  return {
    charset: charset.replace(/\*.*$/, '').toLowerCase(), // RFC 2231 5: a language may follow.
    // RFC 2047 4.2: an underscore is a blank.
    octets:
      encoding.toLowerCase() === 'b'
        ? decodeBase64(octets)
        : decodeQuotedPrintable(Buffer.from(text.replace(/_/g, ' '), 'latin1')),
  }
}

/**
 * A header value, one character an octet, as text: encoded words opened, raw octets decoded as UTF-8 or as `charset`,
 * which is what the article says of its body.
 */
export function decodeHeader(value: string, charset = ''): string {
  // What most of them are.
  if (plainAscii.test(value) && !value.includes('=?')) return value
  let text = ''
  let last = 0
  let words: Word[] = []
  const flush = () => {
    text += decodeOctets(Buffer.concat(words.map(word => word.octets)), words[0]?.charset ?? '')
    words = []
  }
  const plain = (part: string) => {
    text += decodeRaw(Buffer.from(part, 'latin1'), charset)
  }
  for (const match of value.matchAll(encodedWord)) {
    const between = value.slice(last, match.index)
    const word = openWord(match[1] ?? '', match[2] ?? '', match[3] ?? '')
    // RFC 2047 6.2: blanks between two encoded words do not count. Peers do this: a character split over two.
    const joins = words.length > 0 && /^[ \t]*$/.test(between)
    if (words.length > 0 && !(joins && words[0]?.charset === word.charset)) flush()
    if (!joins) plain(between)
    words.push(word)
    last = match.index + match[0].length
  }
  if (words.length > 0) flush()
  plain(value.slice(last))
  return text
}
