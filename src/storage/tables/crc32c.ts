/** CRC-32C (Castagnoli), with which LevelDB seals its blocks; node:zlib has the other polynomial alone. */
const polynomial = 0x82f63b78
/** Octets taken in one step, each with a table of its own. */
const step = 4

const table = (() => {
  const made = new Uint32Array(256 * step)
  for (let octet = 0; octet < 256; octet++) {
    let crc = octet
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ ((crc & 1) * polynomial)
    made[octet] = crc
  }
  for (let at = 256; at < made.length; at++) {
    const before = made[at - 256] as number
    made[at] = (before >>> 8) ^ (made[before & 0xff] as number)
  }
  return made
})()

export function crc32c(octets: Buffer): number {
  let crc = -1
  let at = 0
  for (const whole = octets.length - (octets.length % step); at < whole; at += step) {
    crc ^= octets.readInt32LE(at)
    crc =
      (table[768 + (crc & 0xff)] as number) ^
      (table[512 + ((crc >>> 8) & 0xff)] as number) ^
      (table[256 + ((crc >>> 16) & 0xff)] as number) ^
      (table[crc >>> 24] as number)
  }
  for (; at < octets.length; at++)
    crc = (crc >>> 8) ^ (table[(crc ^ (octets[at] as number)) & 0xff] as number)
  return ~crc >>> 0
}
