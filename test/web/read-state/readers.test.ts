import { expect } from 'chai'
import { silentLog } from '../../../src/log.ts'
import type { Group } from '../../../src/storage/reading.ts'
import { accountShelf } from '../../../src/storage/state/shelves.ts'
import { parseRanges } from '../../../src/web/read-state/number-ranges.ts'
import { Readers, type Reads } from '../../../src/web/read-state/readers.ts'
import { FakeReading } from '../../support/fake-reading.ts'
import { ManualClock } from '../../support/manual-clock.ts'
import { MemoryShelves } from '../../support/memory-shelves.ts'
import { articleText } from '../../support/web-fixture.ts'

const none = () => undefined
const ranges = (text: string) => parseRanges(text) ?? []

class CountedShelves extends MemoryShelves {
  saves = 0
  fails = false

  override async save(...args: Parameters<MemoryShelves['save']>): Promise<void> {
    this.saves++
    if (this.fails) throw new Error('no room')
    await super.save(...args)
  }
}

class World {
  readonly shelves = new CountedShelves()
  readonly reading = new FakeReading()
  readonly clock = new ManualClock()
  readers = this.restarted()

  constructor() {
    for (const name of ['local.a', 'local.b']) this.reading.addGroup(name)
    for (let at = 1; at <= 10; at++) this.reading.add(articleText(`${at}@x.test`, { Newsgroups: 'local.a' }))
  }

  restarted(): Readers {
    const { shelves, reading, clock } = this
    return new Readers({ shelves, reading, clock, log: silentLog, secret: Buffer.alloc(32) })
  }

  async group(name = 'local.a'): Promise<Group> {
    const group = await this.reading.group(name)
    if (group === undefined) throw new Error(name)
    return group
  }
}

/** The cookies of a browser that got this answer. */
const browserAfter = (reads: Reads) => (name: string) =>
  reads.cookies().find(cookie => cookie.name === name)?.value

