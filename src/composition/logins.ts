/** The logins of a node: against the accounts of its storage, or by what the configuration names elsewhere. */
import type { Audit } from '../audit/audit-log.ts'
import type { Clock } from '../clock.ts'
import type { Config } from '../config/config.ts'
import { renewalIn } from '../feed/account-book.ts'
import type { Log } from '../log.ts'
import { Elsewhere } from '../login/external.ts'
import { Logins } from '../login/login.ts'
import type { Cost } from '../login/password-hash.ts'
import type { Storage } from '../storage/storage.ts'

export interface LoginParts {
  readonly config: () => Config
  readonly clock: Clock
  readonly log: Log
  readonly audit: Audit
  readonly random: (octets: number) => Buffer
  /** Of password hashes; the usual one where absent. */
  readonly passwordCost?: Cost | undefined
}

export function loginsOf(storage: Storage, { config, passwordCost, ...parts }: LoginParts): Logins {
  return new Logins({
    ...parts,
    accounts: storage.accounts,
    renew: renewalIn(storage, parts.clock),
    elsewhere: new Elsewhere(() => config().auth, parts.clock),
    scram: () => config().auth.scram,
    ...(passwordCost && { cost: passwordCost }),
  })
}
