import { expect } from 'chai'
import fc from 'fast-check'
import {
  atMost,
  countWithin,
  formatRanges,
  justOne,
  type NumberRanges,
  parseRanges,
  rangeOf,
  unite,
  without,
} from '../../../src/web/read-state/number-ranges.ts'

const top = 60

/** Ranges and what a plain set says that they hold. */
const pair = fc
  .uniqueArray(fc.integer({ min: 1, max: top }))
  .map(numbers => ({ set: new Set(numbers), ranges: rangesOf(numbers) }))

function rangesOf(numbers: Iterable<number>): NumberRanges {
  return parseRanges([...numbers].join(',')) ?? []
}

function numbersOf(ranges: NumberRanges): number[] {
  return ranges.flatMap(({ low, high }) => Array.from({ length: high - low + 1 }, (_, at) => low + at))
}

const sorted = (numbers: Iterable<number>) => [...numbers].sort((a, b) => a - b)

describe('web: ranges of numbers', () => {
  it('are what a set of the numbers would be', () => {
    fc.assert(
      fc.property(pair, pair, (a, b) => {
        const all = new Set([...a.set, ...b.set])
        expect(numbersOf(unite(a.ranges, b.ranges))).to.deep.equal(sorted(all))
        const left = [...a.set].filter(number => !b.set.has(number))
        expect(numbersOf(without(a.ranges, b.ranges))).to.deep.equal(sorted(left))
        for (let number = 0; number <= top + 1; number++)
          expect(rangeOf(a.ranges, number) !== undefined, String(number)).to.equal(a.set.has(number))
      }),
    )
  })

  it('count what they hold between two numbers', () => {
    const bound = fc.integer({ min: 0, max: top + 1 })
    fc.assert(
      fc.property(pair, bound, bound, ({ ranges, set }, low, high) => {
        const within = [...set].filter(number => number >= low && number <= high)
        expect(countWithin(ranges, low, high)).to.equal(within.length)
      }),
    )
  })

  it('neither overlap nor touch, whatever made them', () => {
    fc.assert(
      fc.property(pair, pair, (a, b) => {
        for (const ranges of [unite(a.ranges, b.ranges), without(a.ranges, b.ranges), atMost(a.ranges, 3)])
          ranges.forEach(({ low, high }, at) => {
            expect(low).to.be.at.most(high)
            expect(low).to.be.greaterThan((ranges[at - 1]?.high ?? -1) + 1)
          })
      }),
    )
  })

  it('are written and read back', () => {
    fc.assert(
      fc.property(pair, ({ ranges }) => {
        expect(parseRanges(formatRanges(ranges))).to.deep.equal(ranges)
      }),
    )
    expect(formatRanges(rangesOf([1, 2, 3, 5, 7, 8]))).to.equal('1-3,5,7-8')
    expect(formatRanges(justOne(4))).to.equal('4')
  })

  it('never lose a number when there are too many, and close the oldest gaps', () => {
    fc.assert(
      fc.property(pair, fc.integer({ min: 1, max: 10 }), ({ ranges, set }, most) => {
        const kept = atMost(ranges, most)
        expect(kept.length).to.be.at.most(Math.max(most, 0))
        const numbers = new Set(numbersOf(kept))
        for (const number of set) expect(numbers.has(number)).to.equal(true)
      }),
    )
    expect(formatRanges(atMost(rangesOf([1, 3, 5, 7]), 2))).to.equal('1-5,7')
  })

  it('are read as other programs leave them', () => {
    const table: readonly (readonly [string, string | undefined])[] = [
      ['', ''],
      [' 1-5, 7 ,', '1-5,7'],
      ['9,1-5,3-7', '1-7,9'],
      ['0', ''],
      ['0-5', '1-5'],
      ['1-0', ''],
      ['5-9999999999', '5-2147483647'],
      ['1-5-7', undefined],
      ['-5', undefined],
      ['1;2', undefined],
      ['1e3', undefined],
      ['12345678901', undefined],
    ]
    for (const [text, wanted] of table) {
      const ranges = parseRanges(text)
      expect(ranges && formatRanges(ranges), text).to.equal(wanted)
    }
  })
})
