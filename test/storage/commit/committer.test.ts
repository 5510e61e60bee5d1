import { expect } from 'chai'
import { apply } from '../../../src/feed/apply/apply.ts'
import { StoreIncomplete } from '../../../src/storage/database/store-error.ts'
import { SyncFailed } from '../../../src/storage/journal/journal-error.ts'
import type { Arrival } from '../../../src/storage/reading.ts'
import type { Storage } from '../../../src/storage/storage.ts'
import { audit } from '../../support/audit.ts'
import { articleEntry, groupEntry } from '../../support/entries.ts'
import { HeldLog } from '../../support/held-log.ts'
import { ManualClock, settled } from '../../support/manual-clock.ts'
import { memoryParts } from '../../support/node.ts'
import { systemError } from '../../support/sim-power.ts'
import { marks, testStorage } from '../../support/storage.ts'
import { withBatch } from '../../support/with-batch.ts'

const post = (id: string) => articleEntry({ id: `<${id}>`, groups: ['a'] })
const place = (cursor: number) => ({ epoch: 1, cursor: cursor as Arrival, exceptions: [] })

/** Storage with a group, on a clock that stands still, and what it told `fatal`. */
async function prepared() {
  const parts = await memoryParts()
  const clock = new ManualClock()
  const fatal: Error[] = []
  const storage = await testStorage({ ...parts, clock, fatal: error => void fatal.push(error) })
  await storage.submit(groupEntry('add', 'a'))
  return { ...parts, clock, fatal, storage }
}

/** What a promise has come to by now. */
async function soFar<T>(promise: Promise<T>): Promise<T | 'pending'> {
  await settled(20)
  return Promise.race([promise, Promise.resolve('pending' as const)])
}

describe('a failing disk', () => {
  it('that does not sync ends the process, and nothing of that group is answered', async () => {
    const { storage, disk, fatal } = await prepared()
    disk.failNext('sync', systemError('EIO', 'fdatasync'))
    const posted = storage.submit(post('1@x'))
    expect(await soFar(posted)).to.equal('pending')
    expect(fatal).to.have.length(1)
    expect(fatal[0]).to.be.instanceOf(SyncFailed)
    expect(await marks(storage.reading, 'a')).to.equal('0 1 0')
    expect(await storage.history.lookup('<1@x>')).to.equal('committing')
    // A second sync could lie: there is none, and nobody is told that anything was stored.
    expect(await soFar(storage.submit(post('2@x')))).to.have.property('kind', 'deferred')
    await storage.close()
  })

  it('that is full defers, and takes articles again by itself when there is room', async () => {
    const { storage, disk, clock, fatal } = await prepared()
    disk.capacity = 10
    expect(await storage.submit(post('1@x'))).to.have.nested.property('reason.name', 'no-space')
    expect(storage.paused?.name).to.equal('no-space')
    await expectRejected(storage.places.save('p', place(1)))
    expect(await storage.submit(post('2@x'))).to.have.nested.property('reason.name', 'no-space')
    disk.capacity = Number.POSITIVE_INFINITY
    await clock.advance(1000)
    expect(storage.paused).to.equal(undefined)
    expect((await storage.submit(post('1@x'))).kind).to.equal('stored')
    expect(await marks(storage.reading, 'a')).to.equal('1 1 1')
    expect(fatal).to.deep.equal([])
    await storage.close()
  })

  it('that fails one write defers that group alone', async () => {
    const { storage, disk, fatal } = await prepared()
    disk.failNext('append', systemError('EIO', 'write'))
    expect(await storage.submit(post('1@x'))).to.have.nested.property('reason.name', 'fault')
    expect((await storage.submit(post('1@x'))).kind).to.equal('stored')
    expect(await marks(storage.reading, 'a')).to.equal('1 1 1')
    expect(fatal).to.deep.equal([])
    await storage.close()
  })

  it('does not keep a node from stopping', async () => {
    const { storage, disk } = await prepared()
    disk.capacity = 10
    await storage.submit(post('1@x'))
    await expectRejected(storage.places.save('p', place(1)))
    await storage.close()
  })
})

