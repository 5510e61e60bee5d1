/** Who is signed in. */
import type { AccountName } from '../account.ts'
import type { ProvenAccount } from '../client.ts'

export interface Person {
  readonly account: ProvenAccount
  /** When the password was last given, milliseconds since 1970. */
  readonly provenAt: number
  /** Names the session; tells nothing of its cookie. */
  readonly session: string
}

/** One session of an account, for those who look after it. */
export interface SessionLine {
  readonly id: string
  readonly account: string
  /** Milliseconds since 1970. */
  readonly begun: number
  readonly seen: number
  /** The network it was begun from. */
  readonly network: string
  /** What the browser calls itself, as it does. */
  readonly agent: string
}

export interface SigningIn {
  readonly account: ProvenAccount
  readonly address: string
  readonly agent: string
  /** The cookie that the browser has had until now: its session ends. */
  readonly before?: string
}

export interface People {
  /** Whose session the browser with this cookie is in. Asks for the account each time: what it may not any more counts at once. */
  who(cookie: string): Promise<Person | undefined>
  /** Begins a session under a new cookie, which is the result. */
  signIn(who: SigningIn): Promise<string>
  signOut(cookie: string): Promise<void>
  /** The sessions of an account, the newest first. */
  sessionsOf(account: AccountName): Promise<readonly SessionLine[]>
  /** Of all accounts, in no order, in batches. */
  everySession(): AsyncIterable<readonly SessionLine[]>
  /** Ends one session of an account. */
  end(account: AccountName, id: string): Promise<void>
}

/** How long a proof by password counts for what only administrators may do, milliseconds. */
export const freshProof = 3_600_000

/** Seconds that a browser keeps the cookie of a session: no session is longer. */
export const sessionSeconds = 90 * 86_400
