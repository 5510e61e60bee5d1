import { expect } from 'chai'
import { Recent } from '../src/recent.ts'

describe('a record of what is recent', () => {
  it('forgets the oldest, and what is set again is new', () => {
    const recent = new Recent<string, number>(2)
    recent.set('a', 1)
    recent.set('b', 2)
    recent.set('a', 3)
    recent.set('c', 4)
    expect(['a', 'b', 'c'].map(key => recent.get(key))).to.deep.equal([3, undefined, 4])
  })
})
