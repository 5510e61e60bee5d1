/** An account that somebody makes in the reader: what was typed for it, and what is stored. */
import { type AccountChange, type AccountName, preparePassword } from '../../account.ts'
import type { Role } from '../../client.ts'
import type { AccountOutcome } from '../../feed/account-book.ts'
import { HasherBusy } from '../../login/hasher.ts'
import { isMailAddress } from '../../mail-address.ts'
import { accountShelf } from '../../storage/state/shelves.ts'
import type { Site } from '../site.ts'
import type { Words } from '../words/english.ts'
import { newName, strengthOf } from './new-names.ts'

export interface TypedAccount {
  readonly name: string
  readonly address: string
  readonly password: string
}

/** A sentence for each field that cannot be so; none where all can. */
export function faultsOf(
  typed: Partial<TypedAccount>,
  { words: { register }, around = [] }: { readonly words: Words; readonly around?: readonly string[] },
): Record<string, string> {
  const { name, address, password } = typed
  const faults: Record<string, string> = {}
  if (name !== undefined && newName(name) === undefined) faults.name = register.badName
  if (address !== undefined && !isMailAddress(address)) faults.address = register.badAddress
  if (password === undefined) return faults
  const parts = [name ?? '', ...(address ?? '').split('@'), ...around]
  if (preparePassword(password) === undefined) faults.password = register.badPassword
  else if (strengthOf(password, parts) === 'weak') faults.password = register.weakPassword
  return faults
}

/** What is stored of a password; undefined where too many are hashed at the moment. */
export async function hashOf(site: Site, password: string): Promise<AccountChange | undefined> {
  const prepared = preparePassword(password)
  if (prepared === undefined) throw new Error('a password that was checked is none')
  try {
    return await site.accounts.hashed(prepared)
  } catch (error) {
    if (error instanceof HasherBusy) return undefined
    throw error
  }
}

export interface NewAccount {
  readonly name: AccountName
  readonly hash: AccountChange
  readonly roles: readonly Role[]
  /** False for one that an administrator's own link makes. */
  readonly registered: boolean
  readonly mail?: { readonly address: string; readonly proven: boolean }
  readonly invitedBy?: string
  /** Where from. */
  readonly from: string
}

/** Of somebody who registers. */
export const usualRoles: readonly Role[] = ['reader', 'poster']

export async function makeAccount(site: Site, account: NewAccount): Promise<AccountOutcome> {
  const { name, hash, roles, registered, mail, invitedBy, from } = account
  const change = { ...hash, roles, ...(registered && { registered }) }
  const outcome = await site.accounts.add({ name, change, source: 'web' })
  if (outcome.kind !== 'stored') return outcome
  if (mail !== undefined) await site.addresses.keep(name, mail)
  if (invitedBy !== undefined) {
    const value = Buffer.from(JSON.stringify({ by: invitedBy }))
    await site.shelves.save(accountShelf(name), new Map([['invited', value]]))
  }
  site.audit.record('account-made', {
    account: name,
    roles: roles.join(' '),
    address: from,
    ...(invitedBy !== undefined && { invitedBy }),
  })
  return outcome
}
