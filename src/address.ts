/** The address of a client as rules and people write it, and the places it is counted under. RFC 4291 2.5.5.2, RFC 4007 11 */
import { isIP, isIPv6 } from 'node:net'

/** An IPv4 client of a socket that listens on both families, by its own address; without a zone index. */
export function plainAddress(address: string): string {
  const plain = address.replace(/%.*$/, '')
  return /^::ffff:\d/i.test(plain) ? plain.slice(7) : plain
}

export function isLoopback(address: string): boolean {
  return address === '::1' || address.startsWith('127.')
}

/** The name under which what an address does is counted: of IPv6 the first 64 bits, one customer has all the rest. */
export function placeOf(address: string): string {
  return address.includes(':') && isIPv6(address) ? piecesOf(address).slice(0, 4).join(':') : address
}

/**
 * The part of an address that one customer has, so that trying from its neighbours gains nothing: `192.0.2` for IPv4
 * (/24), the first 56 bits in hexadecimal for IPv6; anything else as it is. RFC 6177 2
 */
export function networkOf(address: string): string {
  const plain = plainAddress(address)
  switch (isIP(plain)) {
    case 4:
      return plain.split('.').slice(0, 3).join('.')
    case 6:
      return piecesOf(plain).join('').slice(0, 14)
    default:
      return plain
  }
}

/** What `networkOf` gives, as people write it: `192.0.2.0/24`. RFC 4632 3.1, RFC 4291 2.3 */
export function networkText(network: string): string {
  if (/^\d+\.\d+\.\d+$/.test(network)) return `${network}.0/24`
  if (!/^[0-9a-f]{14}$/i.test(network)) return network
  const pieces = (`${network}00`.match(/.{4}/g) ?? []).map(piece => Number.parseInt(piece, 16).toString(16))
  return `${pieces.join(':')}::/56`
}

/** The eight pieces, four digits each. RFC 4291 2.2 */
function piecesOf(address: string): string[] {
  const [head = '', tail] = address.split('::')
  const parts = head === '' ? [] : head.split(':')
  const behind = tail === undefined || tail === '' ? [] : tail.split(':')
  const missing = tail === undefined ? 0 : Math.max(0, 8 - parts.length - behind.length)
  return [...parts, ...Array<string>(missing).fill('0'), ...behind].map(part => part.padStart(4, '0'))
}
