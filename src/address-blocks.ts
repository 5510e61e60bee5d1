/** Addresses and CIDR blocks, and whether an address as a socket gives it lies in them. RFC 4632 3.1, RFC 4291 2.3 */
import { BlockList, isIP } from 'node:net'
import { plainAddress } from './address.ts'
import { Recent } from './recent.ts'

/** Addresses whose verdict is kept: to ask the list costs more than the rest of taking a connection. */
const remembered = 1000

export class Networks {
  readonly #list = new BlockList()
  readonly #verdicts = new Recent<string, boolean>(remembered)
  readonly #empty: boolean

  /** The configuration was checked: what is neither an address nor a block is left out. */
  constructor(from: readonly string[]) {
    for (const entry of from) {
      const [address = '', bits] = entry.split('/')
      const family = familyOf(address)
      if (family === undefined) continue
      if (bits === undefined) this.#list.addAddress(address, family)
      else this.#list.addSubnet(address, Number(bits), family)
    }
    this.#empty = this.#list.rules.length === 0
  }

  /** `address` as `plainAddress` gives it. */
  contain(address: string): boolean {
    if (this.#empty) return false
    const known = this.#verdicts.get(address)
    if (known !== undefined) return known
    const family = familyOf(address)
    const verdict = family !== undefined && this.#list.check(address, family)
    this.#verdicts.set(address, verdict)
    return verdict
  }
}

export const isWithin = (from: readonly string[], address: string): boolean =>
  new Networks(from).contain(plainAddress(address))

function familyOf(address: string): 'ipv4' | 'ipv6' | undefined {
  const version = isIP(address)
  return version === 0 ? undefined : version === 4 ? 'ipv4' : 'ipv6'
}
