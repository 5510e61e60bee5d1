import { expect } from 'chai'
import { silentLog } from '../../../src/log.ts'
import { Arrivals } from '../../../src/storage/log/arrivals.ts'
import type { Arrival, ArrivalRow, ArticleNumber, GroupId } from '../../../src/storage/reading.ts'
import { Live, type LiveOptions } from '../../../src/web/live/live.ts'
import { FakeReading } from '../../support/fake-reading.ts'
import { ManualClock, settled } from '../../support/manual-clock.ts'
import { articleText } from '../../support/web-fixture.ts'

const epoch = 7
const oneEach = { connections_per_address: 1, connections_per_network: 9 }

/** A log of articles in the groups `a.one` and `a.two` that says how often it is read. */
class Log {
  readonly clock = new ManualClock()
  readonly errors: string[] = []
  readonly #articles = new FakeReading()
  readonly #rows: ArrivalRow[] = []
  readonly #arrivals: Arrivals
  articlesRead = 0
  fails = false

  constructor(first = 1) {
    this.#arrivals = new Arrivals((first - 1) as Arrival)
    for (const name of ['a.one', 'a.two']) this.#articles.addGroup(name)
  }

  get reading(): LiveOptions['reading'] {
    const log = this
    return {
      get newest() {
        return log.#arrivals.newest
      },
      changed: (after, signal) => this.#arrivals.changed(after, signal),
      groupById: id => this.#articles.groupById(id),
      arrivals: async (after, limit) => {
        if (this.fails) throw new Error('no disk')
        return this.#rows.filter(({ arrival }) => arrival > after).slice(0, limit)
      },
      article: async arrival => {
        this.articlesRead++
        const row = this.#rows.find(row => row.arrival === arrival)
        return this.#articles.articleById(row?.messageId ?? '')
      },
    }
  }

  live(): Live {
    const log = { ...silentLog, error: (_: object, event: string) => this.errors.push(event) }
    return new Live({ reading: this.reading, clock: this.clock, log, epoch })
  }

  /** As if so many had come and gone. */
  goTo(arrival: number): void {
    this.#arrivals.announce(arrival as Arrival)
  }

  /** Its arrival. */
  add(id: string, groups: readonly (1 | 2)[], kind: ArrivalRow['kind'] = 'article'): Arrival {
    const arrival = (this.#arrivals.newest + 1) as Arrival
    this.#articles.add(
      articleText(id, { Newsgroups: groups.map(at => (at === 1 ? 'a.one' : 'a.two')).join() }),
    )
    const filings = groups.map(at => ({ group: at as GroupId, number: arrival as number as ArticleNumber }))
    const rest = {
      time: 0,
      source: 'x',
      path: [],
      distributions: [],
      size: 1,
      localOnly: false,
      control: false,
    }
    this.#rows.push({ ...rest, arrival, kind, messageId: `<${id}>` as ArrivalRow['messageId'], filings })
    this.#arrivals.announce(arrival)
    return arrival
  }
}

/** What a subscriber is told, a word an event. */
class Ear {
  readonly heard: string[] = []
  over = false
  readonly stream: AsyncIterableIterator<string>
  /** Takes nothing while it is true. */
  deaf = false

  constructor(live: Live, { place = '', only = '', address = '192.0.2.1', account = '', session = '' } = {}) {
    const matches = (group: string) => only === '' || group === only
    this.stream = live.subscribe({ place, account, session, address, matches })
  }

  async listen(): Promise<this> {
    const hear = async () => {
      for await (const text of this.stream) {
        this.heard.push(
          ...text
            .split('\n\n')
            .filter(event => event !== '')
            .map(wordOf),
        )
        while (this.deaf) await settled()
      }
      this.over = true
    }
    hear().catch(error => this.heard.push(String(error)))
    await settled()
    return this
  }
}

function wordOf(event: string): string {
  const field = (name: string) => new RegExp(`^${name}: (.*)$`, 'm').exec(event)?.[1] ?? ''
  const data = JSON.parse(field('data') || '{}')
  const what = [field('event'), data.group, data.messageId, data.first].filter(Boolean).join(' ')
  return `${field('id')}${what === '' ? '' : ` ${what}`}`
}

