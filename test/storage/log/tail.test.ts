import { expect } from 'chai'
import fc from 'fast-check'
import { encodeArrivalRow } from '../../../src/storage/log/arrival-row.ts'
import { type Announcement, Tail } from '../../../src/storage/log/tail.ts'
import type { Arrival, ArticleNumber, GroupId } from '../../../src/storage/reading.ts'

const plain: Parameters<typeof encodeArrivalRow>[0] = {
  kind: 'article',
  time: 1,
  source: 'peer:a',
  messageId: '',
  filings: [],
  path: [],
  distributions: [],
  size: 0,
  localOnly: false,
  control: false,
}
const row = encodeArrivalRow(plain)

const announced = (arrival: number, octets: number): Announcement => ({
  arrival: arrival as Arrival,
  row,
  record: Buffer.alloc(octets),
})

describe('the tail of the log', () => {
  it('keeps rows that were read, but none that names many articles', () => {
    const tail = new Tail()
    const filings = Array.from({ length: 128 }, (_, at) => ({
      group: 1 as GroupId,
      number: at as ArticleNumber,
    }))
    const expired = encodeArrivalRow({ ...plain, kind: 'expire', filings })
    tail.add(announced(1, 10))
    tail.add({ ...announced(2, 10), row: expired })
    expect(tail.row(1 as Arrival)).to.equal(tail.row(1 as Arrival))
    expect(tail.row(2 as Arrival)?.filings).to.deep.equal(filings)
    expect(tail.row(2 as Arrival)).not.to.equal(tail.row(2 as Arrival))
  })

  it('holds the newest arrivals within its bound, and nothing that was dropped', () =>
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 20_000 }),
        fc.array(fc.record({ octets: fc.nat(3000), gap: fc.nat(2), drop: fc.boolean() }), { maxLength: 300 }),
        (limit, steps) => {
          const tail = new Tail(limit)
          const expected = new Map<number, number>()
          let arrival = 0
          for (const { octets, gap, drop } of steps) {
            arrival += 1 + gap
            tail.add(announced(arrival, octets))
            expected.set(arrival, octets + 512)
            const total = () => [...expected.values()].reduce((sum, each) => sum + each, 0)
            for (const oldest of [...expected.keys()]) if (total() > limit) expected.delete(oldest)
            if (drop) {
              tail.drop((arrival - 1) as Arrival)
              expected.delete(arrival - 1)
            }
          }
          for (let each = 1; each <= arrival; each++)
            expect(tail.row(each as Arrival)?.arrival === each, `arrival ${each}`).to.equal(
              expected.has(each),
            )
        },
      ),
    ))

  it('counts all of the memory that a record keeps, once for all that lie in it', () => {
    const tail = new Tail(10_000)
    const inSlab = (arrival: number, slab: Buffer, from: number) => ({
      ...announced(arrival, 0),
      record: slab.subarray(from, from + 10),
    })
    const slab = Buffer.alloc(4000)
    for (let arrival = 1; arrival <= 8; arrival++) tail.add(inSlab(arrival, slab, arrival * 10))
    expect(tail.row(1 as Arrival)?.arrival).to.equal(1)
    // Of what came with these nothing was kept.
    for (let arrival = 9; arrival <= 20; arrival++) tail.add(inSlab(arrival, Buffer.alloc(4000), 0))
    expect(tail.row(18 as Arrival)).to.equal(undefined)
    expect(tail.row(19 as Arrival)?.arrival).to.equal(19)
    tail.drop(20 as Arrival)
    tail.add(inSlab(21, Buffer.alloc(4000), 0))
    expect(tail.row(19 as Arrival)?.arrival).to.equal(19)
  })

  it('goes on after many more arrivals than it holds', () => {
    const tail = new Tail(10_000)
    for (let arrival = 1; arrival <= 20_000; arrival++) tail.add(announced(arrival, 488))
    expect(tail.row(20_000 as Arrival)?.arrival).to.equal(20_000)
    expect(tail.row(19_991 as Arrival)?.arrival).to.equal(19_991)
    expect(tail.row(19_990 as Arrival)).to.equal(undefined)
  })
})
