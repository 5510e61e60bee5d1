import { mkdir, readdir, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect } from 'chai'
import { silentLog } from '../../../src/log.ts'
import { LevelStore } from '../../../src/storage/database/level-store.ts'
import { MissingJournal } from '../../../src/storage/journal/journal-error.ts'
import { articleKey, blockKey, marksKey, numberKey } from '../../../src/storage/keys.ts'
import { openDataDirectory, UnusableData } from '../../../src/storage/opening/data-directory.ts'
import type { Arrival, GroupId, Reading } from '../../../src/storage/reading.ts'
import { DamagedState } from '../../../src/storage/state/damaged-state.ts'
import type { Storage } from '../../../src/storage/storage.ts'
import { audit } from '../../support/audit.ts'
import { articleEntry, cancelEntry, groupEntry } from '../../support/entries.ts'
import { marks, numbers, overview, testStorage } from '../../support/storage.ts'
import { temporaryDirectory } from '../../support/temporary-directory.ts'
import { tree } from '../../support/tree.ts'

async function refusal(opening: Promise<Opened>): Promise<Error> {
  try {
    await using _ = await opening
  } catch (error) {
    if (error instanceof Error) return error
  }
  throw new Error('it was opened')
}

interface Opened extends AsyncDisposable {
  readonly storage: Storage
  readonly errors: string[]
}

async function opened(path: string): Promise<Opened> {
  const errors: string[] = []
  const log = {
    ...silentLog,
    error: (fields: object, text: string) => void errors.push(`${text} ${JSON.stringify(fields)}`),
  }
  const data = await openDataDirectory(path, log)
  try {
    const storage = await testStorage({ ...data, log })
    return {
      storage,
      errors,
      [Symbol.asyncDispose]: async () => {
        await storage.close()
        await data.release()
      },
    }
  } catch (error) {
    await data.release()
    throw error
  }
}

/** A data directory with two groups, 300 articles and a cancel. */
async function filled(path: string): Promise<void> {
  await using data = await opened(path)
  const { storage } = data
  await Promise.all(['a', 'b'].map(name => storage.submit(groupEntry('add', name))))
  const entries = Array.from({ length: 300 }, (_, at) =>
    articleEntry({ id: `<${at + 1}@x>`, groups: at % 3 === 0 ? ['a', 'b'] : ['a'], time: 1000 + at }),
  )
  for (const entry of entries) void storage.submit(entry)
  await storage.submit(cancelEntry('<5@x>', 2000))
}

/** Everything a reader can see of the articles. */
async function seen(reading: Reading): Promise<unknown> {
  const found: unknown[] = []
  for await (const groups of reading.groups())
    for (const { id, name, created } of groups)
      found.push(
        name,
        created,
        await marks(reading, name),
        await numbers(reading, id),
        await overview(reading, id),
      )
  const rows = await reading.arrivals(0 as Arrival, 1000)
  return [...found, rows.filter(({ kind }) => kind === 'article'), reading.newest]
}

/** Octets of the tables of a database. */
async function tables(path: string): Promise<number> {
  let octets = 0
  for (const name of await readdir(path).catch(() => []))
    if (name.endsWith('.ldb')) octets += (await stat(join(path, name))).size
  return octets
}

async function changed(path: string, key: Buffer, bit = 8 * 20): Promise<void> {
  const store = await LevelStore.open(path)
  const value = await store.get(key)
  if (value === undefined) throw new Error('nothing there to change')
  value[bit >> 3] = (value[bit >> 3] ?? 0) ^ (1 << (bit & 7))
  await store.batch([{ key, value }])
  await store.close()
}

