/** The address of a client as rules and people write it. RFC 4291 2.5.5.2, RFC 4007 11 */

/** An IPv4 client of a socket that listens on both families, by its own address; without a zone index. */
export function plainAddress(address: string): string {
  const plain = address.replace(/%.*$/, '')
  return /^::ffff:\d/i.test(plain) ? plain.slice(7) : plain
}
