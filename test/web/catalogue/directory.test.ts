import { expect } from 'chai'
import fc from 'fast-check'
import type { Newsgroup } from '../../../src/newsgroup.ts'
import type { Group, GroupId } from '../../../src/storage/reading.ts'
import { createCatalogue } from '../../../src/web/catalogue/catalogue.ts'
import { Directory } from '../../../src/web/catalogue/directory.ts'
import { listingOf, mostListed } from '../../../src/web/catalogue/listing.ts'
import { slicesOf } from '../../../src/web/slices.ts'
import { FakeReading } from '../../support/fake-reading.ts'
import { ManualClock } from '../../support/manual-clock.ts'

function groupOf(name: string, at = 0): Group {
  return {
    id: (at + 1) as GroupId,
    name: name as Newsgroup,
    status: 'y',
    description: `About ${name}`,
    low: 1,
    high: at,
    count: at,
    created: 0,
    creator: '',
  }
}

const directoryOf = (names: readonly string[]) =>
  new Directory([...names].sort().map((name, at) => groupOf(name, at + 1)))

const inside = (name: string, hierarchy: string) =>
  hierarchy === '' || name === hierarchy || name.startsWith(`${hierarchy}.`)

/** Few letters, so that names are beginnings of one another; `-` and `+` sort before the dot. */
const names = fc.uniqueArray(fc.stringMatching(/^[ab]{1,2}([-+]a)?(\.[ab][-+]?){0,3}$/), { maxLength: 40 })

describe('web: directory', () => {
  it('adds up what a plain filter would find', () => {
    fc.assert(
      fc.property(names, fc.stringMatching(/^([ab]{1,2}(\.[ab]){0,2})?$/), (all, hierarchy) => {
        const directory = directoryOf(all)
        const wanted = directory.groups.filter(({ name }) => inside(name, hierarchy))
        const found = directory.within(hierarchy)
        expect(new Set(found)).to.deep.equal(new Set(wanted))
        expect(found.length).to.equal(wanted.length)
        const articles = wanted.reduce((sum, { count }) => sum + count, 0)
        expect(directory.sum(hierarchy)).to.deep.equal({ groups: wanted.length, articles })
      }),
    )
  })

  it('names every child once, and all of them together are everything', () => {
    fc.assert(
      fc.property(names, all => {
        const directory = directoryOf(all)
        const children = [...directory.children('')]
        const tops = new Set(all.map(name => name.split('.')[0] ?? ''))
        expect(children.map(({ name }) => name).sort()).to.deep.equal([...tops].sort())
        expect(children.reduce((sum, { groups }) => sum + groups, 0)).to.equal(all.length)
        // Read in pages from any of them on, nothing is left out and nothing said twice.
        for (const [at, child] of children.entries())
          expect([...directory.children('', child.at)]).to.deep.equal(children.slice(at))
      }),
    )
  })

  it('finds groups by name, by number and by wildmat', () => {
    const directory = directoryOf(['a', 'a.b', 'a-b', 'b.c'])
    expect(directory.named('a.b')?.name).to.equal('a.b')
    expect(directory.named('a.c')).to.equal(undefined)
    expect(directory.withId(directory.named('b.c')?.id ?? (0 as GroupId))?.name).to.equal('b.c')
    expect(directory.matching('a*,!a.*').map(({ name }) => name)).to.deep.equal(['a', 'a-b'])
    expect(directory.matching('[')).to.deep.equal([])
  })
})

describe('web: lists of groups', () => {
  const large = directoryOf([
    'big',
    'big.one',
    ...Array.from({ length: 900 }, (_, at) => `big.many.g${at}`),
    ...Array.from({ length: 700 }, (_, at) => `flat.g${String(at).padStart(3, '0')}`),
  ])
  const shown = (hierarchy: string, from = '', filter = '') =>
    listingOf(large, hierarchy, { from, filter, slices: slicesOf(new ManualClock()) })

  it('count hierarchies where there are many groups, and list what has nothing below it', async () => {
    const { sections, total, next } = await shown('')
    expect(sections.map(({ name, groups, listed }) => [name, groups, listed.length])).to.deep.equal([
      ['big', 902, 0],
      ['flat', 700, 0],
    ])
    expect([total.groups, next]).to.deep.equal([1602, ''])
    expect((await shown('big')).sections.map(({ name, listed }) => [name, listed.length])).to.deep.equal([
      ['big', 2],
      ['big.many', 0],
    ])
  })

  it('are cut into pages that together have every group once', async () => {
    const seen: string[] = []
    let from = ''
    do {
      const listing = await shown('flat', from)
      expect(listing.groups().length).to.be.within(1, mostListed)
      seen.push(...listing.groups().map(({ name }) => name))
      from = listing.next
    } while (from !== '')
    expect(seen).to.deep.equal(large.within('flat').map(({ name }) => name))
  })

  it('are filtered by a word of name or description, or a wildmat, and say when there is more', async () => {
    const { sections, total, cut } = await shown('', '', 'ABOUT big.many.g1')
    expect([sections[0]?.listed.length, total.groups, cut]).to.deep.equal([111, 111, false])
    expect((await shown('', '', 'flat.*,!flat.g6*')).total.groups).to.equal(600)
    expect((await shown('', '', 'flat')).cut).to.equal(true)
    expect((await shown('big', '', 'flat')).sections).to.deep.equal([])
  })
})

class SlowReading extends FakeReading {
  readonly #clock: ManualClock
  reads = 0

  constructor(clock: ManualClock) {
    super()
    this.#clock = clock
  }

  override async *groups(): AsyncIterable<readonly Group[]> {
    this.reads++
    await this.#clock.advance(50)
    yield* super.groups()
  }
}

describe('web: catalogue', () => {
  it('is read again when something has come, and shared by readers of one rule', async () => {
    const reading = new FakeReading()
    const catalogue = createCatalogue(reading, new ManualClock())
    reading.addGroup('local.a')
    reading.addGroup('local.b', { status: '=local.a' })
    const [all, few] = [() => true, (name: string) => name !== 'local.a']
    const first = await catalogue.directory(all)
    expect(await catalogue.directory(all)).to.equal(first)
    expect((await catalogue.directory(few)).groups.map(({ name, status }) => [name, status])).to.deep.equal([
      ['local.b', 'x'],
    ])
    reading.addGroup('local.c')
    expect((await catalogue.directory(all)).groups.length).to.equal(3)
  })

  it('waits with a list that took long, so that no more than a twentieth of the time goes into it', async () => {
    const clock = new ManualClock()
    const reading = new SlowReading(clock)
    const { groups } = createCatalogue(reading, clock)
    reading.addGroup('local.a')
    await groups()
    reading.addGroup('local.b')
    await clock.advance(999)
    expect((await groups()).length).to.equal(1)
    await clock.advance(1)
    expect((await groups()).length).to.equal(2)
    expect(reading.reads).to.equal(2)
  })
})
