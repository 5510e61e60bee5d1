import { mkdir, readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect } from 'chai'
import { backUp } from '../../../src/storage/backup/backup.ts'
import { articlesName, newestManifest, UnusableBackup } from '../../../src/storage/backup/backup-files.ts'
import { openBackupPlace } from '../../../src/storage/backup/backup-place.ts'
import { fillStores } from '../../../src/storage/backup/backup-reader.ts'
import { allArticles } from '../../../src/storage/keys.ts'
import type { Storage } from '../../../src/storage/storage.ts'
import { audit } from '../../support/audit.ts'
import { articleEntry, cancelEntry, groupEntry } from '../../support/entries.ts'
import { MemoryStore } from '../../support/memory-store.ts'
import { memoryStores } from '../../support/node.ts'
import { seeded } from '../../support/seeded.ts'
import { SimDisk } from '../../support/sim-disk.ts'
import { marks, testStorage } from '../../support/storage.ts'
import { temporaryDirectory } from '../../support/temporary-directory.ts'

const quiet = new AbortController().signal
const crashes = Number(process.env.TIDINGS_BACKUP_CRASHES ?? 60)

type Stores = Awaited<ReturnType<typeof memoryStores>>
interface World extends AsyncDisposable {
  readonly stores: Stores
  readonly storage: Storage
}

async function world(): Promise<World> {
  const stores = await memoryStores()
  const storage = await testStorage({ stores })
  await storage.submit(groupEntry('add', 'a'))
  return { stores, storage, [Symbol.asyncDispose]: () => storage.close() }
}

async function fill(storage: Storage, from: number, to: number): Promise<void> {
  const numbers = Array.from({ length: to - from }, (_, at) => from + at)
  const body = `${'x'.repeat(600)}\n`
  await Promise.all(
    numbers.map(at => storage.submit(articleEntry({ id: `<${at}@a.example>`, groups: ['a'], body }))),
  )
}

async function backedUp(storage: Storage, disk: SimDisk, node = 'node.example') {
  await using frozen = await storage.freeze()
  let last: { articles: number; copied: number; damaged: number } | undefined
  for await (const progress of backUp(frozen, disk, { node, time: 5, signal: quiet, fileOctets: 20_000 }))
    last = progress
  if (last === undefined) throw new Error('nothing was said')
  return last
}

async function restored(disk: SimDisk, gap = 0) {
  const manifest = await newestManifest(disk)
  if (manifest === undefined) throw new Error('no manifest')
  const stores = { articles: await MemoryStore.open(), state: await MemoryStore.open() }
  for await (const _ of fillStores({ disk, manifest, stores, epoch: 9, gap, signal: quiet }));
  return stores
}

async function contents(store: MemoryStore, range = {}): Promise<string[]> {
  const found: string[] = []
  for await (const pairs of store.iterate(range))
    for (const { key, value } of pairs) found.push(`${key.toString('hex')} ${value.toString('hex')}`)
  return found
}

/** Of the backup that a restore would take. */
const articlesOf = async (disk: SimDisk) => contents((await restored(disk)).articles)

async function rejection(work: Promise<unknown>): Promise<Error> {
  const error = await work.then(
    () => undefined,
    (error: unknown) => error,
  )
  if (error instanceof Error) return error
  throw new Error('it went well')
}

