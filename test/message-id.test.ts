import { expect } from 'chai'
import fc from 'fast-check'
import { looksLikeMessageId, parseLaxMessageId, parseMessageId } from '../src/message-id.ts'

const ofLength = (length: number) => `<${'a'.repeat(length - 4)}@b>`

describe('message-id', () => {
  const strict: [string, boolean][] = [
    ['<a@b>', true],
    ['<1993Apr21.154237.9999@news.example.org>', true],
    ["<!#$%&'*+-/=?^_`{|}~@x>", true],
    ['<a@[192.0.2.1]>', true],
    ['<a@[]>', true],
    ['<a@[b"c(d)]>', true],
    [ofLength(250), true],
    [ofLength(251), false],
    ['', false],
    ['<>', false],
    ['<@>', false],
    ['<a>', false],
    ['<a@>', false],
    ['<@b>', false],
    ['a@b', false],
    ['<a@b', false],
    ['a@b>', false],
    ['<a@b>>', false],
    ['<<a@b>', false],
    ['<a@b@c>', false],
    ['<.a@b>', false],
    ['<a.@b>', false],
    ['<a..b@c>', false],
    ['<a@b.>', false],
    ['<a@.b>', false],
    ['<a@[b>', false],
    ['<a@b]>', false],
    ['<a@[b]c>', false],
    ['<a@[b[c]>', false],
    ['<a@[b\\c]>', false],
    ['<a@[b>c]>', false],
    ['<a b@c>', false],
    ['<a@b c>', false],
    [' <a@b>', false],
    ['<a@b> ', false],
    ['<a@b>\r\n', false],
    ['<"a"@b>', false],
    ['<a\0@b>', false],
    ['<é@b>', false],
    ['<а@b>', false],
  ]
  for (const [text, valid] of strict) {
    it(`${valid ? 'takes' : 'refuses'} ${JSON.stringify(text).slice(0, 60)}`, () => {
      expect(parseMessageId(text)).to.equal(valid ? text : undefined)
    })
  }

  it('takes old identifiers for imports', () => {
    for (const text of ['<123>', '<a..b@c>', '<"q"@b>', '<a@b@c>']) {
      expect(parseLaxMessageId(text), text).to.equal(text)
    }
    for (const text of [
      '<>',
      '<a b>',
      '<a<b>',
      '<a>b>',
      '<a\tb>',
      '<a\x7f>',
      'a@b',
      `<${'a'.repeat(249)}>`,
    ]) {
      expect(parseLaxMessageId(text), text).to.equal(undefined)
    }
  })

  it('tells message-IDs from numbers in arguments', () => {
    for (const text of ['<x>', '<a<b@c>', `<${'a'.repeat(248)}>`]) {
      expect(looksLikeMessageId(text), text).to.equal(true)
    }
    for (const text of ['1', '', '<>', '<a', '<a>b>', '<a b>', '<é>', `<${'a'.repeat(249)}>`]) {
      expect(looksLikeMessageId(text), text).to.equal(false)
    }
  })

  const near = fc.string({ unit: fc.constantFrom(...'<>@.[]\\aA" \0é!'), maxLength: 12 })

  it('agrees with the grammar', () => {
    const atom = "[A-Za-z0-9!#$%&'*+\\-/=?^_`{|}~]+"
    const grammar = new RegExp(`^<${atom}(\\.${atom})*@(${atom}(\\.${atom})*|\\[[!-=?-Z^-~]*\\])>$`)
    const cases = fc.oneof(
      near,
      near.map(text => `<${text}>`),
      fc.tuple(near, near).map(([left, right]) => `<a${left}@${right}>`),
    )
    fc.assert(
      fc.property(cases, text => {
        expect(parseMessageId(text) === text).to.equal(grammar.test(text))
      }),
      { numRuns: 3000 },
    )
  })

  it('is narrower at each step: strict, lax, argument', () => {
    expect(parseLaxMessageId('<a@[<]>')).to.equal('<a@[<]>')
    fc.assert(
      fc.property(
        near.map(text => `<${text}>`),
        text => {
          if (parseMessageId(text) !== undefined) expect(parseLaxMessageId(text)).to.equal(text)
          if (parseLaxMessageId(text) !== undefined) expect(looksLikeMessageId(text)).to.equal(true)
        },
      ),
    )
  })

  it('gives back the very text or nothing, whatever comes', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 300 }), text => {
        expect(parseMessageId(text)).to.be.oneOf([text, undefined])
        expect(parseLaxMessageId(text)).to.be.oneOf([text, undefined])
        expect(looksLikeMessageId(text)).to.be.a('boolean')
      }),
    )
  })
})
