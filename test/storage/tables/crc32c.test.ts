import { expect } from 'chai'
import fc from 'fast-check'
import { crc32c } from '../../../src/storage/tables/crc32c.ts'

/** Bit by bit, as the polynomial is defined. */
function plain(octets: Uint8Array): number {
  let crc = 0xffffffff
  for (const octet of octets) {
    crc ^= octet
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ ((crc & 1) * 0x82f63b78)
  }
  return (crc ^ 0xffffffff) >>> 0
}

describe('CRC-32C', () => {
  it('is that of the examples of RFC 3720 B.4', () => {
    // They stand there lowest octet first.
    expect(crc32c(Buffer.alloc(32))).to.equal(0x8a9136aa)
    expect(crc32c(Buffer.alloc(32, 0xff))).to.equal(0x62a8ab43)
    expect(crc32c(Buffer.from(Array.from({ length: 32 }, (_, at) => at)))).to.equal(0x46dd794e)
  })

  it('is that of its definition at every length', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 70 }), octets => crc32c(Buffer.from(octets)) === plain(octets)),
    )
  })
})
