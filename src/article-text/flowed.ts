/** Lines of a text with their quoting depth; paragraphs of format=flowed put together again. RFC 3676 4 */
import type { MediaType } from './media-type.ts'
import { deepestQuote, quoteDepth } from './quotes.ts'

export interface Line {
  /** 0 is the author's own text; at most `deepestQuote`. */
  readonly depth: number
  /** With its quote marks. */
  readonly text: string
}

/** A text that is not flowed, as it stands. */
export function fixedLines(text: string): Line[] {
  return text.split('\n').map(line => ({ depth: quoteDepth(line), text: line }))
}

/** RFC 3676 4.1 and 4.2; `delSp` takes the blank at a soft break out of the text. */
export function flowedLines(text: string, delSp: boolean): Line[] {
  const lines: Line[] = []
  let parts: string[] = []
  let open = 0
  const end = () => {
    if (parts.length > 0) lines.push(flowedLine(open, parts.join('')))
    parts = []
  }
  for (const line of text.split('\n')) {
    let depth = 0
    while (line[depth] === '>') depth++
    // RFC 3676 4.4: one blank is stuffing.
    const content = line.slice(line[depth] === ' ' ? depth + 1 : depth)
    const soft = content.endsWith(' ') && content !== '-- '
    // RFC 3676 4.5: a change of depth, and 4.3: a signature, end a paragraph.
    if (depth !== open || content === '-- ') end()
    open = depth
    parts.push(soft && delSp ? content.slice(0, -1) : content)
    if (!soft) end()
  }
  end()
  return lines
}

function flowedLine(depth: number, content: string): Line {
  if (depth === 0) return { depth: 0, text: content }
  return { depth: Math.min(depth, deepestQuote), text: `${'>'.repeat(depth)} ${content}`.trimEnd() }
}

/** RFC 3676 4 */
export function linesOf(text: string, { type, parameters }: MediaType): Line[] {
  const flowed = type === 'text/plain' && parameters.get('format')?.toLowerCase() === 'flowed'
  return flowed ? flowedLines(text, parameters.get('delsp')?.toLowerCase() === 'yes') : fixedLines(text)
}
