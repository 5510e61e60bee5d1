import { expect } from 'chai'
import { Allowance, Allowances } from '../src/allowance.ts'
import { ManualClock } from './support/manual-clock.ts'

describe('an allowance', () => {
  it('is used up, overdrawn, and made up for by time', async () => {
    const clock = new ManualClock()
    const allowance = new Allowance(clock)
    expect(allowance.over(20, 10)).to.equal(-20)
    allowance.use(50, 10)
    expect(allowance.over(20, 10)).to.equal(30)
    await clock.advance(1000)
    expect(allowance.over(20, 10)).to.equal(20)
    await clock.advance(100_000)
    expect(allowance.over(20, 10)).to.equal(-20)
  })

  it('is kept for each key, and forgotten where there are too many', () => {
    const allowances = new Allowances(new ManualClock(), 2)
    const a = allowances.of('a')
    const b = allowances.of('b')
    expect(allowances.of('a')).to.equal(a)
    allowances.of('c')
    expect(allowances.of('a')).to.equal(a)
    expect(allowances.of('b')).to.not.equal(b)
  })
})
