import { expect } from 'chai'
import { Declined } from '../../src/feed/declined.ts'

describe('what was declined', () => {
  it('is known of the peer that brought it, and of no other', () => {
    const declined = new Declined({ version: () => 1 })
    declined.add('a', '<1@x>')
    expect(declined.has('a', '<1@x>')).to.equal(true)
    expect(declined.has('b', '<1@x>')).to.equal(false)
    expect(declined.has('a', '<2@x>')).to.equal(false)
  })

  it('is bounded for each peer, so that one cannot push out what another brought', () => {
    const declined = new Declined({ version: () => 1, most: 2 })
    declined.add('b', '<1@x>')
    for (const id of ['<1@x>', '<2@x>', '<3@x>']) declined.add('a', id)
    expect(['<1@x>', '<2@x>', '<3@x>'].map(id => declined.has('a', id))).to.deep.equal([false, true, true])
    expect(declined.has('b', '<1@x>')).to.equal(true)
  })

  it('is forgotten when the groups change, and when it is told to', () => {
    let version = 1
    const declined = new Declined({ version: () => version })
    declined.add('a', '<1@x>')
    version = 2
    expect(declined.has('a', '<1@x>')).to.equal(false)
    declined.add('a', '<1@x>')
    declined.clear()
    expect(declined.has('a', '<1@x>')).to.equal(false)
  })
})
