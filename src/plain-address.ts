/** The address of a client as rules and people write it. RFC 4291 2.5.5.2, RFC 4007 11 */
import { isIPv6 } from 'node:net'

/** An IPv4 client of a socket that listens on both families, by its own address; without a zone index. */
export function plainAddress(address: string): string {
  const plain = address.replace(/%.*$/, '')
  return /^::ffff:\d/i.test(plain) ? plain.slice(7) : plain
}

/** The name under which what an address does is counted: of IPv6 the first 64 bits, one customer has all the rest. */
export function placeOf(address: string): string {
  if (!isIPv6(address)) return address
  const [head = '', tail = ''] = address.split('::')
  const parts = head === '' ? [] : head.split(':')
  const missing = 8 - parts.length - (tail === '' ? 0 : tail.split(':').length)
  const whole = address.includes('::') ? [...parts, ...Array(missing).fill('0'), ...tail.split(':')] : parts
  return whole.slice(0, 4).join(':')
}

export function isLoopback(address: string): boolean {
  return address === '::1' || address.startsWith('127.')
}
