import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'chai'
import type { PullReport } from '../../src/server/control/peer-control.ts'
import type { Trace } from '../../src/server/control/trace-report.ts'
import { RunningSite, until } from '../support/running-site.ts'

describe('tidings pull between nodes', () => {
  it('fetches once, goes on later, and hands on with our name in Path', async () => {
    await using far = await RunningSite.start('far.example', '[[group]]\nname = "local.far"')
    await using site = await RunningSite.start('near.example')
    for (let n = 1; n <= 40; n++) await far.post(`<${n}@far.example>`)
    await far.post('<far@far.example>', { Newsgroups: 'local.far' })
    const words = ['pull', `127.0.0.1:${far.port}`, '--groups', 'local.*']
    const first = await site.run(words)
    expect(first.err).to.contain('1 group of the other server match local.* and are not here')
    expect(first).to.include({ code: 0 })
    expect(first.out).to.match(/^2 groups: 40 accepted, 0 there already, 0 refused; .* fetched\n$/)
    expect((await site.run(words)).out).to.match(
      /^2 groups: 0 accepted, 0 there already, 0 refused; 0 B fetched/,
    )
    await far.post('<41@far.example>')
    expect(await site.json(...words)).to.include({ accepted: 1, fetched: 1, known: 0 })
    expect(await site.json(...words, '--since', '2020-01-01')).to.include({
      accepted: 0,
      fetched: 0,
      known: 41,
    })
    expect(await site.json(...words, '--create-groups')).to.include({
      groups: 3,
      accepted: 1,
      unknownGroups: 0,
    })

    const { stored }: Trace = await site.json('article', 'trace', '<1@far.example>')
    expect(stored?.source).to.equal('pull:127.0.0.1')
    expect(stored?.path.map(({ entry }) => entry).reverse()).to.deep.equal([
      'near.example',
      '.SEEN.127.0.0.1',
      'far.example',
      '.POSTED.127.0.0.1',
      'not-for-mail',
    ])
    const lines = (text: string) => text.split('\r\n').filter(line => !/^(Path|Xref):/.test(line))
    const shown = (from: RunningSite) => from.run(['article', 'show', '<1@far.example>'])
    expect(lines((await shown(site)).out)).to.deep.equal(lines((await shown(far)).out))
  })

  it('reads on a schedule, goes on after a restart, and counts as import for the age', async () => {
    await using far = await RunningSite.start('far.example', '[history]\ncutoff_days = 0')
    await using site = await RunningSite.start('near.example')
    const old = { Date: 'Thu, 01 Jan 2015 00:00:00 +0000' }
    for (let n = 1; n <= 3; n++) await far.post(`<${n}@far.example>`, old)
    const section = `[[pull]]\nfrom = "127.0.0.1:${far.port}"\ngroups = "local.*"`
    site.write(section)
    await site.run(['reload'])
    const here = (id: string) => async () => (await site.run(['article', 'show', id])).code === 0
    await until('the articles are here', here('<3@far.example>'))
    await until('the pull is over', async () => (await reports())[0]?.state === 'waiting')
    expect((await reports())[0]).to.include({ from: `127.0.0.1:${far.port}`, accepted: 3, lastError: '' })
    await far.post('<4@far.example>', old)
    await site.end()
    await site.begin()
    await until('the new one is here', here('<4@far.example>'))
    await until('the pull is over', async () => (await reports())[0]?.state === 'waiting')
    expect((await reports())[0]).to.include({ fetched: 1, accepted: 1 })

    async function reports(): Promise<PullReport[]> {
      return site.json('peer', 'pulls')
    }
  })

  it('says why it cannot, and what to do', async () => {
    await using site = await RunningSite.start('near.example')
    const gone = await site.run(['pull', '127.0.0.1:1', '--groups', '*'])
    expect(gone.code).to.equal(69)
    expect(gone.err).to.contain('127.0.0.1:1: connect ECONNREFUSED').and.contain('run it again')
    await using closed = await RunningSite.start('closed.example')
    closed.write('[[access]]\nread = ""')
    await closed.run(['reload'])
    const words = ['pull', `127.0.0.1:${closed.port}`, '--groups', '*']
    expect((await site.run(words)).code).to.equal(69)
    const file = join(site.folder, 'password')
    writeFileSync(file, 'secret\n', { mode: 0o644 })
    const open = await site.run([...words, '--user', 'me', '--password-file', file])
    expect(open).to.include({ code: 64, err: `tidings: others may read ${file}; run: chmod 600 ${file}\n` })
    expect((await site.run([...words, '--user', 'me'])).err).to.contain(
      '--user and --password-file go together',
    )
    expect((await site.run(['pull', 'a:b', '--groups', '*'])).code).to.equal(64)
    expect((await site.run(['pull', 'a', '--groups', 'a b'])).code).to.equal(64)
  })
})
