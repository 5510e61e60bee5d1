import { expect } from 'chai'
import { seal } from '../../../src/storage/checksum.ts'
import { HistoryFilter } from '../../../src/storage/history/history-filter.ts'
import { loadKnown } from '../../../src/storage/history/load-known.ts'
import { RecentIds } from '../../../src/storage/history/recent-ids.ts'
import { cancelKey, goneKey, historyKey, messageIdHash, wideValue } from '../../../src/storage/keys.ts'
import { MemoryStore } from '../../support/memory-store.ts'

const hashes = (name: string, count: number) =>
  Array.from({ length: count }, (_, index) => messageIdHash(`<${index}.${name}@x>`))
const { signal } = new AbortController()

/** A store with `present` ids, of the arrivals 1, 2 and so on. */
async function databases(present: readonly string[] = []) {
  const stores = { index: await MemoryStore.open(), state: await MemoryStore.open() }
  const put = (hash: string, at: number) => ({ key: historyKey(hash), value: wideValue(at + 1) })
  await stores.index.batch(present.map(put))
  return { stores, newest: present.length, filter: new HistoryFilter(), recent: new RecentIds(4096) }
}

describe('what is known of message-IDs after a start', () => {
  it('is what is present and what is gone, and what came while that was read', async () => {
    const present = hashes('present', 300)
    const parts = await databases(present)
    const gone = hashes('gone', 300)
    const cancelled = { key: cancelKey(messageIdHash('<c@x>'), messageIdHash('key')), value: wideValue(1) }
    const value = seal(Buffer.alloc(4))
    await parts.stores.state.batch([...gone.map(hash => ({ key: goneKey(hash), value })), cancelled])
    const loading = loadKnown(parts, signal)
    const added = hashes('added', 100)
    for (const hash of added) {
      parts.filter.add(hash)
      parts.recent.add(hash)
    }
    await loading
    for (const hash of [...present, ...gone, ...added, messageIdHash('<c@x>')])
      expect(parts.filter.mayHold(hash)).to.equal(true)
    for (const hash of [...present, ...added]) expect(parts.recent.has(hash)).to.equal(true)
    for (const hash of gone) expect(parts.recent.has(hash)).to.equal(false)
  })

  it('is not what was taken out while it was read', async () => {
    const present = hashes('present', 3000)
    const parts = await databases(present)
    const loading = loadKnown(parts, signal)
    for (const hash of present.slice(0, 1500)) parts.recent.delete(hash)
    await loading
    expect(present.filter(hash => parts.recent.has(hash))).to.deep.equal(present.slice(1500))
  })

  it('is in the table of those that came last alone where there are more than it takes', async () => {
    const present = hashes('present', 5000)
    const parts = await databases(present)
    await loadKnown(parts, signal)
    const { capacity } = parts.recent
    expect(capacity).to.be.within(1, 4999)
    expect(present.filter(hash => parts.recent.has(hash))).to.deep.equal(present.slice(-capacity))
    expect(present.every(hash => parts.filter.mayHold(hash))).to.equal(true)
  })

  it('stays in the table while as many more come', async () => {
    const present = hashes('present', 2000)
    const parts = { ...(await databases(present)), recent: new RecentIds() }
    await loadKnown(parts, signal)
    const added = hashes('added', 98_304)
    for (const hash of added) parts.recent.add(hash)
    expect([...present, ...added].every(hash => parts.recent.has(hash))).to.equal(true)
  })

  it('leaves the table to what came meanwhile, however much that is', async () => {
    const present = hashes('present', 2000)
    const parts = await databases(present)
    const loading = loadKnown(parts, signal)
    const added = hashes('added', 2 * parts.recent.capacity)
    for (const hash of added) parts.recent.add(hash)
    await loading
    expect(added.every(hash => parts.recent.has(hash))).to.equal(true)
  })

  it('stays incomplete where it was broken off', async () => {
    const parts = await databases([messageIdHash('<1@x>')])
    await loadKnown(parts, AbortSignal.abort())
    expect(parts.filter.mayHold(messageIdHash('<2@x>'))).to.equal(true)
  })
})
