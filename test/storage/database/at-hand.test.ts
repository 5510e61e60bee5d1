import { setImmediate } from 'node:timers/promises'
import { expect } from 'chai'
import { AtHand } from '../../../src/storage/database/at-hand.ts'
import { ManualClock } from '../../support/manual-clock.ts'

/** Stands still but for what reading takes, and for rests that a test lets pass. */
class ReadingClock extends ManualClock {
  #later = 0

  override monotonic(): number {
    return this.#later
  }

  pass(milliseconds: number): void {
    this.#later += milliseconds
  }
}

describe('AtHand', () => {
  let clock: ReadingClock
  let atHand: AtHand
  beforeEach(() => {
    clock = new ReadingClock()
    atHand = new AtHand(clock)
  })

  /** Reads of so many milliseconds each; gives how many were done here. */
  const read = (...durations: readonly number[]): number =>
    atHand.read(durations.length, index => clock.pass(durations[index] ?? 0))

  it('reads everything while it is fast', async () => {
    expect(read(0.01, 0.02, 0.01)).to.equal(3)
    await setImmediate()
    expect(read(0.5, 0.4)).to.equal(2)
  })

  it('leaves the rest of a turn that gets long to others, and goes on in the next', async () => {
    expect(read(0.4, 0.4, 0.4, 0.4)).to.equal(3)
    expect(read(0.4)).to.equal(0)
    await setImmediate()
    expect(read(0.4)).to.equal(1)
  })

  it('lets nobody who reads one by one keep a turn to himself', async () => {
    let done = 0
    while (done < 100 && read(0.1) === 1) {
      done += 1
      await undefined
    }
    expect(done).to.be.within(10, 12)
    await setImmediate()
    expect(read(0.1)).to.equal(1)
  })

  it('reads nothing for a while after a slow read', async () => {
    expect(read(0.1, 3, 0.1)).to.equal(2)
    await setImmediate()
    expect(read(0.1)).to.equal(0)
    clock.pass(49)
    expect(read(0.1)).to.equal(0)
    clock.pass(1)
    expect(read(0.1)).to.equal(1)
  })

  it('rests twice as long where slow reads follow each other, five seconds at most, and short again later', async () => {
    const rests: number[] = []
    for (let time = 0; time < 9; time++) {
      await setImmediate()
      read(3)
      await setImmediate()
      let rest = 0
      for (; rest < 10_000 && read(0) === 0; rest += 25) clock.pass(25)
      rests.push(rest)
    }
    expect(rests).to.deep.equal([50, 100, 200, 400, 800, 1600, 3200, 5000, 5000])
    await setImmediate()
    clock.pass(50_001)
    read(3)
    await setImmediate()
    clock.pass(50)
    expect(read(0)).to.equal(1)
  })

  it('rests ten times as long as a read took: a disk that fails keeps nobody for long', async () => {
    let reading = 0
    while (clock.monotonic() < 3_600_000) {
      const began = clock.monotonic()
      read(700)
      reading += clock.monotonic() - began
      await setImmediate()
      clock.pass(100)
    }
    expect(reading).to.be.below(3_600_000 / 10)
    const before = clock.monotonic()
    while (read(0) === 0) clock.pass(1000)
    expect(clock.monotonic() - before).to.be.at.most(8000)
  })
})
