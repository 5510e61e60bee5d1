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
    const unlimited = entering.exempt || (entering.own === undefined && isLoopback(address))
    if (!unlimited && this.#isCrowded(address, entering)) return undefined
    this.#all++
    return new Taken(address, this.#tallies)
  }

  #isCrowded(address: string, { limits, own }: Entering): boolean {
    const ofAddress = own ?? limits.connections_per_address
    const ofNetwork = Math.max(limits.connections_per_network, own ?? 0)
    return (
      this.#byAddress.of(placeOf(address)) >= ofAddress || this.#byNetwork.of(networkOf(address)) >= ofNetwork
    )
  }
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
  readonly #address: string
  /** Whom it counts for instead of its address. */
  #account: string | undefined

  constructor(address: string, tallies: Tallies) {
    this.#address = address
    this.#tallies = tallies
    tallies.address.add(placeOf(address))
    tallies.network.add(networkOf(address))
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
      address.add(placeOf(this.#address), -1)
      network.add(networkOf(this.#address), -1)
    }
  }
}
