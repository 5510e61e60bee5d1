import { expect } from 'chai'
import { HistoryFilter } from '../../../src/storage/history/history-filter.ts'
import { messageIdHash } from '../../../src/storage/keys.ts'

const hashes = (name: string, count: number) =>
  Array.from({ length: count }, (_, index) => messageIdHash(`<${index}.${name}@x>`))
describe('the filter of known message-IDs', () => {
  it('may hold everything until it is complete', () => {
    const filter = new HistoryFilter()
    filter.add(messageIdHash('<1@x>'))
    expect(filter.mayHold(messageIdHash('<2@x>'))).to.equal(true)
    filter.complete()
    expect(filter.mayHold(messageIdHash('<1@x>'))).to.equal(true)
    expect(filter.mayHold(messageIdHash('<2@x>'))).to.equal(false)
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

  it('lacks no id and holds few without cause, as it grows', () => {
    const filter = new HistoryFilter(1024)
    filter.complete()
    const added = hashes('added', 10_000)
    for (const hash of added) filter.add(hash)
    expect(added.every(hash => filter.mayHold(hash))).to.equal(true)
    const wrong = hashes('other', 10_000).filter(hash => filter.mayHold(hash)).length
    expect(wrong).to.be.below(300)
  })
})