describe('web: readers', () => {
  it('keep what a person has read over a restart, in one write for many pages', async () => {
    const world = new World()
    const group = await world.group()
    for (const number of [1, 2, 5]) {
      const { reader, cookies } = await world.readers.of('ann', none)
      reader.mark(group, ranges(String(number)))
      expect(cookies()).to.deep.equal([])
    }
    expect(world.shelves.saves).to.equal(0)
    await world.readers.close()
    expect(world.shelves.saves).to.equal(1)
    expect(String(await world.shelves.load('account:ann', 'marks/local.a'))).to.equal('=1-2,5')
    const { reader } = await world.restarted().of('ann', none)
    expect([1, 2, 3, 5].map(number => reader.isRead(group, number))).to.deep.equal([true, true, false, true])
    expect(await reader.unread(group)).to.equal(7)
    expect((await world.restarted().of('bob', none)).reader.empty).to.equal(true)
  })

  it('write after a moment, and nothing for a page that was read before', async () => {
    const world = new World()
    const group = await world.group()
    const { reader } = await world.readers.of('ann', none)
    reader.mark(group, ranges('3'))
    await world.clock.advance(2000)
    expect(world.shelves.saves).to.equal(1)
    reader.mark(group, ranges('3'))
    reader.unmark(group, ranges('4'))
    reader.subscribe(group, false)
    await world.clock.advance(60_000)
    await world.readers.close()
    expect(world.shelves.saves).to.equal(1)
  })

  it('show what no write has taken along yet, and write it later where a write failed', async () => {
    const world = new World()
    const group = await world.group()
    world.shelves.fails = true
    ;(await world.readers.of('ann', none)).reader.mark(group, ranges('3'))
    await world.readers.close()
    expect((await world.readers.of('ann', none)).reader.isRead(group, 3)).to.equal(true)
    world.shelves.fails = false
    await world.clock.advance(2000)
    await world.readers.close()
    expect((await world.restarted().of('ann', none)).reader.isRead(group, 3)).to.equal(true)
  })

  it('write very many marks in several commits, none of which others wait for long', async () => {
    const world = new World()
    const { reader } = await world.readers.of('ann', none)
    for (let at = 0; at < 1000; at++) world.reading.addGroup(`many.g${at}`, { high: 5, count: 5 })
    for (let at = 0; at < 1000; at++) reader.mark(await world.group(`many.g${at}`), ranges('1-5'))
    await world.readers.close()
    expect(world.shelves.saves).to.equal(4)
    const again = (await world.restarted().of('ann', none)).reader
    expect(await again.unread(await world.group('many.g999'))).to.equal(0)
  })

  it('count unread articles exactly, whatever is missing between them', async () => {
    const world = new World()
    for (const number of [2, 3, 7]) world.reading.remove('local.a', number)
    const { reader } = await world.readers.of('ann', none)
    expect(await reader.unread(await world.group())).to.equal(7)
    reader.mark(await world.group(), ranges('1,4'))
    expect(await reader.unread(await world.group())).to.equal(5)
    reader.mark(await world.group(), ranges('5-6,8-10'))
    expect(await reader.unread(await world.group())).to.equal(0)
    world.reading.add(articleText('new@x.test', { Newsgroups: 'local.a' }))
    world.reading.remove('local.a', 8)
    expect(await reader.unread(await world.group())).to.equal(1)
  })

  it('keep what a visitor has read in a cookie', async () => {
    const world = new World()
    const group = await world.group()
    const first = await world.readers.of(undefined, none)
    expect(first.cookies()).to.deep.equal([])
    first.reader.mark(group, ranges('2-4'))
    first.reader.subscribe(group, true)
    const { reader } = await world.restarted().of(undefined, browserAfter(first))
    expect(await reader.unread(group)).to.equal(7)
    expect(reader.subscribed(group)).to.equal(true)
    expect(world.shelves.saves).to.equal(0)
  })

  it('move what a visitor has read to an account, beside what is there', async () => {
    const world = new World()
    const [a, b] = [await world.group(), await world.group('local.b')]
    const account = (await world.readers.of('ann', none)).reader
    account.mark(a, ranges('1,9'))
    account.subscribe(b, false)
    account.subscribe(b, true)
    const visit = await world.readers.of(undefined, none)
    visit.reader.mark(a, ranges('2-4'))
    visit.reader.subscribe(a, true)
    visit.reader.patterns = 'comp.*'
    const taken = await world.readers.moveVisitorState('ann', browserAfter(visit))
    expect(taken).to.deep.equal([{ name: 'marks', value: '', maxAge: 0 }])
    await world.readers.close()
    const { reader } = await world.restarted().of('ann', none)
    expect(reader.readIn(a)).to.deep.equal(ranges('1-4,9'))
    expect([reader.subscribed(a), reader.subscribed(b), reader.patterns]).to.deep.equal([
      true,
      true,
      'comp.*',
    ])
    expect(await world.readers.moveVisitorState('ann', none)).to.deep.equal([])
  })

  it('let patterns decide where the group itself says nothing', async () => {
    const world = new World()
    const [a, b] = [await world.group(), await world.group('local.b')]
    const { reader } = await world.readers.of('ann', none)
    reader.patterns = 'local.*,!local.b'
    expect([reader.subscribed(a), reader.subscribed(b)]).to.deep.equal([true, false])
    reader.subscribe(a, false)
    reader.subscribe(b, true)
    expect([reader.subscribed(a), reader.subscribed(b)]).to.deep.equal([false, true])
    reader.subscribe(a, true)
    reader.patterns = '*,!local.a'
    // Subscribed to again, so it follows the patterns again.
    expect([reader.subscribed(a), reader.subscribed(b)]).to.deep.equal([false, true])
    reader.patterns = '[broken'
    expect(reader.subscribed(a)).to.equal(false)
  })

  it('forget an account at once, with what was on its way', async () => {
    const world = new World()
    const group = await world.group()
    ;(await world.readers.of('ann', none)).reader.mark(group, ranges('3'))
    await world.readers.forget('ann')
    await world.readers.close()
    expect(await world.shelves.load(accountShelf('ann'), 'marks/local.a')).to.equal(undefined)
    expect((await world.readers.of('ann', none)).reader.empty).to.equal(true)
  })
})
