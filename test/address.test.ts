import { expect } from 'chai'
import { isLoopback, networkOf, networkText, placeOf, plainAddress } from '../src/address.ts'

function table(of: (address: string) => string, rows: readonly (readonly [string, string])[]): void {
  for (const [address, expected] of rows)
    it(`takes ${address || 'nothing'} for ${expected || 'nothing'}`, () =>
      expect(of(address)).to.equal(expected))
}

describe('address', () => {
  describe('plain', () => {
    table(plainAddress, [
      ['192.0.2.7', '192.0.2.7'],
      ['::ffff:192.0.2.7', '192.0.2.7'],
      ['::FFFF:192.0.2.7', '192.0.2.7'],
      ['fe80::1%eth0', 'fe80::1'],
      ['2001:db8::1', '2001:db8::1'],
    ])
  })

  describe('its place', () => {
    table(placeOf, [
      ['192.0.2.7', '192.0.2.7'],
      ['2001:db8:1:2::3', '2001:0db8:0001:0002'],
      ['2001:db8:1:2:ffff::', '2001:0db8:0001:0002'],
      ['2001:db8::2:0:0:0:3', '2001:0db8:0000:0002'],
      ['::1', '0000:0000:0000:0000'],
      ['', ''],
    ])
  })

  describe('its network, as text', () => {
    table(
      address => networkText(networkOf(address)),
      [
        ['192.0.2.7', '192.0.2.0/24'],
        ['2001:db8:1:2aff::1', '2001:db8:1:2a00::/56'],
        ['::1', '0:0:0:0::/56'],
        ['', ''],
      ],
    )
  })

  describe('its network', () => {
    table(networkOf, [
      ['192.0.2.7', '192.0.2'],
      ['::ffff:192.0.2.7', '192.0.2'],
      ['2001:db8:1:2aff::1', '20010db800012a'],
      ['2001:db8:1:2a00:5::', '20010db800012a'],
      ['fe80::1%eth0', 'fe800000000000'],
      ['::1', '00000000000000'],
      ['', ''],
    ])
  })

  it('knows its own machine', () => {
    expect(['::1', '127.0.0.1', '127.1.2.3'].every(isLoopback)).to.equal(true)
    expect(['192.0.2.7', '::2', '1.127.0.1'].some(isLoopback)).to.equal(false)
  })
})
