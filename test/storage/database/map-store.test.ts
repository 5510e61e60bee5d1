import { expect } from 'chai'
import { storeContract } from '../../contract/store.ts'
import { MapStore } from '../../support/map-store.ts'

const put = (text: string) => ({ key: Buffer.from(text), value: Buffer.from(text) })

describe('MapStore', () => {
  let latest: MapStore
  const make = async () => {
    latest = new MapStore()
    return latest
  }
  storeContract({ make, again: async () => latest.crash(), keeps: false })

  it('leaves of what was not flushed whole batches by chance, and lives on', async () => {
    const store = new MapStore()
    await store.batch([put('a')])
    await store.flush()
    await store.batch([put('b'), put('c')])
    await store.batch([put('d')])
    const dice = [0.9, 0.1]
    const left = store.left(() => dice.shift() ?? 0)
    const all = ['a', 'b', 'c', 'd'].map(key => Buffer.from(key))
    expect((await left.getMany(all)).map(String)).to.deep.equal(['a', 'undefined', 'undefined', 'd'])
    const copy = store.copy()
    await store.batch([put('e')])
    expect((await copy.crash().getMany(all)).map(String)).to.deep.equal(['a', ...Array(3).fill('undefined')])
    expect(String(await store.get(Buffer.from('e')))).to.equal('e')
  })
})
