import { expect } from 'chai'
import type { GroupId } from '../../src/storage/reading.ts'
import { articleEntry, groupEntry } from '../support/entries.ts'
import { testStorage } from '../support/storage.ts'

describe('storage: reader', () => {
  it('finds the nearest number from any number that a client may write', async () => {
    const storage = await testStorage()
    try {
      await storage.submit(groupEntry('add', 'a'))
      for (const id of ['<1@x>', '<2@x>']) await storage.submit(articleEntry({ id, groups: ['a'] }))
      const group = (await storage.reading.group('a'))?.id as GroupId
      const cases: readonly [from: number, previous: number | undefined, next: number | undefined][] = [
        [-1, undefined, 1],
        [0, undefined, 1],
        [1, undefined, 2],
        [2, 1, undefined],
        [3, 2, undefined],
        [2 ** 32, 2, undefined],
        [9_999_999_999, 2, undefined],
      ]
      for (const [from, previous, next] of cases) {
        const found = [await storage.reading.previous(group, from), await storage.reading.next(group, from)]
        expect(found, String(from)).to.deep.equal([previous, next])
      }
    } finally {
      await storage.close()
    }
  })
})
