/** The lines of a body as octets, and how they are encoded: as they are wherever Usenet can carry them. RFC 2045 2, 6 */

export interface EncodedBody {
  /** RFC 2045 6.1 */
  readonly encoding: '7bit' | '8bit' | 'quoted-printable'
  /** Lines end in CRLF. */
  readonly octets: Buffer
}

/** Octets of a line without its CRLF. RFC 5322 2.1.1 */
const longestLine = 998

/** Every newsreader reads 8bit; quoted-printable is for words that no line can hold. RFC 5536 2.1, RFC 2045 2.8 */
export function encodeBody(lines: readonly string[]): EncodedBody {
  if (lines.some(line => Buffer.byteLength(line) > longestLine))
    return { encoding: 'quoted-printable', octets: joined(lines.flatMap(quotedPrintable)) }
  const octets = joined(lines)
  // One character may be several octets, and an octet is at most one character.
  const plain = octets.length === lines.reduce((sum, { length }) => sum + length + 2, 0)
  return { encoding: plain ? '7bit' : '8bit', octets }
}

const joined = (lines: readonly string[]): Buffer => Buffer.from(lines.map(line => `${line}\r\n`).join(''))

/** RFC 2045 6.7 rule 5, with the sign of a soft line break. */
const longestEncoded = 76

/** One line as several, all but the last with a soft line break. RFC 2045 6.7 */
function quotedPrintable(line: string): string[] {
  const octets = Buffer.from(line)
  const lines: string[] = []
  let current = ''
  for (const [at, octet] of octets.entries()) {
    const blank = octet === 0x20 || octet === 0x09
    // Rules 2 and 3: a blank stands for itself, but not at the end of a line.
    const literal = blank ? at < octets.length - 1 : octet > 0x20 && octet < 0x7f && octet !== 0x3d
    const text = literal
      ? String.fromCharCode(octet)
      : `=${octet.toString(16).toUpperCase().padStart(2, '0')}`
    if (current.length + text.length > longestEncoded - 1) {
      lines.push(`${current}=`)
      current = ''
    }
    current += text
  }
  return [...lines, current]
}
