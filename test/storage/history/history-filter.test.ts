import { expect } from 'chai'
import { seal } from '../../../src/storage/checksum.ts'
import { HistoryFilter } from '../../../src/storage/history/history-filter.ts'
import { goneKey, historyKey, messageIdHash, wideValue } from '../../../src/storage/keys.ts'
import { MemoryStore } from '../../support/memory-store.ts'

const hashes = (name: string, count: number) =>
  Array.from({ length: count }, (_, index) => messageIdHash(`<${index}.${name}@x>`))
const { signal } = new AbortController()

async function databases() {
  return { index: await MemoryStore.open(), state: await MemoryStore.open() }
}

describe('the filter of known message-IDs', () => {
  it('may hold everything until it has read the databases', async () => {
    const filter = new HistoryFilter()
    expect(filter.mayHold(messageIdHash('<1@x>'))).to.equal(true)
    await filter.load(await databases(), signal)
    expect(filter.mayHold(messageIdHash('<1@x>'))).to.equal(false)
  })

  it('holds what is present and what is gone, and what was added while it read', async () => {
    const stores = await databases()
    const present = hashes('present', 300)
    const gone = hashes('gone', 300)
    await stores.index.batch(present.map(hash => ({ key: historyKey(hash), value: wideValue(1) })))
    await stores.state.batch(gone.map(hash => ({ key: goneKey(hash), value: seal(Buffer.alloc(4)) })))
    const filter = new HistoryFilter()
    const loading = filter.load(stores, signal)
    const added = hashes('added', 100)
    for (const hash of added) filter.add(hash)
    await loading
    for (const hash of [...present, ...gone, ...added]) expect(filter.mayHold(hash)).to.equal(true)
  })

  it('stays incomplete where it was broken off', async () => {
    const stores = await databases()
    await stores.index.batch([{ key: historyKey(messageIdHash('<1@x>')), value: wideValue(1) }])
    const filter = new HistoryFilter()
    await filter.load(stores, AbortSignal.abort())
    expect(filter.mayHold(messageIdHash('<2@x>'))).to.equal(true)
  })

  it('takes no room for ids that come again', () => {
    const filter = new HistoryFilter(64)
    const ids = hashes('again', 60)
    for (const hash of ids) filter.add(hash)
    const before = process.memoryUsage().arrayBuffers
    for (let turn = 0; turn < 2000; turn++) for (const hash of ids) filter.add(hash)
    // Counted anew each time they would fill layers of 256 KiB.
    expect(process.memoryUsage().arrayBuffers - before).to.be.lessThan(32_768)
  })

  it('lacks no id and holds few without cause, as it grows', async () => {
    const filter = new HistoryFilter(1024)
    await filter.load(await databases(), signal)
    const added = hashes('added', 10_000)
    for (const hash of added) filter.add(hash)
    expect(added.every(hash => filter.mayHold(hash))).to.equal(true)
    const wrong = hashes('other', 10_000).filter(hash => filter.mayHold(hash)).length
    expect(wrong).to.be.below(300)
  })
})
