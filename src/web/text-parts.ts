/** Long texts in parts, each of which is shown on a page of its own. */
import type { Line } from '../article-text/flowed.ts'

/** Characters and lines of a part: what is decoded, linked and filled in at once. */
const mostCharacters = 60_000
const mostLines = 1500

/** At least one part; joined, they are the lines, but that a line longer than a part is divided. */
export function textParts(lines: readonly Line[]): (readonly Line[])[] {
  const parts: Line[][] = []
  let part: Line[] = []
  let characters = 0
  const close = () => {
    parts.push(part)
    part = []
    characters = 0
  }
  for (const line of lines) {
    for (const piece of line.text.length > mostCharacters ? pieces(line) : [line]) {
      const room = characters + piece.text.length + 1 <= mostCharacters && part.length < mostLines
      if (!room && part.length > 0) close()
      part.push(piece)
      characters += piece.text.length + 1
    }
  }
  if (part.length > 0 || parts.length === 0) close()
  return parts
}

/** Never between the halves of a character. */
function pieces({ depth, text }: Line): Line[] {
  const found: Line[] = []
  for (let from = 0; from < text.length; ) {
    let to = Math.min(text.length, from + mostCharacters - 1)
    if (to < text.length && (text.charCodeAt(to - 1) & 0xfc00) === 0xd800) to -= 1
    found.push({ depth, text: text.slice(from, to) })
    from = to
  }
  return found
}

/** The beginning of a text, whole lines of at most so many characters, and one at least. */
export function beginning(lines: readonly Line[], characters: number): readonly Line[] {
  let left = characters
  const end = lines.findIndex(({ text }) => {
    left -= text.length + 1
    return left < 0
  })
  return end < 0 ? lines : lines.slice(0, Math.max(end, 1))
}
