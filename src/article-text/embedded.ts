/** A file that stands inside a text, as uuencode and yEnc put it there: found without decoding, decoded on demand. */

export interface Embedded {
  /** Octets of the text that belong to it. */
  readonly start: number
  readonly end: number
  /** As written, one character an octet. */
  readonly name: string
  readonly size: number
  /** Of a file whose other pieces stand in other articles. */
  readonly piece?: Piece
  readonly open: () => Opened
}

/** `of` is 0 where nothing says how many there are. */
export interface Piece {
  readonly number: number
  readonly of: number
}

export interface Opened {
  readonly octets: Buffer
  /** The file is as it was sent; undefined where its form cannot tell. */
  readonly intact: boolean | undefined
}

const LF = 10
const CR = 13

/** A line without its end, and where the next one begins; at the end of `octets` next is their length. */
export function lineAt(octets: Buffer, at: number): { readonly stop: number; readonly next: number } {
  const end = octets.indexOf(LF, at)
  if (end < 0) return { stop: octets.length, next: octets.length }
  return { stop: end > at && octets[end - 1] === CR ? end - 1 : end, next: end + 1 }
}

/** Where the next line that begins with `mark` does, which ends in the first octets of a line; -1 where none does. */
export function findLine(octets: Buffer, mark: string, from: number): number {
  for (let at = octets.indexOf(mark, from, 'latin1'); at >= 0; at = octets.indexOf(mark, at + 1, 'latin1'))
    if (at === 0 || octets[at - 1] === LF) return at
  return -1
}
