import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, readFile, rm, rmdir, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { expect } from 'chai'
import { systemClock } from '../../../src/clock.ts'
import { LevelStore } from '../../../src/storage/database/level-store.ts'
import { writeAheadLogs } from '../../../src/storage/database/recovered-logs.ts'
import {
  SnapshotLost,
  StoreClosed,
  StoreIncomplete,
  StoreLocked,
  WritesRefused,
} from '../../../src/storage/database/store-error.ts'
import { storeContract } from '../../contract/store.ts'
import { rejection } from '../../support/rejection.ts'
import { seeded } from '../../support/seeded.ts'
import { type TemporaryDirectory, temporaryDirectory } from '../../support/temporary-directory.ts'

const key = Buffer.from('key')
const change = { key, value: Buffer.from('value') }
const other = { key: Buffer.from('other'), value: Buffer.from('thing') }
const table = (number: number) => `${String(number).padStart(6, '0')}.ldb`

describe('LevelStore', () => {
  let directory: TemporaryDirectory
  beforeEach(async () => {
    directory = await temporaryDirectory()
  })
  afterEach(() => directory[Symbol.asyncDispose]())

  describe('as every store', () => {
    const make = () => LevelStore.open(directory.path)
    storeContract({ make, again: make, keeps: true })
  })

  it('tells a locked database, of this process and of another one', async () => {
    const store = await LevelStore.open(directory.path)
    const program = `
      const { LevelStore } = await import(process.argv[1])
      await LevelStore.open(process.argv[2]).catch(error => console.log(error.name))`
    const module = new URL('../../../src/storage/database/level-store.js', import.meta.url).href
    const args = ['--input-type=module', '-e', program, module, directory.path]
    const other = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] })
    const said: Buffer[] = []
    other.stdout.on('data', (chunk: Buffer) => said.push(chunk))
    await once(other, 'close')
    expect(Buffer.concat(said).toString().trim()).to.equal('StoreLocked')
    // Last, because it closes a descriptor of the lock file, and with that POSIX ends the lock.
    const error = await rejection(LevelStore.open(directory.path))
    expect(error).to.be.instanceOf(StoreLocked)
    expect(error).to.have.property('directory', directory.path)
    await store.close()
    await (await LevelStore.open(directory.path)).close()
  })

  it('finds the same whether keys are read at once, in errands, or behind a slow read', async () => {
    let elapsed = 0
    let step = 0
    const clock = {
      ...systemClock,
      monotonic: () => {
        elapsed += step
        return elapsed
      },
    }
    const store = await LevelStore.open(directory.path, { clock })
    const keys = Array.from({ length: 200 }, (_, at) => Buffer.from(`key ${at}`))
    await store.batch(keys.map(name => ({ key: name, value: Buffer.from(`of ${name}`) })))
    const found = async (names: readonly Buffer[]) =>
      (await Promise.all(names.map(name => store.get(name)))).map(value => value?.toString())
    const expected = keys.map(name => `of ${name}`)
    for (step of [0, 0.1, 5]) {
      expect(await found(keys.slice(0, 3))).to.deep.equal(expected.slice(0, 3))
      expect(await found(keys.slice(0, 40))).to.deep.equal(expected.slice(0, 40))
      expect(await found([...keys, key])).to.deep.equal([...expected, undefined])
    }
    await store.close()
  })

  it('gives what is there while tables are compacted and one handle follows another, and says when it is closed', async () => {
    const random = seeded(7)
    const count = 300
    const keyOf = (at: number) => Buffer.from(`k${at}`)
    const store = await LevelStore.open(directory.path)
    await store.batch(Array.from({ length: count }, (_, at) => ({ key: keyOf(at), value: keyOf(at) })))
    let isOver = false
    const wrong: string[] = []
    const read = async (): Promise<void> => {
      while (!isOver) {
        const at = Math.floor(random() * 2 * count)
        const value = await store.get(keyOf(at))
        if (value?.toString() !== (at < count ? `k${at}` : undefined)) wrong.push(`k${at}: ${String(value)}`)
        if (random() < 0.1) await nextTurn()
      }
    }
    const readers = Array.from({ length: 6 }, read)
    for (let turn = 0; turn < 8; turn++)
      await Promise.all([store.compact(Buffer.alloc(0), Buffer.from('z')), store.reopen()])
    isOver = true
    await Promise.all(readers)
    expect(wrong).to.deep.equal([])
    const last = Promise.allSettled(Array.from({ length: count }, (_, at) => store.get(keyOf(at))))
    await store.close()
    for (const [at, result] of (await last).entries())
      if (result.status === 'fulfilled') expect(result.value?.toString()).to.equal(`k${at}`)
      else expect(result.reason).to.be.instanceOf(StoreClosed)
    expect(await rejection(store.get(keyOf(1)))).to.be.instanceOf(StoreClosed)
  })

  it('has no write-ahead log left of before a flush', async () => {
    const store = await LevelStore.open(directory.path)
    await store.batch([change])
    const before = await writeAheadLogs(directory.path)
    expect(await store.flush()).to.equal(true)
    expect(await writeAheadLogs(directory.path))
      .to.have.length(1)
      .and.not.include(before[0])
    await store.close()
  })

  it('says false when LevelDB could not flush, refuses writes, and loses nothing by reopening', async () => {
    const store = await LevelStore.open(directory.path)
    await store.batch([change])
    const tables = Array.from({ length: 20 }, (_, number) => join(directory.path, table(number)))
    for (const name of tables) await mkdir(name)
    expect(await store.flush()).to.equal(false)
    expect(await rejection(store.batch([other]))).to.have.property('code', 'LEVEL_IO_ERROR')
    expect(await rejection(store.batch([other]))).to.be.instanceOf(WritesRefused)
    expect(await store.flush()).to.equal(false)
    expect(await store.get(key)).to.deep.equal(change.value)

    expect(await rejection(store.reopen())).to.be.an('error')
    expect(await rejection(store.get(key))).to.be.instanceOf(StoreClosed)
    for (const name of tables) await rmdir(name)
    await store.reopen()
    expect(await store.getMany([key, other.key])).to.deep.equal([change.value, undefined])
    await store.batch([other])
    expect(await store.flush()).to.equal(true)
    expect(await store.getMany([key, other.key])).to.deep.equal([change.value, other.value])
    await store.close()
  })

  const damages: [string, (log: string) => Promise<void>][] = [
    [
      'cannot be opened',
      async log => {
        await rm(log)
        await symlink(log, log)
      },
    ],
    [
      'is damaged',
      async log => {
        const octets = await readFile(log)
        octets.writeUInt8(octets.readUInt8(10) ^ 1, 10)
        await writeFile(log, octets)
      },
    ],
  ]
  for (const [name, damage] of damages) {
    it(`does not believe LevelDB that it reopened when its log ${name}`, async () => {
      const store = await LevelStore.open(directory.path)
      await store.batch([change])
      const [log] = await writeAheadLogs(directory.path)
      await damage(join(directory.path, log ?? ''))
      expect(await rejection(store.reopen())).to.be.instanceOf(StoreIncomplete)
      expect(await rejection(store.get(key))).to.be.instanceOf(StoreClosed)
      expect(await rejection(store.batch([change]))).to.be.instanceOf(WritesRefused)
      expect(await store.flush()).to.equal(false)
      // By now LevelDB has deleted the log, and would open without complaint.
      expect(await rejection(store.reopen())).to.be.instanceOf(StoreIncomplete)
      await store.close()
      const anew = await LevelStore.open(directory.path)
      expect(await anew.get(key)).to.equal(undefined)
      await anew.close()
    })
  }

  it('takes the snapshots away when patience ends', async () => {
    const turns: (() => void)[] = []
    const clock = {
      now: () => 0,
      monotonic: () => 0,
      timer: (milliseconds: number, action: () => void) => {
        expect(milliseconds).to.equal(70)
        turns.push(action)
        return { cancel: () => {} }
      },
      sleep: () => Promise.resolve(),
    }
    const store = await LevelStore.open(directory.path, { clock, patience: 70 })
    await store.batch([change])
    const snapshot = store.snapshot()
    const slow = snapshot.iterate({})[Symbol.asyncIterator]()
    const reopened = store.reopen()
    expect(await store.get(key)).to.deep.equal(change.value)
    while (turns.length === 0) await new Promise(setImmediate)
    turns[0]?.()
    await reopened
    expect(await rejection(snapshot.get(key))).to.be.instanceOf(SnapshotLost)
    expect(await rejection(slow.next())).to.be.instanceOf(SnapshotLost)
    await snapshot[Symbol.asyncDispose]()
    expect(await store.get(key)).to.deep.equal(change.value)
    await store.close()
  })
})
