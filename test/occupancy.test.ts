import { expect } from 'chai'
import { Occupancy } from '../src/occupancy.ts'

describe('occupancy', () => {
  it('is what came less what was given back, for each alone', () => {
    const occupancy = new Occupancy()
    for (const [key, amount] of [
      ['a', 1],
      ['b', 500],
      ['a', 1],
      ['b', -200],
      ['a', -1],
    ] as const)
      occupancy.add(key, amount)
    expect(['a', 'b', 'c'].map(key => occupancy.of(key))).to.deep.equal([1, 300, 0])
  })

  it('is never less than nothing', () => {
    const occupancy = new Occupancy()
    occupancy.add('a')
    for (let times = 0; times < 3; times++) occupancy.add('a', -1)
    occupancy.add('a')
    expect(occupancy.of('a')).to.equal(1)
  })
})
