import { expect } from 'chai'
import { WritesRefused } from '../../../src/storage/database/store-error.ts'
import { storeContract } from '../../contract/store.ts'
import { MemoryStore } from '../../support/memory-store.ts'
import { rejection } from '../../support/rejection.ts'
import { seeded } from '../../support/seeded.ts'

const key = (text: string) => Buffer.from(text)
const put = (text: string) => ({ key: key(text), value: key(text) })
const fault = new Error('planted')

describe('MemoryStore', () => {
  describe('as every store', () => {
    let latest: MemoryStore
    const make = async () => {
      latest = await MemoryStore.open()
      return latest
    }
    storeContract({ make, again: () => latest.crash(), keeps: false })
  })

  it('refuses writes after a failed one until it is reopened', async () => {
    const store = await MemoryStore.open()
    store.failNext(fault)
    expect(await rejection(store.batch([put('a')]))).to.equal(fault)
    expect(await rejection(store.batch([put('b')]))).to.be.instanceOf(WritesRefused)
    expect(await store.flush()).to.equal(false)
    await store.reopen()
    await store.batch([put('c')])
    expect(await store.get(key('a'))).to.equal(undefined)
    expect(await store.get(key('c'))).to.deep.equal(key('c'))
    expect(await store.flush()).to.equal(true)
  })

  it('fails a read, a flush and a reopen on demand, once', async () => {
    const store = await MemoryStore.open()
    for (const call of ['get', 'flush', 'reopen'] as const) store.failNext(fault, call)
    expect(await rejection(store.get(key('a')))).to.equal(fault)
    expect(await store.get(key('a'))).to.equal(undefined)
    expect(await store.flush()).to.equal(false)
    expect(await store.flush()).to.equal(true)
    expect(await rejection(store.reopen())).to.equal(fault)
    await store.reopen()
  })

  it('drops in a crash what a failed flush did not make durable', async () => {
    const store = await MemoryStore.open()
    await store.batch([put('a'), put('b')])
    await store.flush()
    await store.batch([{ key: key('a'), value: undefined }, put('c')])
    store.failNext(fault, 'flush')
    await store.flush()
    const survivor = await store.crash()
    const found = await survivor.getMany([key('a'), key('b'), key('c')])
    expect(found).to.deep.equal([key('a'), key('b'), undefined])
    expect(await rejection(store.get(key('a')))).to.be.an('error')
  })

  it('keeps some whole batches of those not flushed, the same ones for the same seed', async () => {
    const survivors = async (seed: number) => {
      const store = await MemoryStore.open()
      for (let turn = 0; turn < 20; turn++) await store.batch([put(`${turn}x`), put(`${turn}y`)])
      const keys: string[] = []
      for await (const batch of (await store.crash(seeded(seed))).keys({})) keys.push(...batch.map(String))
      return keys
    }
    const kept = await survivors(1)
    expect(kept.length).to.be.within(2, 38)
    expect(kept.filter(name => name.endsWith('x')).length * 2).to.equal(kept.length)
    expect(await survivors(1)).to.deep.equal(kept)
    expect(await survivors(2)).not.to.deep.equal(kept)
  })
})
