import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'chai'
import { ControlFault } from '../../src/server/control/node-control.ts'
import { Site } from './fake-node.ts'

describe('tidings peer add, set and remove', () => {
  let site: Site
  let file = ''
  beforeEach(async () => {
    site = await Site.open()
    file = join(site.folder, 'conf', 'conf.d', 'b.example.toml')
    site.node.outcome = { applied: ['peer'], restart: [], warnings: [] }
  })
  afterEach(() => site[Symbol.asyncDispose]())
  const written = () => readFileSync(file, 'utf8').split('\n').slice(1)

  it('writes a file of its own, and reloads', async () => {
    const words = [
      '--from',
      '192.0.2.7,192.0.2.8',
      '--from',
      '::1',
      '--to',
      'b.example:119',
      '--send',
      'comp.*,!comp.x',
    ]
    const more = ['--max-bytes', '5000', '--streaming', 'false']
    expect(await site.run(['peer', 'add', 'b.example', ...words, ...more])).to.deep.equal({
      code: 0,
      out: `wrote ${file}\napplied        peer\n"tidings peer test b.example" tries it.\n`,
      err: '',
    })
    expect(written()).to.deep.equal([
      '[[peer]]',
      'name = "b.example"',
      'from = ["192.0.2.7", "192.0.2.8", "::1"]',
      'to = "b.example:119"',
      'send = "comp.*,!comp.x"',
      'max_bytes = 5000',
      'streaming = false',
      '',
    ])
    expect(readdirSync(join(file, '..'))).to.deep.equal(['b.example.toml'])
    expect(await site.run(['peer', 'add', 'B.example'])).to.include({
      code: 1,
      err: `tidings: peer B.example is configured already, in ${file}, line 2\n`,
    })
  })

  it('changes and removes what it has written', async () => {
    await site.run([
      'peer',
      'add',
      'b.example',
      '--to',
      'b:119',
      '--to',
      'c:119',
      '--send',
      '*',
      '--bind',
      '::1',
    ])
    expect(written()).to.include('to = ["b:119", "c:119"]')
    const changed = await site.run([
      'peer',
      'set',
      'b.example',
      '--send',
      'comp.*',
      '--unset',
      'bind',
      '--unset',
      'to',
    ])
    expect(changed).to.include({ code: 0, out: `wrote ${file}\napplied        peer\n` })
    expect(written()).to.deep.equal(['[[peer]]', 'name = "b.example"', 'send = "comp.*"', ''])
    expect(await site.run(['peer', 'set', 'b.example', '--send', 'comp.*'])).to.include({ code: 64 })
    expect((await site.run(['peer', 'set', 'b.example', '--unset', 'sent'])).err).to.contain(
      'did you mean send?',
    )
    const removed = await site.run(['peer', 'remove', 'b.example'])
    expect(removed.out).to.contain(`removed ${file}\n`).and.contain('The place of b.example is kept')
    expect(existsSync(file)).to.equal(false)
    expect((await site.run(['peer', 'remove', 'b.example'])).err).to.contain('"tidings peer add" makes one')
  })

  it('writes nothing that would not load', async () => {
    for (const [words, text] of [
      [['b.example', '--from', 'b'], 'peer[0].from[0]: expected an address or CIDR, found "b"'],
      [['b.example', '--max-bytes', 'many'], 'peer[0].max_bytes: expected a number, found "many"'],
      [['b.example', '--streaming', 'maybe'], 'peer[0].streaming: expected true or false, found "maybe"'],
      [['b.example', '--send', '*', '--send', '*'], '--send is given twice'],
      [['../b'], 'expected a path identity'],
      [['b.example', '--form', 'x'], 'Did you mean --from?'],
    ] as const) {
      const { code, err } = await site.run(['peer', 'add', ...words])
      expect(code, err).to.equal(64)
      expect(err).to.contain(text)
    }
    expect(existsSync(join(file, '..'))).to.equal(false)
  })

  it('leaves alone what people have written, and says where it is', async () => {
    writeFileSync(site.config, '[[access]]\n[[peer]]\nname = "a.example"\n')
    for (const verb of [
      ['set', 'a.example', '--send', '*'],
      ['remove', 'a.example'],
    ])
      expect(await site.run(['peer', ...verb])).to.deep.equal({
        code: 1,
        out: '',
        err:
          `tidings: peer a.example is in ${site.config}, line 2, a file that this program did not write or that has ` +
          'comments now: change it there, then run "tidings reload"\n',
      })
    mkdirSync(join(file, '..'))
    writeFileSync(file, '# nothing\n')
    expect((await site.run(['peer', 'add', 'b.example'])).err).to.contain('exists and holds something else')
    expect(readFileSync(file, 'utf8')).to.equal('# nothing\n')
  })

  it('works while the node does not run, and says so', async () => {
    await site.stop()
    expect(await site.run(['peer', 'add', 'b.example'])).to.include({
      code: 0,
      out: `wrote ${file}\nThe node is not running: it counts from its next start.\n"tidings peer test b.example" tries it.\n`,
    })
  })

  it('puts the file back where the node does not take it', async () => {
    await site.run(['peer', 'add', 'b.example'])
    const before = readFileSync(file, 'utf8')
    site.node.reload = async () => {
      throw new ControlFault('config', 'listen.nntp: bad')
    }
    const { code, err } = await site.run(['peer', 'set', 'b.example', '--send', '*'])
    expect(code).to.equal(78)
    expect(err).to.contain(`${file} is as it was: the node did not take it`).and.contain('listen.nntp: bad')
    expect(readFileSync(file, 'utf8')).to.equal(before)
    expect((await site.run(['peer', 'add', 'c.example'])).code).to.equal(78)
    expect(readdirSync(join(file, '..'))).to.deep.equal(['b.example.toml'])
  })
})
