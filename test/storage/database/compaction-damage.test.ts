import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect } from 'chai'
import { type Log, silentLog } from '../../../src/log.ts'
import { LevelStore } from '../../../src/storage/database/level-store.ts'
import type { DatabaseName } from '../../../src/storage/database/store.ts'
import { openDataDirectory, UnusableData } from '../../../src/storage/opening/data-directory.ts'
import { readLayout } from '../../../src/storage/tables/table.ts'
import { compactedElsewhere } from '../../support/compacted-elsewhere.ts'
import { temporaryDirectory } from '../../support/temporary-directory.ts'

const all = { gte: Buffer.alloc(0), lt: Buffer.from('~') }

const ends = ['key/1000', 'key/1499'] as const

interface Kept {
  readonly warnings: string[]
  readonly errors: string[]
  readonly log: Log
}

function keeping(): Kept {
  const warnings: string[] = []
  const errors: string[] = []
  const line = (fields: object, text: string) => `${text} ${JSON.stringify(fields)}`
  const log = {
    ...silentLog,
    warn: (fields: object, text: string) => void warnings.push(line(fields, text)),
    error: (fields: object, text: string) => void errors.push(line(fields, text)),
  }
  return { warnings, errors, log }
}

/** A data directory whose owner did not give it up, with 500 pairs in tables of each database. */
async function left(path: string): Promise<void> {
  const data = await openDataDirectory(path, silentLog)
  for (const store of Object.values(data.stores)) {
    const pairs = Array.from({ length: 500 }, (_, at) => ({
      key: Buffer.from(`key/${1000 + at}`),
      value: Buffer.from(`${Math.sin(at)}`.repeat(20)),
    }))
    await store.batch(pairs)
    await store.flush()
    await store.close()
  }
  await data.release()
  await writeFile(join(path, 'owner'), '1\n')
}

/** Flips a bit in a key with which LevelDB ends the process that compacts the table, and lets that happen twice. */
async function damaged(path: string, name: DatabaseName): Promise<void> {
  const directory = join(path, name)
  const file = (await readdir(directory)).find(found => found.endsWith('.ldb')) ?? ''
  const table = await readFile(join(directory, file))
  const block = readLayout(table)?.keys[1]
  if (block === undefined) throw new Error('one block is too few')
  for (let octet = block.at; octet < block.at + 40; octet++) {
    const flipped = Buffer.from(table)
    flipped[octet] = (flipped[octet] ?? 0) ^ 0x40
    await writeFile(join(directory, file), flipped)
    if ((await compactedElsewhere(directory, ends)) !== 'SIGABRT') continue
    expect(await compactedElsewhere(directory, ends)).to.equal('SIGABRT')
    return
  }
  throw new Error('LevelDB bore every bit')
}

async function count(store: LevelStore): Promise<number> {
  let found = 0
  for await (const batch of store.keys(all)) found += batch.length
  return found
}

describe('a bit with which LevelDB ends the process', function () {
  this.timeout(60_000)

  it('in articles is taken out at the third start, with its block alone', async () => {
    await using home = await temporaryDirectory()
    await left(home.path)
    await damaged(home.path, 'articles')
    const { warnings, errors, log } = keeping()
    const data = await openDataDirectory(home.path, log)
    expect(warnings.join()).to.match(/the last two runs ended while LevelDB compacted tables.*"articles"/)
    expect(errors.join()).to.match(/verify --repair.*\.ldb/)
    for (const store of Object.values(data.stores)) await store.close()
    await data.release()
    expect(await compactedElsewhere(join(home.path, 'articles'), ends)).to.equal(null)
    const store = await LevelStore.open(join(home.path, 'articles'))
    expect(await count(store)).to.be.within(450, 499)
    await store.close()
  })

  it('in the index has it made again', async () => {
    await using home = await temporaryDirectory()
    await left(home.path)
    await damaged(home.path, 'index')
    const { errors, log } = keeping()
    const data = await openDataDirectory(home.path, log)
    expect(errors.join()).to.match(/the index is damaged: it is kept as index\.damaged and made again/)
    for (const store of Object.values(data.stores)) await store.close()
    await data.release()
  })

  it('in the state is refused, and nothing was changed', async () => {
    await using home = await temporaryDirectory()
    await left(home.path)
    await damaged(home.path, 'state')
    const refused = await openDataDirectory(home.path, silentLog).catch((error: unknown) => error)
    expect(refused).to.be.instanceOf(UnusableData)
    expect(String(refused)).to.match(
      /the table .*\.ldb is damaged: nothing was changed; restore it from a backup/,
    )
  })

  it('in articles beside a table that nothing can mend leaves both as they are', async () => {
    await using home = await temporaryDirectory()
    await left(home.path)
    await damaged(home.path, 'articles')
    const directory = join(home.path, 'articles')
    const before = (await readdir(directory)).filter(name => name.endsWith('.ldb'))
    const tables = await Promise.all(before.map(name => readFile(join(directory, name))))
    // An index block that is damaged: nobody knows where the others begin.
    const beyond = Buffer.from(tables[0] ?? '')
    beyond[beyond.length - 48 - 6] = (beyond[beyond.length - 48 - 6] ?? 0) ^ 1
    await writeFile(join(directory, '999999.ldb'), beyond)
    const refused = await openDataDirectory(home.path, silentLog).catch((error: unknown) => error)
    expect(String(refused)).to.match(/999999\.ldb is damaged: nothing was changed/)
    const after = await Promise.all(before.map(name => readFile(join(directory, name))))
    expect(after).to.deep.equal(tables)
  })
})
