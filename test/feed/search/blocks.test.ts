import { setImmediate } from 'node:timers/promises'
import { expect } from 'chai'
import { systemClock } from '../../../src/clock.ts'
import { Indexer } from '../../../src/feed/search/indexer.ts'
import { type Hits, Searcher } from '../../../src/feed/search/searcher.ts'
import { silentLog } from '../../../src/log.ts'
import { isProblem, parseQuery } from '../../../src/search/query.ts'
import { arrivalKey, searchKey } from '../../../src/storage/keys.ts'
import { encodeArrivalRow } from '../../../src/storage/log/arrival-row.ts'
import type { Arrival, ArticleNumber, GroupId } from '../../../src/storage/reading.ts'
import { SearchBlocks } from '../../../src/storage/search/search-blocks.ts'
import { FakePlaces } from '../../support/fake-places.ts'
import { ManualClock } from '../../support/manual-clock.ts'
import { MemoryStore } from '../../support/memory-store.ts'
import { SyntheticLog } from '../../support/synthetic-log.ts'

/** Never tired: the index is filled without pauses. */
const clock = { ...systemClock, monotonic: () => 0 }

class Found {
  readonly log: SyntheticLog
  readonly store: MemoryStore
  readonly places: FakePlaces
  readonly blocks: SearchBlocks
  readonly indexer: Indexer
  readonly #searcher: Searcher

  constructor(log: SyntheticLog, store: MemoryStore, places: FakePlaces) {
    this.log = log
    this.store = store
    this.places = places
    this.blocks = new SearchBlocks({ index: store, places, log: silentLog })
    this.indexer = new Indexer({ reading: log, index: this.blocks, clock, log: silentLog })
    this.#searcher = new Searcher({ reading: log, index: this.blocks, indexer: this.indexer, clock })
  }

  /** Grows by so many, and waits until they are found. */
  async grow(count: number): Promise<void> {
    const puts = Array.from({ length: count }, (_, at) => this.log.newest + at + 1)
    this.log.grow(count)
    await this.store.batch(
      puts.flatMap(n => {
        const row = this.log.row(n)
        return row ? [{ key: arrivalKey(n), value: encodeArrivalRow(row) }] : []
      }),
    )
    await this.caughtUp()
  }

  caughtUp(): Promise<void> {
    return this.indexer.reached(this.log.newest, AbortSignal.timeout(60_000))
  }

  find(text: string, before?: Arrival, limit = 100): Promise<Hits> {
    const query = parseQuery(text)
    if (isProblem(query)) throw new Error(query.problem)
    const asker = { mayRead: () => true, readsAll: true }
    return this.#searcher.find({ query, asker, limit, ...(before !== undefined && { before }) })
  }

  /** All pages of it. */
  async all(text: string, limit = 100): Promise<{ arrivals: number[]; pages: number }> {
    const arrivals: number[] = []
    let before: Arrival | undefined
    for (let pages = 1; ; pages++) {
      const { hits, next } = await this.find(text, before, limit)
      arrivals.push(...hits.map(({ arrival }) => arrival))
      if (next === undefined) return { arrivals, pages }
      before = next
    }
  }
}

const text = (n: number) => `part ${n}\n${n % 1000 === 0 ? 'rare apple pie' : 'apple tart, pie'} ${n % 7}\n`

async function filled(count: number, log = new SyntheticLog(text)): Promise<Found> {
  const found = new Found(log, await MemoryStore.open(), new FakePlaces())
  found.indexer.start()
  await found.grow(count)
  return found
}

const downTo = (count: number, step: number) =>
  Array.from({ length: Math.floor(count / step) }, (_, at) => (Math.floor(count / step) - at) * step)

describe('feed/search over many blocks', function () {
  this.timeout(30_000)
  const count = 8300
  let found: Found
  before(async () => {
    found = await filled(count)
  })
  after(() => found.indexer.stop())

  it('finds in full blocks and in the open one, each once, over pages', async () => {
    expect(found.blocks.next).to.equal(2)
    expect(await found.all('rare')).to.deep.equal({ arrivals: downTo(count, 1000), pages: 1 })
    expect((await found.all('rare', 2)).arrivals).to.deep.equal(downTo(count, 1000))
    expect((await found.all('apple -tart')).arrivals).to.deep.equal(downTo(count, 1000))
    expect((await found.all('subject:4096')).arrivals).to.deep.equal([4096])
    expect((await found.all('subject:4095 -group:local.*')).arrivals).to.deep.equal([])
    expect((await found.all('mid:<8192@x>')).arrivals).to.deep.equal([8192])
    expect((await found.all('rar* group:local.*', 3)).arrivals).to.deep.equal(downTo(count, 1000))
  })

  it('stops when it has cost enough, and misses nothing when it goes on', async () => {
    const first = await found.find('"apple pie"')
    expect(first.stopped).to.equal(true)
    expect(first.examined).to.be.at.most(500)
    const { arrivals, pages } = await found.all('"apple pie"')
    expect(arrivals).to.deep.equal(downTo(count, 1000))
    expect(pages).to.be.greaterThan(20)
  })

  it('makes again after a crash what no flush has proved, and nothing else', async () => {
    const lost = await filled(count)
    await lost.blocks.proved(1)
    await lost.indexer.stop()
    // Of both blocks some is not there; the mark of the second one is.
    for (const block of [0, 1])
      await lost.store.batch(
        ['apple', '4000', '5000'].map(word => ({ key: searchKey(block, 'w', word), value: undefined })),
      )
    const again = new Found(lost.log, lost.store, lost.places)
    again.indexer.start()
    await again.caughtUp()
    expect((await again.all('subject:5000')).arrivals).to.deep.equal([5000])
    expect((await again.all('apple')).arrivals).to.have.length(count - 4095)
    expect((await again.all('subject:4000')).arrivals, 'of what was proved').to.deep.equal([])
    await again.indexer.stop()
  })

  it('gives up the words of what has expired', async () => {
    const log = new SyntheticLog(text)
    const expiring = await filled(count, log)
    const gone = Array.from({ length: 4300 }, (_, at) => at + 1)
    for (const n of gone) log.gone.add(n)
    await expiring.store.batch(gone.map(n => ({ key: arrivalKey(n), value: undefined })))
    expect((await expiring.all('rare')).arrivals).to.deep.equal(downTo(count, 1000).slice(0, 4))
    const filings = gone.map(n => ({ group: 1 as GroupId, number: n as ArticleNumber }))
    log.rows.set(count + 1, { kind: 'expire', filings, messageId: '' })
    await expiring.grow(1)
    while (expiring.blocks.facts(0)?.articles !== 0) await setImmediate()
    expect((await expiring.all('rare')).arrivals).to.deep.equal(downTo(count, 1000).slice(0, 4))
    await expiring.indexer.stop()
  })

  it('goes on after faults of the store', async () => {
    const log = new SyntheticLog(text)
    const manual = new ManualClock()
    const store = await MemoryStore.open()
    const blocks = new SearchBlocks({ index: store, places: new FakePlaces(), log: silentLog })
    const indexer = new Indexer({ reading: log, index: blocks, clock: manual, log: silentLog })
    log.grow(4100)
    store.failNext(new Error('no space'))
    indexer.start()
    for (let turns = 0; indexer.indexed < 4100; turns++) {
      if (turns % 50 === 0) await manual.advance(1000)
      if (turns === 5000) await store.reopen()
      await setImmediate()
    }
    expect(blocks.next).to.equal(1)
    await indexer.stop()
  })
})
