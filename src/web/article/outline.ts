/**
 * Lines as what a page shows: own text, quotes as a tree of which the long ones are folded, who wrote them, what stands
 * behind a spoiler, the signature. RFC 3676 4.3
 */
import type { Line } from '../../article-text/flowed.ts'
import { signatureOf } from '../../article-text/signature.ts'

export type Style = 'own' | 'who' | 'q1' | 'q2' | 'q3' | 'q4' | 'signature'

export type Block =
  | { readonly kind: 'text'; readonly style: Style; readonly text: string }
  | {
      readonly kind: 'fold'
      readonly of: 'quote' | 'spoiler'
      readonly lines: number
      readonly blocks: Block[]
    }

/** A quote of more lines is folded; the second number is for quotes inside quotes. */
const mostUnfolded = [14, 8] as const

/** A page of more blocks than this takes the rest as one. */
const mostBlocks = 1500

const quoteStyles = ['q1', 'q1', 'q2', 'q3', 'q4'] as const

interface Build {
  readonly lines: readonly Line[]
  blocks: number
  readonly folding: boolean
}

interface Range {
  readonly from: number
  readonly to: number
}

/** The blocks in order: their texts joined by LF are the lines, but for form feeds. */
export function outline(all: readonly Line[]): Block[] {
  const lines = bridged(all.slice(0, endOf(all)))
  const signature = signatureOf(lines)
  // Nothing but a quote: folded it would be an empty page.
  const folding = lines.slice(0, signature).some(({ depth, text }) => depth === 0 && text.trim() !== '')
  const build: Build = { lines, blocks: 0, folding }
  const veil = spoilerOf(lines.slice(0, signature))
  const blocks = quoted(build, { from: 0, to: veil ?? signature }, 0)
  if (veil !== undefined) {
    const hidden = quoted(build, { from: veil + 1, to: signature }, 0)
    blocks.push({ kind: 'fold', of: 'spoiler', lines: signature - veil - 1, blocks: hidden })
  }
  if (signature < lines.length) blocks.push(textBlock('signature', lines.slice(signature)))
  return blocks
}

/** Where the blank lines at the end begin. */
function endOf(lines: readonly Line[]): number {
  let end = lines.length
  while (end > 1 && lines[end - 1]?.text === '') end--
  return end
}

/** Blank lines between two quoted lines belong to the quote. */
function bridged(lines: readonly Line[]): Line[] {
  const out = [...lines]
  let before = 0
  let blank = 0
  for (const [at, line] of lines.entries()) {
    if (line.depth === 0 && line.text.trim() === '' && line.text !== '-- ') {
      blank++
      continue
    }
    const depth = Math.min(before, line.depth)
    if (depth > 0)
      for (let gap = at - blank; gap < at; gap++) out[gap] = { depth, text: lines[gap]?.text ?? '' }
    before = line.depth
    blank = 0
  }
  return out
}

const isFormFeed = ({ depth, text }: Line) => depth === 0 && text.includes('\f') && text.trim() === ''

/** The line of the first form feed; a text with many of them has pages and not secrets. */
function spoilerOf(lines: readonly Line[]): number | undefined {
  const first = lines.findIndex(isFormFeed)
  if (first < 0) return undefined
  const count = lines.reduce((sum, line) => sum + (isFormFeed(line) ? 1 : 0), 0)
  return count <= 3 ? first : undefined
}

function textBlock(style: Style, lines: readonly Line[]): Block {
  return { kind: 'text', style, text: lines.map(({ text }) => text).join('\n') }
}

/** Lines of a range in which all are quoted at least `depth` deep. Recursion: as deep as quotes count. */
function quoted(build: Build, { from, to }: Range, depth: number): Block[] {
  const blocks: Block[] = []
  const { lines } = build
  for (let at = from; at < to; ) {
    if (++build.blocks > mostBlocks) {
      blocks.push(textBlock(depth === 0 ? 'own' : (quoteStyles[depth] ?? 'q4'), lines.slice(at, to)))
      break
    }
    const deeper = (lines[at]?.depth ?? 0) > depth
    let end = at + 1
    while (end < to && (lines[end]?.depth ?? 0) > depth === deeper) end++
    const range = { from: at, to: end }
    if (deeper) blocks.push(...quote(build, range, depth + 1))
    else if (depth > 0) blocks.push(textBlock(quoteStyles[depth] ?? 'q4', lines.slice(at, end)))
    else blocks.push(...ownText(lines.slice(at, end), end < to))
    at = end
  }
  return blocks
}

function quote(build: Build, range: Range, depth: number): Block[] {
  const blocks = quoted(build, range, depth)
  const count = range.to - range.from
  if (!build.folding || count <= (depth === 1 ? mostUnfolded[0] : mostUnfolded[1])) return blocks
  return [{ kind: 'fold', of: 'quote', lines: count, blocks }]
}

const wrote =
  /\b(?:wr(?:ites?|ote)|says?|said|schrieb|schreibt|[ée]crit|scrisse|escribi[óo]|skrev|schreef)\b/i

/** The last lines before a quote that say whose it is: `In article <...> somebody writes:`. */
function ownText(lines: readonly Line[], beforeQuote: boolean): Block[] {
  let end = lines.length
  while (end > 0 && lines[end - 1]?.text.trim() === '') end--
  let from = end
  while (from > 0 && end - from < 3 && lines[from - 1]?.text.trim() !== '') from--
  const said = lines
    .slice(from, end)
    .map(({ text }) => text)
    .join(' ')
    .slice(0, 500)
  if (!beforeQuote || end - from === 0 || !/[:,]\s*$/.test(said) || !wrote.test(said))
    return [textBlock('own', lines)]
  // A whole paragraph only: the end of a longer one says more than that.
  if (from > 0 && lines[from - 1]?.text.trim() !== '') return [textBlock('own', lines)]
  const own: Block[] = from > 0 ? [textBlock('own', lines.slice(0, from))] : []
  return [...own, textBlock('who', lines.slice(from))]
}
