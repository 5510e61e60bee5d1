import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { expect } from 'chai'
import { NodeDisk } from '../../../src/storage/disk/node-disk.ts'
import { diskContract } from '../../contract/disk.ts'
import { type TemporaryDirectory, temporaryDirectory } from '../../support/temporary-directory.ts'

describe('NodeDisk', () => {
  let directory: TemporaryDirectory
  let disk: NodeDisk
  beforeEach(async () => {
    directory = await temporaryDirectory()
  })
  afterEach(async () => {
    await disk.close()
    await directory[Symbol.asyncDispose]()
  })

  describe('as every disk', () => {
    diskContract(async () => {
      disk = await NodeDisk.open(directory.path)
      return disk
    })
  })

  it('makes its directory and those above', async () => {
    const path = join(directory.path, 'a', 'b')
    disk = await NodeDisk.open(path)
    await (await disk.open('file')).close()
    expect((await stat(join(path, 'file'))).mode & 0o077).to.equal(0)
  })
})
