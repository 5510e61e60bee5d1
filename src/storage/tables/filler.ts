/** Blocks that may stand in the place of damaged ones: of the same length, in order, and holding nothing. */
import { writeVarint } from './varint.ts'

/** Octets at the end of a LevelDB key: when it was written, and whether it is there or deleted. */
const keyTrailer = 8
const deleted = 0

/**
 * `length` octets that say of the key `bound` alone that it is deleted, as a block without compression; undefined
 * where they do not suffice. A key without LevelDB's own octets, as in the block of names, stands as it is.
 */
export function filler(length: number, bound: Buffer): Buffer | undefined {
  const key = Buffer.from(bound)
  if (key.length >= keyTrailer) key[key.length - keyTrailer] = deleted
  // Nothing shared, the key, a value of whatever room is left; then one place to begin at: the first.
  const before = 1 + width(key.length) + key.length
  const behind = 8
  for (let octets = 1; octets <= 5; octets++) {
    const value = length - before - octets - behind
    if (value < 0 || width(value) > octets) continue
    const entry = [Buffer.alloc(1), writeVarint(key.length, width(key.length)), writeVarint(value, octets)]
    const end = Buffer.alloc(behind)
    end.writeUInt32LE(1, 4)
    return Buffer.concat([...entry, key, Buffer.alloc(value), end])
  }
  return undefined
}

/** A filter that keeps no key out: one that names no part of itself is not asked. */
export function openFilter(length: number): Buffer {
  const filter = Buffer.alloc(length, 0xff)
  // The last octet says for how many octets of keys a part stands: 2 to the power of this.
  if (length > 0) filter[length - 1] = 11
  return filter
}

const width = (value: number): number => {
  let octets = 1
  for (let rest = value; rest >= 128; rest = Math.floor(rest / 128)) octets++
  return octets
}
