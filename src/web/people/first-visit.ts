/** The link that makes whoever opens it the administrator of a node that has none: in memory alone, and good once. */
import type { AccountBook } from '../../feed/account-book.ts'
import { sameText } from '../http/token.ts'

export interface FirstVisitParts {
  readonly accounts: AccountBook
  /** Whether there are accounts elsewhere. */
  readonly elsewhere: () => boolean
  readonly random: (octets: number) => Buffer
}

export class FirstVisit {
  readonly #parts: FirstVisitParts
  #token: string | undefined
  #busy = false

  constructor(parts: FirstVisitParts) {
    this.#parts = parts
  }

  /** Path and query of the link; undefined where somebody has an account already. */
  offer(): string | undefined {
    const { accounts, elsewhere, random } = this.#parts
    if (accounts.count > 0 || elsewhere()) return undefined
    this.#token ??= random(18).toString('base64url')
    return `/first?${new URLSearchParams({ token: this.#token })}`
  }

  /** Whether it is the link, and still good. */
  async isGood(token: string): Promise<boolean> {
    if (this.#token === undefined || !sameText(token, this.#token)) return false
    if (await this.#hasAdministrator()) this.#token = undefined
    return this.#token !== undefined
  }

  /** `work` says whether there is an administrator now; then the link is used up. False where another one is at it. */
  async use(token: string, work: () => Promise<boolean>): Promise<boolean> {
    if (this.#busy || !(await this.isGood(token))) return false
    // Asked again: somebody may have come while it was looked at.
    if (this.#busy) return false
    this.#busy = true
    try {
      if (await work()) this.#token = undefined
      return true
    } finally {
      this.#busy = false
    }
  }

  async #hasAdministrator(): Promise<boolean> {
    for await (const accounts of this.#parts.accounts.list())
      if (accounts.some(({ roles }) => roles.includes('admin'))) return true
    return false
  }
}
