/** The part of an address that one customer has, so that trying from its neighbours gains nothing. RFC 6177 2 */
import { isIP } from 'node:net'
import { plainAddress } from './plain-address.ts'

/** `192.0.2` for IPv4 (/24), the first 56 bits in hexadecimal for IPv6; anything else as it is. */
export function networkOf(address: string): string {
  const plain = plainAddress(address)
  switch (isIP(plain)) {
    case 4:
      return plain.split('.').slice(0, 3).join('.')
    case 6:
      return groupsOf(plain).join('').slice(0, 14)
    default:
      return plain
  }
}

function groupsOf(address: string): string[] {
  const [head = '', tail] = address.split('::')
  const parts = head === '' ? [] : head.split(':')
  const behind = tail === undefined || tail === '' ? [] : tail.split(':')
  const missing = tail === undefined ? 0 : Math.max(0, 8 - parts.length - behind.length)
  return [...parts, ...Array<string>(missing).fill('0'), ...behind].map(part => part.padStart(4, '0'))
}
