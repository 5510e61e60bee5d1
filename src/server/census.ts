/** How many connections there are: in all, and from each address, each network and for each account. */
import { isLoopback, networkOf, placeOf } from '../address.ts'
import { Occupancy } from '../occupancy.ts'

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
  readonly #byAddress = new Occupancy()
  readonly #byNetwork = new Occupancy()
  readonly #tallies: Tallies = {
    address: this.#byAddress,
    network: this.#byNetwork,
    account: new Occupancy(),
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
  readonly address: Occupancy
  readonly network: Occupancy
  readonly account: Occupancy
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
    if (this.#account !== undefined) account.add(this.#account, -1)
    else {
      address.add(this.#from.place, -1)
      network.add(this.#from.network, -1)
    }
  }
}
