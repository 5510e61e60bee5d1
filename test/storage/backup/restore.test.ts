import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { expect } from 'chai'
import { Level } from 'level'
import { backUp } from '../../../src/storage/backup/backup.ts'
import { openBackupPlace } from '../../../src/storage/backup/backup-place.ts'
import { restore } from '../../../src/storage/backup/restore.ts'
import { articleEntry, groupEntry } from '../../support/entries.ts'
import { testStorage } from '../../support/storage.ts'
import { temporaryDirectory } from '../../support/temporary-directory.ts'

const quiet = new AbortController().signal

async function epochIn(data: string): Promise<number> {
  const state = new Level<string, Buffer>(join(data, 'state'), { valueEncoding: 'buffer' })
  const value = await state.get('cepoch')
  await state.close()
  return Number(value?.readBigUInt64BE() ?? 0)
}

/** Octets of the tables of a database. */
async function tablesOf(database: string): Promise<number> {
  const tables = (await readdir(database)).filter(name => name.endsWith('.ldb'))
  const sizes = await Promise.all(tables.map(async name => (await stat(join(database, name))).size))
  return sizes.reduce((sum, size) => sum + size, 0)
}

describe('restore', () => {
  it('compresses articles or not, as it is told', async () => {
    await using home = await temporaryDirectory()
    const from = join(home.path, 'backup')
    const storage = await testStorage()
    await storage.submit(groupEntry('add', 'a'))
    const body = 'The same line again.\n'.repeat(5000)
    await storage.submit(articleEntry({ id: '<1@a.example>', groups: ['a'], body }))
    const place = await openBackupPlace(from, join(home.path, 'data'))
    {
      await using frozen = await storage.freeze()
      for await (const _ of backUp(frozen, place, { node: 'node.example', time: 5, signal: quiet }));
    }
    await place.close()
    await storage.close()
    const sizes: number[] = []
    for (const [at, compress] of [true, false].entries()) {
      const to = join(home.path, `to${at}`)
      for await (const _ of restore({ from, to, gap: 1, compress, signal: quiet, now: 0, random: 0 }));
      sizes.push(await tablesOf(join(to, 'articles')))
    }
    expect(sizes[0]).to.be.lessThan(body.length / 2)
    expect(sizes[1]).to.be.greaterThan(body.length)
  })

  it('begins an epoch of its own, in the same millisecond too, and with a clock that is behind', async () => {
    await using home = await temporaryDirectory()
    const from = join(home.path, 'backup')
    const storage = await testStorage()
    await storage.submit(groupEntry('add', 'a'))
    await storage.submit(articleEntry({ id: '<1@a.example>', groups: ['a'] }))
    const place = await openBackupPlace(from, join(home.path, 'data'))
    {
      await using frozen = await storage.freeze()
      for await (const _ of backUp(frozen, place, { node: 'node.example', time: 5, signal: quiet }));
    }
    await place.close()
    await storage.close()
    const epochs: number[] = []
    const chances = [0, 0.25, 0.99].flatMap(random => [0, 1_800_000_000_000].map(now => ({ now, random })))
    for (const [at, chance] of chances.entries()) {
      const to = join(home.path, `to${at}`)
      for await (const _ of restore({ from, to, gap: 1, signal: quiet, ...chance }));
      epochs.push(await epochIn(to))
    }
    expect(new Set(epochs).size).to.equal(chances.length)
    expect(Math.min(...epochs)).to.be.greaterThan(storage.places.epoch)
    expect(epochs.every(Number.isSafeInteger)).to.equal(true)
  })
})
