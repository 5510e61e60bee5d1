import { expect } from 'chai'
import { Tallies } from '../../../src/feed/outgoing/tallies.ts'
import { silentLog } from '../../../src/log.ts'
import type { Notes } from '../../../src/storage/state/notes.ts'
import { ManualClock } from '../../support/manual-clock.ts'
import { WrittenNotes } from '../../support/written-notes.ts'

const tallies = (notes: Notes, clock: ManualClock) => new Tallies({ notes, clock, log: silentLog })
const answer = { outcome: 'accepted', code: 239, text: '' } as const

describe('tallies', () => {
  it('count on over a restart, from the day a peer was first followed', async () => {
    const clock = new ManualClock(1_000_000)
    const notes = new WrittenNotes()
    const first = tallies(notes, clock)
    await first.follow(['a', 'b'])
    first.intake.offered('a', 'have')
    first.sent('a').answer(answer, 100)
    first.sent('a').fault('gone away')
    await first[Symbol.asyncDispose]()

    await clock.advance(500_000)
    const second = tallies(notes, clock)
    await second.follow(['a', 'b', 'c'])
    second.intake.offered('a', 'have')
    second.sent('a').answer(answer, 100)
    expect(second.intake.of('a')).to.include({ duplicate: 2, since: 1_000, first: 1_000, last: 1_500 })
    expect(second.intake.of('b')).to.include({ duplicate: 0, since: 1_000, first: 0 })
    expect(second.intake.of('c')).to.include({ since: 1_500 })
    const { accepted, octets, lastError, since, answers } = second.sent('a')
    expect([accepted, octets, lastError, since]).to.deep.equal([2, 200, 'gone away', 1_000_000])
    expect([...answers]).to.deep.equal([[239, 2]])
    await second[Symbol.asyncDispose]()
  })

  it('are written once a minute however much is counted, and not at all where nothing is', async () => {
    const clock = new ManualClock()
    const notes = new WrittenNotes()
    await using counts = tallies(notes, clock)
    await counts.follow(['a', 'b'])
    await clock.advance(60_000)
    expect(notes.writes).to.equal(2)
    for (let at = 0; at < 1000; at++) counts.intake.offered('a', 'send')
    await clock.advance(59_999)
    expect(notes.writes).to.equal(2)
    await clock.advance(1)
    expect(notes.writes).to.equal(3)
    await clock.advance(3_600_000)
    expect(notes.writes).to.equal(3)
  })

  it('are written later where they cannot be now', async () => {
    const clock = new ManualClock()
    const notes = new WrittenNotes()
    await using counts = tallies(notes, clock)
    await counts.follow(['a'])
    notes.broken = true
    await clock.advance(60_000)
    expect(notes.values.size).to.equal(0)
    notes.broken = false
    await clock.advance(60_000)
    expect(notes.values.size).to.equal(1)
  })

  it('of a peer that is taken out and put back go on', async () => {
    const clock = new ManualClock()
    await using counts = tallies(new WrittenNotes(), clock)
    await counts.follow(['a', 'b'])
    counts.intake.offered('a', 'have')
    await counts.keep(['b'])
    expect(counts.intake.of('a').duplicate).to.equal(0)
    await counts.follow(['a', 'b'])
    expect(counts.intake.of('a').duplicate).to.equal(1)
  })

  it('that are damaged begin anew', async () => {
    const clock = new ManualClock(7_000)
    const notes = new WrittenNotes()
    for (const text of ['', '{', '[]', '{"in":{},"out":{}}']) {
      notes.values.set('counts:a', Buffer.from(text))
      await using counts = tallies(notes, clock)
      await counts.follow(['a'])
      expect(counts.intake.of('a')).to.include({ offered: 0, since: 7 })
    }
  })
})
