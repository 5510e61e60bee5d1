import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { expect } from 'chai'
import { silentLog } from '../../src/log.ts'
import { openDataDirectory } from '../../src/storage/opening/data-directory.ts'
import {
  formatVersion,
  leadsHere,
  presentFormats,
  readFormat,
} from '../../src/storage/opening/data-format.ts'
import { audit } from '../support/audit.ts'
import { auditStore } from '../support/auditor/auditor.ts'
import { goldenVersions, shownBy, unpackGolden } from '../support/golden-store.ts'
import { testStorage } from '../support/storage.ts'
import { temporaryDirectory } from '../support/temporary-directory.ts'

async function shown(data: string): Promise<unknown> {
  const opened = await openDataDirectory(data, silentLog)
  try {
    await using storage = await testStorage(opened)
    expect(await audit(storage.reading)).to.deep.equal([])
    return await shownBy(storage)
  } finally {
    await opened.release()
  }
}

const versions = await goldenVersions()

describe('stores of each format there ever was', () => {
  it('are here, from the first format to the present one', () => {
    expect(versions).to.deep.equal(Array.from({ length: formatVersion }, (_, at) => at + 1))
  })

  for (const version of versions)
    it(`${version}: the node that was killed is opened, shows what it showed, and is brought up to date`, async () => {
      await using home = await temporaryDirectory()
      const data = join(home.path, 'data')
      const { shows, acknowledged } = await unpackGolden(version, data)
      expect(await readFormat(data)).to.deep.include({ version })
      expect(leadsHere(version, presentFormats)).to.equal(true)
      // The auditor reads what the present description says.
      if (version === formatVersion) expect((await auditStore(data, acknowledged)).faults).to.deep.equal([])
      expect(await shown(data)).to.deep.equal(shows)
      expect(await readFormat(data)).to.deep.include({ version: formatVersion })
      expect((await auditStore(data, acknowledged)).faults).to.deep.equal([])
      await rm(join(data, 'index'), { recursive: true })
      expect(await shown(data), 'its index made again').to.deep.equal(shows)
      expect((await auditStore(data, acknowledged)).faults).to.deep.equal([])
    })
})
