import { expect } from 'chai'
import fc from 'fast-check'
import { Counts, type Facts } from '../../../src/feed/statistics/counts.ts'
import { Leaders } from '../../../src/feed/statistics/leaders.ts'

const day = 86_400
/** Monday, 5 January 1970, 13:20 UTC. */
const monday = 4 * day + 48_000

const facts = (more: Partial<Facts> = {}): Facts => ({
  written: monday,
  arrived: monday + 5,
  octets: 100,
  groups: ['local.test'],
  poster: 'Ann <a@example.org>',
  thread: '<1@example.org>',
  path: [],
  relayed: false,
  ...more,
})

describe('statistics: counts', () => {
  it('sort articles by day, hour and weekday of their writing', () => {
    const counts = new Counts()
    counts.add(facts())
    counts.add(facts({ written: monday + day, arrived: monday + 2 * day }))
    counts.add(facts({ written: monday + 9 * day, arrived: monday }))
    expect(counts.days()).to.deep.equal([
      { day: 4, articles: 2, octets: 200 },
      { day: 5, articles: 1, octets: 100 },
    ])
    expect(counts.hours[13]).to.equal(3)
    expect(counts.weekdays).to.deep.equal([2, 1, 0, 0, 0, 0, 0])
  })

  it('sort what peers brought by the time its way took, and count the steps of its way', () => {
    const counts = new Counts()
    const path = ['near.example', 'middle.example', 'middle.example', 'far.example']
    for (const delay of [0, 1, 2, 600, 86_401])
      counts.add(facts({ arrived: monday + delay, relayed: true, path }))
    counts.add(facts())
    expect(counts.delays).to.deep.equal([2, 1, 0, 1, 0, 0, 0, 1])
    expect(counts.hops.top(9)).to.deep.equal([
      ['far.example middle.example', 5],
      ['middle.example near.example', 5],
    ])
  })

  it('come back as they were written', () => {
    const counts = new Counts()
    for (let at = 0; at < 50; at++)
      counts.add(
        facts({
          written: monday + at * 7_777,
          poster: `p${at % 7}`,
          thread: `<${at % 5}@example.org>`,
          relayed: at % 2 === 0,
          path: ['a', `b${at % 3}`],
        }),
      )
    const text = JSON.stringify(counts)
    expect(JSON.stringify(Counts.parse(text))).to.equal(text)
    expect(Counts.parse('no JSON')).to.equal(undefined)
    const { threads: _, ...older } = JSON.parse(text)
    expect(Counts.parse(JSON.stringify(older)), 'counted anew, with all that is counted').to.equal(undefined)
  })

  it('property: whoever has more than the part of all that one place is, is among the leaders', () => {
    const names = fc.array(fc.nat({ max: 40 }).map(String), { maxLength: 400 })
    fc.assert(
      fc.property(names, fc.integer({ min: 1, max: 12 }), (all, most) => {
        const leaders = new Leaders(most)
        for (const name of all) leaders.add(name)
        expect(leaders.all().length).to.be.at.most(most)
        const kept = new Set(leaders.all().map(([name]) => name))
        for (const name of new Set(all)) {
          const count = all.filter(it => it === name).length
          if (count > all.length / most)
            expect(kept.has(name), `${name}: ${count} of ${all.length}`).to.equal(true)
        }
      }),
    )
  })
})
