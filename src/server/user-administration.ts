/** What the control socket may ask about accounts, done over the log. */
import {
  type Account,
  type AccountChange,
  type AccountName,
  accountName,
  certificateId,
  isAccountGroup,
  longestCredential,
  preparePassword,
} from '../account.ts'
import { type ProvenAccount, type Role, roles } from '../client.ts'
import type { Clock } from '../clock.ts'
import { HasherBusy } from '../login/hasher.ts'
import type { Logins } from '../login/login.ts'
import { nearest } from '../nearest.ts'
import type { AccountEntry } from '../storage/entry.ts'
import type { Storage } from '../storage/storage.ts'
import { ControlFault } from './node-control.ts'
import type { UserChange, UserControl, UserRow } from './user-control.ts'

export interface UserAdministrationParts {
  readonly storage: Pick<Storage, 'accounts' | 'submit'>
  readonly clock: Clock
  readonly logins: Pick<Logins, 'stored'>
  /** Told what became of an account that somebody may be logged in with; undefined where it can be used no more. */
  readonly changed: (name: AccountName, account: ProvenAccount | undefined) => void
}

const batch = 500

export class UserAdministration implements UserControl {
  readonly #parts: UserAdministrationParts

  constructor(parts: UserAdministrationParts) {
    this.#parts = parts
  }

  async *list(): AsyncGenerator<readonly UserRow[]> {
    const rows: UserRow[] = []
    for await (const accounts of this.#parts.storage.accounts.list()) rows.push(...accounts.map(rowOf))
    rows.sort((one, other) => (one.name < other.name ? -1 : 1))
    for (let at = 0; at < rows.length; at += batch) yield rows.slice(at, at + batch)
  }

  async add(change: UserChange, password: string): Promise<UserRow> {
    const name = nameOf(change.name)
    await this.#submit({
      action: 'add',
      name,
      change: { ...definitionOf(change), ...(await this.#hashed(password)) },
    })
    return rowOf(await this.#account(name))
  }

  async set(change: UserChange, password: string): Promise<UserRow> {
    const name = nameOf(change.name)
    await this.#submit({
      action: 'set',
      name,
      change: { ...definitionOf(change), ...(await this.#hashed(password)) },
    })
    const account = await this.#account(name)
    const { roles, groups, disabled } = account
    this.#parts.changed(name, disabled ? undefined : { name, roles: new Set(roles), groups })
    return rowOf(account)
  }

  async remove(text: string): Promise<void> {
    const name = nameOf(text)
    await this.#submit({ action: 'remove', name })
    this.#parts.changed(name, undefined)
  }

  async #hashed(text: string): Promise<AccountChange> {
    if (text === '') return {}
    const password = preparePassword(text)
    if (password === undefined)
      throw new ControlFault(
        'usage',
        `a password has no control characters and at most ${longestCredential} octets of UTF-8`,
      )
    try {
      return await this.#parts.logins.stored(password)
    } catch (error) {
      if (error instanceof HasherBusy)
        throw new ControlFault('retry', 'too many logins at the moment; try again')
      throw error
    }
  }

  async #submit(entry: Pick<AccountEntry, 'action' | 'name' | 'change'>): Promise<void> {
    const { storage, clock } = this.#parts
    const time = Math.floor(clock.now() / 1000)
    const outcome = await storage.submit({ kind: 'account', time, source: 'admin', ...entry })
    if (outcome.kind === 'refused') throw new ControlFault('refused', outcome.reason.text)
    if (outcome.kind === 'deferred') throw new ControlFault('retry', outcome.reason.text)
    if (outcome.kind !== 'duplicate') return
    throw new ControlFault(
      'refused',
      entry.action === 'add'
        ? `there is an account ${entry.name} already`
        : `there is no account ${entry.name}`,
    )
  }

  async #account(name: AccountName): Promise<Account> {
    const account = await this.#parts.storage.accounts.find(name)
    if (account === undefined) throw new ControlFault('refused', `there is no account ${name}`)
    return account
  }
}

function rowOf({ password, scram, ...account }: Account): UserRow {
  const { name, roles, groups, certificates, disabled, created } = account
  return {
    name,
    roles,
    groups,
    certificates,
    disabled,
    created,
    password: password !== '',
    scram: scram !== '',
  }
}

function nameOf(text: string): AccountName {
  const name = accountName(text)
  if (name !== undefined) return name
  throw new ControlFault(
    'usage',
    `"${text.slice(0, 100)}" can be no account name: no control characters, no blank at an end, at most ${longestCredential} octets of UTF-8`,
  )
}

function definitionOf({ roles: names, groups, certificates, disabled }: UserChange): AccountChange {
  return {
    ...(names && { roles: [...new Set(names.map(roleOf))] }),
    ...(groups && { groups: [...new Set(groups.map(groupOf))] }),
    ...(certificates && { certificates: [...new Set(certificates.map(certificateOf))] }),
    ...(disabled !== undefined && { disabled }),
  }
}

function roleOf(text: string): Role {
  const role = roles.find(known => known === text)
  if (role !== undefined) return role
  const meant = nearest(text, [...roles])
  const hint = meant === undefined ? '' : `; did you mean "${meant}"?`
  throw new ControlFault('usage', `there is no role "${text}"${hint} (roles: ${roles.join(', ')})`)
}

function groupOf(text: string): string {
  if (isAccountGroup(text)) return text
  throw new ControlFault(
    'usage',
    `"${text}" can be no account group: letters, digits and . _ @ -, at most 64`,
  )
}

function certificateOf(text: string): string {
  const id = certificateId(text)
  if (id !== undefined) return id
  throw new ControlFault(
    'usage',
    `"${text}" names no certificate: expected a host name, or sha256: and 64 hex digits`,
  )
}
