/**
 * Octets of other people's articles as characters: charsets, encoded words, raw 8-bit headers. Nothing here throws;
 * what cannot be decoded is shown as well as it can be. RFC 2047, RFC 2045 6.7 and 6.8, RFC 5536 3.1
 */

/** The name by which the Encoding Standard knows a charset; undefined where it does not. */
function standardName(charset: string): string | undefined {
  try {
    return new TextDecoder(charset).encoding
  } catch {
    return undefined // Unknown: the caller has another try.
  }
}

/** The text, or undefined where an octet does not fit the charset. */
function strictly(octets: Uint8Array, charset: string): string | undefined {
  try {
    return new TextDecoder(charset, { fatal: true, ignoreBOM: true }).decode(octets)
  } catch {
    return undefined
  }
}

/** A few broken sequences in what says it is UTF-8 do not make it something else. */
function mostlyUtf8(octets: Uint8Array): string | undefined {
  const text = new TextDecoder('utf-8', { ignoreBOM: true }).decode(octets)
  const broken = text.split('\ufffd').length - 1
  const high = octets.reduce((count, octet) => count + (octet > 0x7f ? 1 : 0), 0)
  return broken * 4 <= high ? text : undefined
}

/** 0x80 to 0x9f; what is not assigned stays a control character. */
const upperControls = '€\x81‚ƒ„…†‡ˆ‰Š‹Œ\x8dŽ\x8f\x90‘’“”•–—˜™š›œ\x9džŸ'

/** Node 20's own TextDecoder takes windows-1252 for ISO 8859-1. */
function windows1252(octets: Uint8Array): string {
  const text = Buffer.from(octets.buffer, octets.byteOffset, octets.length).toString('latin1')
  return text.replace(/[\x80-\x9f]/g, octet => upperControls[octet.charCodeAt(0) - 0x80] ?? octet)
}

/** Text of octets said to be in `charset` (empty where nothing was said): UTF-8, the declared one, windows-1252. */
export function decodeOctets(octets: Uint8Array, charset: string): string {
  const declared = standardName(charset.trim())
  // What is called Latin or ASCII is often UTF-8 after all; other charsets can tell that octets are not theirs.
  const other = declared === undefined || declared === 'windows-1252' ? undefined : strictly(octets, declared)
  const text = other ?? strictly(octets, 'utf-8')
  if (text !== undefined) return text
  return (declared === 'utf-8' ? mostlyUtf8(octets) : undefined) ?? windows1252(octets)
}

/** RFC 2045 6.8. Lenient: what is not base64 is skipped. */
export function decodeBase64(octets: Buffer): Buffer {
  return Buffer.from(octets.toString('latin1'), 'base64')
}

const hexDigit = (octet: number | undefined): number =>
  octet === undefined ? Number.NaN : Number.parseInt(String.fromCharCode(octet), 16)

/** RFC 2045 6.7. A broken escape stays as it is. */
export function decodeQuotedPrintable(octets: Buffer): Buffer {
  const out = Buffer.alloc(octets.length)
  let length = 0
  for (let at = 0; at < octets.length; at++) {
    const octet = octets[at] ?? 0
    if (octet === 0x3d) {
      const breaks = softBreak(octets, at)
      if (breaks > 0) {
        at += breaks - 1
        continue
      }
      const value = hexDigit(octets[at + 1]) * 16 + hexDigit(octets[at + 2])
      if (!Number.isNaN(value)) {
        out[length++] = value
        at += 2
        continue
      }
    }
    out[length++] = octet
  }
  return out.subarray(0, length)
}

/** Octets of a soft line break at `at`, blanks before the line end included; 0 where there is none. */
function softBreak(octets: Buffer, at: number): number {
  let end = at + 1
  while (octets[end] === 0x20 || octets[end] === 0x09) end++
  if (octets[end] === 0x0d) end++
  return octets[end] === 0x0a ? end + 1 - at : 0
}

const encodedWord = /=\?([^?\s]{1,60})\?([bqBQ])\?([^?\s]*)\?=/g

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

/** A header value, one character an octet, as text: encoded words opened, raw octets decoded. */
export function decodeHeader(value: string): string {
  let text = ''
  let last = 0
  let words: Word[] = []
  const flush = () => {
    text += decodeOctets(Buffer.concat(words.map(word => word.octets)), words[0]?.charset ?? '')
    words = []
  }
  const plain = (part: string) => {
    text += decodeOctets(Buffer.from(part, 'latin1'), '')
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
