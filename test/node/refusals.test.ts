import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect } from 'chai'
import { Program } from '../support/program.ts'
import { temporaryDirectory } from '../support/temporary-directory.ts'
import { tree } from '../support/tree.ts'

const settings = (control: string, more = '') => `
node = { path_identity = "node.example", data = "data" }
listen = { nntp = ["127.0.0.1:0"], web = [], admin = [], control = "${control}/control.sock" }
${more}
`

/** How a node that cannot start ends. */
async function refused(file: string) {
  await using node = new Program(['--config', file, 'start'])
  return { code: await node.ended, err: node.err }
}

describe('tidings start', () => {
  it('on data that another node has names its process and ends with 69', async function () {
    this.timeout(30_000)
    await using home = await temporaryDirectory()
    const [one, two] = [join(home.path, 'one.toml'), join(home.path, 'two.toml')]
    await writeFile(one, settings('run-one'))
    await writeFile(two, settings('run-two'))
    await using first = new Program(['--config', one, 'start'])
    await first.shows(/Ctrl-C stops it/)
    const { code, err } = await refused(two)
    expect(code, err).to.equal(69)
    expect(err).to.contain(`${join(home.path, 'data')} is in use by process ${first.pid}`)
    expect(err).to.contain('tidings stop')
    first.signal('SIGTERM')
    expect(await first.ended).to.equal(0)
  })

  it('on data of another format version ends with 69 and touches nothing', async function () {
    this.timeout(30_000)
    await using home = await temporaryDirectory()
    const data = await temporaryDirectory()
    await writeFile(join(data.path, 'tidings-format'), 'tidings 2\n')
    const file = join(home.path, 'tidings.toml')
    await writeFile(file, settings('run').replace('"data"', JSON.stringify(data.path)))
    const before = await tree(data.path)
    const { code, err } = await refused(file)
    expect(code, err).to.equal(69)
    expect(err).to.contain('nothing was changed')
    expect(await tree(data.path)).to.deep.equal(before)
    await data[Symbol.asyncDispose]()
  })

  it('with a wrong configuration names file, key and line and ends with 78', async function () {
    this.timeout(30_000)
    await using home = await temporaryDirectory()
    const file = join(home.path, 'tidings.toml')
    await writeFile(file, settings('run', '[limits]\narticle_bytes = "much"'))
    const { code, err } = await refused(file)
    expect(code, err).to.equal(78)
    expect(err).to.contain('limits.article_bytes: expected a number, found "much" (line 5)')
  })
})
