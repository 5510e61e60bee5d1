import { readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect } from 'chai'
import { auditStore } from '../support/auditor/auditor.ts'
import { contentsOf } from '../support/auditor/contents.ts'
import { Program, program } from '../support/program.ts'
import { type TemporaryDirectory, temporaryDirectory } from '../support/temporary-directory.ts'
import { posting, streaming } from './load.ts'
import { killed, Victim } from './victim.ts'

type Articles = Awaited<ReturnType<typeof contentsOf>>['articles']

/** Where each article is filed, by arrival. */
const filed = (articles: Articles, arrivals: Iterable<number>): string[] =>
  [...arrivals].map(arrival => {
    const { messageId, filings, xref } = articles.get(arrival) ?? {}
    return JSON.stringify({ arrival, messageId, filings, xref })
  })

const sorted = (table: ReadonlyMap<unknown, unknown>): string[] =>
  [...table].map(entry => JSON.stringify(entry)).sort()

describe('a backup of a node under load', function () {
  this.timeout(60_000)
  let home: TemporaryDirectory
  let victim: Victim
  /** Acknowledged before each backup began. */
  const before: string[][] = []
  const results: { articles: number; copied: number; damaged: number }[] = []

  const words = (...more: string[]) => ['--config', join(home.path, 'tidings.toml'), ...more]
  const folder = () => join(home.path, 'backup')
  const data = () => join(home.path, 'data')

  it('has all that was acknowledged before it, and the second copies only what is new', async () => {
    home = await temporaryDirectory()
    victim = new Victim({ home: home.path, seed: 5 })
    await victim.prepare()
    await using node = victim.start()
    const target = { ...(await victim.target(node)), failing: () => true }
    const clients = [posting(target, 'a'), streaming(target, 'b')]
    for (let turn = 0; turn < 2; turn++) {
      await victim.recorder.more(200)
      before.push([...victim.recorder.lasting])
      results.push(JSON.parse(await program(words('backup', folder(), '--json'))))
    }
    await victim.recorder.more(100)
    await killed(node)
    await Promise.all(clients)
    const [first, second] = results
    expect(first?.articles).to.be.at.least(before[0]?.length ?? 0)
    expect(first?.copied).to.equal(first?.articles)
    expect(second?.copied, 'copied again').to.be.within(1, (second?.articles ?? 0) - 100)
    expect(second?.damaged).to.equal(0)
  })

  it('is not restored over a store that is there', async () => {
    await using restoring = new Program(words('restore', folder()))
    expect(await restoring.ended).to.equal(73)
    expect(restoring.err).to.match(/data is not empty .* nothing was changed; move it away/)
  })

  it('is restored with the same numbers, in a new epoch, and served', async () => {
    const { articles: numbered } = await contentsOf(data())
    await rm(data(), { recursive: true })
    const restored = JSON.parse(await program(words('restore', folder(), '--json')))
    expect(restored.articles).to.equal(results[1]?.articles)
    const report = await auditStore(data(), before[1])
    expect(report.faults).to.deep.equal([])
    expect(report.articles).to.equal(restored.articles)
    const { articles: found } = await contentsOf(data())
    expect(filed(found, found.keys())).to.deep.equal(filed(numbered, found.keys()))
    await using node = victim.start()
    await victim.target(node)
    node.signal('SIGTERM')
    expect(await node.ended, node.err).to.equal(0)
  })

  it('is taken with the node down as well, and the index made again', async () => {
    const out = JSON.parse(await program(words('backup', folder(), '--json')))
    expect(out).to.include({ articles: results[1]?.articles, copied: 0, done: true })
    const made = await contentsOf(data())
    expect(await program(words('rebuild'))).to.match(/^the index was made again/)
    const again = await contentsOf(data())
    expect(made.overview.size, 'lines of overview').to.be.greaterThan(100)
    for (const table of ['numbers', 'overview', 'history', 'marks', 'log'] as const)
      expect(sorted(again[table]), table).to.deep.equal(sorted(made[table]))
    expect((await auditStore(data(), before[1])).faults).to.deep.equal([])
  })

  it('is refused when an octet of it has changed, and leaves nothing behind', async () => {
    const name = (await readdir(folder())).find(each => each.endsWith('.articles')) ?? ''
    const octets = await readFile(join(folder(), name))
    octets[500] = (octets[500] ?? 0) ^ 1
    await writeFile(join(folder(), name), octets)
    await rm(data(), { recursive: true })
    await using restoring = new Program(words('restore', folder()))
    expect(await restoring.ended).to.equal(65)
    expect(restoring.err).to.match(/the backup is damaged: .*\.articles at offset \d+/)
    expect(await readdir(data())).to.deep.equal([])
    await home[Symbol.asyncDispose]()
  })
})
