/** How many connections there are: in all, and from each address, each network and for each account. */
import { isLoopback, networkOf, placeOf } from '../address.ts'

export interface CensusLimits {
  readonly connections: number
  readonly connections_per_address: number
  readonly connections_per_network: number
  readonly connections_per_account: number
}

export interface Entering {
  readonly limits: CensusLimits
  /** Not counted by address and network: a peer. */
  readonly exempt: boolean
  /** Instead of the limit of its address, and of its network where that is lower. */
  readonly own?: number | undefined
}

/** One connection that is counted, until it leaves. */
export interface Seat {
  /** Counts for an account instead of its address; false, and nothing changes, where that has `most` already. */
  logIn(account: string, most: number): boolean
  leave(): void
}

export class Census {
  #all = 0
  readonly #byAddress = new Tally()
  readonly #byNetwork = new Tally()
  readonly #byAccount = new Tally()

  get connections(): number {
    return this.#all
  }

  /** Counts one more from `address`; undefined, and not counted, where that would be too many. */
  enter(address: string, entering: Entering): Seat | undefined {
    const { limits } = entering
    if (this.#all >= limits.connections || this.#isCrowded(address, entering)) return undefined
    this.#all++
    let here = this.#place(address)
    return {
      logIn: (account, most) => {
        if (this.#byAccount.of(account) >= most) return false
        here()
        here = this.#byAccount.add(account)
        return true
      },
      leave: () => {
        here()
        this.#all--
      },
    }
  }

  #isCrowded(address: string, { limits, exempt, own }: Entering): boolean {
    if (exempt || (own === undefined && isLoopback(address))) return false
    const ofAddress = own ?? limits.connections_per_address
    const ofNetwork = Math.max(limits.connections_per_network, own ?? 0)
    return (
      this.#byAddress.of(placeOf(address)) >= ofAddress || this.#byNetwork.of(networkOf(address)) >= ofNetwork
    )
  }

  #place(address: string): () => void {
    const undo = [this.#byAddress.add(placeOf(address)), this.#byNetwork.add(networkOf(address))]
    return () => {
      for (const each of undo) each()
    }
  }
}

class Tally {
  readonly #counts = new Map<string, number>()

  of(key: string): number {
    return this.#counts.get(key) ?? 0
  }

  /** One more; the function takes it back. */
  add(key: string): () => void {
    this.#counts.set(key, this.of(key) + 1)
    return () => {
      const left = this.of(key) - 1
      if (left > 0) this.#counts.set(key, left)
      else this.#counts.delete(key)
    }
  }
}
