/**
 * Typed text as format=flowed: what is longer than a line is broken softly, everything else stays a line of its own.
 * The inverse of `article-text/flowed.ts`. RFC 3676 4
 */

/** Characters of a line with its quote marks and without the blank at its end. RFC 3676 4.2: 72 or so, at most 78 */
const width = 74
/** However deep the quotes are, so much is left. */
const leastRoom = 40
/** More marks than these are text. */
const mostMarks = 20

/** Lines without their ends. Blanks at the end of what was typed mean nothing, but for that of `-- `. */
export function flow(typed: string): string[] {
  return typed.split(/\r\n|\r|\n/).flatMap(flowLine)
}

function flowLine(line: string): string[] {
  let depth = 0
  while (line[depth] === '>' && depth < mostMarks) depth++
  const rest = depth > 0 && line[depth] === ' ' ? line.slice(depth + 1) : line.slice(depth)
  // RFC 3676 4.3: the one line whose blank is no soft break.
  const content = rest === signatureMark ? rest : rest.trimEnd()
  const room = Math.max(leastRoom, width - depth)
  return softly(content, room).map(piece => physical(piece, depth))
}

const signatureMark = '-- '

/** Pieces that end in blanks, but for the last. A word that is longer than the room stays whole. RFC 3676 4.2 */
function softly(content: string, room: number): string[] {
  const pieces: string[] = []
  let start = 0
  while (content.length - start > room) {
    const end = breakAfter(content, start, room)
    if (end === undefined) break
    pieces.push(content.slice(start, end))
    start = end
  }
  return [...pieces, content.slice(start)]
}

/** Behind the last run of blanks that the room holds, else behind the first. */
function breakAfter(content: string, start: number, room: number): number | undefined {
  const behind = (blank: number): number | undefined => {
    if (blank < start) return undefined
    let end = blank + 1
    while (content[end] === ' ') end++
    // Nothing may be left over for the end, and `-- ` alone would begin a signature.
    return end < content.length && content.slice(start, end) !== signatureMark ? end : undefined
  }
  return behind(content.lastIndexOf(' ', start + room)) ?? behind(content.indexOf(' ', start + room))
}

/** RFC 3676 4.4, 4.5: a blank behind quote marks, and before what could be taken for something else. */
function physical(piece: string, depth: number): string {
  if (depth > 0) return piece === '' ? '>'.repeat(depth) : `${'>'.repeat(depth)} ${piece}`
  return /^(?: |>|From )/.test(piece) ? ` ${piece}` : piece
}
