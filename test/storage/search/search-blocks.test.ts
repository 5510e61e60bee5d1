import { expect } from 'chai'
import { silentLog } from '../../../src/log.ts'
import type { GroupId } from '../../../src/storage/reading.ts'
import { OpenSearchBlock, type SearchDocument } from '../../../src/storage/search/open-search-block.ts'
import type { SearchBlock } from '../../../src/storage/search/search-block.ts'
import { SearchBlocks } from '../../../src/storage/search/search-blocks.ts'
import { inBody, inSubject, posting, searchBlockSize } from '../../../src/storage/search/search-postings.ts'
import { FakePlaces } from '../../support/fake-places.ts'
import { MemoryStore } from '../../support/memory-store.ts'

const rest = () => undefined

const sample = (words: Record<string, number>, group = 7): SearchDocument => ({
  words: new Map(Object.entries(words)),
  groups: [group as GroupId],
  thread: '<t@x>',
  date: 1000 + group,
})

function full(block: number): OpenSearchBlock {
  const open = new OpenSearchBlock(block)
  open.add(3, sample({ one: inSubject, onely: inBody }))
  open.add(4095, sample({ one: inSubject | inBody, zwei: inBody }, 9))
  return open
}

async function contents(block: SearchBlock) {
  return {
    words: await block.postings('w', ['one', 'zwei', 'none']),
    beginning: (await block.beginning('one', 10)).length,
    least: (await block.beginning('one', 1)).length,
    groups: await block.groups(),
    dates: [...(await block.dates()).entries()].filter(([, date]) => date !== 0),
  }
}

async function fresh(index?: MemoryStore, places = new FakePlaces()) {
  const store = index ?? (await MemoryStore.open())
  const search = new SearchBlocks({ index: store, places, log: silentLog })
  await search.load()
  return { store, places, search }
}

describe('storage/search-blocks', () => {
  it('gives the same of a block in memory and when it is stored', async () => {
    const { search } = await fresh()
    const open = full(0)
    await search.write(open, rest)
    expect(await contents(open)).to.deep.equal({
      words: [[posting(3, inSubject), posting(4095, inSubject | inBody)], [posting(4095, inBody)], []],
      beginning: 2,
      least: 1,
      groups: [
        { group: 7, postings: [posting(3, 0)] },
        { group: 9, postings: [posting(4095, 0)] },
      ],
      dates: [
        [3, 1007],
        [4095, 1009],
      ],
    })
    expect(await contents(search.block(0))).to.deep.equal(await contents(open))
    expect(search.cursor).to.equal(searchBlockSize - 1)
    expect(search.facts(0)).to.deep.include({ articles: 2, oldest: 1007, newest: 1009 })
  })

  it('believes after a start what a flush has proved, and nothing behind a gap', async () => {
    const { store, places, search } = await fresh()
    await search.write(full(0), rest)
    await search.write(new OpenSearchBlock(1), rest)
    const written = search.written
    await search.write(full(2), rest)
    expect((await fresh(store, places)).search.next, 'nothing is proved').to.equal(0)
    await search.proved(written)
    expect(search.isUnproved).to.equal(true)
    expect((await fresh(store, places)).search.next).to.equal(2)
    await search.proved(3)
    expect(search.isUnproved).to.equal(false)
    expect((await fresh(store, places)).search.next).to.equal(3)
    // The mark of the second block is damaged.
    await store.batch([{ key: Buffer.from('6200000001', 'hex'), value: Buffer.alloc(19) }])
    const after = await fresh(store, places)
    expect(after.search.next).to.equal(1)
    await after.search.write(new OpenSearchBlock(1), rest)
    // And a crash before the next flush believes no more than that.
    expect((await fresh(store, places)).search.next).to.equal(1)
  })

  it('does not believe a place of before the index was made again', async () => {
    const { places, search } = await fresh()
    await search.write(full(0), rest)
    await search.proved(1)
    const again = await fresh(undefined, places)
    expect(again.search.next).to.equal(0)
    await again.search.write(full(0), rest)
    expect((await fresh(again.store, places)).search.next).to.equal(0)
    places.epoch = 2
    await again.search.proved(1)
    expect((await fresh(again.store, places)).search.next).to.equal(1)
  })

  it('is empty after it was cleared', async () => {
    const { store, places, search } = await fresh()
    await search.write(full(0), rest)
    await search.write(full(1), rest)
    await search.proved(2)
    await search.clear(rest)
    expect(search.next).to.equal(0)
    let keys = 0
    for await (const batch of store.keys({})) keys += batch.length
    expect(keys).to.equal(0)
    expect((await fresh(store, places)).search.next).to.equal(0)
  })

  it('gives up what is there no more when half of a block has gone', async () => {
    const { store, places, search } = await fresh()
    await search.write(full(0), rest)
    await search.proved(1)
    // No row of the log: both articles have gone.
    await search.sweep(0, rest)
    expect(search.facts(0)).to.deep.include({ articles: 0, octets: 0 })
    let keys = 0
    for await (const batch of store.keys({})) keys += batch.length
    expect(keys, 'the mark of the block stays').to.equal(1)
    expect((await fresh(store, places)).search.next).to.equal(1)
  })
})
