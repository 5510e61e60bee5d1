import { expect } from 'chai'
import fc from 'fast-check'
import { compileGlob, compilePattern } from '../src/glob.ts'

/** The definition, tried in every way: exponential, for short texts only. */
function oracle(pattern: readonly string[], text: readonly string[]): boolean {
  const [first, ...rest] = pattern
  if (first === undefined) return text.length === 0
  if (first === '*') return oracle(rest, text) || (text.length > 0 && oracle(pattern, text.slice(1)))
  return text.length > 0 && (first === '?' || first === text[0]) && oracle(rest, text.slice(1))
}

/** A pattern as pieces with the set of characters each accepts; undefined is a run. */
const pieces = fc.constantFrom<[string, string | undefined]>(
  ['*', undefined],
  ['?', 'ab-]\\*é😀'],
  ['a', 'a'],
  ['b', 'b'],
  ['😀', '😀'],
  ['\\*', '*'],
  ['\\\\', '\\'],
  ['\\a', 'a'],
  ['[ab]', 'ab'],
  ['[a-b]', 'ab'],
  ['[^a]', 'b-]\\*é😀'],
  ['[]a]', ']a'],
  ['[^]a]', 'b-\\*é😀'],
  ['[-a]', '-a'],
  ['[a-]', '-a'],
  ['[\\*]', '\\*'],
  ['[é😀]', 'é😀'],
)

function accepted(parts: readonly (string | undefined)[], text: readonly string[]): boolean {
  const [first, ...rest] = parts
  if (parts.length === 0) return text.length === 0
  if (first === undefined) return accepted(rest, text) || (text.length > 0 && accepted(parts, text.slice(1)))
  return text.length > 0 && first.includes(text[0] ?? '') && accepted(rest, text.slice(1))
}

describe('glob', () => {
  const characters = fc.constantFrom('a', 'b', '😀', 'é')

  it('agrees with the definition', () => {
    const pattern = fc.array(fc.oneof(characters, fc.constantFrom('*', '?')), { maxLength: 9 })
    fc.assert(
      fc.property(pattern, fc.array(characters, { maxLength: 9 }), (marks, text) => {
        expect(compileGlob(marks.join(''))(text.join(''))).to.equal(oracle(marks, text))
      }),
      { numRuns: 10_000 },
    )
  })

  it('finds every text made from the pattern', () => {
    const mark = fc.oneof(
      characters.map(text => [text, text]),
      characters.map(text => ['?', text]),
      fc.array(characters, { maxLength: 40 }).map(text => ['*', text.join('')]),
    )
    fc.assert(
      fc.property(fc.array(mark, { maxLength: 60 }), parts => {
        const pattern = parts.map(part => part[0]).join('')
        expect(compileGlob(pattern)(parts.map(part => part[1]).join(''))).to.equal(true)
      }),
      { numRuns: 1000 },
    )
  })

  it('knows sets and quotes', () => {
    const text = fc.array(fc.constantFrom(...'ab-]\\*é😀'), { maxLength: 7 })
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 7 }), text, (parts, characters) => {
        const pattern = parts.map(part => part[0]).join('')
        const expected = accepted(
          parts.map(part => part[1]),
          characters,
        )
        expect(compilePattern(pattern)(characters.join('')), pattern).to.equal(expected)
      }),
      { numRuns: 10_000 },
    )
  })

  it('matches nothing where a set or a quote is left open', () => {
    for (const pattern of ['[', '[a', '[]', '[^]', 'a\\', '*[a']) {
      for (const text of ['', '[', '[a', 'a', pattern]) {
        expect(compilePattern(pattern)(text), `${pattern} ${text}`).to.equal(false)
      }
    }
  })

  it('has patterns of 31 to 65 characters right at the borders of its words', () => {
    for (let length = 31; length <= 65; length++) {
      const matches = compileGlob(`${'?'.repeat(length - 1)}b`)
      expect(matches(`${'a'.repeat(length - 1)}b`), `${length}`).to.equal(true)
      expect(matches(`${'a'.repeat(length)}b`), `${length}`).to.equal(false)
      expect(matches(`${'a'.repeat(length - 2)}b`), `${length}`).to.equal(false)
      expect(compileGlob(`?${'a'.repeat(length)}*`)('a'.repeat(length + 9)), `${length}`).to.equal(true)
    }
  })

  it('ends with 4 KiB of stars against 4 KiB of text', () => {
    const text = 'a'.repeat(4096)
    const hard = ['*a'.repeat(2047), '*?'.repeat(2047), `*?${'a'.repeat(2047)}`, `*${'[a-c]'.repeat(800)}`]
    for (const pattern of hard) {
      expect(compilePattern(`${pattern}b`)(text)).to.equal(false)
      expect(compilePattern(`${pattern}b*`)(text)).to.equal(false)
      expect(compilePattern(`${pattern}*`)(text)).to.equal(true)
    }
  })

  it('answers for texts in more scripts than it remembers', () => {
    const text = Array.from({ length: 3000 }, (_, index) => String.fromCodePoint(0x400 + index)).join('')
    const matches = compileGlob(`*?${text.slice(-5)}`)
    expect(matches(text)).to.equal(true)
    expect(matches(`${text}x`)).to.equal(false)
    expect(matches(text)).to.equal(true)
  })
})
