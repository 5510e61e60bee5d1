import { expect } from 'chai'
import { Throttle } from '../../src/login/throttle.ts'
import { ManualClock } from '../support/manual-clock.ts'

const fred = { name: 'fred', address: '192.0.2.1' }

describe('login/throttle', () => {
  it('delays by 1, 2, 4 ... 60 seconds from the fifth failure on', async () => {
    const clock = new ManualClock()
    const throttle = new Throttle(clock)
    const waits: (number | undefined)[] = []
    for (let n = 0; n < 13; n++) {
      const wait = throttle.turn(fred)
      waits.push(wait)
      await clock.advance(wait ?? 0)
      throttle.failed(fred)
    }
    expect(waits.map(wait => (wait === undefined ? wait : Math.round(wait / 1000)))).to.deep.equal([
      0, 0, 0, 0, 0, 1, 2, 4, 8, 16, 32, 60, 60,
    ])
  })

  it('takes attempts one behind the other, and none that would wait over a minute', () => {
    const throttle = new Throttle(new ManualClock())
    for (let n = 0; n < 8; n++) throttle.failed(fred)
    const waits = Array.from({ length: 10 }, () => throttle.turn(fred))
    expect(waits.slice(0, 3)).to.deep.equal([8000, 16_000, 24_000])
    expect(waits.at(-1)).to.equal(undefined)
  })

  it('counts by name and by network', () => {
    const throttle = new Throttle(new ManualClock())
    for (let n = 0; n < 5; n++) throttle.failed(fred)
    expect(throttle.turn({ name: 'fred', address: '198.51.100.1' })).to.equal(1000)
    expect(throttle.turn({ name: 'ann', address: '192.0.2.77' })).to.be.greaterThan(0)
    expect(throttle.turn({ name: 'ann', address: '192.0.3.1' })).to.equal(0)
  })

  it('forgets one failure a minute; a success ends it for the name alone', async () => {
    const clock = new ManualClock()
    const throttle = new Throttle(clock)
    for (let n = 0; n < 6; n++) throttle.failed({ name: `n${n}`, address: fred.address })
    for (let n = 0; n < 6; n++) throttle.failed({ name: 'fred', address: `198.51.${n}.1` })
    throttle.succeeded(fred)
    expect(throttle.turn({ name: 'fred', address: '203.0.113.1' })).to.equal(0)
    expect(throttle.turn({ name: 'ann', address: fred.address })).to.equal(2000)
    await clock.advance(121_000)
    expect(throttle.turn({ name: 'ann', address: fred.address })).to.equal(0)
  })
})
