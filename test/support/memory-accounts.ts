/** Accounts in a map, changed by entries as a node changes them. */
import type { Account, AccountName } from '../../src/account.ts'
import type { AccountBookParts } from '../../src/feed/account-book.ts'
import type { Outcome } from '../../src/storage/entry.ts'
import type { Arrival } from '../../src/storage/reading.ts'
import type { Shelves } from '../../src/storage/state/shelves.ts'

export function memoryAccounts(
  accounts: Map<AccountName, Account>,
  shelves: Shelves,
): AccountBookParts['storage'] {
  const stored: Outcome = { kind: 'stored', arrival: 0 as Arrival, filings: [] }
  return {
    shelves,
    accounts: {
      find: async name => accounts.get(name),
      async *list() {
        yield [...accounts.values()]
      },
      get count() {
        return accounts.size
      },
    },
    async submit(entry) {
      if (entry.kind !== 'account') throw new Error(`no place for ${entry.kind}`)
      const { name, action, change = {}, time } = entry
      const old = accounts.get(name)
      if ((action === 'add') === (old !== undefined)) return { kind: 'duplicate' }
      const blank = { roles: [], groups: [], certificates: [], disabled: false, password: '', scram: '' }
      if (action === 'remove') accounts.delete(name)
      else accounts.set(name, { name, created: time, ...blank, ...old, ...change })
      return stored
    },
  }
}
