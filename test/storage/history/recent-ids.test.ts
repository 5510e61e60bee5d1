import { expect } from 'chai'
import fc from 'fast-check'
import { RecentIds } from '../../../src/storage/history/recent-ids.ts'
import { messageIdHash } from '../../../src/storage/keys.ts'

const hash = (number: number) => messageIdHash(`<${number}@x>`)
const numbers = (from: number, to: number) => Array.from({ length: to - from }, (_, at) => from + at)

describe('the ids that came last', () => {
  it('are known until they are taken out', () => {
    const recent = new RecentIds()
    expect(recent.has(hash(1))).to.equal(false)
    recent.add(hash(1))
    recent.add(hash(2))
    recent.delete(hash(1))
    recent.delete(hash(3))
    expect(recent.has(hash(1))).to.equal(false)
    expect(recent.has(hash(2))).to.equal(true)
    recent.add(hash(1))
    expect(recent.has(hash(1))).to.equal(true)
  })

  it('are never mistaken for others, however small the table', () => {
    const recent = new RecentIds(4)
    for (let number = 0; number < 1000; number++) {
      recent.add(hash(number))
      expect(recent.has(hash(number))).to.equal(true)
      expect(recent.has(hash(number + 1))).to.equal(false)
    }
    const left = numbers(0, 1000).filter(each => recent.has(hash(each)))
    expect(left).to.deep.equal(numbers(1000 - left.length, 1000))
    expect(left.length).to.be.within(3, 6)
  })

  it('are as many as one table takes, at least', () => {
    const recent = new RecentIds(1024)
    const { capacity } = recent
    for (const number of numbers(0, 10 * capacity)) {
      recent.add(hash(number))
      if (number >= capacity) expect(recent.has(hash(number - capacity + 1))).to.equal(true)
    }
  })

  it('take no room when they come again', () => {
    const recent = new RecentIds(1024)
    for (let turn = 0; turn < 100; turn++) for (const number of numbers(0, 100)) recent.add(hash(number))
    expect(numbers(0, 100).every(number => recent.has(hash(number)))).to.equal(true)
  })

  it('are those that a list would hold, whatever comes and goes', () =>
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.boolean(), fc.nat(40)), { maxLength: 300 }), steps => {
        const recent = new RecentIds(1024)
        const known = new Set<number>()
        for (const [comes, number] of steps) {
          if (comes) recent.add(hash(number))
          else recent.delete(hash(number))
          if (comes) known.add(number)
          else known.delete(number)
          expect(numbers(0, 41).filter(each => recent.has(hash(each)))).to.have.members([...known])
        }
      }),
      { numRuns: 30 },
    ))
})
