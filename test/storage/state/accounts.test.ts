import { expect } from 'chai'
import type { AccountName } from '../../../src/account.ts'
import type { AccountEntry } from '../../../src/storage/entry.ts'
import { accountKey } from '../../../src/storage/keys.ts'
import type { Storage } from '../../../src/storage/storage.ts'
import { crashed, memoryParts } from '../../support/node.ts'
import { rejection } from '../../support/rejection.ts'
import { seeded } from '../../support/seeded.ts'
import { testStorage } from '../../support/storage.ts'

const entry = (
  action: AccountEntry['action'],
  name: string,
  more: Partial<AccountEntry> = {},
): AccountEntry => ({
  kind: 'account',
  action,
  name: name as AccountName,
  time: 1000,
  source: 'test',
  ...more,
})

async function names(storage: Storage): Promise<string[]> {
  const found: string[] = []
  for await (const accounts of storage.accounts.list()) found.push(...accounts.map(({ name }) => name))
  return found.sort()
}

const find = (storage: Storage, name: string) => storage.accounts.find(name as AccountName)

describe('storage/accounts', () => {
  it('adds, changes and removes', async () => {
    await using storage = await testStorage()
    const added = await storage.submit(
      entry('add', 'fred flint', { change: { roles: ['reader'], password: 'h1' } }),
    )
    expect(added.kind).to.equal('stored')
    expect(await find(storage, 'fred flint')).to.deep.equal({
      name: 'fred flint',
      roles: ['reader'],
      groups: [],
      disabled: false,
      password: 'h1',
      scram: '',
      certificates: [],
      created: 1000,
    })
    expect((await storage.submit(entry('add', 'fred flint'))).kind).to.equal('duplicate')
    expect((await storage.submit(entry('set', 'nobody'))).kind).to.equal('duplicate')
    await storage.submit(entry('set', 'fred flint', { change: { disabled: true, groups: ['staff'] } }))
    expect(await find(storage, 'fred flint')).to.include({ disabled: true, password: 'h1' })
    expect(storage.accounts.count).to.equal(1)
    expect((await storage.submit(entry('remove', 'fred flint'))).kind).to.equal('stored')
    expect((await storage.submit(entry('remove', 'fred flint'))).kind).to.equal('duplicate')
    expect(storage.accounts.count).to.equal(0)
    expect(await find(storage, 'fred flint')).to.equal(undefined)
  })

  it('decides several changes of one commit in their order', async () => {
    await using storage = await testStorage()
    const outcomes = await Promise.all([
      storage.submit(entry('add', 'a', { change: { certificates: ['one.example'] } })),
      storage.submit(entry('add', 'a')),
      storage.submit(entry('add', 'b', { change: { certificates: ['one.example'] } })),
      storage.submit(entry('set', 'a', { change: { certificates: [] } })),
      storage.submit(entry('add', 'b', { change: { certificates: ['one.example'] } })),
      storage.submit(entry('remove', 'a')),
    ])
    expect(outcomes.map(({ kind }) => kind)).to.deep.equal([
      'stored',
      'duplicate',
      'refused',
      'stored',
      'stored',
      'stored',
    ])
    expect(await names(storage)).to.deep.equal(['b'])
    expect((await storage.accounts.byCertificate('one.example'))?.name).to.equal('b')
    expect(storage.accounts.count).to.equal(1)
  })

  it('renews a hash only where the old one is still there', async () => {
    await using storage = await testStorage()
    await storage.submit(entry('add', 'a', { change: { password: 'h1' } }))
    await storage.submit(entry('set', 'a', { change: { password: 'new password' } }))
    const late = await storage.submit(
      entry('set', 'a', { change: { password: 'h1 again' }, ifPassword: 'h1' }),
    )
    expect(late.kind).to.equal('duplicate')
    expect((await find(storage, 'a'))?.password).to.equal('new password')
  })

  it('keeps what was answered when the power goes', async () => {
    let parts = await memoryParts()
    const random = seeded(7)
    const known = new Set<string>()
    for (let round = 0; round < 10; round++) {
      const storage = await testStorage(parts)
      expect(await names(storage), `round ${round}`).to.deep.equal([...known].sort())
      expect(storage.accounts.count).to.equal(known.size)
      for (let n = 0; n < 5; n++) {
        const name = `user ${round}.${n}`
        await storage.submit(entry('add', name, { change: { certificates: [`c${round}.${n}`] } }))
        known.add(name)
      }
      const [gone = ''] = [...known]
      await storage.submit(entry('remove', gone))
      known.delete(gone)
      parts = await crashed(parts, random)
    }
  })

  it('makes nothing of a damaged account', async () => {
    const parts = await memoryParts()
    await using storage = await testStorage(parts)
    await storage.submit(entry('add', 'a', { change: { password: 'h1' } }))
    const key = accountKey('a')
    const value = Buffer.from((await parts.stores.state.get(key)) ?? [])
    value[20] = (value[20] ?? 0) ^ 1
    await parts.stores.state.batch([{ key, value }])
    expect(String(await rejection(find(storage, 'a')))).to.contain('damaged')
  })
})
