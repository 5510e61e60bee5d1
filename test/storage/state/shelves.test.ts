import { expect } from 'chai'
import type { Kept, Shelves } from '../../../src/storage/state/shelves.ts'
import { crashed, memoryParts } from '../../support/node.ts'
import { testStorage } from '../../support/storage.ts'

async function all(kept: AsyncIterable<readonly Kept[]>): Promise<string[]> {
  const found: string[] = []
  for await (const batch of kept) found.push(...batch.map(({ name, value }) => `${name}=${value}`))
  return found
}

const put = (shelves: Shelves, owner: string, pairs: Readonly<Record<string, string>>) =>
  shelves.save(owner, new Map(Object.entries(pairs).map(([name, value]) => [name, Buffer.from(value)])))

describe('storage: shelves', () => {
  it('keeps values under owner and name, and lists them in order by the beginning of their names', async () => {
    await using storage = await testStorage()
    const { shelves } = storage
    await put(shelves, 'account:ann', { 'b/2': 'two', 'b/1': 'one', bü: 'u', c: 'three', 'b/é': 'e' })
    await put(shelves, 'account:anna', { 'b/1': 'hers' })
    expect(String(await shelves.load('account:ann', 'b/1'))).to.equal('one')
    expect(await shelves.load('account:ann', 'b/')).to.equal(undefined)
    expect(await all(shelves.list('account:ann', 'b/'))).to.deep.equal(['b/1=one', 'b/2=two', 'b/é=e'])
    expect(await all(shelves.list('account:ann'))).to.have.length(5)
    expect(await all(shelves.list('account:anna'))).to.deep.equal(['b/1=hers'])
  })

  it('takes values away, one or all of an owner', async () => {
    await using storage = await testStorage()
    const { shelves } = storage
    await put(shelves, 'a', { x: '1', y: '2' })
    await put(shelves, 'b', { x: '3' })
    await shelves.save('a', new Map([['x', undefined]]))
    expect(await all(shelves.list('a'))).to.deep.equal(['y=2'])
    await shelves.clear('a')
    expect(await all(shelves.list('a'))).to.deep.equal([])
    expect(await all(shelves.list('b'))).to.deep.equal(['x=3'])
  })

  it('refuses what is too large and writes nothing of it', async () => {
    await using storage = await testStorage()
    const { shelves } = storage
    const changes = new Map([
      ['small', Buffer.from('1')],
      ['large', Buffer.alloc(1_000_001)],
    ])
    const error = await shelves.save('a', changes).catch(fault => fault)
    expect(error).to.be.instanceOf(RangeError)
    expect(await all(shelves.list('a'))).to.deep.equal([])
  })

  it('has them after a crash of the machine', async () => {
    const before = await memoryParts()
    const storage = await testStorage(before)
    await put(storage.shelves, 'a', { x: '1' })
    await using again = await testStorage(await crashed(before, () => 0.99))
    expect(String(await again.shelves.load('a', 'x'))).to.equal('1')
    await storage.close()
  })
})
