import { writeFile } from 'node:fs/promises'
import { type AddressInfo, createServer } from 'node:net'
import { join } from 'node:path'
import { expect } from 'chai'
import { listen } from '../../src/listen.ts'
import { Program } from '../support/program.ts'
import { temporaryDirectory } from '../support/temporary-directory.ts'

/** What a start ends with where `taken` of its listeners, or its socket, is another's. */
async function start(taken: Readonly<Record<string, string>>): Promise<{ code: number | null; err: string }> {
  await using directory = await temporaryDirectory()
  const file = join(directory.path, 'tidings.toml')
  const own = { nntp: '127.0.0.1:0', web: '127.0.0.1:0', admin: '127.0.0.1:0', ...taken }
  const lists = ['nntp', 'web', 'admin'] as const
  const lines = lists.map(name => `${name} = ["${own[name]}"]`)
  const control = taken.control ?? 'run/control.sock'
  await writeFile(file, `[listen]\n${lines.join('\n')}\ncontrol = "${control}"\n`)
  await using program = new Program(['--config', file, 'start'])
  return { code: await program.ended, err: program.err }
}

describe('a node whose place is taken', function () {
  this.timeout(30_000)

  for (const name of ['nntp', 'web', 'admin'])
    it(`names listen.${name} and exits with 69`, async () => {
      const other = createServer()
      await listen(other, { key: 'test', place: '127.0.0.1:0' })
      const { port } = other.address() as AddressInfo
      const { code, err } = await start({ [name]: `127.0.0.1:${port}` })
      other.close()
      expect(err).to.contain(`127.0.0.1:${port}`).and.contain(`listen.${name}`).and.not.contain('internal')
      expect(code).to.equal(69)
    })

  it('leaves a file at listen.control alone and exits with 69', async () => {
    await using directory = await temporaryDirectory()
    const path = join(directory.path, 'precious')
    await writeFile(path, 'mine')
    const { code, err } = await start({ control: path })
    expect(err).to.contain(path).and.contain('listen.control')
    expect(code).to.equal(69)
  })
})
