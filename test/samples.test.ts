import { expect } from 'chai'
import { Samples } from '../src/samples.ts'
import { ManualClock } from './support/manual-clock.ts'

describe('samples', () => {
  it('are one a minute of each kind, with how many were held back', async () => {
    const clock = new ManualClock()
    const samples = new Samples(clock, 10)
    expect(['a', 'a', 'b', 'a'].map(kind => samples.take(kind))).to.deep.equal([0, undefined, 0, undefined])
    await clock.advance(59_999)
    expect(samples.take('a')).to.equal(undefined)
    await clock.advance(1)
    expect(['a', 'a', 'b'].map(kind => samples.take(kind))).to.deep.equal([3, undefined, 0])
    await clock.advance(60_000)
    expect(samples.take('a')).to.equal(1)
  })

  it('of more kinds than are told apart forget the oldest', () => {
    const samples = new Samples(new ManualClock(), 2)
    expect(['a', 'b', 'c', 'a'].map(kind => samples.take(kind))).to.deep.equal([0, 0, 0, 0])
  })
})
