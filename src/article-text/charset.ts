/**
 * Octets of other people's articles as characters. Nothing here throws; what cannot be decoded is shown as well as it
 * can be. The one file that meets iconv-lite. RFC 2045 5.1, RFC 2152, RFC 1468
 */
import iconv from 'iconv-lite'

/** The name by which the Encoding Standard knows a charset; undefined where it does not. */
function standardName(charset: string): string | undefined {
  // As most articles say nothing, and an error that is thrown costs as much as all the rest.
  if (charset === '') return undefined
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

/** A few broken sequences in what says it is UTF-8 or Big5 do not make it something else. */
function mostly(octets: Uint8Array, charset: string): string | undefined {
  const text = new TextDecoder(charset, { ignoreBOM: true }).decode(octets)
  const broken = text.split('\ufffd').length - 1
  let high = 0
  for (const octet of octets) if (octet > 0x7f) high++
  return broken * 4 <= high ? text : undefined
}

/** 0x80 to 0x9f; what is not assigned stays a control character. */
const upperControls = '€\x81‚ƒ„…†‡ˆ‰Š‹Œ\x8dŽ\x8f\x90‘’“”•–—˜™š›œ\x9džŸ'

/** Node 20's own TextDecoder takes windows-1252 for ISO 8859-1. */
function windows1252(octets: Uint8Array): string {
  const text = Buffer.from(octets.buffer, octets.byteOffset, octets.length).toString('latin1')
  return text.replace(/[\x80-\x9f]/g, octet => upperControls[octet.charCodeAt(0) - 0x80] ?? octet)
}

/** What browsers have forgotten and old articles still say. By name: iconv-lite knows `hex` and `base64` too. */
const forgotten =
  /^(?:(?:cp|ibm)-?\d{3,5}|(?:unicode-1-1-)?utf-?7|mac(?:roman|greek|turkish|iceland|croatian|romania|centeuro)|viscii|tcvn|hp-?roman-?8|armscii-?8|koi8-?(?:ru|t)|pt154|rk1048|mik)$/i

function legacy(octets: Uint8Array, charset: string): string | undefined {
  return forgotten.test(charset) && iconv.encodingExists(charset)
    ? iconv.decode(octets, charset, { stripBOM: false })
    : undefined
}

/** Japanese in seven bits is often not declared; its first escape is nothing that anybody writes. RFC 1468 */
function looksJapanese(octets: Uint8Array): boolean {
  const buffer = Buffer.from(octets.buffer, octets.byteOffset, octets.length)
  return buffer.includes('\x1b$B') || buffer.includes('\x1b$@')
}

/** Letters of KOI8-R, small ones mostly, and no other high octets: what Russian posters leave undeclared. RFC 1489 */
function looksRussian(octets: Uint8Array): boolean {
  let small = 0
  let large = 0
  let alone = 0
  for (const [at, octet] of octets.entries()) {
    if (octet < 0x80) continue
    if (octet === 0xa3 || (octet >= 0xc0 && octet <= 0xdf)) small++
    else if (octet === 0xb3 || octet >= 0xe0) large++
    else return false
    if ((octets[at - 1] ?? 0) < 0x80 && (octets[at + 1] ?? 0) < 0x80) alone++
  }
  return small + large >= 5 && small > 2 * large && alone * 4 < small
}

/** The letters that are nearly six of ten in Russian: о, а, е, и, н, т, с, р. */
const commonLetters = 'оаеинтср'
const commonIn1251 = new Set(iconv.encode(commonLetters, 'windows-1251'))
const commonInKoi8 = new Set(iconv.encode(commonLetters.toUpperCase(), 'koi8-r'))

const signsIn1251 = new Set(iconv.encode('„…‘’“”•–—\xa0«»№', 'windows-1251'))

/**
 * Letters of windows-1251, small ones mostly, and of no other alphabet that has its small letters there: Greek, Hebrew
 * and what is shouted in KOI8-R have fewer of those that are common in Russian, and letters of Latin stand alone.
 */
function looksRussian1251(octets: Uint8Array): boolean {
  let [small, large, alone, common, shouted] = [0, 0, 0, 0, 0]
  for (const [at, octet] of octets.entries()) {
    if (octet < 0x80) continue
    if (octet >= 0xe0 || octet === 0xb8) small++
    else if (octet >= 0xc0 || octet === 0xa8) large++
    else if (!signsIn1251.has(octet)) return false
    if (commonIn1251.has(octet)) common++
    if (commonInKoi8.has(octet)) shouted++
    if ((octets[at - 1] ?? 0) < 0x80 && (octets[at + 1] ?? 0) < 0x80) alone++
  }
  const letters = small + large
  const isWords = letters >= 6 && small > 2 * large && alone * 4 < small
  return isWords && common * 2 >= letters && common > shouted
}

/**
 * Text of octets said to be in `charset` (empty where nothing was said): the declared one, UTF-8, KOI8-R or
 * windows-1251 where nothing was said and it looks so, windows-1252.
 */
export function decodeOctets(octets: Uint8Array, charset: string): string {
  const name = charset.trim()
  const declared = standardName(name)
  const latin = declared === undefined || declared === 'windows-1252'
  if (latin && looksJapanese(octets)) return mostly(octets, 'iso-2022-jp') ?? windows1252(octets)
  // What is called Latin or ASCII is often UTF-8 after all; other charsets can tell that octets are not theirs.
  const own = latin ? legacy(octets, name) : strictly(octets, declared)
  const text = own ?? strictly(octets, 'utf-8')
  if (text !== undefined) return text
  if (name === '' && looksRussian(octets)) return new TextDecoder('koi8-r').decode(octets)
  if (name === '' && looksRussian1251(octets)) return new TextDecoder('windows-1251').decode(octets)
  return (latin ? undefined : mostly(octets, declared)) ?? windows1252(octets)
}

/** Octets that nothing was said about but by their neighbours: UTF-8, else as `decodeOctets`. RFC 5536 3.1 */
export function decodeRaw(octets: Uint8Array, charset: string): string {
  const text = looksJapanese(octets) ? undefined : strictly(octets, 'utf-8')
  return text ?? decodeOctets(octets, charset)
}
