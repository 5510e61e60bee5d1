import { expect } from 'chai'
import { RecentIds } from '../../../src/storage/history/recent-ids.ts'
import { messageIdHash } from '../../../src/storage/keys.ts'

const hash = (number: number) => messageIdHash(`<${number}@x>`)

describe('the ids that came last', () => {
  it('are known until they are taken out', () => {
    const recent = new RecentIds()
    expect(recent.has(hash(1))).to.equal(false)
    recent.add(hash(1))
    recent.add(hash(2))
    recent.delete(hash(1))
    recent.delete(hash(3))
    expect(recent.has(hash(1))).to.equal(false)
    expect(recent.has(hash(2))).to.equal(true)
  })

  it('are never mistaken for others, however small the table', () => {
    const recent = new RecentIds(4)
    for (let number = 0; number < 1000; number++) {
      recent.add(hash(number))
      expect(recent.has(hash(number))).to.equal(true)
      expect(recent.has(hash(number + 1))).to.equal(false)
    }
    const left = Array.from({ length: 1000 }, (_, number) => hash(number)).filter(each => recent.has(each))
    expect(left.length).to.be.within(1, 4)
  })

  it('an id whose slot another one has is taken out without harm to that', () => {
    const recent = new RecentIds(1)
    recent.add(hash(1))
    recent.add(hash(2))
    recent.delete(hash(1))
    expect(recent.has(hash(2))).to.equal(true)
  })
})
