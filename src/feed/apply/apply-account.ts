/** Step 5 for changes of accounts. Applying one twice is harmless. */
import type { Account, AccountChange, AccountName } from '../../account.ts'
import { Reason } from '../../reason.ts'
import type { Draft } from '../../storage/commit/draft.ts'
import type { AccountEntry, Outcome } from '../../storage/entry.ts'
import type { Arrival } from '../../storage/reading.ts'

export async function applyAccount(entry: AccountEntry, draft: Draft): Promise<Outcome> {
  const { name, action, change = {} } = entry
  const old = await draft.account(name)
  if (action === 'add' ? old !== undefined : old === undefined) return { kind: 'duplicate' }
  // A hash that was made anew from a password that has been changed meanwhile is not wanted any more.
  if (entry.ifPassword !== undefined && entry.ifPassword !== old?.password) return { kind: 'duplicate' }
  const taken = await takenCertificate(name, change, draft)
  if (taken !== undefined) return { kind: 'refused', reason: new Reason('certificate-taken', taken) }
  const next = action === 'remove' ? undefined : changed(old ?? blank(name, entry.time), change)
  draft.setAccount(old, next)
  return { kind: 'stored', arrival: draft.counters.arrival as Arrival, filings: [] }
}

/** One certificate proves one account. */
async function takenCertificate(
  name: AccountName,
  { certificates = [] }: AccountChange,
  draft: Draft,
): Promise<string | undefined> {
  for (const certificate of certificates) {
    const owner = await draft.certificateOwner(certificate)
    if (owner !== undefined && owner !== name) return certificate
  }
  return undefined
}

const blank = (name: AccountName, created: number): Account => ({
  name,
  roles: [],
  groups: [],
  disabled: false,
  password: '',
  scram: '',
  certificates: [],
  created,
})

function changed(account: Account, change: AccountChange): Account {
  const given = Object.entries(change).filter(([, value]) => value !== undefined)
  return { ...account, ...Object.fromEntries(given) }
}
