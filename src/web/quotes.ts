/** Body text as runs of lines of one quoting depth, and the signature: what the article view colours. */

export interface TextRun {
  /** 0 is the author's own text; deeper than 4 counts as 4. */
  readonly depth: number
  readonly signature: boolean
  /** Lines joined by LF. */
  readonly text: string
}

const deepest = 4

/** How often a line is quoted: `>`, `> >`, `|>`; initials before the first `>` as some readers put them. */
export function quoteDepth(line: string): number {
  let at = line[0] === ' ' ? 1 : 0
  // `JD> text`: up to three letters, and only at the very beginning.
  let letters = at
  while (letters - at < 3 && /[A-Za-z]/.test(line[letters] ?? '')) letters++
  if (letters > at && line[letters] === '>') at = letters
  let depth = 0
  let bars = 0
  for (; at < line.length; at++) {
    const character = line[at]
    if (character === '>') {
      depth += 1
      bars = 0
    } else if (character === '|' && bars === 0) bars = 1
    else if (character !== ' ' || line[at - 1] === ' ') break
  }
  return Math.min(depth, deepest)
}

/** Where the blank lines at the end begin. No pattern: it would try each run of blank lines from each of its lines. */
function endOfLines(text: string): number {
  let end = text.length
  while (text[end - 1] === '\n') end--
  return end
}

/** Runs in order; their texts joined by LF are the text. RFC 3676 4.3: the signature begins at a line `-- `. */
export function textRuns(text: string): TextRun[] {
  const runs: { depth: number; signature: boolean; lines: string[] }[] = []
  let signature = false
  for (const line of text.slice(0, endOfLines(text)).split('\n')) {
    signature ||= line === '-- '
    const depth = signature ? 0 : quoteDepth(line)
    const last = runs.at(-1)
    if (last !== undefined && last.depth === depth && last.signature === signature) last.lines.push(line)
    else runs.push({ depth, signature, lines: [line] })
  }
  return runs.map(({ lines, ...run }) => ({ ...run, text: lines.join('\n') }))
}
