import { expect } from 'chai'
import fc from 'fast-check'
import { type Holder, LeaseTable } from '../../../src/storage/history/lease-table.ts'

const limit = 1000
const holderOf = (name: string): Holder => ({ owner: Symbol(name), leases: 0, gone: false })
const idOf = (number: number) => `<${number}.series@host.example>`

/** What the table should hold: ids in the order they came, each with when it ends. */
class Model {
  readonly table = new LeaseTable(limit, () => {})
  readonly known = new Map<number, number>()
  readonly holder = holderOf('model')
  #ends = 0

  add(number: number): void {
    if (this.table.find(idOf(number)) !== 0) return
    this.#ends += 1
    this.table.add(this.holder, this.#ends)
    const [oldest] = this.known.keys()
    if (this.known.size === limit && oldest !== undefined) this.known.delete(oldest)
    this.known.set(number, this.#ends)
  }

  remove(number: number): void {
    const row = this.table.find(idOf(number))
    if (row !== 0) this.table.remove(row)
    this.known.delete(number)
  }

  check(most: number): void {
    expect(this.holder.leases).to.equal(this.known.size)
    for (let number = 0; number < most; number++) {
      const row = this.table.find(idOf(number))
      const ends = row === 0 ? undefined : this.table.ends(row)
      expect(ends).to.equal(this.known.get(number))
    }
  }
}

describe('the table of leases', () => {
  it('finds what was put into it and not taken out, as it grows', () => {
    const model = new Model()
    for (let number = 0; number < limit; number++) {
      model.add(number)
      if (number % 3 === 0) model.remove(number - 1)
    }
    model.check(limit)
  })

  it('lets the oldest go where there are too many', () => {
    const model = new Model()
    for (let number = 0; number < 3 * limit; number++) model.add(number)
    model.check(3 * limit)
    expect(model.table.find(idOf(2 * limit - 1))).to.equal(0)
    expect(model.table.find(idOf(2 * limit))).not.to.equal(0)
  })

  it('is what a list would be, whatever comes and goes', () =>
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.boolean(), fc.nat(1500)), { maxLength: 3000 }), steps => {
        const model = new Model()
        for (let number = 0; number < limit; number++) model.add(number)
        for (const [comes, number] of steps) {
          if (comes) model.add(number)
          else model.remove(number)
        }
        model.check(1500)
      }),
      { numRuns: 20 },
    ))

  it('tells of a holder that has no lease left', () => {
    const emptied: Holder[] = []
    const table = new LeaseTable(2, holder => emptied.push(holder))
    const [a, b] = [holderOf('a'), holderOf('b')]
    const put = (holder: Holder, id: string) => {
      expect(table.find(id)).to.equal(0)
      table.add(holder, 1)
    }
    put(a, '<1@x>')
    put(b, '<2@x>')
    put(b, '<3@x>')
    expect(emptied).to.deep.equal([a])
    table.remove(table.find('<2@x>'))
    expect(emptied).to.deep.equal([a])
    table.remove(table.find('<3@x>'))
    expect(emptied).to.deep.equal([a, b])
  })
})
