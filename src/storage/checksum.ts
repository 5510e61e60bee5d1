/** Values that carry a checksum, because LevelDB here serves a flipped bit as it stands. */
import { crc32 } from 'node:zlib'

const trailer = 4

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
