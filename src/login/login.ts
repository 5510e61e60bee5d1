/** Proves who somebody is, with the same answer and the same work whether the name is known or not. RFC 4643 2, RFC 4616, RFC 7677 */
import { createHmac } from 'node:crypto'
import {
  type Account,
  type AccountChange,
  type AccountName,
  accountName,
  type PreparedPassword,
  preparePassword,
  provenAs,
} from '../account.ts'
import { networkOf } from '../address.ts'
import type { Audit } from '../audit/audit-log.ts'
import type { ClientCertificate, ProvenAccount } from '../client.ts'
import type { Clock } from '../clock.ts'
import type { Log } from '../log.ts'
import { Recent } from '../recent.ts'
import type { Elsewhere, ExternalAccount } from './external.ts'
import { Hasher, HasherBusy } from './hasher.ts'
import {
  type Cost,
  formatHash,
  isWeaker,
  type PasswordHash,
  parseHash,
  saltOctets,
  sameOctets,
  usualCost,
} from './password-hash.ts'
import {
  type ClientFirst,
  formatScram,
  parseScram,
  ScramExchange,
  type ScramKeys,
  scramIterations,
  scramKeys,
} from './scram.ts'
import { Throttle } from './throttle.ts'

export type LoginOutcome =
  | { readonly kind: 'proven'; readonly account: ProvenAccount }
  /** Whatever the reason: a wrong password, a name that nobody has, a disabled account. */
  | { readonly kind: 'refused' }
  /** Not looked at: too many attempts, or a user base elsewhere does not answer. Another try can help. */
  | { readonly kind: 'busy' }

export interface PasswordAttempt {
  readonly name: string
  readonly password: string
  readonly address: string
}

export interface LoginParts {
  readonly accounts: {
    readonly count: number
    find(name: AccountName): Promise<Account | undefined>
    byCertificate(id: string): Promise<Account | undefined>
  }
  /** Stores a hash made anew, where the old one is still there. Never rejects. */
  readonly renew: (name: AccountName, old: string, change: AccountChange) => Promise<void>
  readonly elsewhere: Elsewhere
  /** Whether SCRAM is offered, and its keys are kept. */
  readonly scram: () => boolean
  readonly clock: Clock
  readonly log: Log
  readonly audit: Audit
  /** So many random octets. */
  readonly random: (octets: number) => Buffer
  /** Of new hashes; the usual one where absent. */
  readonly cost?: Cost
}

/** How long a verified login counts without being hashed again, milliseconds. */
const cacheTime = 10 * 60_000
const cachedLogins = 10_000
/** Attempts that wait for their turn, all together. */
const mostWaiting = 1_000

interface Verified {
  /** The stored hash it was verified against; or what was said elsewhere. */
  readonly against: string | ExternalAccount
  readonly until: number
}

type Checked = Account | ExternalAccount | undefined

export class Logins implements AsyncDisposable {
  readonly #parts: LoginParts
  readonly #cost: Cost
  readonly #secret: Buffer
  readonly #hasher: Hasher
  readonly #throttle: Throttle
  readonly #verified = new Recent<string, Verified>(cachedLogins)
  #waiting = 0

  constructor(parts: LoginParts) {
    const { random, clock, cost = usualCost } = parts
    this.#parts = parts
    this.#cost = cost
    this.#secret = random(32)
    this.#hasher = new Hasher(random(32))
    this.#throttle = new Throttle(clock)
  }

  /** Whether anybody could log in at all. */
  get available(): boolean {
    return this.#parts.accounts.count > 0 || this.#parts.elsewhere.configured
  }

  get scram(): boolean {
    return this.#parts.scram()
  }

  /** Hashes made so far, for the metrics and for tests. */
  get hashes(): number {
    return this.#hasher.hashes
  }

