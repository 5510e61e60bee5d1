import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'chai'
import { Site } from './fake-node.ts'

describe('tidings group', () => {
  let site: Site
  beforeEach(async () => {
    site = await Site.open()
  })
  afterEach(() => site[Symbol.asyncDispose]())

  it('lists', async () => {
    const { out } = await site.run(['group', 'list', 'local.*'])
    expect(out.split('\n')[0]).to.match(/^local\.general +y +0 {2}empty +Talk$/)
    expect(site.node.calls).to.deep.equal(['local.*'])
    expect(JSON.parse((await site.run(['group', 'list', '--json'])).out)).to.deep.equal(site.node.rows)
    site.node.rows = []
    expect(JSON.parse((await site.run(['group', 'list', '--json'])).out)).to.deep.equal([])
  })

  it('adds, changes and removes', async () => {
    const added = await site.run(['group', 'add', 'local.new', '--status', 'm', '--description', 'New'])
    expect(added.out).to.equal('created local.new (m)\n')
    expect((await site.run(['group', 'set', 'local.new', '--status', '=local.test'])).code).to.equal(0)
    expect((await site.run(['group', 'remove', 'local.new'])).out).to.equal('removed local.new\n')
    expect(site.node.calls).to.deep.equal([
      { name: 'local.new', status: 'm', description: 'New' },
      { name: 'local.new', status: '=local.test' },
      'local.new',
    ])
    expect(JSON.parse((await site.run(['group', 'add', 'local.x', '--json'])).out)).to.include({
      name: 'local.x',
    })
  })

  it('asks the node for no change that is none', async () => {
    expect(await site.run(['group', 'set', 'local.test'])).to.include({ code: 64, out: '' })
    expect(site.node.calls).to.deep.equal([])
  })

  it('ends with 1 where the node refuses', async () => {
    expect(await site.run(['group', 'add', 'local.test'])).to.deep.equal({
      code: 1,
      out: '',
      err: 'tidings: local.test exists\n',
    })
  })

  it('imports an active file in batches', async () => {
    const active = join(site.folder, 'active')
    const names = join(site.folder, 'newsgroups')
    const lines = Array.from({ length: 600 }, (_, n) => `alt.g${n} 0000000009 0000000003 y`)
    writeFileSync(active, `# comment\n\n${lines.join('\n')}\nbad.name 1 1 y\nbroken line\n`)
    writeFileSync(names, Buffer.from('alt.g0\t\tGr\xfc\xdfe\nalt.g1 \u0047\n', 'latin1'))
    const { code, out, err } = await site.run(['group', 'import', active, '--descriptions', names])
    expect(code).to.equal(65)
    expect(out).to.equal('600 created, 0 changed, 0 there already, 2 refused\n')
    expect(err).to.equal(`${active}: line 604: expected: name high low status\nbad.name: bad name\n`)
    expect(site.node.calls).to.deep.equal([500, 101])
    expect(site.node.activeRows[0]).to.deep.equal({
      name: 'alt.g0',
      high: 9,
      low: 3,
      status: 'y',
      description: 'Grüße',
    })
    expect(site.node.activeRows[2]).to.deep.equal({ name: 'alt.g2', high: 9, low: 3, status: 'y' })
  })

  it('says which file cannot be read', async () => {
    const { code, err } = await site.run(['group', 'import', '/nowhere/active'])
    expect(code).to.equal(74)
    expect(err).to.contain('/nowhere/active')
  })
})
