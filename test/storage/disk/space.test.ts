import { expect } from 'chai'
import fc from 'fast-check'
import { spaceNeeded } from '../../../src/storage/disk/space.ts'
import { storeOptions } from '../../../src/storage/opening/data-directory.ts'

const MiB = 1024 * 1024

describe('storage: space', () => {
  it('keeps an eighth of a small disk free, 128 MiB or 2 % of others, and never more than 2 GiB', () => {
    const cases = [64, 1024, 4096, 16_384, 1024 * 1024].map(total => [total, spaceNeeded(total * MiB) / MiB])
    expect(cases).to.deep.equal([
      [64, 8],
      [1024, 128],
      [4096, 128],
      [16_384, 327.68],
      [1024 * 1024, 2048],
    ])
  })

  it('property: what is kept free holds what the databases have in memory, however small the disk', () => {
    fc.assert(
      fc.property(fc.integer({ min: 16 * MiB, max: 4096 * MiB }), total => {
        const buffers = Object.values(storeOptions(total)).map(({ writeBufferSize = 0 }) => writeBufferSize)
        // LevelDB fills one while it writes the other.
        expect(buffers.reduce((sum, octets) => sum + 2 * octets, 0)).to.be.within(1, spaceNeeded(total))
      }),
    )
  })
})
