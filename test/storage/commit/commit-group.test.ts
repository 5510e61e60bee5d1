import { expect } from 'chai'
import type { Entry, Outcome } from '../../../src/storage/entry.ts'
import type { Storage } from '../../../src/storage/storage.ts'
import { audit } from '../../support/audit.ts'
import { articleEntry, cancelEntry, groupEntry } from '../../support/entries.ts'
import { HeldLog } from '../../support/held-log.ts'
import { marks, testStorage } from '../../support/storage.ts'

/** Storage whose entries commit together exactly as the test says. */
async function together() {
  const log = new HeldLog()
  const storage = await testStorage({ sharedLog: log })
  const commit = (...entries: Entry[]): Promise<Outcome[]> => {
    const outcomes = entries.map(entry => storage.submit(entry))
    log.release()
    return Promise.all(outcomes)
  }
  await commit(groupEntry('add', 'a'), groupEntry('add', 'b'), groupEntry('add', 'c'))
  return { storage, commit, [Symbol.asyncDispose]: () => storage.close() }
}

const kinds = (outcomes: readonly Outcome[]) => outcomes.map(({ kind }) => kind).join(' ')
const marksOf = ({ reading }: Storage, name: string) => marks(reading, name)
const post = (id: string, ...groups: string[]) => articleEntry({ id: `<${id}>`, groups })
const keep = (id: string, group: string, number: number) =>
  articleEntry({ id: `<${id}>`, groups: [group], keep: { group, number } })

describe('entries of one commit group', () => {
  it('see each other: a cancel of the lowest article, and a new one that takes its place', async () => {
    await using node = await together()
    const { storage, commit } = node
    await commit(post('1@x', 'a'))
    expect(kinds(await commit(post('2@x', 'a'), cancelEntry('<1@x>')))).to.equal('stored stored')
    expect(await marksOf(storage, 'a')).to.equal('1 2 2')
    expect(kinds(await commit(cancelEntry('<2@x>'), post('3@x', 'a'), post('4@x', 'a')))).to.equal(
      'stored stored stored',
    )
    expect(await marksOf(storage, 'a')).to.equal('2 3 4')
    expect(await audit(storage.reading)).to.deep.equal([])
  })

  it('never share a number: two imports that keep the same one', async () => {
    await using node = await together()
    const { storage, commit } = node
    const outcomes = await commit(keep('1@x', 'a', 7), keep('2@x', 'a', 7), keep('3@x', 'a', 8))
    expect(kinds(outcomes)).to.equal('stored refused stored')
    expect(await marksOf(storage, 'a')).to.equal('2 7 8')
    expect(await audit(storage.reading)).to.deep.equal([])
  })

  it('add up: one article imported from three folders at once', async () => {
    await using node = await together()
    const { storage, commit } = node
    await commit(keep('1@x', 'a', 7))
    const outcomes = await commit(keep('1@x', 'b', 3), keep('1@x', 'c', 4), cancelEntry('<none@x>'))
    expect(kinds(outcomes)).to.equal('stored stored stored')
    expect((await storage.reading.locateId('<1@x>'))?.filings).to.have.length(3)
    expect(await audit(storage.reading)).to.deep.equal([])
  })

  it('leave nothing behind: a cancel with another folder of the same article in front of it', async () => {
    await using node = await together()
    const { storage, commit } = node
    await commit(keep('1@x', 'a', 7))
    expect(kinds(await commit(keep('1@x', 'b', 3), cancelEntry('<1@x>')))).to.equal('stored stored')
    expect(await marksOf(storage, 'a')).to.equal('0 8 7')
    expect(await marksOf(storage, 'b')).to.equal('0 4 3')
    expect(await audit(storage.reading)).to.deep.equal([])
  })

  it('are decided without the one that cannot be', async () => {
    await using node = await together()
    const { storage, commit } = node
    // No time of four octets: nothing that parses makes one, so it stands for the fault nobody thought of.
    const poison = (id: string) => articleEntry({ id: `<${id}>`, groups: ['a'], time: 2 ** 32 })
    const outcomes = await commit(
      post('1@x', 'a'),
      poison('2@x'),
      post('3@x', 'a'),
      poison('4@x'),
      post('5@x', 'a'),
    )
    expect(kinds(outcomes)).to.equal('stored deferred stored deferred stored')
    expect(await marksOf(storage, 'a')).to.equal('3 1 3')
    expect(kinds(await commit(post('2@x', 'a')))).to.equal('stored')
    expect(await audit(storage.reading)).to.deep.equal([])
  })
})

describe('a number', () => {
  it('is not given to another article once it was used, not even by an import', async () => {
    await using node = await together()
    const { storage, commit } = node
    for (const number of [5, 10, 20]) await commit(keep(`${number}@x`, 'a', number))
    await commit(cancelEntry('<10@x>'))
    expect(kinds(await commit(keep('other@x', 'a', 10)))).to.equal('refused')
    expect(kinds(await commit(keep('gap@x', 'a', 12)))).to.equal('stored')
    expect(await audit(storage.reading)).to.deep.equal([])
  })

  it('behind the last of a block stands before it in overview', async () => {
    await using node = await together()
    const { storage, commit } = node
    await commit(keep('127@x', 'a', 127))
    await commit(groupEntry('set', 'b', { high: 300 }))
    await commit(keep('126@x', 'b', 126), keep('127b@x', 'b', 127))
    await commit(keep('200@x', 'a', 200), keep('130@x', 'a', 130))
    await commit(post('201@x', 'a', 'b'))
    expect(await audit(storage.reading)).to.deep.equal([])
  })

  it('above what RFC 3977 allows is refused', async () => {
    await using node = await together()
    const { commit } = node
    expect(kinds(await commit(groupEntry('set', 'a', { high: 2 ** 31 })))).to.equal('refused')
    expect(kinds(await commit(groupEntry('set', 'a', { high: 2 ** 31 - 1 })))).to.equal('stored')
    expect(kinds(await commit(post('1@x', 'a')))).to.equal('refused')
  })
})
