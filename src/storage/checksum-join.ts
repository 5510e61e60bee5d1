/**
 * The CRC-32 of octets whose parts have theirs already, without a walk over them: polynomials over GF(2), as zlib's
 * crc32_combine does it.
 */

/** That of CRC-32, and each polynomial here: the lowest power in the highest bit. */
const polynomial = 0xedb8_8320
const one = 0x8000_0000
const bits = 32

/** x to the power of 8 · 2^n: what an octet, two, four ... behind a checksum multiply it by. */
const octetPowers = powers()

/** The checksum of some octets with `length` more behind them, whose own is `behind`. */
export function joinChecksums(front: number, behind: number, length: number): number {
  let moved = front
  let power = 0
  for (let left = length; left > 0; left = Math.floor(left / 2)) {
    if (left % 2 === 1) moved = product(octetPowers[power % bits] as number, moved)
    power++
  }
  return (moved ^ behind) >>> 0
}

function product(factor: number, other: number): number {
  let sum = 0
  let term = other
  for (let left = factor | 0; left !== 0; left <<= 1) {
    if (left < 0) sum ^= term
    term = (term & 1) === 0 ? term >>> 1 : (term >>> 1) ^ polynomial
  }
  return sum >>> 0
}

/** x^(2^32) is x again, so that the powers come round after as many as there are bits. */
function powers(): readonly number[] {
  const all: number[] = []
  for (let power = one >>> 8; all.length < bits; power = product(power, power)) all.push(power)
  return all
}
