import { expect } from 'chai'
import type { RecordChanges } from '../../../src/storage/database/store.ts'
import { Checkpointer } from '../../../src/storage/journal/checkpoint.ts'
import { Journal } from '../../../src/storage/journal/journal.ts'
import { SyncFailed } from '../../../src/storage/journal/journal-error.ts'
import { MemoryStore } from '../../support/memory-store.ts'
import { rejection } from '../../support/rejection.ts'
import { seeded } from '../../support/seeded.ts'
import { SimDisk } from '../../support/sim-disk.ts'
import { systemError } from '../../support/sim-power.ts'

const fault = new Error('planted')
const key = (text: string) => Buffer.from(text)
const record = (text: string): RecordChanges => [
  { database: 'state', key: key(text), value: Buffer.alloc(100, text) },
]

describe('Checkpointer', () => {
  let disk: SimDisk
  let journal: Journal
  let stores: { articles: MemoryStore; state: MemoryStore; index: MemoryStore }
  let checkpointer: Checkpointer

  const commit = async (text: string) => {
    await journal.append([record(text)])
    await stores.state.batch(record(text))
  }

  beforeEach(async () => {
    disk = new SimDisk()
    journal = (await Journal.open(disk, async () => {})).journal
    stores = {
      articles: await MemoryStore.open(),
      state: await MemoryStore.open(),
      index: await MemoryStore.open(),
    }
    checkpointer = new Checkpointer(stores, journal, 500)
    for (const text of 'abc') await commit(text)
  })

  it('is due when the journal has grown by more than the limit since the last one', async () => {
    expect(checkpointer.due()).to.equal(false)
    for (const text of 'def') await commit(text)
    expect(checkpointer.due()).to.equal(true)
    expect(await checkpointer.run(5)).to.deep.equal({ ok: true, sequence: 5 })
    expect(checkpointer.due()).to.equal(false)
    for (const text of 'ghi') await commit(text)
    expect(checkpointer.due()).to.equal(false)
    await commit('j')
    expect(checkpointer.due()).to.equal(true)
  })

  it('leaves to the journal only what the databases may lose', async () => {
    await checkpointer.run(journal.sequence)
    await commit('d')
    const state = await stores.state.crash()
    expect(await state.getMany([key('a'), key('c'), key('d')])).to.deep.equal([
      Buffer.alloc(100, 'a'),
      Buffer.alloc(100, 'c'),
      undefined,
    ])
    const { recovery } = await Journal.open(disk.crash(seeded(1)), changes => state.batch(changes))
    expect(recovery.records).to.equal(1)
    expect(await state.get(key('d'))).to.deep.equal(Buffer.alloc(100, 'd'))
  })

  it('removes nothing and reopens the store that did not flush', async () => {
    stores.state.failNext(fault)
    expect(await rejection(stores.state.batch(record('d')))).to.equal(fault)
    const size = journal.size
    expect(await checkpointer.run(3)).to.deep.equal({ ok: false, failed: ['state'], causes: [] })
    expect(journal.size).to.equal(size)
    expect((await Journal.open(disk, async () => {})).recovery.records).to.equal(3)
    // Reopened: it takes writes again.
    await stores.state.batch(record('d'))
    expect(await checkpointer.run(3)).to.deep.equal({ ok: true, sequence: 3 })
    expect((await Journal.open(disk, async () => {})).recovery.records).to.equal(0)
  })

  it('says why a store could not be reopened, and names every one that failed', async () => {
    stores.index.failNext(fault, 'flush')
    stores.articles.failNext(fault, 'flush')
    stores.articles.failNext(fault, 'reopen')
    const result = await checkpointer.run(3)
    expect(result).to.deep.equal({ ok: false, failed: ['articles', 'index'], causes: [fault] })
  })

  it('tells that the journal has no space, and that it is dead by an exception', async () => {
    const error = systemError('ENOSPC', 'append')
    disk.failNext('append', error)
    const result = await checkpointer.run(3)
    if (result.ok) throw new Error('expected a failure')
    expect(result.failed).to.deep.equal([])
    expect(result.causes[0]).to.have.property('cause', error)
    disk.failNext('sync', systemError('EIO', 'fdatasync'))
    expect(await rejection(checkpointer.run(3))).to.be.instanceOf(SyncFailed)
  })
})
