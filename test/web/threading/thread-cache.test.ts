import { expect } from 'chai'
import fc from 'fast-check'
import { systemClock } from '../../../src/clock.ts'
import type { Arrival, ArticleNumber, Group } from '../../../src/storage/reading.ts'
import { ThreadCache, type ThreadCacheOptions } from '../../../src/web/threading/thread-cache.ts'
import { FakeReading } from '../../support/fake-reading.ts'
import { shapeOf } from '../../support/thread-rows.ts'
import { articleText } from '../../support/web-fixture.ts'

const groupName = 'local.test'

const blankRow = {
  time: 0,
  source: 'import',
  messageId: '',
  path: [],
  distributions: [],
  size: 0,
  localOnly: false,
  control: false,
} as const

class Fixture {
  readonly reading = new FakeReading()
  readonly cache: ThreadCache
  /** Ranges of overview that were read, and looks through all numbers. */
  readonly reads: string[] = []

  constructor(options: Partial<ThreadCacheOptions> = {}) {
    const { reading, reads } = this
    const [overview, numbers] = [reading.overview.bind(reading), reading.numbers.bind(reading)]
    reading.overview = (id, range) => {
      reads.push(`${range.low}-${range.high}`)
      return overview(id, range)
    }
    reading.numbers = (id, range) => {
      reads.push('numbers')
      return numbers(id, range)
    }
    reading.addGroup(groupName)
    this.cache = new ThreadCache({ reading, clock: systemClock, ...options })
  }

  post(id: string, answered: readonly string[] = [], group = groupName): void {
    const references = answered.map(it => `<${it}>`).join(' ')
    const header = references === '' ? {} : { References: references }
    this.reading.add(articleText(id, { Subject: id, Newsgroups: group, ...header }))
  }

  async group(name = groupName): Promise<Group> {
    const group = await this.reading.group(name)
    if (group === undefined) throw new Error(`no group ${name}`)
    return group
  }

  async shape(name = groupName): Promise<string> {
    const { forest, threads } = await this.cache.of(await this.group(name))
    return shapeOf(forest, threads)
  }
}