describe('web: live', () => {
  it('ends the streams of an account that may do other things than before, and no others', async () => {
    const log = new Log()
    const live = log.live()
    const ann = await new Ear(live, { account: 'ann' }).listen()
    const ben = await new Ear(live, { account: 'ben' }).listen()
    const visitor = await new Ear(live).listen()
    live.endOf('ann')
    log.add('x', [1])
    await settled()
    expect([ann.over, ben.over, visitor.over]).to.deep.equal([true, false, false])
    expect(ann.heard.join()).not.to.contain('<x>')
    live.endAll()
  })

  it('ends the streams of a session, and none begins in one that is over', async () => {
    const log = new Log()
    const live = log.live()
    const one = await new Ear(live, { account: 'ann', session: 'one' }).listen()
    const two = await new Ear(live, { account: 'ann', session: 'two' }).listen()
    live.endOfSession('one')
    await settled()
    expect([one.over, two.over]).to.deep.equal([true, false])
    const whose = { account: 'ann', session: 'one', address: '192.0.2.1', place: '', matches: () => true }
    const late = live.subscribe({ ...whose, stillGood: async () => false })
    expect(await late.next()).to.deep.equal({ done: true, value: undefined })
    live.endAll()
    await settled()
    expect([two.over, log.clock.alarms]).to.deep.equal([true, 0])
  })

  it('counts streams by what one customer has of IPv6, and by network', async () => {
    const live = new Log().live()
    for (const end of ['1', '2']) await new Ear(live, { address: `2001:db8::${end}` }).listen()
    const limits = (address: number, network: number) => ({
      connections_per_address: address,
      connections_per_network: network,
    })
    expect(live.isCrowded('2001:db8::3', limits(2, 9))).to.equal(true)
    expect(live.isCrowded('2001:db8::3', limits(3, 9))).to.equal(false)
    expect(live.isCrowded('2001:db8:0:1::3', limits(2, 9))).to.equal(false)
    expect(live.isCrowded('2001:db8:0:1::3', limits(2, 2))).to.equal(true)
    expect(live.isCrowded('2001:db8:1::3', limits(2, 2))).to.equal(false)
    live.endAll()
  })

  it('begins no more than there may be, however many are asked for at once', async () => {
    const live = new Log().live()
    const whose = { account: '', address: '192.0.2.1', place: '', matches: () => true }
    const limits = { connections_per_address: 3, connections_per_network: 9 }
    const asked = Array.from({ length: 20 }, () => live.subscribe({ ...whose, limits }))
    const begun = await Promise.all(asked.map(stream => stream.next()))
    expect(begun.filter(({ done }) => done !== true)).to.have.length(3)
    live.endAll()
  })

  it('tells of articles as they come, each in the first group that is wanted, and of nothing else', async () => {
    const log = new Log()
    const live = log.live()
    log.add('before', [1])
    const all = await new Ear(live).listen()
    const two = await new Ear(live, { only: 'a.two' }).listen()
    log.add('x', [1, 2])
    log.add('y', [1])
    log.add('gone', [2], 'cancel')
    await settled()
    expect(all.heard).to.deep.equal(['7-1', '7-1', '7-2 article a.one <x>', '7-3 article a.one <y>'])
    expect(two.heard).to.deep.equal(['7-1', '7-1', '7-2 article a.two <x>'])
    live.endAll()
  })

  it('reads an article once for all who want it, and not at all for none', async () => {
    const log = new Log()
    const live = log.live()
    for (let count = 0; count < 50; count++) await new Ear(live, { only: 'a.one' }).listen()
    log.add('x', [1])
    log.add('y', [2])
    await settled()
    expect(log.articlesRead).to.equal(1)
    live.endAll()
  })

  it('goes on from a place, without a gap or a repetition while others listen', async () => {
    const log = new Log()
    const live = log.live()
    const before = log.add('a', [1])
    for (let at = 0; at < 300; at++) log.add(`b${at}`, [1])
    await new Ear(live).listen()
    const ear = new Ear(live, { place: `${epoch}-${before}` })
    const listening = ear.listen()
    for (let at = 0; at < 20; at++) {
      log.add(`c${at}`, [1])
      await settled(1)
    }
    await listening
    await settled(400)
    const articles = ear.heard.filter(word => word.includes('article'))
    const ids = [
      ...Array.from({ length: 300 }, (_, at) => `b${at}`),
      ...Array.from({ length: 20 }, (_, at) => `c${at}`),
    ]
    expect(articles).to.deep.equal(ids.map((id, at) => `7-${at + 2} article a.one <${id}>`))
    live.endAll()
  })

  for (const [what, place] of [
    ['of another epoch', '6-1'],
    ['that has expired', '7-10'],
    ['from the future', '7-900'],
    ['that is none', 'x'],
  ] as const)
    it(`answers a place ${what} with the first one there is`, async () => {
      const log = new Log(100)
      log.add('a', [1])
      log.add('b', [1])
      const live = log.live()
      const ear = await new Ear(live, { place }).listen()
      log.add('c', [1])
      await settled()
      expect(ear.heard).to.deep.equal(['7-101 reset 7-99', '7-101', '7-102 article a.one <c>'])
      live.endAll()
    })

  it('goes no further back than some thousands of arrivals', async () => {
    const log = new Log()
    const live = log.live()
    log.add('a', [1])
    log.goTo(30_000)
    const far = await new Ear(live, { place: '7-9999' }).listen()
    expect(far.heard[0]).to.equal('7-30000 reset 7-10000')
    const near = await new Ear(live, { place: '7-10000' }).listen()
    expect(near.heard[0]).to.equal('7-10000')
    live.endAll()
  })

  it('gives signs of life with the place that was reached, and ends streams that are old', async () => {
    const log = new Log()
    const live = log.live()
    const ear = await new Ear(live, { only: 'a.two' }).listen()
    log.add('x', [1])
    await log.clock.advance(20_000)
    expect(ear.heard).to.deep.equal(['7-0', '7-0', '7-1'])
    await log.clock.advance(3_600_000)
    expect(ear.over).to.equal(true)
    expect(log.clock.alarms).to.equal(0)
  })

  it('lets go of who takes events more slowly than they come', async () => {
    const log = new Log()
    const live = log.live()
    const slow = await new Ear(live).listen()
    const quick = await new Ear(live).listen()
    slow.deaf = true
    for (let at = 0; at < 150; at++) {
      log.add(`a${at}`, [1])
      await settled(2)
    }
    slow.deaf = false
    await settled(50)
    expect(slow.over).to.equal(true)
    expect(slow.heard.length).to.be.lessThan(10)
    expect(quick.heard).to.include('7-150 article a.one <a149>')
    live.endAll()
  })

  it('leaves nothing behind when the last one goes, and begins again with the next', async () => {
    const log = new Log()
    const live = log.live()
    const ear = await new Ear(live).listen()
    expect(live.isCrowded('192.0.2.1', oneEach)).to.equal(true)
    await ear.stream.return?.()
    await settled()
    expect([ear.over, live.isCrowded('192.0.2.1', oneEach), log.clock.alarms]).to.deep.equal([true, false, 0])
    log.add('missed', [1])
    const next = await new Ear(live).listen()
    log.add('x', [1])
    await settled()
    expect(next.heard).to.deep.equal(['7-1', '7-1', '7-2 article a.one <x>'])
    live.endAll()
  })

  it('ends streams where the log cannot be read, and goes on with the next', async () => {
    const log = new Log()
    const live = log.live()
    const ear = await new Ear(live).listen()
    log.fails = true
    log.add('x', [1])
    await settled()
    expect(ear.over).to.equal(true)
    expect(log.errors).to.deep.equal(['live pages stopped'])
    log.fails = false
    const next = await new Ear(live, { place: '7-0' }).listen()
    expect(next.heard).to.include('7-1 article a.one <x>')
    live.endAll()
  })
})
