/** Addresses and CIDR blocks, and whether an address as a socket gives it lies in them. RFC 4632 3.1, RFC 4291 2.3 */
import { BlockList, isIP } from 'node:net'
import { plainAddress } from './address.ts'

/** The configuration was checked: what is neither an address nor a block is left out. */
export function networks(from: readonly string[]): BlockList {
  const list = new BlockList()
  for (const entry of from) {
    const [address = '', bits] = entry.split('/')
    const family = familyOf(address)
    if (family === undefined) continue
    if (bits === undefined) list.addAddress(address, family)
    else list.addSubnet(address, Number(bits), family)
  }
  return list
}

/** `address` as `plainAddress` gives it. */
export function contains(list: BlockList, address: string): boolean {
  const family = familyOf(address)
  return family !== undefined && list.check(address, family)
}

export const isWithin = (from: readonly string[], address: string): boolean =>
  contains(networks(from), plainAddress(address))

function familyOf(address: string): 'ipv4' | 'ipv6' | undefined {
  const version = isIP(address)
  return version === 0 ? undefined : version === 4 ? 'ipv4' : 'ipv6'
}
