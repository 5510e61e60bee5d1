import { expect } from 'chai'
import { systemClock } from '../../src/clock.ts'
import { blockSteps, bodyBlocks } from '../../src/web/article/body-blocks.ts'
import { Abandoned, inSlices, slicesOf, Turnstile } from '../../src/web/slices.ts'
import { english } from '../../src/web/words/english.ts'

/** A clock of work: each look at it comes `each` milliseconds after the last; and how long others had to wait. */
function workshop(each: number) {
  const work = { now: 0, since: 0, longest: 0, turns: 0 }
  const clock = {
    ...systemClock,
    monotonic: () => {
      work.now += each
      return work.now
    },
  }
  const turn = async () => {
    work.turns += 1
    work.longest = Math.max(work.longest, work.now - work.since)
    work.since = work.now
  }
  return { work, slices: slicesOf(clock, turn) }
}

describe('web: slices', () => {
  it('end after a few milliseconds of work', async () => {
    const { work, slices } = workshop(0.5)
    for (let step = 0; step < 100; step++) await slices.rest()
    expect(work.turns).to.be.greaterThan(10)
    expect(work.longest).to.be.at.most(5)
  })

  it('cost nothing while they last', () => {
    const { slices } = workshop(0.1)
    expect(Array.from({ length: 15 }, () => slices.rest())).to.deep.equal(Array(15).fill(undefined))
  })

  it('of a text that is all quotes let others go first again and again, and make the same of it', async () => {
    const lines = Array.from({ length: 900 }, (_, at) => ({
      depth: at % 4,
      text: `${'> '.repeat(at % 4)}*words* at http://x.test/${at}`,
    }))
    const { work, slices } = workshop(0.1)
    const blocks = await inSlices(blockSteps(lines, false, english), slices)
    expect(blocks).to.deep.equal(bodyBlocks(lines, false, english))
    expect(work.turns).to.be.greaterThan(20)
    expect(work.longest).to.be.at.most(5)
  })

  it('pass on what goes wrong', async () => {
    function* failing(): Generator<void, never> {
      yield
      throw new Error('broken')
    }
    const { slices } = workshop(1)
    const said = await inSlices(failing(), slices).then(String, (error: Error) => error.message)
    expect(said).to.equal('broken')
  })

  it('are over for a page that nobody waits for any more', async () => {
    const turnstile = new Turnstile()
    let gone = false
    const pass = turnstile.passFor({ gone: () => gone })
    await pass()
    const later = pass().then(String, (error: unknown) => error)
    gone = true
    expect(await later).to.be.instanceOf(Abandoned)
    // Nobody else is kept from going on.
    await turnstile.pass()
  })

  it('of several pages go on one after the other, one in a turn', async () => {
    const turns: (() => void)[] = []
    const { pass } = new Turnstile(act => turns.push(act))
    const done: string[] = []
    const page = async (name: string) => {
      for (const slice of [1, 2]) {
        await pass()
        done.push(`${name}${slice}`)
      }
    }
    const pages = Promise.all([page('a'), page('b'), page('c')])
    const after: number[] = []
    while (turns.length > 0) {
      expect(turns).to.have.length(1)
      turns.shift()?.()
      await new Promise(setImmediate)
      after.push(done.length)
    }
    await pages
    expect(done).to.deep.equal(['a1', 'b1', 'c1', 'a2', 'b2', 'c2'])
    expect(after).to.deep.equal([1, 2, 3, 4, 5, 6])
  })
})
