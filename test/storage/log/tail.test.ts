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

  it('goes on after many more arrivals than it holds', () => {
    const tail = new Tail(10_000)
    for (let arrival = 1; arrival <= 20_000; arrival++) tail.add(announced(arrival, 488))
    expect(tail.row(20_000 as Arrival)?.arrival).to.equal(20_000)
    expect(tail.row(19_991 as Arrival)?.arrival).to.equal(19_991)
    expect(tail.row(19_990 as Arrival)).to.equal(undefined)
  })
})
