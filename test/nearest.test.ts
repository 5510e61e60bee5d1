import { expect } from 'chai'
import fc from 'fast-check'
import { editDistance, nearest } from '../src/nearest.ts'

describe('nearest word', () => {
  it('counts edits', () => {
    expect(editDistance('', 'abc')).to.equal(3)
    expect(editDistance('data', 'dta')).to.equal(1)
    expect(editDistance('data', 'adta')).to.equal(1)
    expect(editDistance('kitten', 'sitting')).to.equal(3)
  })

  it('is symmetric, and nought for the same word only', () => {
    const word = fc.string({ maxLength: 8 })
    fc.assert(
      fc.property(word, word, (a, b) => {
        const distance = editDistance(a, b)
        return distance === editDistance(b, a) && (distance === 0) === (a === b)
      }),
    )
  })

  it('is the one that was probably meant, or none', () => {
    expect(nearest('artcle_bytes', ['article_bytes', 'header_bytes'])).to.equal('article_bytes')
    expect(nearest('colour', ['article_bytes', 'data'])).to.equal(undefined)
    expect(nearest('x', ['y'])).to.equal('y')
  })
})
