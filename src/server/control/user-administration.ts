/** What the control socket may ask about accounts, done over the log. */
import {
  type Account,
  type AccountChange,
  type AccountName,
  accountName,
  certificateId,
  isAccountGroup,
  longestCredential,
  mostOfAccount,
  preparePassword,
} from '../../account.ts'
import { type Role, roles } from '../../client.ts'
import type { AccountBook, AccountOutcome, AccountWish } from '../../feed/account-book.ts'
import { HasherBusy } from '../../login/hasher.ts'
import { nearest } from '../../nearest.ts'
import { ControlFault } from './node-control.ts'
import type { UserChange, UserControl, UserRow } from './user-control.ts'

const batch = 500
/** Of the entries in the log. */
const source = 'admin'

export class UserAdministration implements UserControl {
  readonly #book: AccountBook

  constructor(book: AccountBook) {
    this.#book = book
  }

  async *list(): AsyncGenerator<readonly UserRow[]> {
    const rows: UserRow[] = []
    for await (const accounts of this.#book.list()) rows.push(...accounts.map(rowOf))
    rows.sort((one, other) => (one.name < other.name ? -1 : 1))
    for (let at = 0; at < rows.length; at += batch) yield rows.slice(at, at + batch)
  }

  async add(change: UserChange, password: string): Promise<UserRow> {
    const name = nameOf(change.name)
    const outcome = await this.#book.add({ name, ...(await this.#wish(change, password)) })
    return rowOf(stored(outcome, `there is an account ${name} already`))
  }

  async set(change: UserChange, password: string): Promise<UserRow> {
    const name = nameOf(change.name)
    const outcome = await this.#book.set({ name, ...(await this.#wish(change, password)) })
    return rowOf(stored(outcome, `there is no account ${name}`))
  }

  async remove(text: string): Promise<void> {
    const name = nameOf(text)
    const failed = await this.#book.remove({ name, source })
    if (failed !== undefined) throw faultOf(failed, `there is no account ${name}`)
  }

  async #wish(change: UserChange, password: string): Promise<Omit<AccountWish, 'name'>> {
    return { change: { ...definitionOf(change), ...(await this.#hashed(password)) }, source }
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
      return await this.#book.hashed(password)
    } catch (error) {
      if (error instanceof HasherBusy)
        throw new ControlFault('retry', 'too many logins at the moment; try again')
      throw error
    }
  }
}

function stored(outcome: AccountOutcome, duplicate: string): Account {
  if (outcome.kind !== 'stored') throw faultOf(outcome, duplicate)
  return outcome.account
}

function faultOf(outcome: Exclude<AccountOutcome, { kind: 'stored' }>, duplicate: string): ControlFault {
  switch (outcome.kind) {
    case 'duplicate':
      return new ControlFault('refused', duplicate)
    case 'refused':
      return new ControlFault('refused', outcome.reason.text)
    case 'deferred':
      return new ControlFault('retry', outcome.reason.text)
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
    ...(groups && { groups: atMost('groups', groups.map(groupOf)) }),
    ...(certificates && { certificates: atMost('certificates', certificates.map(certificateOf)) }),
    ...(disabled !== undefined && { disabled }),
  }
}

/** Each once. */
function atMost(what: string, texts: readonly string[]): readonly string[] {
  const all = [...new Set(texts)]
  if (all.length <= mostOfAccount) return all
  throw new ControlFault(
    'usage',
    `an account has at most ${mostOfAccount} ${what}, and ${all.length} were given`,
  )
}

/** Throws a `ControlFault` that names the nearest one. */
export function roleOf(text: string): Role {
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
