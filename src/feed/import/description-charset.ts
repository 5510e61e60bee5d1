/** Group descriptions of other servers made UTF-8. RFC 3977 7.6.6 wants UTF-8; lists of the 1990s have all charsets. */

/** What the people of a hierarchy wrote in, by the first components of the name; the longest match counts. */
const charsets: ReadonlyMap<string, readonly string[]> = new Map([
  ['chinese', ['big5', 'gb18030']],
  ['cn', ['gb18030']],
  ['cz', ['iso-8859-2']],
  ['fido7', ['koi8-r']],
  ['fj', ['iso-2022-jp', 'euc-jp', 'shift_jis']],
  ['han', ['euc-kr']],
  ['hk', ['big5']],
  ['hr', ['windows-1250']],
  ['hun', ['iso-8859-2']],
  ['japan', ['iso-2022-jp', 'euc-jp', 'shift_jis']],
  ['kr', ['euc-kr']],
  ['lt', ['windows-1257']],
  ['nctu', ['big5']],
  ['ncu', ['big5']],
  ['pl', ['iso-8859-2']],
  ['relcom', ['koi8-r']],
  ['ru', ['koi8-r']],
  ['scout.forum.chinese', ['big5']],
  ['si', ['windows-1250']],
  ['sk', ['iso-8859-2']],
  ['tnn', ['iso-2022-jp', 'euc-jp', 'shift_jis']],
  ['tw', ['big5']],
  ['ukr', ['koi8-u']],
])

/** The description as text: valid UTF-8, else the charset of the hierarchy, else windows-1252. Never fails. */
export function decodeDescription(group: string, octets: Buffer): string {
  const usual = charsetsOf(group)
  // RFC 1468: ISO-2022-JP is valid UTF-8 too, and known by its escapes.
  const candidates = octets.includes('\x1b$') ? usual : ['utf-8', ...usual]
  for (const charset of candidates) {
    const text = decode(charset, octets)
    if (text !== undefined) return text
  }
  return decodeWindows1252(octets)
}

/** What octets 80 to 9f are. Node 20's TextDecoder gives the control characters of latin1 for them. */
const windows1252 = '€\x81‚ƒ„…†‡ˆ‰Š‹Œ\x8dŽ\x8f\x90‘’“”•–—˜™š›œ\x9džŸ'

function decodeWindows1252(octets: Buffer): string {
  const text = octets.toString('latin1')
  return text.replace(/[\x80-\x9f]/g, octet => windows1252[octet.charCodeAt(0) - 0x80] ?? octet)
}

function charsetsOf(group: string): readonly string[] {
  for (let name = group; ; name = name.slice(0, name.lastIndexOf('.'))) {
    const found = charsets.get(name)
    if (found !== undefined) return found
    if (!name.includes('.')) return []
  }
}

function decode(charset: string, octets: Buffer): string | undefined {
  try {
    return new TextDecoder(charset, { fatal: true }).decode(octets)
  } catch {
    return undefined // These octets are not in that charset.
  }
}
