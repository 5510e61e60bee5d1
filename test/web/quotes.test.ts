import { expect } from 'chai'
import fc from 'fast-check'
import { quoteDepth, textRuns } from '../../src/web/quotes.ts'

describe('web: quotes', () => {
  const lines: readonly (readonly [string, number])[] = [
    ['text', 0],
    ['', 0],
    ['> one', 1],
    ['>one', 1],
    [' > one', 1],
    ['> > two', 2],
    ['>>two', 2],
    ['|> one', 1],
    ['|> |> two', 2],
    ['JD> one', 1],
    ['JD>> two', 2],
    ['LONG> text', 0],
    ['| a table | row |', 0],
    ['x -> y', 0],
    ['  > indented twice', 0],
    ['>>>>>>>> deep', 4],
    ['>   > two', 1],
  ]
  for (const [line, depth] of lines) {
    it(`"${line}" is ${depth}`, () => expect(quoteDepth(line)).to.equal(depth))
  }

  it('cuts text into runs, the signature last', () => {
    expect(textRuns('a\n> b\n> c\n\nd\n-- \n> sig\n\n')).to.deep.equal([
      { depth: 0, signature: false, text: 'a' },
      { depth: 1, signature: false, text: '> b\n> c' },
      { depth: 0, signature: false, text: '\nd' },
      { depth: 0, signature: true, text: '-- \n> sig' },
    ])
  })

  it('takes hundreds of thousands of blank lines before a word in its stride', () => {
    const text = `${'\n'.repeat(400_000)}x`
    expect(textRuns(text)).to.deep.equal([{ depth: 0, signature: false, text }])
  })

  it('property: the runs are the text', () => {
    const line = fc.constantFrom('', 'a', '> b', '>> c', '-- ', '|> d', ' e')
    fc.assert(
      fc.property(fc.array(line, { maxLength: 30 }), parts => {
        const text = parts.join('\n').replace(/\n+$/, '')
        expect(
          textRuns(text)
            .map(run => run.text)
            .join('\n'),
        ).to.equal(text)
      }),
    )
  })
})
