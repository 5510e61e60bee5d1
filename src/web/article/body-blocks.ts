/** An outline of a body as the article view shows it: hidden characters made visible, links found, folds summed up. */
import type { Line } from '../../article-text/flowed.ts'
import { visibleText } from '../../article-text/visible.ts'
import type { BodyBlock } from '../render.ts'
import type { Words } from '../words/english.ts'
import { inlinePieces } from './inline.ts'
import { type Block, outline } from './outline.ts'
import { rot13 } from './rot13.ts'

/** Links and marks of one page; what comes behind them is text. */
const mostPieces = 2000

/** `turned`: letters by ROT13. */
export function bodyBlocks(lines: readonly Line[], turned: boolean, words: Words): BodyBlock[] {
  const steps = blockSteps(lines, turned, words)
  for (;;) {
    const { done, value } = steps.next()
    if (done === true) return value
  }
}

/** The same with a pause behind each block. */
export function* blockSteps(
  lines: readonly Line[],
  turned: boolean,
  words: Words,
): Generator<void, BodyBlock[]> {
  const budget = { left: mostPieces }
  // Recursion: as deep as quotes count.
  function* shown(blocks: readonly Block[]): Generator<void, BodyBlock[]> {
    const found: BodyBlock[] = []
    for (const block of blocks) {
      if (block.kind === 'text') {
        const text = visibleText(turned ? rot13(block.text) : block.text)
        found.push({
          style: block.style,
          pieces: inlinePieces(text, budget),
          summary: '',
          blocks: [],
          seam: '',
        })
      } else {
        const inner = yield* shown(block.blocks)
        found.push({ style: block.of, pieces: [], summary: summaryOf(block, words), blocks: inner, seam: '' })
      }
      yield
    }
    return found
  }
  return yield* shown(outline(lines))
}

function summaryOf({ of, lines }: Block & { kind: 'fold' }, words: Words): string {
  const count = words.lines(lines)
  return of === 'quote' ? words.article.quoted(count) : words.article.spoiler(count)
}