describe('a failing database', () => {
  for (const name of ['articles', 'state', 'index'] as const)
    it(`"${name}" is reopened and written again before anything is visible or answered`, async () => {
      const { storage, stores, clock, fatal } = await prepared()
      const id = '<1@x>'
      stores[name].failNext(systemError('ENOSPC', 'write'))
      stores[name].failNext(systemError('EMFILE', 'open'), 'reopen')
      const posted = storage.submit(post('1@x'))
      expect(await soFar(posted)).to.equal('pending')
      expect(storage.paused?.detail).to.equal(`database ${name}`)
      expect(await marks(storage.reading, 'a')).to.equal('0 1 0')
      expect(await storage.reading.locateId(id)).to.equal(undefined)
      expect(await storage.history.lookup(id)).to.equal('committing')
      expect(await storage.submit(post('2@x'))).to.have.property('kind', 'deferred')
      await clock.advance(100)
      expect(await soFar(posted)).to.equal('pending')
      await clock.advance(10_000)
      expect((await posted).kind).to.equal('stored')
      expect(storage.paused).to.equal(undefined)
      expect(await storage.history.lookup(id)).to.equal('have')
      expect(await audit(storage.reading)).to.deep.equal([])
      expect(fatal).to.deep.equal([])
      await storage.close()
    })

  it('that does not come back lets nobody wait longer than half a minute', async () => {
    const parts = await memoryParts()
    const clock = new ManualClock()
    let broken = false
    const state = withBatch(parts.stores.state, changes =>
      broken ? Promise.reject(systemError('EIO', 'write')) : parts.stores.state.batch(changes),
    )
    const storage = await testStorage({ ...parts, stores: { ...parts.stores, state }, clock })
    await storage.submit(groupEntry('add', 'a'))
    broken = true
    const posted = storage.submit(post('1@x'))
    await clock.advance(40_000)
    expect(await soFar(posted)).to.have.nested.property('reason.name', 'busy')
    expect(await marks(storage.reading, 'a')).to.equal('0 1 0')
    broken = false
    await clock.advance(10_000)
    expect(await storage.history.lookup('<1@x>')).to.equal('have')
    expect((await storage.submit(post('1@x'))).kind).to.equal('duplicate')
    await storage.close()
  })

  it('keeps nobody waiting who saves something, and all of that or nothing', async () => {
    const parts = await memoryParts()
    const clock = new ManualClock()
    let broken = false
    let fail = () => {}
    const failing = new Promise<void>(resolve => {
      fail = resolve
    })
    const state = withBatch(parts.stores.state, async changes => {
      if (!broken) return parts.stores.state.batch(changes)
      await failing
      throw systemError('EIO', 'write')
    })
    const storage = await testStorage({ ...parts, stores: { ...parts.stores, state }, clock })
    const { shelves } = storage
    const save = (value: string) => shelves.save('account:ann', new Map([['row', Buffer.from(value)]]))
    const outcome = (saved: Promise<void>) =>
      saved.then(
        () => 'saved',
        (error: Error) => error.name,
      )
    await save('before')
    broken = true
    const first = outcome(save('first'))
    expect(await soFar(first)).to.equal('pending')
    const behind = outcome(shelves.save('account:ben', new Map([['row', Buffer.from('behind')]])))
    const patient = outcome(storage.places.save('p', place(1)))
    fail()
    expect(await soFar(first)).to.equal('pending')
    expect(await outcome(save('second'))).to.equal('StoreStuck')
    await clock.advance(40_000)
    expect([await soFar(first), await soFar(behind)]).to.deep.equal(['StoreStuck', 'StoreStuck'])
    expect(await soFar(patient)).to.equal('pending')
    expect(String(await shelves.load('account:ann', 'row'))).to.equal('before')
    broken = false
    await clock.advance(10_000)
    expect(await patient).to.equal('saved')
    // The journal had it when the database failed; what waited behind it was never written.
    expect(String(await shelves.load('account:ann', 'row'))).to.equal('first')
    expect(await shelves.load('account:ben', 'row')).to.equal(undefined)
    expect(await outcome(save('after'))).to.equal('saved')
    expect(String(await shelves.load('account:ann', 'row'))).to.equal('after')
    await storage.close()
  })

  it('that takes no writes is not waited for by those who end before storage is closed', async () => {
    const parts = await memoryParts()
    const clock = new ManualClock()
    const fatal: Error[] = []
    let broken = false
    const state = withBatch(parts.stores.state, changes =>
      broken ? Promise.reject(systemError('EIO', 'write')) : parts.stores.state.batch(changes),
    )
    const stores = { ...parts.stores, state }
    const storage = await testStorage({ ...parts, stores, clock, fatal: error => void fatal.push(error) })
    await storage.submit(groupEntry('add', 'a'))
    broken = true
    const posted = storage.submit(post('1@x'))
    await settled(20)
    const saved = expectRejected(storage.places.save('p', place(1)))
    expect(await soFar(saved)).to.equal('pending')
    storage.leave()
    expect(await posted).to.have.nested.property('reason.name', 'paused')
    await saved
    await expectRejected(storage.places.save('p', place(2)))
    expect(fatal).to.deep.equal([])
    await storage.close()
  })

  it('that cannot prove that it has everything ends the process', async () => {
    const { storage, stores, clock, fatal } = await prepared()
    stores.index.failNext(systemError('EIO', 'write'))
    stores.index.failNext(new StoreIncomplete('index'), 'reopen')
    const posted = storage.submit(post('1@x'))
    await settled(20)
    await clock.advance(100)
    expect(await soFar(posted)).to.equal('pending')
    expect(fatal.map(error => error.name)).to.deep.equal(['StoreIncomplete'])
    await storage.close()
  })

  it('does not keep a node from stopping, and its number is not given again after the next start', async () => {
    const { storage, stores, disk, fatal } = await prepared()
    stores.index.failNext(systemError('EIO', 'write'))
    const first = storage.submit(post('1@x'))
    await settled(20)
    stores.index.failNext(systemError('EIO', 'write'))
    const closed = storage.close()
    expect((await first).kind).to.equal('deferred')
    await closed
    expect(fatal).to.deep.equal([])
    const after = {
      disk,
      stores: {
        articles: await stores.articles.crash(),
        state: await stores.state.crash(),
        index: await stores.index.crash(),
      },
    }
    await using again = await testStorage(after)
    expect((await again.submit(post('2@x'))).kind).to.equal('stored')
    expect((await again.submit(post('1@x'))).kind).to.equal('duplicate')
    expect(await marks(again.reading, 'a')).to.equal('2 1 2')
    expect(await audit(again.reading)).to.deep.equal([])
  })

  it('that a checkpoint could not flush is reopened until it serves again, with nobody posting', async () => {
    const { storage, stores, clock } = await prepared()
    await storage.submit(post('1@x'))
    stores.articles.failNext(systemError('ENOSPC', 'compact'), 'flush')
    await storage.checkpoint()
    expect(storage.journalOctets).to.be.greaterThan(100)
    await clock.advance(10_000)
    expect(storage.journalOctets).to.be.lessThan(100)
    await storage.close()
  })
})

