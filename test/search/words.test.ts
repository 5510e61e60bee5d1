import { expect } from 'chai'
import fc from 'fast-check'
import { longestWord, wordsIn } from '../../src/search/words.ts'

const words = (text: string, tails = false) => [...wordsIn(text, { tails })].map(({ word }) => word)

describe('search/words', () => {
  const table: readonly (readonly [string, readonly string[]])[] = [
    ['Hello, World!', ['hello', 'world']],
    ["don't re-read e.g. C++", ['don', 't', 're', 'read', 'e', 'g', 'c']],
    ['user@example.com', ['user', 'example', 'com']],
    ['Käse und Öl, naïve Straße', ['kase', 'und', 'ol', 'naive', 'strasse']],
    ['ΆΛΦΑ Ёлка й', ['αλφα', 'елка', 'и']],
    ['ﬁne ＡＢＣ x²', ['fine', 'abc', 'x2']],
    ['café', ['cafe']],
    ['日本語', ['日本', '本語']],
    ['私', ['私']],
    ['Node日本v2', ['node', '日本', 'v2']],
    ['ガイド', ['ガイ', 'イド']],
    ['하늘 바다', ['하늘', '바다']],
    ['नमस्ते दुनिया', ['नमस्ते', 'दुनिया']],
    ['a'.repeat(50), ['a'.repeat(longestWord)]],
    ['', []],
    ['--- *** ...', []],
  ]
  for (const [text, expected] of table)
    it(`finds ${JSON.stringify(text.slice(0, 20))}`, () => {
      expect(words(text)).to.deep.equal(expected)
    })

  it('gives the last of what is written without blanks alone where that is asked for', () => {
    expect(words('日本語 x', true)).to.deep.equal(['日本', '本語', '語', 'x'])
  })

  it('says where each word is written, and finds the same in it again', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 80 }), text => {
        let last = 0
        for (const { word, start, end } of wordsIn(text)) {
          expect(start).to.be.at.least(last)
          expect(end).to.be.greaterThan(start).and.at.most(text.length)
          expect(word).to.not.equal('')
          expect(word.length).to.be.at.most(longestWord)
          expect(words(text.slice(start, end))).to.include(word)
          last = start
        }
      }),
    )
  })

  it('takes any string', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), text => words(text, true).length <= text.length))
  })
})
