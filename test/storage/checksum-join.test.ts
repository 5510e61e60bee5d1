import { crc32 } from 'node:zlib'
import { expect } from 'chai'
import fc from 'fast-check'
import { joinChecksums } from '../../src/storage/checksum-join.ts'

describe('joined checksums', () => {
  it('are what a walk over all octets gives', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 600 }), fc.uint8Array({ maxLength: 600 }), (front, behind) => {
        const joined = joinChecksums(crc32(front), crc32(behind), behind.length)
        expect(joined).to.equal(crc32(Buffer.concat([front, behind])))
      }),
    )
  })

  it('are right at every power of two', () => {
    const front = Buffer.from('local.test')
    for (let length = 1; length <= 2 ** 22; length *= 2) {
      for (const octets of [length - 1, length, length + 1]) {
        const behind = Buffer.alloc(octets, 'article')
        const joined = joinChecksums(crc32(front), crc32(behind), octets)
        expect(joined, `${octets}`).to.equal(crc32(behind, crc32(front)))
      }
    }
  })

  it('come round for lengths that no buffer has', () => {
    const front = crc32('local.test')
    // Of nothing but NUL behind it: the polynomial is primitive, so as many bits as it has powers change nothing.
    const zeros = (length: number) => joinChecksums(front, 0, length)
    expect(zeros(2 ** 32 - 1)).to.equal(front)
    expect(zeros(2 ** 32)).to.equal(zeros(1))
  })
})