describe('web: threads of groups', () => {
  it('are read once, and then only what has come', async () => {
    const it = new Fixture()
    it.post('a')
    it.post('b', ['a'])
    expect(await it.shape()).to.equal('a(b)')
    expect(await it.shape()).to.equal('a(b)')
    it.post('c', ['a', 'b'])
    expect(await it.shape()).to.equal('a(b(c))')
    expect(it.reads).to.deep.equal(['1-2', '3-3'])
  })

  it('lose what has gone, by the count of the group', async () => {
    const it = new Fixture()
    for (const id of ['a', 'b', 'c']) it.post(id, id === 'a' ? [] : ['a'])
    await it.shape()
    it.reading.remove(groupName, 2)
    expect(await it.shape()).to.equal('a(c)')
    expect(it.reads).to.deep.equal(['1-3', 'numbers'])
  })

  it('lose what the log says has gone, without looking through all numbers', async () => {
    const it = new Fixture()
    for (const id of ['a', 'b', 'c']) it.post(id, id === 'a' ? [] : ['a'])
    await it.shape()
    const { id: group } = await it.group()
    it.reading.remove(groupName, 3)
    const filings = [{ group, number: 3 as ArticleNumber }]
    it.reading.arrivals = async (after: Arrival, limit: number) => [
      { ...blankRow, arrival: (after + limit) as Arrival, kind: 'cancel', filings },
    ]
    expect(await it.shape()).to.equal('a(b)')
    expect(it.reads).to.deep.equal(['1-3'])
  })

  it('show what was there before they were asked for, while others ask too', async () => {
    const it = new Fixture()
    it.post('a')
    const first = it.shape()
    it.post('b')
    const second = it.shape()
    await first
    expect(await second).to.equal('b a')
    expect(await Promise.all(Array.from({ length: 20 }, () => it.shape()))).to.deep.equal(
      Array(20).fill('b a'),
    )
  })

  it('are those of the newest articles where there are too many', async () => {
    const it = new Fixture({ mostArticles: 3 })
    for (const id of ['a', 'b', 'c', 'd', 'e']) it.post(id, id === 'a' ? [] : ['a'])
    it.reading.remove(groupName, 4)
    const { since, threads } = await it.cache.of(await it.group())
    expect([since, threads.count]).to.deep.equal([2, 1])
    expect(await it.shape()).to.equal('?(b c e)')
    it.reading.remove(groupName, 3)
    expect(await it.shape()).to.equal('?(b e)')
    for (const id of ['f', 'g', 'h']) it.post(id)
    await it.shape()
    it.post('i')
    expect(await it.shape(), 'built anew').to.equal('i h g')
  })

  it('of groups that nobody has read for long make room', async () => {
    const it = new Fixture({ mostNodes: 7 })
    for (const name of ['b', 'c']) it.reading.addGroup(`local.${name}`)
    for (const name of ['test', 'b', 'c'])
      for (let at = 0; at < 3; at++) it.post(`${name}${at}`, [], `local.${name}`)
    await it.shape()
    await it.shape('local.b')
    await it.shape()
    await it.shape('local.c')
    expect(it.cache.nodes).to.equal(6)
    it.reads.length = 0
    await it.shape()
    expect(it.reads).to.deep.equal([])
    await it.shape('local.b')
    expect(it.reads).to.deep.equal(['1-3'])
  })

  it('of many groups asked for at once are all built', async () => {
    const it = new Fixture()
    const names = Array.from({ length: 20 }, (_, at) => `local.g${at}`)
    for (const name of names) {
      it.reading.addGroup(name)
      it.post(`a-${name}`, [], name)
    }
    const shapes = await Promise.all(names.map(name => it.shape(name)))
    expect(shapes).to.deep.equal(names.map(name => `a-${name}`))
  })

  it('fail with storage, and not for ever', async () => {
    const it = new Fixture()
    it.post('a')
    const { overview } = it.reading
    it.reading.overview = () => {
      throw new Error('disk on fire')
    }
    for (let time = 0; time < 4; time++) {
      const said = await it.shape().then(String, (error: Error) => error.message)
      expect(said).to.equal('disk on fire')
    }
    it.reading.overview = overview
    expect(await it.shape()).to.equal('a')
  })

  it('let others go first at least every few milliseconds of work', async () => {
    let now = 0
    let longest = 0
    let since = 0
    const clock = {
      ...systemClock,
      monotonic: () => {
        // As if each look at the clock came after a third of a millisecond of work.
        now += 1 / 3
        longest = Math.max(longest, now - since)
        return now
      },
    }
    const it = new Fixture({ clock })
    for (let at = 0; at < 2000; at++) it.post(`n${at}`)
    let turns = 0
    let done = false
    const count = () => {
      turns += 1
      since = now
      if (!done) setImmediate(count)
    }
    setImmediate(count)
    await it.shape()
    done = true
    // 2000 lines are looked at 62 times, which is 20 ms of work.
    expect(turns).to.be.greaterThan(4)
    expect(longest).to.be.lessThan(5)
  })

  it('property: are the same whether read at once or step by step, with what went', async () => {
    const id = fc.nat(8)
    const step = fc.record({
      id,
      answered: fc.array(id, { maxLength: 3 }),
      remove: fc.nat(20),
      look: fc.boolean(),
    })
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 20 }), async steps => {
        const it = new Fixture()
        for (const [at, { answered, remove, look }] of steps.entries()) {
          it.post(
            `n${at}`,
            answered.map(other => `n${other}`),
          )
          if (remove < 8) it.reading.remove(groupName, remove)
          if (look) await it.shape()
        }
        const { forest, threads } = await it.cache.of(await it.group())
        const numbers: number[] = []
        for (let at = 0; at < forest.rows.length; at++)
          if (forest.rows.node(at) >= 0) numbers.push(forest.rows.number(at))
        const there: number[] = []
        for await (const batch of it.reading.numbers((await it.group()).id, { low: 1, high: 99 }))
          there.push(...batch)
        expect(numbers).to.deep.equal(there)
        const tops = threads.window({ count: 100 }).threads
        expect(tops.reduce((sum, top) => sum + threads.articles(top), 0)).to.equal(there.length)
      }),
      { numRuns: 100 },
    )
  })
})
