import { expect } from 'chai'
import fc from 'fast-check'
import { Leases } from '../../../src/storage/history/leases.ts'
import { ManualClock } from '../../support/manual-clock.ts'

describe('leases', () => {
  const a = Symbol('a')
  const b = Symbol('b')

  it('belong to one owner at a time', () => {
    const leases = new Leases(new ManualClock())
    expect(leases.take('<1@x>', a)).to.equal(true)
    expect(leases.take('<1@x>', a)).to.equal(true)
    expect(leases.take('<1@x>', b)).to.equal(false)
    expect(leases.take('<2@x>', b)).to.equal(true)
    leases.release('<1@x>', b)
    expect(leases.held('<1@x>')).to.equal(true)
    leases.release('<1@x>', a)
    expect(leases.held('<1@x>')).to.equal(false)
    expect(leases.take('<1@x>', b)).to.equal(true)
  })

  it('end after 60 seconds without an octet, and asking again does not prolong them', async () => {
    const clock = new ManualClock()
    const leases = new Leases(clock)
    leases.take('<1@x>', a)
    await clock.advance(59_999)
    leases.take('<1@x>', a)
    expect(leases.take('<1@x>', b)).to.equal(false)
    await clock.advance(1)
    expect(leases.take('<1@x>', b)).to.equal(true)
    leases.release('<1@x>', a)
    expect(leases.held('<1@x>')).to.equal(true)
  })

  it('last five minutes more once the article moves', async () => {
    const clock = new ManualClock()
    const leases = new Leases(clock)
    leases.take('<1@x>', a)
    await clock.advance(59_000)
    leases.moving('<1@x>', b)
    leases.moving('<1@x>', a)
    await clock.advance(299_999)
    expect(leases.held('<1@x>')).to.equal(true)
    await clock.advance(1)
    expect(leases.held('<1@x>')).to.equal(false)
    leases.moving('<1@x>', a)
    expect(leases.size).to.equal(0)
  })

  it('go with their owner', () => {
    const leases = new Leases(new ManualClock())
    leases.take('<1@x>', a)
    leases.take('<2@x>', a)
    leases.take('<3@x>', b)
    leases.releaseAll(a)
    expect(leases.size).to.equal(1)
    expect(leases.take('<1@x>', b)).to.equal(true)
  })

  it('are bounded: the oldest goes', () => {
    const leases = new Leases(new ManualClock(), 3)
    for (let n = 0; n < 10; n++) expect(leases.take(`<${n}@x>`, a)).to.equal(true)
    expect(leases.size).to.equal(3)
    expect([6, 7, 8, 9].map(n => leases.held(`<${n}@x>`))).to.deep.equal([false, true, true, true])
  })

  it('go with their owner also where its last but one had to go for the last', () => {
    const leases = new Leases(new ManualClock(), 1)
    leases.take('<1@x>', a)
    leases.take('<2@x>', a)
    expect(leases.size).to.equal(1)
    leases.releaseAll(a)
    expect(leases.size).to.equal(0)
    expect(leases.take('<2@x>', b)).to.equal(true)
  })

  it('keep count of their owners', () =>
    fc.assert(
      fc.asyncProperty(
        fc.array(
          fc.tuple(fc.constantFrom('take', 'moving', 'release', 'all', 'wait'), fc.nat(4), fc.boolean()),
        ),
        async steps => {
          const clock = new ManualClock()
          const leases = new Leases(clock, 4)
          const owners = [Symbol('first'), Symbol('second')]
          for (const [step, n, first] of steps) {
            const id = `<${n}@x>`
            const at = first ? 0 : 1
            const owner = owners[at] ?? a
            if (step === 'take') expect(leases.take(id, owner) || leases.held(id)).to.equal(true)
            else if (step === 'moving') leases.moving(id, owner)
            else if (step === 'release') leases.release(id, owner)
            else if (step === 'all') {
              leases.releaseAll(owner)
              expect(leases.take(id, owner)).to.equal(false)
              // Who comes again comes on another connection.
              owners[at] = Symbol('again')
            }
            if (step === 'wait') await clock.advance(40_000)
            expect(leases.size).to.be.at.most(4)
          }
          for (const owner of owners) leases.releaseAll(owner)
          expect(leases.size).to.equal(0)
        },
      ),
      { numRuns: 30 },
    ))
})
