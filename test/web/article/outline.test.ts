import { expect } from 'chai'
import fc from 'fast-check'
import { fixedLines, flowedLines } from '../../../src/article-text/flowed.ts'
import { type Block, outline } from '../../../src/web/article/outline.ts'

const of = (text: string) => outline(fixedLines(text))
const text = (style: string, content: string) => ({ kind: 'text', style, text: content })

function flat(blocks: readonly Block[]): string[] {
  return blocks.flatMap(block => (block.kind === 'text' ? [block.text] : flat(block.blocks)))
}

describe('web: flowed text', () => {
  const cases: readonly (readonly [string, string, boolean, readonly (readonly [number, string])[]])[] = [
    [
      'a paragraph',
      'one \ntwo \nthree\nfour',
      false,
      [
        [0, 'one two three'],
        [0, 'four'],
      ],
    ],
    [
      'DelSp',
      'Donau \ndampf\nschiff',
      true,
      [
        [0, 'Donaudampf'],
        [0, 'schiff'],
      ],
    ],
    [
      'stuffing',
      ' >no quote\n From\n  two',
      false,
      [
        [0, '>no quote'],
        [0, 'From'],
        [0, ' two'],
      ],
    ],
    [
      'a flowed quote',
      '> one \n> two\n>> deep \n>> er\nown',
      false,
      [
        [1, '> one two'],
        [2, '>> deep er'],
        [0, 'own'],
      ],
    ],
    [
      'a change of depth ends it',
      '> one \nown',
      false,
      [
        [1, '> one '.trimEnd()],
        [0, 'own'],
      ],
    ],
    [
      'the signature is no soft break',
      'text \n-- \nname',
      false,
      [
        [0, 'text '],
        [0, '-- '],
        [0, 'name'],
      ],
    ],
    ['an open end', 'one \n', false, [[0, 'one ']]],
  ]
  for (const [name, source, delSp, lines] of cases)
    it(name, () => {
      expect(flowedLines(source, delSp).map(({ depth, text }) => [depth, text])).to.deep.equal(lines)
    })
})

describe('web: outline', () => {
  it('own text, who wrote, quotes, the signature', () => {
    expect(of('Hi,\n\nOn Monday Ann wrote:\n> b\n>> c\nd\n-- \n> sig\n\n')).to.deep.equal([
      text('own', 'Hi,\n'),
      text('who', 'On Monday Ann wrote:'),
      text('q1', '> b'),
      text('q2', '>> c'),
      text('own', 'd'),
      text('signature', '-- \n> sig'),
    ])
  })

  it('a blank line inside a quote belongs to it', () => {
    expect(of('a\n> b\n\n> c\n')).to.deep.equal([text('own', 'a'), text('q1', '> b\n\n> c')])
  })

  it('folds long quotes, and long quotes inside them', () => {
    const inner = '>> x\n'.repeat(9)
    const blocks = of(`own\n${'> y\n'.repeat(10)}${inner}> z\nown\n`)
    expect(blocks.map(block => block.kind)).to.deep.equal(['text', 'fold', 'text'])
    const fold = blocks[1] as Block & { kind: 'fold' }
    expect([fold.of, fold.lines]).to.deep.equal(['quote', 20])
    expect(fold.blocks.map(block => block.kind)).to.deep.equal(['text', 'fold', 'text'])
  })

  it('does not fold what is nothing but a quote', () => {
    expect(of('> y\n'.repeat(40)).map(block => block.kind)).to.deep.equal(['text'])
  })

  it('hides what stands behind a form feed, and shows the signature', () => {
    const blocks = of('The butler?\n\f\nYes.\n-- \nAnn')
    expect(blocks).to.deep.equal([
      text('own', 'The butler?'),
      { kind: 'fold', of: 'spoiler', lines: 1, blocks: [text('own', 'Yes.')] },
      text('signature', '-- \nAnn'),
    ])
    expect(of('1\n\f\n2\n\f\n3\n\f\n4\n\f\n5').map(block => block.kind)).to.deep.equal(['text'])
  })

  it('a bare -- is a signature near the end only', () => {
    expect(of('a\n--\nAnn').at(-1)).to.deep.equal(text('signature', '--\nAnn'))
    expect(of(`a\n--\n${'b\n'.repeat(30)}`).length).to.equal(1)
    expect(of('a\n-- \nb\n-- \nAnn').at(-1)).to.deep.equal(text('signature', '-- \nAnn'))
  })

  it('takes hundreds of thousands of lines in its stride, and makes few blocks of them', () => {
    const blank = `${'\n'.repeat(300_000)}x`
    expect(flat(of(blank)).join('\n')).to.equal(blank)
    const striped = '> a\nb\n'.repeat(100_000).trimEnd()
    expect(of(striped).length).to.be.at.most(1600)
    expect(flat(of(striped)).join('\n')).to.equal(striped)
    expect(flat(of('a\n--\n'.repeat(50_000))).join('\n').length).to.equal(249_999)
  })

  it('property: the blocks are the text', () => {
    const line = fc.constantFrom('', 'a', '> b', '>> c', '-- ', '|> d', ' e', 'x wrote:', '--')
    fc.assert(
      fc.property(fc.array(line, { maxLength: 60 }), lines => {
        const whole = lines.join('\n').replace(/\n+$/, '')
        expect(flat(of(whole)).join('\n')).to.equal(whole)
      }),
    )
  })
})
