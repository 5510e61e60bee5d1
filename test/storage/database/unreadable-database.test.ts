import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect } from 'chai'
import { silentLog } from '../../../src/log.ts'
import { openDataDirectory, UnusableData } from '../../../src/storage/opening/data-directory.ts'
import { temporaryDirectory } from '../../support/temporary-directory.ts'

const key = Buffer.from('key')
const value = Buffer.from('value')

/** A data directory in which each database has a table, closed again. */
async function used(path: string): Promise<void> {
  const data = await openDataDirectory(path, silentLog)
  for (const store of Object.values(data.stores)) {
    await store.batch([{ key, value }])
    await store.flush()
    await store.close()
  }
  await data.release()
}

async function refusal(path: string): Promise<string> {
  try {
    const data = await openDataDirectory(path, silentLog)
    for (const store of Object.values(data.stores)) await store.close()
    await data.release()
    return 'opened'
  } catch (error) {
    expect(error).to.be.instanceOf(UnusableData)
    return error instanceof Error ? error.message : ''
  }
}

describe('storage: data directory', () => {
  for (const name of ['state', 'articles']) {
    it(`is left alone where ${name} has lost the file that says what its tables are`, async () => {
      await using directory = await temporaryDirectory()
      await used(directory.path)
      const current = join(directory.path, name, 'CURRENT')
      const before = await readFile(current)
      await rm(current)
      const files = await readdir(join(directory.path, name))
      expect(await refusal(directory.path))
        .to.contain(current)
        .and.contain('missing')
      expect(await readdir(join(directory.path, name))).to.deep.equal(files)

      await writeFile(current, 'MANIFEST-00000x\n')
      expect(await refusal(directory.path))
        .to.contain(join(directory.path, name))
        .and.contain('damaged')
      await writeFile(current, before)
      const data = await openDataDirectory(directory.path, silentLog)
      for (const store of Object.values(data.stores)) {
        expect(await store.get(key)).to.deep.equal(value)
        await store.close()
      }
      await data.release()
    })
  }

  it('begins a new index where the old one cannot be read', async () => {
    await using directory = await temporaryDirectory()
    await used(directory.path)
    await writeFile(join(directory.path, 'index', 'CURRENT'), 'MANIFEST-00000x\n')
    expect(await refusal(directory.path)).to.equal('opened')
    expect(await readdir(directory.path)).to.contain('index.damaged')
  })

  it('names what the system says of it', async () => {
    await using directory = await temporaryDirectory()
    await used(directory.path)
    await rm(join(directory.path, 'state', 'LOCK'))
    // Opened for writing this fails for every user.
    await mkdir(join(directory.path, 'state', 'LOCK'))
    expect(await refusal(directory.path))
      .to.contain('state cannot be used')
      .and.contain('Is a directory')
  })
})