describe('bookkeeping', () => {
  const isStored = async (storage: Storage, cursor: number) =>
    expect((await storage.places.load('p'))?.cursor).to.equal(cursor)

  it('is written with nobody posting, while a commit is in flight, and many at once', async () => {
    const { storage } = await prepared()
    await storage.places.save('p', place(1))
    await isStored(storage, 1)
    const posted = storage.submit(post('1@x'))
    await Promise.resolve()
    await storage.places.save('p', place(2))
    await isStored(storage, 2)
    await posted
    await Promise.all([3, 4, 5, 6].map(cursor => storage.places.save('p', place(cursor))))
    await isStored(storage, 6)
    await storage.places.remove('p')
    expect(await storage.places.load('p')).to.equal(undefined)
    await storage.close()
    await expectRejected(storage.places.save('p', place(7)))
  })

  it('that waits when the node stops is written before it ends', async () => {
    const { storage } = await prepared()
    const waiting = [1, 2, 3].map(cursor => storage.places.save('p', place(cursor)))
    await storage.close()
    await Promise.all(waiting)
  })

  it('does not wait for entries', async () => {
    const log = new HeldLog()
    const storage = await testStorage({ sharedLog: log })
    const never = storage.submit(groupEntry('add', 'a'))
    await storage.places.save('p', place(1))
    await isStored(storage, 1)
    log.release()
    expect((await never).kind).to.equal('stored')
    await storage.close()
  })
})