describe('backup', () => {
  it('gives back every octet of articles and state, in a new epoch', async () => {
    await using it = await world()
    await fill(it.storage, 0, 100)
    const disk = new SimDisk()
    expect(await backedUp(it.storage, disk)).to.include({ articles: 100, copied: 100, damaged: 0 })
    const found = await restored(disk)
    expect(await contents(found.articles)).to.deep.equal(await contents(it.stores.articles))
    const differing = (await contents(found.state)).filter((line, at, all) => all.indexOf(line) === at)
    const own = new Set(await contents(it.stores.state))
    expect(differing.filter(line => !own.has(line)).map(line => line.slice(0, 12))).to.deep.equal([
      Buffer.from('cepoch').toString('hex'),
    ])
  })

  it('passes over numbers, of empty groups too, and gives none of them to an import', async () => {
    await using it = await world()
    await it.storage.submit(groupEntry('add', 'empty'))
    await it.storage.submit(groupEntry('add', 'emptied'))
    await fill(it.storage, 0, 5)
    await it.storage.submit(articleEntry({ id: '<e@a.example>', groups: ['emptied'] }))
    await it.storage.submit(cancelEntry('<e@a.example>'))
    const disk = new SimDisk()
    await backedUp(it.storage, disk)
    const stores = { ...(await restored(disk, 1000)), index: await MemoryStore.open() }
    const node = new SimDisk()
    node.write('0000000000000001.journal', Buffer.alloc(0))
    const storage = await testStorage({ stores, disk: node })
    expect(await marks(storage.reading, 'a')).to.equal('5 1 1005')
    expect(await marks(storage.reading, 'empty')).to.equal('0 1001 1000')
    expect(await marks(storage.reading, 'emptied')).to.equal('0 1002 1001')
    const add = (id: string, number?: number) =>
      storage.submit(
        articleEntry({
          id: `<${id}@a.example>`,
          groups: ['a'],
          ...(number !== undefined && { keep: { group: 'a', number } }),
        }),
      )
    expect(await add('new')).to.deep.include({ kind: 'stored' })
    expect(await marks(storage.reading, 'a')).to.equal('6 1 1006')
    expect(await add('kept', 700)).to.deep.include({ kind: 'refused' })
    expect(await audit(storage.reading)).to.deep.equal([])
    await storage.close()
  })

  it('copies again only what is new, forgets what is gone, and removes files that are hardly alive', async () => {
    await using it = await world()
    const disk = new SimDisk()
    await fill(it.storage, 0, 100)
    await backedUp(it.storage, disk)
    await fill(it.storage, 100, 110)
    for (let at = 0; at < 60; at++) await it.storage.submit(cancelEntry(`<${at}@a.example>`))
    expect(await backedUp(it.storage, disk)).to.include({ articles: 50, copied: 10 })
    expect(await articlesOf(disk)).to.deep.equal(await contents(it.stores.articles))
    expect(await disk.list()).not.to.include(articlesName(1, 1))
    expect((await disk.list()).filter(name => name.endsWith('.manifest'))).to.deep.equal([
      '00000002.manifest',
    ])
    const partly = (await newestManifest(disk))?.files.filter(({ octets, live }) => live * 2 < octets) ?? []
    await backedUp(it.storage, disk)
    for (const { serial, part } of partly)
      expect(await disk.list()).not.to.include(articlesName(serial, part))
    expect(await articlesOf(disk)).to.deep.equal(await contents(it.stores.articles))
  })

  it('copies an article again that came to a further number', async () => {
    await using it = await world()
    const disk = new SimDisk()
    await it.storage.submit(groupEntry('add', 'b'))
    await fill(it.storage, 0, 5)
    await backedUp(it.storage, disk)
    const again = articleEntry({ id: '<1@a.example>', groups: ['a', 'b'], keep: { group: 'b', number: 7 } })
    await it.storage.submit(again)
    await backedUp(it.storage, disk)
    expect(await articlesOf(disk)).to.deep.equal(await contents(it.stores.articles))
  })

  it('keeps the whole copy of an article that was damaged since, and leaves out one it never had', async () => {
    await using it = await world()
    const disk = new SimDisk()
    await fill(it.storage, 0, 5)
    await backedUp(it.storage, disk)
    const good = await articlesOf(disk)
    await fill(it.storage, 5, 6)
    const arrivals: Buffer[] = []
    for await (const keys of it.stores.articles.keys(allArticles)) arrivals.push(...keys)
    for (const key of [arrivals[2], arrivals[5]]) {
      const value = key && (await it.stores.articles.get(key))
      if (!key || !value) throw new Error('no article')
      value[300] = (value[300] ?? 0) ^ 1
      await it.stores.articles.batch([{ key, value }])
    }
    expect(await backedUp(it.storage, disk)).to.include({ articles: 5, copied: 0, damaged: 2 })
    expect(await articlesOf(disk)).to.deep.equal(good)
  })

  it('refuses a folder of another node, and every octet that has changed', async () => {
    await using it = await world()
    const disk = new SimDisk()
    await fill(it.storage, 0, 20)
    await backedUp(it.storage, disk)
    const other = await rejection(backedUp(it.storage, disk, 'other.example'))
    expect(other.message).to.match(/holds a backup of node\.example/)
    const random = seeded(3)
    for (const name of (await disk.list()).filter(each => each !== 'tidings-backup'))
      for (let turn = 0; turn < 10; turn++) {
        const octets = Buffer.from(disk.content(name) ?? Buffer.alloc(0))
        const flipped = Buffer.from(octets)
        const at = Math.floor(random() * octets.length)
        flipped[at] = (flipped[at] ?? 0) ^ (1 << Math.floor(random() * 8))
        disk.write(name, flipped)
        expect((await rejection(restored(disk))).message, `${name} at ${at}`).to.match(/damaged|no manifest/)
        disk.write(name, octets)
      }
    expect(await articlesOf(disk)).to.have.lengthOf(20)
  })

  it(`loses power at ${crashes} points: the backup before counts, or the new one, and the next goes through`, async function () {
    this.timeout(20_000 + crashes * 200)
    await using it = await world()
    await fill(it.storage, 0, 60)
    const first = new SimDisk()
    await backedUp(it.storage, first)
    const old = await articlesOf(first)
    await fill(it.storage, 60, 100)
    for (let at = 0; at < 40; at++) await it.storage.submit(cancelEntry(`<${at}@a.example>`))
    const now = await contents(it.stores.articles)
    const outcomes = { old: 0, new: 0 }
    const random = seeded(11)
    for (let point = 0; point < crashes; point++) {
      const disk = new SimDisk()
      for (const name of await first.list()) disk.write(name, first.content(name) ?? Buffer.alloc(0))
      disk.losePowerAfter(Math.floor(random() * 45))
      await backedUp(it.storage, disk).catch(() => undefined)
      const left = disk.crash(random)
      const found = JSON.stringify(await articlesOf(left))
      expect(found, `point ${point}`).to.be.oneOf([JSON.stringify(old), JSON.stringify(now)])
      outcomes[found === JSON.stringify(now) ? 'new' : 'old']++
      await backedUp(it.storage, left)
      expect(await articlesOf(left), `after point ${point}`).to.deep.equal(now)
    }
    expect(outcomes.old, 'interrupted before the end').to.be.greaterThan(crashes / 10)
    expect(outcomes.new, 'finished').to.be.greaterThan(0)
  })

  for (const call of ['append', 'sync', 'syncDirectory'] as const)
    it(`leaves the backup before as it was when ${call} fails`, async () => {
      await using it = await world()
      await fill(it.storage, 0, 30)
      const disk = new SimDisk()
      await backedUp(it.storage, disk)
      const old = await articlesOf(disk)
      await fill(it.storage, 30, 60)
      disk.failNext(call, Object.assign(new Error('EIO'), { code: 'EIO' }))
      await rejection(backedUp(it.storage, disk))
      expect(await articlesOf(disk)).to.deep.equal(old)
      expect(await backedUp(it.storage, disk)).to.include({ articles: 60, copied: 30 })
    })

  it('goes neither into the data directory nor where something else lies', async () => {
    await using home = await temporaryDirectory()
    const data = join(home.path, 'data')
    await mkdir(join(data, 'state'), { recursive: true })
    for (const folder of [data, join(data, 'state'), join(data, 'new', 'deep')])
      expect(await rejection(openBackupPlace(folder, data))).to.be.instanceOf(UnusableBackup)
    await writeFile(join(home.path, 'letter.txt'), 'mine')
    expect((await rejection(openBackupPlace(home.path, data))).message).to.match(/something else/)
    const disk = await openBackupPlace(join(home.path, 'backup', 'monday'), data)
    await disk.close()
    expect(await readdir(home.path)).to.have.members(['backup', 'data', 'letter.txt'])
  })
})
