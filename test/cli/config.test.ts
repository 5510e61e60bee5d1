import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'chai'
import { parse } from 'smol-toml'
import { configSections } from '../../src/config/keys.ts'
import { Site } from './fake-node.ts'
import { FakeProcess } from './fake-process.ts'

describe('tidings config', () => {
  let site: Site
  beforeEach(async () => {
    site = await Site.open()
  })
  afterEach(() => site[Symbol.asyncDispose]())

  it('is checked without a node', async () => {
    await site.stop()
    expect(await site.run(['config', 'check'])).to.deep.equal({
      code: 0,
      out: `${site.config}: ok\n`,
      err: '',
    })
    writeFileSync(site.config, '[node]\ndta = 1\nadmin = 3')
    const { code, err } = await site.run(['config', 'check'])
    expect(code).to.equal(78)
    expect(err.trimEnd().split('\n')).to.have.length(2)
    expect(err).to.contain(`tidings: ${site.config}: node.dta: unknown key; did you mean "data"? (line 2)\n`)
  })

  it('is shown whole', async () => {
    const shown = await site.run(['config', 'show'], new FakeProcess({ env: { TIDINGS_WEB_TITLE: 'Ours' } }))
    expect(parse(shown.out)).to.have.nested.property('web.title', 'Ours')
    const json = JSON.parse((await site.run(['config', 'show', '--json'])).out)
    expect(json.node.data).to.equal(join(site.folder, 'data'))
  })

  it('is explained key by key where none is named', async () => {
    const { out } = await site.run(['config', 'explain'])
    for (const { name, repeated, keys } of configSections()) {
      expect(out, name).to.contain(repeated ? `\n[[${name}]]  ` : `[${name}]  `)
      for (const key of keys) expect(out, key.path).to.match(new RegExp(`^  ${key.name} +\\S`, 'm'))
    }
    for (const line of out.split('\n')) expect(line.length, line).to.be.lessThan(200)
    const json = JSON.parse((await site.run(['config', 'explain', '--json'])).out)
    expect(json).to.deep.equal(JSON.parse(JSON.stringify(configSections())))
  })

  it('is explained', async () => {
    expect((await site.run(['config', 'explain', 'peer[2].max_connections'])).out).to.equal(
      'peer.max_connections  (number, default 4, in each [[peer]])\n  Most connections we open to it.\n',
    )
    expect((await site.run(['config', 'explain', 'path_identity'])).out).to.contain('RFC 5536')
    expect((await site.run(['config', 'explain', '[[peer]]'])).out).to.contain(
      'peer.name  (text, must be given',
    )
    expect(JSON.parse((await site.run(['config', 'explain', 'log', '--json'])).out)).to.have.property(
      'name',
      'log',
    )
    expect(await site.run(['config', 'explain', 'node.dat'])).to.include({
      code: 64,
      err: 'tidings: node.dat: no such key; did you mean "node.data"?\n',
    })
    expect((await site.run(['config', 'explain', 'cluster'])).code).to.equal(69)
    expect(JSON.parse((await site.run(['config', 'schema'])).out)).to.have.property('properties')
  })
})