describe('a data directory', () => {
  it('of another format version is refused and left alone', async () => {
    await using home = await temporaryDirectory()
    await filled(home.path)
    await writeFile(join(home.path, 'tidings-format'), 'tidings 99\n')
    const before = await tree(home.path)
    const error = await refusal(opened(home.path))
    expect(error).to.be.instanceOf(UnusableData)
    expect(error.message).to.contain('"tidings 99", this version reads "tidings 1"')
    expect(await tree(home.path)).to.deep.equal(before)
  })

  it('that is something else is refused and left alone', async () => {
    await using home = await temporaryDirectory()
    await writeFile(join(home.path, 'thesis.tex'), 'years of work')
    const before = await tree(home.path)
    const error = await refusal(opened(home.path))
    expect(error).to.be.instanceOf(UnusableData)
    expect(error.message).to.match(/not a data directory of tidings \(it holds thesis\.tex\)/)
    expect(await tree(home.path)).to.deep.equal(before)
    const file = await refusal(opened(join(home.path, 'thesis.tex')))
    expect(file).to.be.instanceOf(UnusableData)
    expect(file.message).to.contain('cannot be used as a data directory')
  })

  it('is begun again where the first start did not live to end it', async () => {
    await using home = await temporaryDirectory()
    await writeFile(join(home.path, 'tidings-format.new'), 'tidi')
    await mkdir(join(home.path, 'lost+found'))
    await filled(home.path)
    await using data = await opened(home.path)
    expect(await marks(data.storage.reading, 'a')).to.equal('299 1 300')
  })

  for (const name of ['state', 'articles'])
    it(`without "${name}" is refused, naming it`, async () => {
      await using home = await temporaryDirectory()
      await filled(home.path)
      await rm(join(home.path, name), { recursive: true })
      const before = await tree(home.path)
      const error = await refusal(opened(home.path))
      expect(error).to.be.instanceOf(UnusableData)
      expect(error.message).to.contain(`${join(home.path, name)} is missing`)
      expect(await tree(home.path)).to.deep.equal(before)
    })

  it('without its journal is refused, unless a person says that it may go on', async () => {
    await using home = await temporaryDirectory()
    await filled(home.path)
    const journal = join(home.path, 'journal')
    for (const name of await readdir(journal)) await rm(join(journal, name))
    expect(await refusal(opened(home.path))).to.be.instanceOf(MissingJournal)
    await writeFile(join(journal, '0000000000000001.journal'), '')
    await using data = await opened(home.path)
    expect(await marks(data.storage.reading, 'a')).to.equal('299 1 300')
    expect((await data.storage.submit(articleEntry({ id: '<new@x>', groups: ['a'] }))).kind).to.equal(
      'stored',
    )
  })

  it('with damaged state is refused, naming what is damaged', async () => {
    await using home = await temporaryDirectory()
    await filled(home.path)
    await changed(join(home.path, 'state'), marksKey(2 as GroupId), 5)
    const error = await refusal(opened(home.path))
    expect(error).to.be.instanceOf(DamagedState)
    expect(error.message).to.contain('the marks of newsgroup 2: its checksum does not hold')
  })

  it('with a state that LevelDB does not open is refused, naming it', async () => {
    await using home = await temporaryDirectory()
    await filled(home.path)
    await writeFile(join(home.path, 'state', 'CURRENT'), 'MANIFEST-999999')
    const error = await refusal(opened(home.path))
    expect(error).to.be.instanceOf(UnusableData)
    expect(error.message).to.match(/the database .*state is damaged \(Corruption: .*restore it from a backup/)
  })
})

describe('an index', () => {
  it('that was deleted is made again, with all numbers, overview and the log as they were', async () => {
    await using home = await temporaryDirectory()
    await filled(home.path)
    let before: unknown
    {
      await using data = await opened(home.path)
      before = await seen(data.storage.reading)
    }
    await rm(join(home.path, 'index'), { recursive: true })
    for (let start = 0; start < 2; start++) {
      await using data = await opened(home.path)
      const { reading, history } = data.storage
      expect(await seen(reading)).to.deep.equal(before)
      expect(await audit(reading)).to.deep.equal([])
      expect(await history.lookup('<5@x>')).to.equal('gone')
      expect(await history.lookup('<7@x>')).to.equal('have')
    }
    await using data = await opened(home.path)
    await data.storage.submit(articleEntry({ id: '<new@x>', groups: ['a', 'b'] }))
    expect(await marks(data.storage.reading, 'a')).to.equal('300 1 301')
    expect(await audit(data.storage.reading)).to.deep.equal([])
  })

  it('that LevelDB does not open is kept aside and made again', async () => {
    await using home = await temporaryDirectory()
    await filled(home.path)
    await writeFile(join(home.path, 'index', 'CURRENT'), 'nonsense')
    await using data = await opened(home.path)
    expect(data.errors.join()).to.contain('the index is damaged')
    expect(await readdir(home.path)).to.include('index.damaged')
    expect(await marks(data.storage.reading, 'a')).to.equal('299 1 300')
    expect(await audit(data.storage.reading)).to.deep.equal([])
  })

  it('that is made again leaves out a damaged article, and counts are right', async () => {
    await using home = await temporaryDirectory()
    await filled(home.path)
    await rm(join(home.path, 'index'), { recursive: true })
    await changed(join(home.path, 'articles'), articleKey(3))
    await using data = await opened(home.path)
    const { reading, history } = data.storage
    // Arrivals 1 and 2 are the groups.
    expect(await history.lookup('<1@x>')).to.equal('new')
    expect(await marks(reading, 'a')).to.equal('298 2 300')
    expect(await marks(reading, 'b')).to.equal('99 2 100')
    expect(await audit(reading)).to.deep.equal([])
  })

  it('compresses articles or leaves them as they are, and reads what the other way has written', async () => {
    await using home = await temporaryDirectory()
    const path = join(home.path, 'articles')
    const text = Buffer.alloc(200_000, 'a line of text\r\n')
    const write = async (arrival: number, compress?: boolean) => {
      const before = await tables(path)
      const options = compress === undefined ? {} : { compress }
      const { stores, release } = await openDataDirectory(home.path, silentLog, options)
      await stores.articles.batch([{ key: articleKey(arrival as Arrival), value: text }])
      expect(await stores.articles.flush()).to.equal(true)
      for (let at = 1; at <= arrival; at++)
        expect((await stores.articles.get(articleKey(at as Arrival)))?.equals(text)).to.equal(true)
      for (const store of Object.values(stores)) await store.close()
      await release()
      return (await tables(path)) - before
    }
    expect(await write(1, false)).to.be.within(200_000, 202_000)
    expect(await write(2, true)).to.be.below(20_000)
    expect(await write(3)).to.be.below(20_000)
    expect(await write(4, false)).to.be.within(200_000, 202_000)
  })

  it('with a damaged block says so and shows the rest, and is whole again after the next change there', async () => {
    await using home = await temporaryDirectory()
    await filled(home.path)
    await changed(join(home.path, 'index'), blockKey(1 as GroupId, 1))
    await using data = await opened(home.path)
    const { reading } = data.storage
    expect(await overview(reading, 1 as GroupId)).to.have.length(299 - 128)
    expect(data.errors.join()).to.match(/overview damaged.*"block":1/)
    expect((await data.storage.submit(cancelEntry('<200@x>', 3000))).kind).to.equal('stored')
    expect(await audit(reading)).to.deep.equal([])
  })

  it('with a damaged number never gives another article for it', async () => {
    await using home = await temporaryDirectory()
    await filled(home.path)
    await changed(join(home.path, 'index'), numberKey(1 as GroupId, 9), 7 * 8)
    await using data = await opened(home.path)
    expect(await data.storage.reading.locateNumber(1 as GroupId, 9)).to.equal(undefined)
    expect(data.errors.join()).to.contain('article number damaged')
  })
})
