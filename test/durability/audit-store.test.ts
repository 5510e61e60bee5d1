import { cp, readdir, stat, truncate } from 'node:fs/promises'
import { join } from 'node:path'
import { expect } from 'chai'
import { Level } from 'level'
import { auditStore } from '../support/auditor/auditor.ts'
import { type TemporaryDirectory, temporaryDirectory } from '../support/temporary-directory.ts'
import { Victim } from './victim.ts'

type Tables = Level<Buffer, Buffer>

/** The first value whose key begins with the letter; of any table without letters where it is ''. */
async function first(level: Tables, letter: string): Promise<[Buffer, Buffer]> {
  for await (const [key, value] of level.iterator())
    if (letter === '' || key[0] === letter.charCodeAt(0)) return [key, value]
  throw new Error(`no key ${letter}`)
}

const deletes = (letter: string) => async (level: Tables) => level.del((await first(level, letter))[0])
const flips = (letter: string) => async (level: Tables) => {
  const [key, value] = await first(level, letter)
  const octet = Math.floor(value.length / 2)
  value[octet] = (value[octet] ?? 0) ^ 4
  await level.put(key, value)
}

const damages: readonly [string, string, (level: Tables) => Promise<void>, RegExp][] = [
  ['an article is gone', 'articles', deletes(''), /was acknowledged and is not there/],
  ['an article has another octet', 'articles', flips(''), /the checksum does not hold/],
  ['a message-ID leads nowhere', 'index', deletes('h'), /history does not lead/],
  ['a number leads nowhere', 'index', deletes('n'), /does not lead to/],
  ['a row of the overview is gone', 'index', deletes('o'), /overview of .* is/],
  ['a row of the overview has another octet', 'index', flips('o'), /does not hold/],
  ['a row of the log has another octet', 'index', flips('a'), /the checksum does not hold/],
  ['a group has no marks', 'state', deletes('m'), /has no marks/],
  ['marks have another octet', 'state', flips('m'), /the seal does not hold/],
  ['a counter is gone', 'state', deletes('c'), /the counter/],
]

describe('the auditor of stopped stores', () => {
  let home: TemporaryDirectory
  let victim: Victim

  before(async function () {
    this.timeout(60_000)
    home = await temporaryDirectory()
    victim = new Victim({ home: home.path, seed: 7, mostArticles: 100 })
    await victim.prepare()
    await victim.liveAndDie()
    await victim.restInPeace()
    // Once more, so that the journal is empty and the damage below is not repaired by its replay.
    await victim.restInPeace()
  })

  after(() => home[Symbol.asyncDispose]())

  const copy = async (name: string) => {
    const data = join(home.path, name)
    await cp(join(home.path, 'data'), data, { recursive: true })
    return data
  }

  it('finds nothing in a sound store', async () => {
    const report = await auditStore(join(home.path, 'data'), victim.recorder.acknowledged)
    expect(report.faults).to.deep.equal([])
    expect(report.articles).to.be.greaterThan(10)
    expect(report.groups).to.equal(3)
  })

  for (const [at, [what, database, damage, expected]] of damages.entries())
    it(`sees that ${what}`, async () => {
      const data = await copy(`damaged${at}`)
      const level: Tables = new Level(join(data, database), {
        keyEncoding: 'buffer',
        valueEncoding: 'buffer',
      })
      await damage(level)
      await level.close()
      const { faults } = await auditStore(data, victim.recorder.acknowledged)
      expect(faults.join('\n')).to.match(expected)
    })

  it('sees that the journal is damaged before its end', async () => {
    const data = await copy('journal')
    const [name = ''] = (await readdir(join(data, 'journal'))).sort()
    const file = join(data, 'journal', name)
    const { size } = await stat(file)
    expect(size, 'octets of the journal').to.be.greaterThan(0)
    await truncate(file, size - 1)
    await cp(file, join(data, 'journal', '9999999999999999.journal'))
    expect(await auditStore(data).catch(String)).to.match(/is damaged|is due/)
  })
})
