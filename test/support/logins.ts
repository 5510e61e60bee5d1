/** Logins over a few accounts in a map, with cheap hashes. */
import { randomBytes } from 'node:crypto'
import { type Account, type AccountName, accountName, preparePassword } from '../../src/account.ts'
import type { Audit } from '../../src/audit/audit-log.ts'
import type { Role } from '../../src/client.ts'
import { type Clock, systemClock } from '../../src/clock.ts'
import { silentLog } from '../../src/log.ts'
import { Elsewhere, type ExternalSettings } from '../../src/login/external.ts'
import { Logins } from '../../src/login/login.ts'
import type { Cost } from '../../src/login/password-hash.ts'

export const cheap: Cost = { ln: 4, r: 8, p: 1 }

export interface TestLoginsOptions {
  readonly clock?: Clock
  readonly cost?: Cost
  readonly scram?: boolean
  readonly elsewhere?: ExternalSettings
}

export class TestLogins implements AsyncDisposable {
  readonly accounts = new Map<AccountName, Account>()
  readonly records: { readonly event: string; readonly fields: Readonly<Record<string, unknown>> }[] = []
  readonly limits: string[] = []
  readonly logins: Logins
  /** Where records and limits go. */
  readonly audit: Audit
  /** Resolves at the next hash that is stored anew. */
  renewed: Promise<void> = Promise.resolve()

  constructor(options: TestLoginsOptions = {}) {
    const { clock = systemClock, cost = cheap, scram = false } = options
    const { elsewhere = { program: [], url: '' } } = options
    const { accounts } = this
    let renewed = () => {}
    this.renewed = new Promise(resolve => {
      renewed = resolve
    })
    const audit: Audit = {
      record: (event, fields) => void this.records.push({ event, fields }),
      limit: limit => void this.limits.push(limit),
    }
    this.audit = audit
    this.logins = new Logins({
      accounts: {
        get count() {
          return accounts.size
        },
        find: async name => accounts.get(name),
        byCertificate: async id => [...accounts.values()].find(each => each.certificates.includes(id)),
      },
      renew: async (name, old, change) => {
        const account = accounts.get(name)
        if (account?.password === old) accounts.set(name, { ...account, ...change })
        renewed()
      },
      elsewhere: new Elsewhere(() => elsewhere, clock),
      scram: () => scram,
      clock,
      log: silentLog,
      audit,
      random: randomBytes,
      cost,
    })
  }

  async add(name: string, password: string, more: Partial<Account> = {}): Promise<Account> {
    const prepared = preparePassword(password)
    const known = accountName(name)
    if (prepared === undefined || known === undefined) throw new Error(`${name} can be no account`)
    const roles: readonly Role[] = ['reader', 'poster']
    const account = {
      name: known,
      roles,
      groups: [],
      disabled: false,
      certificates: [],
      created: 0,
      ...(await this.logins.stored(prepared)),
      ...more,
    }
    this.accounts.set(known, account)
    return account
  }

  /** What becomes of a name and a password. */
  async try(name: string, password: string, address = '192.0.2.1'): Promise<string> {
    return (await this.logins.password({ name, password, address })).kind
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.logins[Symbol.asyncDispose]()
  }
}
