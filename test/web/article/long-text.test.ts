import { expect } from 'chai'
import { bodyBlocks } from '../../../src/web/article/body-blocks.ts'
import { filledIn, isLong } from '../../../src/web/article/long-text.ts'
import type { BodyBlock, Render, Rendered } from '../../../src/web/render.ts'
import { createRenderer } from '../../../src/web/renderer.ts'
import { english } from '../../../src/web/words/english.ts'

const render = createRenderer()
const seam = 'e3b0c44298fc1c149afbf4c8996fb924'

const blocksOf = (lines: readonly (readonly [number, string])[]): BodyBlock[] =>
  bodyBlocks(
    lines.map(([depth, text]) => ({ depth, text: `${'> '.repeat(depth)}${text}` })),
    false,
    english,
  )

const weight = ({ pieces, blocks }: BodyBlock): number =>
  blocks.reduce((sum, block) => sum + weight(block), 1 + pieces.length)

/** What comes out, and the most pieces and blocks that a view was given at once. */
function filled(blocks: readonly BodyBlock[]): { readonly markup: string; readonly most: number } {
  let most = 0
  const counting: Render = (view, context, words) => {
    const pieces = 'pieces' in context ? context.pieces.length : 0
    const inner = 'blocks' in context ? context.blocks.reduce((sum, block) => sum + weight(block), 0) : 0
    most = Math.max(most, pieces, inner)
    return render(view, context, words)
  }
  const around = `<p>before</p>${seam}<p>behind</p>` as Rendered
  const steps = filledIn(around, blocks, { render: counting, words: english, seam })
  for (;;) {
    const { done, value } = steps.next()
    if (done === true) return { markup: value, most }
  }
}

const link = (at: number): string => `see *this* at http://x.test/${at} & <more>`

describe('web: long texts', () => {
  const texts: Record<string, BodyBlock[]> = {
    'one text of many links': blocksOf(Array.from({ length: 500 }, (_, at) => [0, link(at)])),
    'lines of quotes, each deeper or not': blocksOf(
      Array.from({ length: 900 }, (_, at) => [at % 4, link(at)]),
    ),
    'a long quote that is folded, in another, behind a text': blocksOf([
      [0, 'I say:'],
      ...Array.from({ length: 900 }, (_, at): [number, string] => [
        at % 5 === 0 ? 1 : 2 + (at % 2),
        link(at),
      ]),
      [0, 'and that is all'],
    ]),
    'no text': [],
  }
  for (const [name, blocks] of Object.entries(texts))
    it(`are filled in a part at a time, and are the same: ${name}`, () => {
      const { markup, most } = filled(blocks)
      expect(markup).to.equal(`<p>before</p>${render('blocks', { blocks }, english)}<p>behind</p>`)
      expect(most).to.be.at.most(150)
    })

  it('are told from short ones', () => {
    expect(isLong([])).to.equal(false)
    expect(isLong(blocksOf(Array.from({ length: 20 }, (_, at) => [at % 3, link(at)])))).to.equal(false)
    expect(isLong(blocksOf(Array.from({ length: 100 }, (_, at) => [0, link(at)])))).to.equal(true)
  })
})
