import { crc32 } from 'node:zlib'
import { expect } from 'chai'
import fc from 'fast-check'
import { seal, sealFirst, unseal } from '../../src/storage/checksum.ts'

describe('checksum', () => {
  it('gives back what was sealed', () => {
    fc.assert(
      fc.property(fc.uint8Array(), octets => {
        expect(unseal(seal(Buffer.from(octets)))).to.deep.equal(Buffer.from(octets))
      }),
    )
  })

  it('notices every flipped bit and every cut', () => {
    const sealed = seal(Buffer.from('local.test'))
    for (let bit = 0; bit < sealed.length * 8; bit++) {
      const damaged = Buffer.from(sealed)
      damaged[bit >> 3] = (damaged[bit >> 3] ?? 0) ^ (1 << (bit & 7))
      expect(unseal(damaged)).to.equal(undefined)
    }
    for (let length = 0; length < sealed.length; length++) {
      expect(unseal(sealed.subarray(0, length))).to.equal(undefined)
    }
  })

  it('is written in front of what it covers', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 4 }), octets => {
        const value = Buffer.from(octets)
        sealFirst(value)
        expect(value.readUInt32BE(0)).to.equal(crc32(octets.subarray(4)))
        expect(value.subarray(4)).to.deep.equal(Buffer.from(octets.subarray(4)))
      }),
    )
  })

  it('is the CRC-32 of everybody else', () => {
    expect(seal(Buffer.from('123456789')).subarray(9).toString('hex')).to.equal('cbf43926')
  })
})
