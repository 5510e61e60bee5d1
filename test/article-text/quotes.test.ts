import { expect } from 'chai'
import { quoteDepth } from '../../src/article-text/quotes.ts'

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
})