  /** Never rejects. `signal` ends the wait of an attempt that is put off. */
  async password(attempt: PasswordAttempt, signal?: AbortSignal): Promise<LoginOutcome> {
    const name = accountName(attempt.name)
    const password = preparePassword(attempt.password)
    const how = { by: 'password', address: attempt.address, account: attempt.name }
    // What nobody can have is refused without work: that tells nothing of those who have accounts.
    if (name === undefined || password === undefined) return this.#told(how, { kind: 'refused' })
    return this.#guarded(how, async () => {
      const known = await this.#remembered(name, password)
      if (known) return proven(name, known)
      return this.#inTurn({ name, address: attempt.address, signal }, async () => {
        const checked = await this.#check({ name, password, address: attempt.address })
        return checked ? proven(name, checked) : { kind: 'refused' }
      })
    })
  }

  /**
   * Whether `stored` was made of this password; for somebody who has no account yet. Slowed down as logins are, by
   * `counted`, which must be nobody's name. Never rejects.
   */
  async isPassword(
    stored: string,
    { password: text, address, counted }: { password: string; address: string; counted: string },
  ): Promise<'right' | 'wrong' | 'busy'> {
    const name = accountName(counted)
    const password = preparePassword(text)
    const hash = parseHash(stored)
    if (name === undefined || password === undefined || hash === undefined) return 'wrong'
    const { kind } = await this.#guarded({ by: 'registration', address, account: '' }, () =>
      this.#inTurn({ name, address, signal: undefined }, async () => {
        const right = await this.#isOf(password, hash, address)
        return right
          ? { kind: 'proven', account: { name: '', roles: new Set(), groups: [] } }
          : { kind: 'refused' }
      }),
    )
    return ({ proven: 'right', refused: 'wrong', busy: 'busy' } as const)[kind]
  }

  /** By a certificate whose key was proven in the handshake. RFC 4422 A; `wanted` is the authorization identity. Never rejects. */
  async certificate(
    { names, fingerprint, trusted }: ClientCertificate,
    { wanted, address }: { readonly wanted: string; readonly address: string },
  ): Promise<LoginOutcome> {
    const how = { by: 'certificate', address, account: wanted }
    return this.#guarded(how, async () => {
      // A name proves nothing unless somebody we trust has vouched for it.
      const ids = [fingerprint, ...(trusted ? names : [])]
      for (const id of ids) {
        const account = await this.#parts.accounts.byCertificate(id)
        if (account === undefined || account.disabled) continue
        if (wanted !== '' && accountName(wanted) !== account.name) continue
        return proven(account.name, account)
      }
      return { kind: 'refused' }
    })
  }

  /** The server's part of a SCRAM exchange; a name that nobody has gets one too, that cannot succeed. */
  async scramExchange(first: ClientFirst): Promise<ScramExchange> {
    const account = await this.#parts.accounts.find(first.name)
    const keys = parseScram(account?.scram ?? '') ?? this.#dummyScram(first.name)
    return new ScramExchange(first, keys, this.#parts.random(18).toString('base64'))
  }

  /** What came of a SCRAM exchange: `right` where the proof was. Never rejects. */
  async scramFinished(
    {
      name,
      right,
      address,
    }: { readonly name: AccountName; readonly right: boolean; readonly address: string },
    signal?: AbortSignal,
  ): Promise<LoginOutcome> {
    return this.#guarded({ by: 'scram', address, account: name }, () =>
      this.#inTurn({ name, address, signal }, async () => {
        const account = await this.#parts.accounts.find(name)
        return right && account && !account.disabled ? proven(name, account) : { kind: 'refused' }
      }),
    )
  }

  /** What is stored of a password. Rejects with `HasherBusy`. */
  async stored(password: PreparedPassword): Promise<Pick<Account, 'password' | 'scram'>> {
    const salt = this.#parts.random(saltOctets)
    const cost = this.#cost
    const key = await this.#hasher.derive({ secret: password, salt, how: { kind: 'scrypt', cost } })
    return {
      password: formatHash({ cost, salt, key }),
      scram: this.scram ? await this.#scramOf(password) : '',
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#hasher[Symbol.asyncDispose]()
  }

  async #scramOf(password: PreparedPassword): Promise<string> {
    const salt = this.#parts.random(saltOctets)
    const how = { kind: 'pbkdf2', iterations: scramIterations } as const
    const salted = await this.#hasher.derive({ secret: password, salt, how })
    return formatScram(scramKeys(salted, { salt, iterations: scramIterations }))
  }

  /** Faults become `busy`; what came of it is put on record. */
  async #guarded(how: Told, run: () => Promise<LoginOutcome>): Promise<LoginOutcome> {
    try {
      return this.#told(how, await run())
    } catch (error) {
      if (error instanceof HasherBusy) this.#parts.audit.limit('password queue', how.address)
      else this.#parts.log.error({ err: error }, 'a login could not be checked')
      return this.#told(how, { kind: 'busy' })
    }
  }

  #told(how: Told, outcome: LoginOutcome): LoginOutcome {
    const account = outcome.kind === 'proven' ? outcome.account.name : how.account
    this.#parts.audit.record('login', { ...how, account, result: outcome.kind })
    return outcome
  }

  async #inTurn(
    {
      name,
      address,
      signal,
    }: { readonly name: AccountName; readonly address: string; readonly signal: AbortSignal | undefined },
    run: () => Promise<LoginOutcome>,
  ): Promise<LoginOutcome> {
    const { audit, clock } = this.#parts
    const wait = this.#waiting < mostWaiting ? this.#throttle.turn({ name, address }) : undefined
    if (wait === undefined) {
      audit.limit('failed logins', address)
      return { kind: 'busy' }
    }
    if (wait > 0) {
      this.#waiting += 1
      await clock.sleep(wait, signal)
      this.#waiting -= 1
      if (signal?.aborted) return { kind: 'busy' }
    }
    const outcome = await run()
    if (outcome.kind === 'proven') this.#throttle.succeeded({ name, address })
    else if (outcome.kind === 'refused') this.#throttle.failed({ name, address })
    return outcome
  }

  async #remembered(name: AccountName, password: PreparedPassword): Promise<Checked> {
    const id = this.#identity(name, password)
    const verified = this.#verified.get(id)
    if (verified === undefined) return undefined
    const account = await this.#parts.accounts.find(name)
    const fresh = verified.until > this.#parts.clock.monotonic()
    const { against } = verified
    // A password that was changed, or an account made here meanwhile, is looked at anew.
    if (fresh && typeof against === 'string' && account?.password === against && !account.disabled)
      return account
    if (fresh && typeof against === 'object' && account === undefined && this.#parts.elsewhere.configured)
      return against
    this.#verified.delete(id)
    return undefined
  }

  async #check(attempt: {
    readonly name: AccountName
    readonly password: PreparedPassword
    readonly address: string
  }): Promise<Checked> {
    const { name, password, address } = attempt
    const { accounts, elsewhere } = this.#parts
    const account = await accounts.find(name)
    if (account === undefined && elsewhere.configured) {
      const found = await elsewhere.ask({ name, password: password.toString(), address })
      if (found) this.#remember(attempt, found)
      return found
    }
    const stored = parseHash(account?.password ?? '')
    const hash = stored ?? this.#dummyHash(name)
    const right = await this.#isOf(password, hash, address)
    // It may have been disabled or removed, or given another password, while this was worked out.
    const now = await accounts.find(name)
    if (!right || !stored || !now || now.disabled) return undefined
    if (now.password !== account?.password) return undefined
    this.#remember(attempt, now.password)
    if (isWeaker(hash.cost, this.#cost) || (this.scram && now.scram === '')) void this.#renew(now, password)
    return now
  }

  async #isOf(
    password: PreparedPassword,
    { salt, cost, key }: PasswordHash,
    address: string,
  ): Promise<boolean> {
    const work = { secret: password, salt, how: { kind: 'scrypt', cost } } as const
    return sameOctets(await this.#hasher.derive(work, networkOf(address)), key)
  }

  /** Neither the login nor its answer waits for this. */
  async #renew({ name, password: old }: Account, password: PreparedPassword): Promise<void> {
    try {
      await this.#parts.renew(name, old, await this.stored(password))
    } catch (error) {
      this.#parts.log.debug({ err: error }, 'a password was not hashed anew')
    }
  }

  #remember(attempt: { name: AccountName; password: PreparedPassword }, against: Verified['against']): void {
    const until = this.#parts.clock.monotonic() + cacheTime
    this.#verified.set(this.#identity(attempt.name, attempt.password), { against, until })
  }

  /** The length of the name stands before it, so that no two pairs look alike. */
  #identity(name: AccountName, password: PreparedPassword): string {
    const hmac = createHmac('sha256', this.#secret).update(`${name.length},${name}`)
    return hmac.update(password).digest('base64')
  }

  /** With a salt of its own, as an account has: two names with the same password are no work to be shared. */
  #dummyHash(name: AccountName): PasswordHash {
    const octets = createHmac('sha256', this.#secret).update(`hash,${name}`).digest()
    return { cost: this.#cost, salt: octets.subarray(0, saltOctets), key: octets }
  }

  /** The same each time it is asked for, as that of an account would be. */
  #dummyScram(name: AccountName): ScramKeys {
    const octets = (use: string) => createHmac('sha256', this.#secret).update(`${use},${name}`).digest()
    return {
      iterations: scramIterations,
      salt: octets('salt').subarray(0, saltOctets),
      storedKey: octets('stored'),
      serverKey: octets('server'),
    }
  }
}

interface Told {
  readonly by: string
  readonly address: string
  readonly account: string
}

const proven = (name: AccountName, checked: NonNullable<Checked>): LoginOutcome => ({
  kind: 'proven',
  account:
    'created' in checked
      ? provenAs(checked)
      : { name, roles: new Set(checked.roles), groups: checked.groups },
})
