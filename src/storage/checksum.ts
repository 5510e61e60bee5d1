/** Values that carry a checksum, because LevelDB here serves a flipped bit as it stands. */
import { crc32 } from 'node:zlib'

const trailer = 4

/** Four octets whose CRC-32 is 0: behind them it begins as if nothing had stood there. */
const nothingBefore = 0x9d0ad96d

/** Writes the CRC-32 (big-endian) of all octets behind the first four into those; without a view of them. */
export function sealFirst(value: Buffer): void {
  value.writeUInt32BE(nothingBefore, 0)
  value.writeUInt32BE(crc32(value), 0)
}

/** A copy of `value` with its CRC-32 (big-endian) behind it. */
export function seal(value: Buffer): Buffer {
  const sealed = Buffer.allocUnsafe(value.length + trailer)
  sealed.set(value)
  sealed.writeUInt32BE(crc32(value), value.length)
  return sealed
}

/** The value inside, as a view of `sealed`; undefined when it is damaged. */
export function unseal(sealed: Buffer): Buffer | undefined {
  const length = sealed.length - trailer
  if (length < 0) return undefined
  const value = sealed.subarray(0, length)
  return crc32(value) === sealed.readUInt32BE(length) ? value : undefined
}
