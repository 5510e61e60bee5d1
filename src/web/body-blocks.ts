/** An outline of a body as the article view shows it: hidden characters made visible, links found, folds summed up. */
import type { Line } from '../article-text/flowed.ts'
import { visibleText } from '../article-text/visible.ts'
import { inlinePieces } from './article/inline.ts'
import { type Block, outline } from './article/outline.ts'
import { rot13 } from './article/rot13.ts'
import type { BodyBlock } from './render.ts'
import type { Words } from './words/english.ts'

/** Links and marks of one page; what comes behind them is text. */
const mostPieces = 2000

/** `turned`: letters by ROT13. */
export function bodyBlocks(lines: readonly Line[], turned: boolean, words: Words): BodyBlock[] {
  const budget = { left: mostPieces }
  const shown = (block: Block): BodyBlock => {
    if (block.kind === 'text') {
      const text = visibleText(turned ? rot13(block.text) : block.text)
      return { style: block.style, pieces: inlinePieces(text, budget), summary: '', blocks: [] }
    }
    return { style: block.of, pieces: [], summary: summaryOf(block, words), blocks: block.blocks.map(shown) }
  }
  return outline(lines).map(shown)
}

function summaryOf({ of, lines }: Block & { kind: 'fold' }, words: Words): string {
  const count = words.lines(lines)
  return of === 'quote' ? words.article.quoted(count) : words.article.spoiler(count)
}
