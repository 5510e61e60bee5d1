/** How deep a line is quoted, as newsreaders of forty years have written it. RFC 3676 4.5 */

export const deepestQuote = 4

/** `>`, `> >`, `|>`; initials before the first `>` as some readers put them. Deeper than 4 counts as 4. */
export function quoteDepth(line: string): number {
  return Math.min(quoteMarks(line).depth, deepestQuote)
}

/** The marks of a line, however many there are, and where the text behind them begins. */
export function quoteMarks(line: string): { readonly depth: number; readonly end: number } {
  let at = line[0] === ' ' ? 1 : 0
  // `JD> text`: up to three letters, and only at the very beginning.
  let letters = at
  while (letters - at < 3 && /[A-Za-z]/.test(line[letters] ?? '')) letters++
  if (letters > at && line[letters] === '>') at = letters
  let depth = 0
  let bars = 0
  let end = 0
  for (; at < line.length; at++) {
    const character = line[at]
    if (character === '>') {
      depth += 1
      bars = 0
      end = at + 1
    } else if (character === '|' && bars === 0) bars = 1
    else if (character !== ' ' || line[at - 1] === ' ') break
  }
  return { depth, end: depth > 0 && line[end] === ' ' ? end + 1 : end }
}
