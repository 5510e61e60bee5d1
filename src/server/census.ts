/** How many connections there are, in all and from each address. */
import { isIPv6 } from 'node:net'

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
    const key = place(address)
    const here = this.#byAddress.get(key) ?? 0
    const many = !exempt && !isLoopback(address) && here >= limits.connections_per_address
    if (many || this.#all >= limits.connections) return false
    this.#all++
    this.#byAddress.set(key, here + 1)
    return true
  }

  leave(address: string): void {
    const key = place(address)
    const left = (this.#byAddress.get(key) ?? 1) - 1
    if (left === 0) this.#byAddress.delete(key)
    else this.#byAddress.set(key, left)
    this.#all--
  }
}

function isLoopback(address: string): boolean {
  return address === '::1' || address.startsWith('127.')
}

/** Of an IPv6 client the first 64 bits: one customer has all the rest. */
function place(address: string): string {
  if (!isIPv6(address)) return address
  const [head = '', tail = ''] = address.split('::')
  const parts = head === '' ? [] : head.split(':')
  const missing = 8 - parts.length - (tail === '' ? 0 : tail.split(':').length)
  const whole = address.includes('::') ? [...parts, ...Array(missing).fill('0'), ...tail.split(':')] : parts
  return whole.slice(0, 4).join(':')
}
