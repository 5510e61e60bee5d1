import { expect } from 'chai'
import { Follower, type FollowerParts } from '../../src/feed/follower.ts'
import type { Arrival } from '../../src/storage/reading.ts'
import { ArrivalLog } from '../support/arrival-log.ts'
import { ManualClock, settled } from '../support/manual-clock.ts'
import { WrittenNotes } from '../support/written-notes.ts'

class Stage {
  readonly clock = new ManualClock()
  readonly notes = new WrittenNotes()
  readonly log = new ArrivalLog()
  readonly taken: number[] = []
  readonly faults: unknown[] = []
  broken = 0

  follower(more: Partial<FollowerParts> = {}): Follower {
    const { clock, notes, log } = this
    return new Follower({
      reading: log,
      notes,
      clock,
      epoch: 3,
      note: 'it',
      take: async ({ arrival }) => {
        if (arrival === this.broken) throw new Error('broken')
        this.taken.push(arrival)
      },
      failed: error => this.faults.push(error),
      ...more,
    })
  }

  grow(by: number): void {
    for (let at = 0; at < by; at++) this.log.add({ id: `<${this.log.rows.length}@a.example>` })
  }

  get note(): string | undefined {
    return this.notes.values.get('it')?.toString()
  }
}

const beginning = 0 as Arrival

describe('a follower of the log', () => {
  it('takes every row in order, and goes on with what was made of them', async () => {
    const stage = new Stage()
    const made = () => `{"of":${stage.taken.length}}`
    const follower = stage.follower({ made })
    expect(await follower.load()).to.equal(undefined)
    stage.grow(200)
    follower.start(beginning)
    await settled()
    stage.grow(1)
    await settled()
    expect(follower.behind).to.equal(0)
    await follower.stop()
    await follower.store()
    expect(stage.taken).to.deep.equal(Array.from({ length: 201 }, (_, at) => at + 1))
    expect(stage.note).to.equal('3-201 {"of":201}')

    const next = stage.follower({ made })
    expect(await next.load()).to.deep.equal({ at: 201, made: '{"of":201}' })
    expect(await stage.follower({ epoch: 4 }).load(), 'a place in another log').to.equal(undefined)
  })

  it('stores a new place at once, then once a minute where there is something new, and a stored one not again', async () => {
    const stage = new Stage()
    stage.grow(5)
    const follower = stage.follower()
    follower.start(5 as Arrival)
    await settled()
    expect(stage.note).to.equal('3-5')
    stage.grow(1)
    await settled()
    expect(stage.note).to.equal('3-5')
    await stage.clock.advance(60_000)
    stage.grow(1)
    await settled()
    expect(stage.note).to.equal('3-6')
    await follower.stop()

    const next = stage.follower()
    next.start((await next.load())?.at ?? beginning)
    await settled()
    expect(next.behind).to.equal(0)
    await next.stop()
    for (let times = 0; times < 3; times++) await next.store()
    expect([stage.note, stage.notes.writes]).to.deep.equal(['3-7', 3])
  })

  it('tries a row again after a pause, and none behind it before', async () => {
    const stage = new Stage()
    stage.broken = 2
    stage.grow(3)
    const follower = stage.follower()
    follower.start(beginning)
    await settled()
    expect([stage.taken, stage.faults.length, follower.behind]).to.deep.equal([[1], 1, 2])
    stage.broken = 0
    await stage.clock.advance(11_000)
    expect([stage.taken, stage.faults.length, follower.behind]).to.deep.equal([[1, 2, 3], 1, 0])
    await follower.stop()
  })

  it('goes on where its place cannot be stored', async () => {
    const stage = new Stage()
    stage.notes.broken = true
    stage.grow(2)
    const follower = stage.follower()
    follower.start(beginning)
    await stage.clock.advance(11_000)
    expect([stage.taken, stage.faults.length]).to.deep.equal([[1, 2], 1])
    await follower.stop()
  })

  it('is behind nothing where the last rows have gone', async () => {
    const stage = new Stage()
    stage.grow(3)
    const { log } = stage
    const reading = {
      newest: log.newest,
      changed: (after: Arrival, signal: AbortSignal) => log.changed(after, signal),
      arrivals: async () => [],
    }
    const follower = stage.follower({ reading })
    follower.start(beginning)
    await settled()
    expect([stage.taken, follower.behind]).to.deep.equal([[], 0])
    await follower.stop()
  })

  it('finishes the row in hand where it is stopped, and takes none behind it', async () => {
    const stage = new Stage()
    let goOn = () => {}
    const promise = new Promise<void>(resolve => {
      goOn = resolve
    })
    const taken: number[] = []
    stage.grow(2)
    const follower = stage.follower({
      take: async ({ arrival }) => {
        await promise
        taken.push(arrival)
      },
    })
    follower.start(beginning)
    await settled()
    const stopped = follower.stop()
    goOn()
    await stopped
    expect([taken, follower.behind, follower.isRunning]).to.deep.equal([[1], 1, false])
  })

  it('that forgot its place stores it anew, be it the same', async () => {
    const stage = new Stage()
    const follower = stage.follower()
    follower.start(beginning)
    await settled()
    await follower.stop()
    await follower.forget()
    expect(stage.note).to.equal('')
    expect(await stage.follower().load()).to.equal(undefined)
    await follower.forget()
    expect(stage.notes.writes, 'nothing is forgotten twice').to.equal(2)
    follower.start(beginning)
    await settled()
    expect(stage.note).to.equal('3-0')
    await follower.stop()
  })
})
