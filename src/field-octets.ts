/** Header fields compared and measured as octets, without making strings. RFC 5536 2.2; RFC 3977 3.1.1 */

const TAB = 9
const LF = 10
const CR = 13
const SPACE = 32
const DOT = 46
const COLON = 58

/** Names are ASCII: compared on octets, without making a string. RFC 5536 2.2: case-insensitive */
export function isNamed(wire: Buffer, at: number, name: string): boolean {
  for (let i = 0; i < name.length; i++) {
    const octet = wire[at + i] as number
    const wanted = name.charCodeAt(i)
    if (octet !== wanted && lowerCase(octet) !== lowerCase(wanted)) return false
  }
  return true
}

/** Whether two names that begin there and end with a colon are one. */
export function isSameName(wire: Buffer, one: number, other: number): boolean {
  for (let i = 0; ; i++) {
    const octet = wire[one + i] as number
    if (lowerCase(octet) !== lowerCase(wire[other + i] as number)) return false
    if (octet === COLON) return true
  }
}

/** Whether these octets stand there, case included. */
export function standsAt(wire: Buffer, at: number, text: string): boolean {
  for (let i = 0; i < text.length; i++) if (wire[at + i] !== text.charCodeAt(i)) return false
  return true
}

function lowerCase(octet: number): number {
  return octet >= 65 && octet <= 90 ? octet + 32 : octet
}

/** Up to so many octets are copied one by one: to do it natively takes a view of the source. */
const few = 64

interface Stretch {
  readonly source: Buffer
  readonly from: number
  readonly stop: number
}

/** Gives the offset behind. */
export function copyOctets(target: Buffer, at: number, { source, from, stop }: Stretch): number {
  if (stop - from > few) return at + source.copy(target, at, from, stop)
  for (let octet = from; octet < stop; octet++) target[at + octet - from] = source[octet] as number
  return at + stop - from
}

export function isBlank(code: number | undefined): boolean {
  return code === SPACE || code === TAB
}

/** Octets of a header line given as text, with its CRLF and a stuffed dot. */
export function wireLength(line: string): number {
  for (let i = 0; i < line.length; i++) {
    const code = line.charCodeAt(i)
    if (code > CR && code < 256) continue
    const fold = code === LF && line.charCodeAt(i - 1) === CR && isBlank(line.charCodeAt(i + 1))
    if (code === 0 || code > 255 || (code === LF && !fold))
      throw new RangeError(`header line ${JSON.stringify(line.slice(0, 60))} holds what no header may hold`)
  }
  return line.length + 2 + (line.charCodeAt(0) === DOT ? 1 : 0)
}

/** A regular expression for this takes quadratic time. */
export function trimBlanks(value: string): string {
  let from = 0
  let to = value.length
  while (from < to && isBlank(value.charCodeAt(from))) from++
  while (to > from && isBlank(value.charCodeAt(to - 1))) to--
  return value.slice(from, to)
}
