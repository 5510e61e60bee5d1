/** Memory for forms while they are read: bounded for all together, and for one network to a part of it. */
import { networkOf } from '../../address.ts'

const mostOctets = 128 * 1024 * 1024
/** One network has this part of it at most. */
const part = 4

export class FormRoom {
  readonly #most: number
  readonly #byNetwork = new Map<string, number>()
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
      this.#add(network, octets)
    }
    return {
      take: octets => {
        const used = (this.#byNetwork.get(network) ?? 0) + octets
        if (used > this.#most / part || this.#octets + octets > this.#most) return false
        add(octets)
        return true
      },
      free: () => add(-held),
    }
  }

  #add(network: string, octets: number): void {
    const used = (this.#byNetwork.get(network) ?? 0) + octets
    this.#octets += octets
    if (used > 0) this.#byNetwork.set(network, used)
    else this.#byNetwork.delete(network)
  }
}

export interface FormPlace {
  /** False where there is no room for so many octets more. */
  readonly take: (octets: number) => boolean
  /** Of all that was taken. */
  readonly free: () => void
}
