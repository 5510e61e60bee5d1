import { expect } from 'chai'
import { WorkShare } from '../../src/feed/work-share.ts'

/** A clock on which work and pauses take the time they are told to. */
class Bench {
  time = 0
  newest = 0
  /** So many arrive in a millisecond of pause. */
  arriving = 0
  late = 0
  /** Pages that are asked for in a millisecond. */
  asking = 0
  asked = 0
  readonly pauses: number[] = []
  readonly share = new WorkShare({
    clock: {
      now: () => this.time,
      monotonic: () => this.time,
      timer: () => ({ cancel: () => undefined }),
      sleep: async milliseconds => {
        this.pauses.push(milliseconds)
        this.time += milliseconds + this.late
        this.newest += (milliseconds + this.late) * this.arriving
        this.asked += (milliseconds + this.late) * this.asking
      },
    },
    newest: () => this.newest,
    asked: () => this.asked,
    signal: new AbortController().signal,
  })

  /** Pieces of work of so many milliseconds. */
  async work(pieces: number, each: number): Promise<readonly number[]> {
    this.pauses.length = 0
    for (let piece = 0; piece < pieces; piece++) {
      this.time += each
      this.newest += each * this.arriving
      this.asked += each * this.asking
      await this.share.rest()
    }
    return this.pauses
  }
}

describe('feed/work-share', () => {
  it('works for five milliseconds at a time, half of the time', async () => {
    const bench = new Bench()
    expect(await bench.work(20, 1)).to.deep.equal([5, 5, 5, 5])
  })

  it('takes little while others keep the event loop, and next to nothing while articles come in fast', async () => {
    const bench = new Bench()
    bench.arriving = 1
    expect((await bench.work(20, 5)).slice(3).every(pause => pause > 700 && pause < 800)).to.equal(true)
    bench.arriving = 2
    expect((await bench.work(20, 5)).slice(1).every(pause => pause === 1000)).to.equal(true)
    bench.arriving = 0
    expect((await bench.work(20, 5)).slice(-10).every(pause => pause === 5)).to.equal(true)
    bench.late = 20
    expect((await bench.work(20, 5)).slice(-10).every(pause => pause === 40)).to.equal(true)
    bench.late = 0
    bench.arriving = 0.05
    expect((await bench.work(20, 5)).slice(-10).every(pause => pause === 5)).to.equal(true)
  })

  it('takes a few that come at once for no flood', async () => {
    const bench = new Bench()
    bench.newest = 20
    expect(await bench.work(1, 5)).to.deep.equal([150])
    expect(await bench.work(1, 5)).to.deep.equal([5])
  })
  it('takes a ninth while somebody asks for pages, and little while many do', async () => {
    const bench = new Bench()
    bench.asking = 0.01
    const some = await bench.work(200, 5)
    expect(some.every(pause => pause === 40)).to.equal(true)
    bench.asking = 0.5
    expect((await bench.work(20, 5)).slice(1).every(pause => pause === 150)).to.equal(true)
    bench.asking = 0
    expect((await bench.work(20, 5)).slice(1).every(pause => pause === 5)).to.equal(true)
  })

  it('rests no less for pages where articles come in fast', async () => {
    const bench = new Bench()
    bench.arriving = 2
    bench.asking = 0.5
    expect((await bench.work(20, 5)).slice(1).every(pause => pause === 1000)).to.equal(true)
  })
})
