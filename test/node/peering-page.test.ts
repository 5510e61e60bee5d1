import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'chai'
import type { Config } from '../../src/config/config.ts'
import { loadConfig } from '../../src/config/file.ts'
import { peerSchema, pullSchema } from '../../src/config/sections/exchange.ts'
import { Network } from '../support/network.ts'
import { projectFolder } from '../support/source-tree.ts'
import { temporaryDirectory } from '../support/temporary-directory.ts'

const page = readFileSync(join(projectFolder, 'docs/peering.md'), 'utf8')
const examples = [...page.matchAll(/^```toml\n([\s\S]*?)^```/gm)].map(([, text = '']) => text)

/** Every example stands as a file of its own. */
async function configured(text: string): Promise<Config> {
  await using directory = await temporaryDirectory()
  const file = join(directory.path, 'tidings.toml')
  writeFileSync(file, text)
  const loaded = loadConfig(file, {})
  if (!loaded.ok) throw new Error(loaded.errors.join('\n'))
  return loaded.config
}

describe('docs/peering.md', () => {
  it('has examples that load without an error', async () => {
    expect(examples.length).to.be.greaterThan(1)
    for (const example of examples) {
      const { peer, pull } = await configured(example)
      expect([...peer, ...pull]).to.have.length(1)
    }
  })

  it('shows two sections, turned round, with which articles flow both ways', async () => {
    const [first = ''] = examples
    const [ours] = (await configured(first)).peer
    if (ours === undefined) throw new Error('no peer in the first example')
    const config = { group: [{ name: 'comp.test' }, { name: 'comp.binaries.test' }] }
    const { accept, send = '' } = ours
    await using network = new Network()
    const a = await network.site('news.a.example', { peers: { 'news.b.example': { accept, send } }, config })
    const b = await network.site('news.b.example', { peers: { 'news.a.example': { accept, send } }, config })
    await a.post({ Newsgroups: 'comp.test', 'Message-ID': '<1@a.example>' })
    await a.post({ Newsgroups: 'comp.binaries.test', 'Message-ID': '<2@a.example>' })
    await b.post({ Newsgroups: 'comp.test', 'Message-ID': '<3@b.example>' })
    const all = async () => [await a.articles('comp.test'), await b.articles('comp.test')]
    await network.until('both articles on both', async () => (await all()).every(ids => ids.length === 2))
    await network.clock.advance(60_000)
    expect(await b.articles('comp.binaries.test')).to.deep.equal([])
  })

  it('names only keys that a peer has', () => {
    const keys = [...page.matchAll(/`([a-z_]+)`/g)].map(([, key = '']) => key)
    const known = [
      ...Object.keys(peerSchema.shape),
      ...Object.keys(pullSchema.shape),
      ...['ip-name', 'hostname', 'pathhost', 'newsfeeds', 'local', 'innd', 'nnrpd', 'innfeed'],
    ]
    expect(keys.filter(key => !known.includes(key) && !['true', 'false'].includes(key))).to.deep.equal([])
  })
})
