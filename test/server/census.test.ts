import { expect } from 'chai'
import { Census, type Entering } from '../../src/server/census.ts'

const limits = {
  connections: 5,
  connections_per_address: 2,
  connections_per_network: 3,
  connections_per_account: 2,
}

/** Who of these is let in, one after the other. */
const entered = (census: Census, addresses: readonly string[], more: Partial<Entering> = {}) =>
  addresses.map(address => census.enter(address, { limits, exempt: false, ...more }) !== undefined)

describe('server/census', () => {
  it('counts by address, and gives places back', () => {
    const census = new Census()
    const first = census.enter('192.0.2.1', { limits, exempt: false })
    expect(entered(census, ['192.0.2.1', '192.0.2.1'])).to.deep.equal([true, false])
    first?.leave()
    expect(entered(census, ['192.0.2.1', '192.0.2.1'])).to.deep.equal([true, false])
    expect(entered(census, ['192.0.2.1'], { exempt: true })).to.deep.equal([true])
    expect(census.connections).to.equal(3)
  })

  it('counts IPv6 by the first half of the address', () => {
    const addresses = ['2001:db8::1', '2001:db8:0:0:1::2', '2001:db8::3', '2001:db8:0:100::1']
    expect(entered(new Census(), addresses)).to.deep.equal([true, true, false, true])
  })

  it('counts by network, and in all', () => {
    const census = new Census()
    expect(entered(census, ['192.0.2.1', '192.0.2.2', '192.0.2.3', '192.0.2.4'])).to.deep.equal([
      true,
      true,
      true,
      false,
    ])
    expect(entered(census, ['198.51.100.1', '203.0.113.1', '203.0.113.2'])).to.deep.equal([true, true, false])
    expect(entered(census, ['192.0.2.9'], { exempt: true })).to.deep.equal([false])
  })

  it('does not count loopback, unless a rule has a limit for it', () => {
    const census = new Census()
    expect(entered(census, ['::1', '::1', '::1', '127.0.0.1'])).to.deep.equal([true, true, true, true])
    expect(entered(census, ['127.0.0.1'], { own: 1 })).to.deep.equal([false])
  })

  it('lets a rule raise or lower the limit of an address, and of its network with it', () => {
    const many = Array.from({ length: 5 }, () => '192.0.2.1')
    expect(entered(new Census(), many, { own: 4 })).to.deep.equal([true, true, true, true, false])
    expect(entered(new Census(), many, { own: 1 })).to.deep.equal([true, false, false, false, false])
  })

  it('counts who is logged in for the account, wherever it comes from', () => {
    const census = new Census()
    const seats = ['192.0.2.1', '192.0.2.1', '198.51.100.1'].map(address =>
      census.enter(address, { limits, exempt: false }),
    )
    expect(seats.map(seat => seat?.logIn('ann', 2))).to.deep.equal([true, true, false])
    expect(entered(census, ['192.0.2.1', '192.0.2.1', '192.0.2.1'])).to.deep.equal([true, true, false])
    seats[0]?.leave()
    expect(seats[2]?.logIn('ann', 2)).to.equal(true)
    expect(census.connections).to.equal(4)
    for (const seat of seats.slice(1)) seat?.leave()
    expect(census.connections).to.equal(2)
    expect(census.enter('203.0.113.1', { limits, exempt: false })?.logIn('ann', 1)).to.equal(true)
  })
})
