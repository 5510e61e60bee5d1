import { expect } from 'chai'
import fc from 'fast-check'
import { configSchema } from '../../../src/config/config.ts'
import { type HorizonFacts, horizon, postingLimit } from '../../../src/feed/age/horizon.ts'

const day = 86_400
const now = 20_000 * day
const facts: HorizonFacts = { now, cutoffDays: 10, absenceDays: 60, peersLastCurrent: [], previous: 0 }
const daysAgo = (days: number) => now - days * day

describe('horizon', () => {
  const cases: [string, Partial<HorizonFacts>, number][] = [
    ['the cut-off where nobody feeds us', {}, daysAgo(10)],
    ['the cut-off where all are current', { peersLastCurrent: [now, now] }, daysAgo(10)],
    ['the peer that was away longest', { peersLastCurrent: [now, daysAgo(30)] }, daysAgo(40)],
    ['the longest absence at most', { peersLastCurrent: [daysAgo(55)] }, daysAgo(60)],
    ['the longest absence for a peer that was never current', { peersLastCurrent: [0] }, daysAgo(60)],
    ['what it was before', { previous: daysAgo(3) }, daysAgo(3)],
    ['what it was before, without a cut-off', { cutoffDays: 0, previous: daysAgo(70) }, daysAgo(70)],
    ['nothing without a cut-off', { cutoffDays: 0 }, 0],
    ['the cut-off where it is longer than the absence', { absenceDays: 5 }, daysAgo(10)],
    ['no time before 1970', { now: 5 * day }, 0],
    ['a peer whose clock was ahead no further than now', { peersLastCurrent: [now + day] }, daysAgo(10)],
  ]
  for (const [name, more, expected] of cases)
    it(`is ${name}`, () => expect(horizon({ ...facts, ...more })).to.equal(expected))

  it('never goes back, whatever clocks and peers do, and leaves the cut-off to those who are there', () => {
    const step = fc.record({
      now: fc.integer({ min: 0, max: 30_000 * day }),
      cutoffDays: fc.integer({ min: 0, max: 400 }),
      absenceDays: fc.integer({ min: 0, max: 400 }),
      peersLastCurrent: fc.array(fc.integer({ min: 0, max: 30_000 * day })),
    })
    fc.assert(
      fc.property(fc.array(step), steps => {
        let previous = 0
        for (const each of steps) {
          const next = horizon({ ...each, previous })
          expect(next).to.be.at.least(previous)
          if (next > previous) expect(next).to.be.at.most(each.now - each.cutoffDays * day)
          previous = next
        }
      }),
    )
  })
})

describe('age limit of postings', () => {
  it('is the plain cut-off, or none', () => {
    const days = (cutoff_days: number) => configSchema.parse({ history: { cutoff_days } })
    expect(postingLimit(now * 1000, days(10))).to.equal(daysAgo(10))
    expect(postingLimit(now * 1000, days(0))).to.equal(0)
  })
})
