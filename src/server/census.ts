/** How many connections there are, in all and from each address. */
import { isLoopback, placeOf } from '../plain-address.ts'

export interface CensusLimits {
  readonly connections: number
  readonly connections_per_address: number
}

export class Census {
  #all = 0
  readonly #byAddress = new Map<string, number>()

  get connections(): number {
    return this.#all
  }

  /** Counts one more from `address`; false, and not counted, where that would be too many. */
  enter(
    address: string,
    { limits, exempt }: { readonly limits: CensusLimits; readonly exempt: boolean },
  ): boolean {
    const key = placeOf(address)
    const here = this.#byAddress.get(key) ?? 0
    const many = !exempt && !isLoopback(address) && here >= limits.connections_per_address
    if (many || this.#all >= limits.connections) return false
    this.#all++
    this.#byAddress.set(key, here + 1)
    return true
  }

  leave(address: string): void {
    const key = placeOf(address)
    const left = (this.#byAddress.get(key) ?? 1) - 1
    if (left === 0) this.#byAddress.delete(key)
    else this.#byAddress.set(key, left)
    this.#all--
  }
}
