import { expect } from 'chai'
import { LastAnswers } from '../../../src/feed/outgoing/last-answers.ts'
import type { Arrival } from '../../../src/storage/reading.ts'

const arrival = (number: number) => number as Arrival

describe('the last answers of a peer', () => {
  it('are remembered until others take their place', () => {
    const answers = new LastAnswers(4)
    expect(answers.get(arrival(1))).to.equal(undefined)
    answers.set(arrival(1), { outcome: 'later', code: 431 })
    answers.set(arrival(1), { outcome: 'accepted', code: 239 })
    answers.set(arrival(2), { outcome: 'gone', code: 0 })
    expect(answers.get(arrival(1))).to.deep.equal({ outcome: 'accepted', code: 239 })
    expect(answers.get(arrival(2))).to.deep.equal({ outcome: 'gone', code: 0 })
    expect(answers.get(arrival(5))).to.equal(undefined)
    answers.set(arrival(5), { outcome: 'rejected', code: 439 })
    expect(answers.get(arrival(1))).to.equal(undefined)
    expect(answers.get(arrival(5))).to.deep.equal({ outcome: 'rejected', code: 439 })
  })
})
