import { expect } from 'chai'
import fc from 'fast-check'
import { Arena } from '../../src/storage/arena.ts'

describe('an arena', () => {
  it('gives slices of the length asked for that never overlap', () =>
    fc.assert(
      fc.property(fc.array(fc.oneof(fc.nat(300), fc.nat(200_000)), { maxLength: 100 }), lengths => {
        const { room } = new Arena()
        const given = lengths.map((length, index) => room(length).fill(index))
        for (const [index, slice] of given.entries()) {
          expect(slice.length).to.equal(lengths[index])
          expect(slice.every(octet => octet === index)).to.equal(true)
        }
      }),
      { numRuns: 30 },
    ))
})
