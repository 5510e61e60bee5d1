import { expect } from 'chai'
import { FairQueue } from '../src/fair-queue.ts'

describe('fair-queue', () => {
  it('gives each party its turn, the oldest of each first', () => {
    const queue = new FairQueue<string>()
    for (const item of ['a1', 'a2', 'a3', 'b1', 'c1', 'b2']) queue.add(item.charAt(0), item)
    const order = Array.from({ length: 7 }, () => queue.next())
    expect(order).to.deep.equal(['a1', 'b1', 'c1', 'a2', 'b2', 'a3', undefined])
    expect(queue.length).to.equal(0)
  })

  it('makes room at the cost of whoever has most, and never for that one', () => {
    const queue = new FairQueue<string>()
    for (const item of ['a1', 'a2', 'a3', 'b1']) queue.add(item.charAt(0), item)
    expect(queue.makeRoom('a')).to.equal(undefined)
    expect(queue.makeRoom('c')).to.equal('a3')
    expect(queue.makeRoom('b')).to.equal(undefined)
    expect([queue.of('a'), queue.of('b'), queue.length]).to.deep.equal([2, 1, 3])
  })
})
