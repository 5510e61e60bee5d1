import { expect } from 'chai'
import { RefusedCount } from '../../../src/feed/import/refused-for.ts'
import { Reason } from '../../../src/reason.ts'

describe('RefusedCount', () => {
  it('counts by what is said, and keeps where the first lies', () => {
    const count = new RefusedCount()
    count.add(new Reason('bad-date'), 'a')
    count.add(new Reason('unwanted-newsgroup', 'x.y'), 'b')
    count.add(new Reason('unwanted-newsgroup', 'x.y'), 'c')
    count.add(new Reason('unwanted-newsgroup', 'x.z'), 'd')
    expect(count.most()).to.deep.equal([
      { reason: 'unwanted-newsgroup', text: 'Unwanted newsgroup "x.y"', articles: 2, where: 'b' },
      { reason: 'bad-date', text: 'Bad Date', articles: 1, where: 'a' },
      { reason: 'unwanted-newsgroup', text: 'Unwanted newsgroup "x.z"', articles: 1, where: 'd' },
    ])
  })

  it('shows the ten most frequent, and holds a bounded number', () => {
    const count = new RefusedCount()
    for (let n = 0; n < 2_000; n++) count.add(new Reason('unwanted-newsgroup', `x.${n}`), '')
    count.add(new Reason('unwanted-newsgroup', 'x.9'), '')
    count.add(new Reason('unwanted-newsgroup', 'x.1999'), '')
    count.add(new Reason('unwanted-newsgroup', 'x.1999'), '')
    expect(count.most()).to.have.length(10)
    expect(count.most().at(0)).to.include({ text: 'Unwanted newsgroup "x.9"', articles: 2 })
    expect(count.most().at(1)).to.include({ articles: 1 })
  })
})
