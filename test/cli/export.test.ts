import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'chai'
import { Site } from './fake-node.ts'

describe('tidings export', () => {
  let site: Site
  beforeEach(async () => {
    site = await Site.open()
  })
  afterEach(() => site[Symbol.asyncDispose]())

  it('writes to standard output', async () => {
    site.node.pieces = [{ octets: Buffer.from('one\n') }, { octets: Buffer.from('two\n') }]
    expect(await site.run(['export', '--groups', 'local.*'])).to.deep.equal({
      code: 0,
      out: 'one\ntwo\n',
      err: '',
    })
    expect(site.node.calls).to.deep.equal([{ format: 'mbox', groups: 'local.*' }])
  })

  it('writes a new file, and never over an old one', async () => {
    const file = join(site.folder, 'out')
    const large = Buffer.alloc(1_500_000, 'x')
    site.node.pieces = [{ octets: large }, { octets: Buffer.from('two\n') }]
    expect((await site.run(['export', '--format', 'rnews', '--output', file])).out).to.equal(
      `2 articles written to ${file}\n`,
    )
    expect(readFileSync(file).length).to.equal(1_500_004)
    expect((await site.run(['export', '--output', file])).code).to.equal(73)
  })

  it('writes a spool below a folder, and never beside it', async () => {
    const folder = join(site.folder, 'spool')
    site.node.pieces = [
      { path: 'local/test/1', octets: Buffer.from('one') },
      { path: 'local/test/2', octets: Buffer.from('two') },
    ]
    expect((await site.run(['export', '--format', 'spool', '--output', folder])).code).to.equal(0)
    expect(readFileSync(join(folder, 'local/test/2'), 'utf8')).to.equal('two')
    expect((await site.run(['export', '--format', 'spool'])).code).to.equal(64)
    for (const path of ['../x', '/x', 'a/../../x', 'a//x', '.']) {
      site.node.pieces = [{ path, octets: Buffer.from('x') }]
      expect((await site.run(['export', '--format', 'spool', '--output', `${folder}2`])).code, path).to.equal(
        70,
      )
    }
    expect(existsSync(join(site.folder, 'x'))).to.equal(false)
  })
})
