import { expect } from 'chai'
import { RecentRate } from '../../src/feed/recent-rate.ts'
import { ManualClock } from '../support/manual-clock.ts'

describe('recent rate', () => {
  it('is that of the last minute', async () => {
    const clock = new ManualClock()
    const rate = new RecentRate(clock)
    expect(rate.perSecond).to.equal(0)
    for (let n = 0; n < 120; n++) rate.note()
    expect(rate.perSecond).to.equal(2)
    await clock.advance(30_000)
    for (let n = 0; n < 60; n++) rate.note()
    expect(rate.perSecond).to.equal(3)
    await clock.advance(29_999)
    expect(rate.perSecond).to.equal(3)
    await clock.advance(1)
    expect(rate.perSecond).to.equal(1)
    await clock.advance(3_600_000)
    expect(rate.perSecond).to.equal(0)
  })
})
