import { appendFile, mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect } from 'chai'
import { silentLog } from '../../../src/log.ts'
import { openDataDirectory, UnusableData } from '../../../src/storage/opening/data-directory.ts'
import { formatVersion, presentFormats, type Upgrade } from '../../../src/storage/opening/data-format.ts'
import { temporaryDirectory } from '../../support/temporary-directory.ts'
import { tree } from '../../support/tree.ts'

async function opened(path: string, formats = presentFormats): Promise<void> {
  const { stores, release } = await openDataDirectory(path, silentLog, { formats })
  await Promise.all(Object.values(stores).map(store => store.close()))
  await release()
}

const refusal = (opening: Promise<void>): Promise<unknown> =>
  opening.then(
    () => 'it was opened',
    (error: unknown) => error,
  )

const notes =
  (step: string): Upgrade =>
  path =>
    appendFile(join(path, 'steps'), step)

describe('the storage format', () => {
  it('is brought up step by step, and goes on after the last step that was finished', async () => {
    await using home = await temporaryDirectory()
    const path = join(home.path, 'data')
    await opened(path)
    let broken = true
    const second: Upgrade = async place => {
      await notes('b')(place)
      if (broken) throw new Error('the power went')
    }
    const formats = {
      version: formatVersion + 2,
      upgrades: new Map([
        [formatVersion, notes('a')],
        [formatVersion + 1, second],
      ]),
    }
    expect(String(await refusal(opened(path, formats)))).to.contain('the power went')
    expect(await readFile(join(path, 'tidings-format'), 'utf8')).to.equal(`tidings ${formatVersion + 1}\n`)
    broken = false
    await opened(path, formats)
    expect(await readFile(join(path, 'steps'), 'utf8')).to.equal('abb')
    await opened(path, formats)
    expect(await readFile(join(path, 'steps'), 'utf8')).to.equal('abb')
    expect(await refusal(opened(path))).to.be.instanceOf(UnusableData)
  })

  it('is left alone where it is newer, or where no steps lead up', async () => {
    await using home = await temporaryDirectory()
    const path = join(home.path, 'data')
    await opened(path)
    const before = await tree(path)
    const gap = { version: formatVersion + 2, upgrades: new Map([[formatVersion + 1, notes('b')]]) }
    expect(String(await refusal(opened(path, gap)))).to.match(/use the version of tidings that wrote it/)
    expect(await tree(path)).to.deep.equal(before)
    await writeFile(join(path, 'tidings-format'), 'tidings 99\n')
    expect(String(await refusal(opened(path)))).to.match(/"tidings 99".*use a later version of tidings/)
  })

  it('is not begun where a restore was not finished', async () => {
    await using home = await temporaryDirectory()
    await mkdir(join(home.path, 'state'))
    await writeFile(join(home.path, 'restoring'), 'tidings 1\n')
    const before = await tree(home.path)
    expect(String(await refusal(opened(home.path)))).to.match(/was not finished.*"tidings restore" again/)
    expect(await tree(home.path)).to.deep.equal(before)
  })
})
