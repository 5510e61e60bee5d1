/** Where an article came from, as records and rows of the log keep it: at most 255 octets of UTF-8. */

const most = 0xff

export const sourceLength = (source: string): number => Math.min(most, Buffer.byteLength(source))

/** Gives the offset behind; `target` has room for `sourceLength`. */
export function writeSource(source: string, target: Buffer, at: number): number {
  const length = sourceLength(source)
  // `write` leaves out a character that would be cut.
  if (length < most) target.write(source, at)
  else Buffer.from(source).copy(target, at, 0, length)
  return at + length
}
