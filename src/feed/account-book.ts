/** Accounts made, changed and removed over the log, for the control socket and the web reader alike. */
import {
  type Account,
  type AccountChange,
  type AccountName,
  type PreparedPassword,
  provenAs,
} from '../account.ts'
import type { ProvenAccount } from '../client.ts'
import type { Clock } from '../clock.ts'
import type { LoginParts, Logins } from '../login/login.ts'
import type { Reason } from '../reason.ts'
import type { AccountEntry } from '../storage/entry.ts'
import { accountShelf } from '../storage/state/shelves.ts'
import type { Storage } from '../storage/storage.ts'

export interface AccountBookParts {
  readonly storage: Pick<Storage, 'submit' | 'shelves'> & {
    readonly accounts: Pick<Storage['accounts'], 'find' | 'list' | 'count'>
  }
  readonly clock: Clock
  readonly logins: Pick<Logins, 'stored'>
  /** So many random octets. */
  readonly random: (octets: number) => Buffer
  /** Told what became of an account that somebody may be logged in with; undefined where it can be used no more. */
  readonly changed: (name: AccountName, account: ProvenAccount | undefined) => void
}

export type AccountOutcome =
  | { readonly kind: 'stored'; readonly account: Account }
  /** There is one of that name, or none, whichever stands in the way. */
  | { readonly kind: 'duplicate' }
  | { readonly kind: 'refused'; readonly reason: Reason }
  /** Our own trouble; another try can help. */
  | { readonly kind: 'deferred'; readonly reason: Reason }

/** What is to become of an account, and who wants it: `admin`, `web`. */
export interface AccountWish {
  readonly name: AccountName
  readonly change?: AccountChange
  readonly source: string
}

/** Who keeps something of accounts in memory. */
export interface AccountFollower {
  /** What the account may do is another thing now, or nothing. */
  changed(name: AccountName): void
  /** The account is gone. Resolves when nothing of it is on its way to its shelf any more. */
  removed(name: AccountName): Promise<void>
}

export class AccountBook {
  readonly #parts: AccountBookParts
  readonly #followers: AccountFollower[] = []

  constructor(parts: AccountBookParts) {
    this.#parts = parts
  }

  /** Told of every change from now on. */
  follow(follower: AccountFollower): void {
    this.#followers.push(follower)
  }

  find(name: AccountName): Promise<Account | undefined> {
    return this.#parts.storage.accounts.find(name)
  }

  /** In no order, in batches. */
  list(): AsyncIterable<readonly Account[]> {
    return this.#parts.storage.accounts.list()
  }

  get count(): number {
    return this.#parts.storage.accounts.count
  }

  /** What is stored of a new password; it ends all sessions. Rejects with `HasherBusy`. */
  async hashed(password: PreparedPassword): Promise<AccountChange> {
    return { ...(await this.#parts.logins.stored(password)), ...this.endOfSessions() }
  }

  /** A change that ends all sessions of the web reader. */
  endOfSessions(): AccountChange {
    return { sessionStamp: this.#parts.random(9).toString('base64url') }
  }

  /** Nothing that another account of this name has kept is left to it. */
  async add(wish: AccountWish): Promise<AccountOutcome> {
    const outcome = await this.#submit('add', wish)
    if (outcome.kind === 'stored') await this.#parts.storage.shelves.clear(accountShelf(wish.name))
    return outcome
  }

  /** Those who are logged in feel it at once. */
  async set(wish: AccountWish): Promise<AccountOutcome> {
    const outcome = await this.#submit('set', wish)
    if (outcome.kind === 'stored') {
      const { account } = outcome
      this.#parts.changed(account.name, account.disabled ? undefined : provenAs(account))
      for (const follower of this.#followers) follower.changed(account.name)
    }
    return outcome
  }

  /** With all that it has kept here. Articles stay. */
  async remove({
    name,
    source,
  }: AccountWish): Promise<Exclude<AccountOutcome, { kind: 'stored' }> | undefined> {
    const outcome = await this.#entry('remove', { name, source })
    if (outcome.kind !== 'stored') return outcome
    this.#parts.changed(name, undefined)
    for (const follower of this.#followers) follower.changed(name)
    for (const follower of this.#followers) await follower.removed(name)
    await this.#parts.storage.shelves.clear(accountShelf(name))
    return undefined
  }

  async #submit(action: 'add' | 'set', wish: AccountWish): Promise<AccountOutcome> {
    const outcome = await this.#entry(action, wish)
    if (outcome.kind !== 'stored') return outcome
    const account = await this.find(wish.name)
    return account === undefined ? { kind: 'duplicate' } : { kind: 'stored', account }
  }

  #entry(action: AccountEntry['action'], { name, change, source }: AccountWish) {
    const time = Math.floor(this.#parts.clock.now() / 1000)
    const entry = { kind: 'account', action, name, time, source, ...(change && { change }) } as const
    return this.#parts.storage.submit(entry)
  }
}

/** For logins: what is stored of a password is made anew where it is still the old one. */
export function renewalIn(storage: Pick<Storage, 'submit'>, clock: Clock): LoginParts['renew'] {
  return async (name, ifPassword, change) => {
    const time = Math.floor(clock.now() / 1000)
    await storage.submit({ kind: 'account', action: 'set', name, change, ifPassword, time, source: 'login' })
  }
}
