import { expect } from 'chai'
import fc from 'fast-check'
import { excerpt, hitPieces, matchesClause } from '../../src/search/matches.ts'
import { isProblem, parseQuery, type Query } from '../../src/search/query.ts'

function query(text: string): Query {
  const parsed = parseQuery(text)
  if (isProblem(parsed)) throw new Error(parsed.problem)
  return parsed
}

const text = {
  subject: 'Re: the Big day',
  from: 'Ann Lee <ann@example.org>',
  body: 'One two\nthree four. 日本語学',
}

describe('search/matches', () => {
  const table: readonly (readonly [string, boolean])[] = [
    ['"two three"', true],
    ['"two four"', false],
    ['"big day"', true],
    ['body:"big day"', false],
    ['"day ann"', false],
    ['-"two three"', false],
    ['-"three two"', true],
    ['two-thr*', true],
    ['日本語', true],
    ['日本学', false],
    ['from:ann@example.org', true],
    ['"four 日本"', true],
  ]
  for (const [wanted, expected] of table)
    it(`${wanted} is ${expected ? 'there' : 'not there'}`, () => {
      expect(query(wanted).clauses.every(clause => matchesClause(clause, text))).to.equal(expected)
    })

  it('cuts a text into what was looked for and the rest, which joined are the text', () => {
    const shown = hitPieces('Two, TWÓ and twofold', 'body', query('two -and')).map(({ text, hit }) =>
      hit ? `[${text}]` : text,
    )
    expect(shown.join('')).to.equal('[Two], [TWÓ] and twofold')
    expect(hitPieces('two', 'subject', query('body:two'))).to.deep.equal([{ text: 'two', hit: false }])
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), each => {
        const pieces = hitPieces(each, 'body', query('a* b 語 日本語'.replace('a*', 'aa*')))
        expect(pieces.map(piece => piece.text).join('')).to.equal(each)
      }),
    )
  })

  it('shows the place of the first hit', () => {
    const body = `${'filler '.repeat(100)}needle ${'more '.repeat(100)}`
    const pieces = excerpt({ ...text, body }, query('needle'))
    const shown = pieces.map(piece => piece.text).join('')
    expect(pieces.some(({ text, hit }) => hit && text === 'needle')).to.equal(true)
    expect(shown.length).to.be.at.most(260)
    expect(shown).to.match(/^… .* …$/)
  })
})
