/** Memory for forms while they are read: bounded for all together, and for one network to a part of it. */
import { networkOf } from '../../address.ts'
import { Occupancy } from '../../occupancy.ts'

const mostOctets = 128 * 1024 * 1024
/** One network has this part of it at most. */
const part = 4

export class FormRoom {
  readonly #most: number
  readonly #byNetwork = new Occupancy()
  #octets = 0

  constructor(most = mostOctets) {
    this.#most = most
  }

  /** For one form, from this address. */
  begin(address: string): FormPlace {
    const network = networkOf(address)
    let held = 0
    const add = (octets: number) => {
      held += octets
      this.#octets += octets
      this.#byNetwork.add(network, octets)
    }
    return {
      take: octets => {
        const used = this.#byNetwork.of(network) + octets
        if (used > this.#most / part || this.#octets + octets > this.#most) return false
        add(octets)
        return true
      },
      free: () => add(-held),
    }
  }
}

export interface FormPlace {
  /** False where there is no room for so many octets more. */
  readonly take: (octets: number) => boolean
  /** Of all that was taken. */
  readonly free: () => void
}
