/** Where an article came from, as records and rows of the log keep it: at most 255 octets of UTF-8. */

const most = 0xff

export const sourceLength = (source: string): number =>
  Math.min(most, isAscii(source) ? source.length : Buffer.byteLength(source))

/** Most are: then no octets are counted natively, which takes longer for so few. */
function isAscii(source: string): boolean {
  if (source.length > most) return false
  for (let at = 0; at < source.length; at++) if (source.charCodeAt(at) > 0x7f) return false
  return true
}

/** Gives the offset behind; `target` has room for `sourceLength`. */
export function writeSource(source: string, target: Buffer, at: number): number {
  const length = sourceLength(source)
  // `write` leaves out a character that would be cut.
  if (length < most) target.write(source, at)
  else Buffer.from(source).copy(target, at, 0, length)
  return at + length
}
