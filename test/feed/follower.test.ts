import { expect } from 'chai'
import { Follower, type FollowerParts } from '../../src/feed/follower.ts'
import { Arrivals } from '../../src/storage/arrivals.ts'
import type { Notes } from '../../src/storage/notes.ts'
import type { Arrival, ArrivalRow } from '../../src/storage/reading.ts'
import { ManualClock, settled } from '../support/manual-clock.ts'

/** Notes in memory that count how often they were written. */
class Written implements Notes {
  readonly values = new Map<string, string>()
  writes = 0
  isFull = false

  async load(name: string): Promise<Buffer | undefined> {
    const value = this.values.get(name)
    return value === undefined ? undefined : Buffer.from(value)
  }

  async save(name: string, value: Buffer): Promise<void> {
    if (this.isFull) throw new Error('full')
    this.writes++
    this.values.set(name, value.toString())
  }
}

const blank = {
  kind: 'article',
  time: 0,
  source: 'peer:a',
  messageId: '',
  filings: [],
  path: [],
  distributions: [],
  size: 100,
  localOnly: false,
  control: false,
} as const

/** A log of so many arrivals; some of them have no row any more. */
class Rows extends Arrivals {
  readonly gone = new Set<number>()

  async arrivals(after: Arrival, limit: number): Promise<readonly ArrivalRow[]> {
    const rows: ArrivalRow[] = []
    for (let arrival = after + 1; arrival <= this.newest && rows.length < limit; arrival++)
      if (!this.gone.has(arrival)) rows.push({ ...blank, arrival: arrival as Arrival })
    return rows
  }

  grow(by: number): void {
    this.announce((this.newest + by) as Arrival)
  }
}

class Stage {
  readonly clock = new ManualClock()
  readonly notes = new Written()
  readonly reading = new Rows(0 as Arrival)
  readonly taken: number[] = []
  readonly faults: unknown[] = []
  broken = 0

  follower(more: Partial<FollowerParts> = {}): Follower {
    const { clock, notes, reading } = this
    return new Follower({
      reading,
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

  get note(): string | undefined {
    return this.notes.values.get('it')
  }
}

const first = 0 as Arrival

describe('a follower of the log', () => {
  it('takes every row in order, and goes on with what was made of them', async () => {
    const stage = new Stage()
    const made = () => `{"of":${stage.taken.length}}`
    const follower = stage.follower({ made })
    expect(await follower.load()).to.equal(undefined)
    stage.reading.grow(200)
    follower.start(first)
    await settled()
    stage.reading.grow(1)
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
    stage.reading.grow(5)
    const follower = stage.follower()
    follower.start(5 as Arrival)
    await settled()
    expect(stage.note).to.equal('3-5')
    stage.reading.grow(1)
    await settled()
    expect(stage.note).to.equal('3-5')
    await stage.clock.advance(60_000)
    stage.reading.grow(1)
    await settled()
    expect(stage.note).to.equal('3-6')
    await follower.stop()

    const next = stage.follower()
    next.start((await next.load())?.at ?? first)
    await settled()
    expect([stage.notes.writes, next.behind]).to.deep.equal([2, 0])
    await next.stop()
  })

  it('tries a row again after a pause, and none behind it before', async () => {
    const stage = new Stage()
    stage.broken = 2
    stage.reading.grow(3)
    const follower = stage.follower()
    follower.start(first)
    await settled()
    expect([stage.taken, stage.faults.length, follower.behind]).to.deep.equal([[1], 1, 2])
    stage.broken = 0
    await stage.clock.advance(11_000)
    expect([stage.taken, stage.faults.length, follower.behind]).to.deep.equal([[1, 2, 3], 1, 0])
    await follower.stop()
  })

  it('goes on where its place cannot be stored', async () => {
    const stage = new Stage()
    stage.notes.isFull = true
    stage.reading.grow(2)
    const follower = stage.follower()
    follower.start(first)
    await stage.clock.advance(11_000)
    expect([stage.taken, stage.faults.length]).to.deep.equal([[1, 2], 1])
    await follower.stop()
  })

  it('is behind nothing where the last rows have gone', async () => {
    const stage = new Stage()
    for (const arrival of [2, 3]) stage.reading.gone.add(arrival)
    stage.reading.grow(3)
    const follower = stage.follower()
    follower.start(first)
    await settled()
    expect([stage.taken, follower.behind]).to.deep.equal([[1], 0])
    await follower.stop()
  })

  it('finishes the row in hand where it is stopped, and takes none behind it', async () => {
    const stage = new Stage()
    let goOn = () => {}
    const promise = new Promise<void>(resolve => {
      goOn = resolve
    })
    const taken: number[] = []
    stage.reading.grow(2)
    const follower = stage.follower({
      take: async ({ arrival }) => {
        await promise
        taken.push(arrival)
      },
    })
    follower.start(first)
    await settled()
    const stopped = follower.stop()
    goOn()
    await stopped
    expect([taken, follower.behind, follower.isRunning]).to.deep.equal([[1], 1, false])
  })

  it('that forgot its place stores it anew, be it the same', async () => {
    const stage = new Stage()
    const follower = stage.follower()
    follower.start(first)
    await settled()
    await follower.stop()
    await follower.forget()
    expect(stage.note).to.equal('')
    expect(await stage.follower().load()).to.equal(undefined)
    await follower.forget()
    expect(stage.notes.writes, 'nothing is forgotten twice').to.equal(2)
    follower.start(first)
    await settled()
    expect(stage.note).to.equal('3-0')
    await follower.stop()
  })
})
