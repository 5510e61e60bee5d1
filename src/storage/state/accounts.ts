/** Accounts in `state`: one sealed value each under the hash of the name, and a pointer for each certificate. */
import type { Account, AccountName } from '../../account.ts'
import { seal, unseal } from '../checksum.ts'
import { countKeys, type Store } from '../database/store.ts'
import { accountKey, allAccounts, certificateKey } from '../keys.ts'
import { DamagedState } from './damaged-state.ts'

export interface Accounts {
  find(name: AccountName): Promise<Account | undefined>
  /** Whom a certificate (a host name or `sha256:...`) proves. */
  byCertificate(id: string): Promise<Account | undefined>
  /** All of them, in no order, in batches. */
  list(): AsyncIterable<readonly Account[]>
  readonly count: number
}

/** A JSON object: it changes seldom and is read at a login. */
export const encodeAccount = (account: Account): Buffer => seal(Buffer.from(JSON.stringify(account)))

function decodeAccount(value: Buffer): Account {
  const octets = unseal(value)
  if (octets === undefined) throw new DamagedState('an account')
  return JSON.parse(octets.toString())
}

export const encodeOwner = (name: AccountName): Buffer => seal(Buffer.from(name))

/** Throws `DamagedState`. */
export async function readAccount(state: Store, name: AccountName): Promise<Account | undefined> {
  const value = await state.get(accountKey(name))
  return value && decodeAccount(value)
}

/** Throws `DamagedState`. */
export async function readOwner(state: Store, certificate: string): Promise<AccountName | undefined> {
  const value = await state.get(certificateKey(certificate))
  if (value === undefined) return undefined
  const octets = unseal(value)
  if (octets === undefined) throw new DamagedState('the owner of a certificate')
  return octets.toString() as AccountName
}

export const countAccounts = (state: Store): Promise<number> => countKeys(state, allAccounts)

export class StoredAccounts implements Accounts {
  readonly #state: Store
  readonly #count: () => number

  constructor(state: Store, count: () => number) {
    this.#state = state
    this.#count = count
  }

  get count(): number {
    return this.#count()
  }

  find(name: AccountName): Promise<Account | undefined> {
    return readAccount(this.#state, name)
  }

  async byCertificate(id: string): Promise<Account | undefined> {
    const name = await readOwner(this.#state, id)
    return name === undefined ? undefined : this.find(name)
  }

  async *list(): AsyncGenerator<readonly Account[]> {
    for await (const pairs of this.#state.iterate(allAccounts, 256))
      yield pairs.map(({ value }) => decodeAccount(value))
  }
}
