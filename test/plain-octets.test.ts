import { expect } from 'chai'
import fc from 'fast-check'
import { PlainOctets } from '../src/plain-octets.ts'

/** `octets` at an offset in memory of its own, between octets that would end it. */
function placed(octets: Uint8Array, offset: number): Buffer {
  const memory = Buffer.alloc(offset + octets.length + 3)
  memory.set(octets, offset)
  return memory.subarray(offset, offset + octets.length)
}

function expected(octets: Uint8Array, from: number): number {
  const end = octets.findIndex((octet, at) => at >= from && octet <= 13)
  return end === -1 ? octets.length : end
}

describe('octets that mean nothing', () => {
  const octet = fc.oneof(
    { weight: 20, arbitrary: fc.integer({ min: 14, max: 255 }) },
    fc.integer({ min: 0, max: 15 }),
  )

  it('end at the next octet up to CR, wherever they stand in memory and whatever they are', () => {
    fc.assert(
      fc.property(
        fc.array(octet, { maxLength: 80 }).map(octets => Uint8Array.from(octets)),
        fc.nat(7),
        (octets, offset) => {
          const plain = new PlainOctets(placed(octets, offset))
          for (let from = 0; from <= octets.length; from++)
            expect(plain.end(from)).to.equal(expected(octets, from))
        },
      ),
    )
  })

  it('end at each octet up to CR and at no other, in each place of a word', () => {
    for (let value = 0; value < 256; value++)
      for (let at = 0; at < 12; at++) {
        const octets = new Uint8Array(16).fill(0x80)
        octets[at] = value
        expect(new PlainOctets(placed(octets, 0)).end(0), `${value} at ${at}`).to.equal(
          value <= 13 ? at : octets.length,
        )
      }
  })
})