describe('a commit', () => {
  it('isolates the entry that does not fit into a frame', async () => {
    const log = new HeldLog()
    const tooLong = Buffer.alloc(70_000)
    const storage = await testStorage({
      sharedLog: log,
      apply(entry, draft) {
        if (entry.kind === 'cancel') draft.delete('index', tooLong)
        return apply(entry, draft)
      },
    })
    const created = storage.submit(groupEntry('add', 'a'))
    log.release()
    await created
    const entries = [post('1@x'), post('2@x'), { ...cancel, time: 1 }, post('3@x'), post('4@x')]
    const outcomes = entries.map(entry => storage.submit(entry))
    log.release()
    const kinds = (await Promise.all(outcomes)).map(({ kind }) => kind)
    expect(kinds).to.deep.equal(['stored', 'stored', 'deferred', 'stored', 'stored'])
    expect(await marks(storage.reading, 'a')).to.equal('4 1 4')
    await storage.close()
  })

  it('keeps a message-ID "on its way" until the last copy of it is answered', async () => {
    const log = new HeldLog()
    const storage = await testStorage({ sharedLog: log })
    const [group, first] = [storage.submit(groupEntry('add', 'a')), storage.submit(post('1@x'))]
    log.release()
    const second = storage.submit(post('1@x'))
    await group
    expect((await first).kind).to.equal('stored')
    expect(await storage.history.lookup('<1@x>')).to.equal('committing')
    log.release()
    expect((await second).kind).to.equal('duplicate')
    expect(await storage.history.lookup('<1@x>')).to.equal('have')
    await storage.close()
  })

  it('shows nothing before every database has it', async () => {
    const parts = await memoryParts()
    const gates: (() => void)[] = []
    let gated = false
    const articles = withBatch(parts.stores.articles, async changes => {
      if (gated) await new Promise<void>(resolve => gates.push(resolve))
      await parts.stores.articles.batch(changes)
    })
    const storage = await testStorage({ ...parts, stores: { ...parts.stores, articles } })
    await storage.submit(groupEntry('add', 'a'))
    gated = true
    const posted = storage.submit(post('1@x'))
    await settled(20)
    expect(gates).to.have.length(1)
    expect(await storage.reading.locateId('<1@x>')).to.equal(undefined)
    expect(await storage.reading.arrivals(0 as Arrival, 10)).to.have.length(1)
    expect(await marks(storage.reading, 'a')).to.equal('0 1 0')
    gates[0]?.()
    expect((await posted).kind).to.equal('stored')
    expect(await audit(storage.reading)).to.deep.equal([])
    await storage.close()
  })

  it('ends the process where what it must not do twice went wrong after the journal', async () => {
    const fatal: Error[] = []
    const storage = await testStorage({
      fatal: error => void fatal.push(error),
      tailOctets: Number.NaN,
      apply: async (entry, draft) => {
        // Stands for a fault in what makes a group visible.
        if (entry.kind === 'cancel') Object.defineProperty(draft, 'amended', { value: undefined })
        return apply(entry, draft)
      },
    })
    expect(await soFar(storage.submit(cancel))).to.equal('pending')
    expect(fatal).to.have.length(1)
    expect(await soFar(storage.submit(post('1@x')))).to.have.property('kind', 'deferred')
    await storage.close()
  })
})

const cancel = { kind: 'cancel' as const, target: '<none@x>' as never, time: 1, source: 'test' }

async function expectRejected(promise: Promise<void>): Promise<void> {
  const error = await promise.then(
    () => undefined,
    (cause: unknown) => cause,
  )
  expect(error).to.be.instanceOf(Error)
}
