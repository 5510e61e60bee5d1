import { expect } from 'chai'
import fc from 'fast-check'
import { compilePattern } from '../../src/glob.ts'

/** Every way, one after the other. */
function oracle(pattern: readonly string[], text: readonly string[]): boolean {
  const [first, ...rest] = pattern
  if (first === undefined) return text.length === 0
  if (first === '*') return oracle(rest, text) || (text.length > 0 && oracle(pattern, text.slice(1)))
  const [c, ...behind] = text
  if (c === undefined) return false
  const set = /^\[(\^?)(.*)\]$/.exec(first)
  const fits = set ? (set[2] ?? '').includes(c) !== (set[1] === '^') : first === '?' || first === c
  return fits && oracle(rest, behind)
}

describe('attack 18: patterns that keep a server busy', () => {
  it('match what trying every way matches', () => {
    const part = fc.constantFrom('*', '*', '?', 'a', 'b', 'ab', '[ab]', '[^a]', '[^ab]', '[bc]')
    const text = fc.string({ unit: fc.constantFrom('a', 'b', 'c'), maxLength: 8 })
    fc.assert(
      fc.property(fc.array(part, { maxLength: 8 }), text, (parts, name) => {
        const marks = parts.flatMap(it => (it === 'ab' ? ['a', 'b'] : [it]))
        expect(compilePattern(parts.join(''))(name)).to.equal(oracle(marks, [...name]))
      }),
      { numRuns: 5000 },
    )
  })

  // A matcher that tries every way does not end on any of these.
  const size = 4096
  const worst: readonly [pattern: string, text: string][] = [
    [`${'*a'.repeat(size / 2 - 1)}*b`, 'a'.repeat(size)],
    [`${'*?a'.repeat(size / 3)}b`, 'a'.repeat(size)],
    [`${'*[ab]'.repeat(size / 5)}c`, 'ab'.repeat(size / 2)],
    [`*${'a'.repeat(size / 2)}b*`, 'a'.repeat(size)],
    [`${'?'.repeat(size - 1)}*`, 'é'.repeat(size)],
    [
      `${'[^a]*'.repeat(size / 5)}x`,
      Array.from({ length: size }, (_, at) => String.fromCharCode(0x100 + at)).join(''),
    ],
  ]
  for (const [pattern, text] of worst)
    it(`end: ${pattern.slice(0, 12)}... against ${text.slice(0, 6)}...`, () => {
      compilePattern(pattern)(text)
    })
})
