import { expect } from 'chai'
import fc from 'fast-check'
import { unpack } from '../../../src/storage/tables/snappy.ts'

const most = 1000

describe('Snappy', () => {
  const packed: readonly (readonly [string, string, string])[] = [
    ['nothing', '00', ''],
    ['octets as they are', '03 08 616263', 'abc'],
    ['a length in an octet of its own', `3d f03c ${'61'.repeat(61)}`, 'a'.repeat(61)],
    ['a copy with an offset of 11 bits', '07 08 616263 01 03', 'abcabca'],
    ['a copy that repeats what it writes', '0a 00 61 22 0100', 'a'.repeat(10)],
    ['a copy with an offset of 32 bits', '06 08 616263 0b 03000000', 'abcabc'],
  ]
  for (const [name, octets, text] of packed)
    it(`unpacks ${name}`, () =>
      expect(String(unpack(Buffer.from(octets.replaceAll(' ', ''), 'hex'), most))).to.equal(text))

  const damaged: readonly (readonly [string, string])[] = [
    ['an end before its length', ''],
    ['more than is asked for', 'ffff03 00'],
    ['a copy from before the beginning', '08 00 61 0d 02'],
    ['a copy of nothing', '08 00 61 0d 00'],
    ['less than it says', '09 08 616263'],
    ['more than it says', '02 08 616263'],
    ['octets that are not there', '03 08 6162'],
  ]
  for (const [name, octets] of damaged)
    it(`refuses ${name}`, () =>
      expect(unpack(Buffer.from(octets.replaceAll(' ', ''), 'hex'), most)).to.equal(undefined))

  it('holds against anything', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 60 }),
        octets => (unpack(Buffer.from(octets), most)?.length ?? 0) <= most,
      ),
      { numRuns: 5000 },
    )
  })
})
