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
  readonly #tallies: Tallies = {
    address: this.#byAddress,
    network: this.#byNetwork,
    account: new Tally(),
    left: () => {
      this.#all--
    },
  }

  get connections(): number {
    return this.#all
  }

  /** Counts one more from `address`; undefined, and not counted, where that would be too many. */
  enter(address: string, entering: Entering): Seat | undefined {
    const { limits } = entering
    if (this.#all >= limits.connections) return undefined
    const from = { place: placeOf(address), network: networkOf(address) }
    const unlimited = entering.exempt || (entering.own === undefined && isLoopback(address))
    if (!unlimited && this.#isCrowded(from, entering)) return undefined
    this.#all++
    return new Taken(from, this.#tallies)
  }

  #isCrowded({ place, network }: From, { limits, own }: Entering): boolean {
    const ofAddress = own ?? limits.connections_per_address
    const ofNetwork = Math.max(limits.connections_per_network, own ?? 0)
    return this.#byAddress.of(place) >= ofAddress || this.#byNetwork.of(network) >= ofNetwork
  }
}

/** What an address is counted under. */
interface From {
  readonly place: string
  readonly network: string
}

/** What seats are counted in; one for all of them. */
interface Tallies {
  readonly address: Tally
  readonly network: Tally
  readonly account: Tally
  readonly left: () => void
}

class Taken implements Seat {
  readonly #tallies: Tallies
  readonly #from: From
  /** Whom it counts for instead of its address. */
  #account: string | undefined

  constructor(from: From, tallies: Tallies) {
    this.#from = from
    this.#tallies = tallies
    tallies.address.add(from.place)
    tallies.network.add(from.network)
  }

  logIn(account: string, most: number): boolean {
    if (this.#tallies.account.of(account) >= most) return false
    this.#rise()
    this.#account = account
    this.#tallies.account.add(account)
    return true
  }

  leave(): void {
    this.#rise()
    this.#tallies.left()
  }

  #rise(): void {
    const { address, network, account } = this.#tallies
    if (this.#account !== undefined) account.takeBack(this.#account)
    else {
      address.takeBack(this.#from.place)
      network.takeBack(this.#from.network)
    }
  }
}

class Tally {
  readonly #counts = new Map<string, number>()

  of(key: string): number {
    return this.#counts.get(key) ?? 0
  }

  add(key: string): void {
    this.#counts.set(key, this.of(key) + 1)
  }

  takeBack(key: string): void {
    const left = this.of(key) - 1
    if (left > 0) this.#counts.set(key, left)
    else this.#counts.delete(key)
  }
}
