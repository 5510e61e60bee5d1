/** Content-Transfer-Encodings undone, leniently: what does not fit is skipped or stays. RFC 2045 6.7, 6.8 */

/** RFC 2045 6.8. What is not base64 is skipped. */
export function decodeBase64(octets: Buffer): Buffer {
  return Buffer.from(octets.toString('latin1'), 'base64')
}

function hexDigit(octet: number | undefined): number {
  if (octet === undefined) return Number.NaN
  if (octet >= 0x30 && octet <= 0x39) return octet - 0x30
  const lower = octet | 0x20
  return lower >= 0x61 && lower <= 0x66 ? lower - 0x57 : Number.NaN
}

/** RFC 2045 6.7. A broken escape stays as it is. */
export function decodeQuotedPrintable(octets: Buffer): Buffer {
  const out = Buffer.alloc(octets.length)
  let length = 0
  for (let at = 0; at < octets.length; at++) {
    const octet = octets[at] ?? 0
    if (octet === 0x3d) {
      const breaks = softBreak(octets, at)
      if (breaks > 0) {
        at += breaks - 1
        continue
      }
      const value = hexDigit(octets[at + 1]) * 16 + hexDigit(octets[at + 2])
      if (!Number.isNaN(value)) {
        out[length++] = value
        at += 2
        continue
      }
    }
    out[length++] = octet
  }
  return out.subarray(0, length)
}

/** Octets of a soft line break at `at`, blanks before the line end included; 0 where there is none. */
function softBreak(octets: Buffer, at: number): number {
  let end = at + 1
  while (octets[end] === 0x20 || octets[end] === 0x09) end++
  if (octets[end] === 0x0d) end++
  return octets[end] === 0x0a ? end + 1 - at : 0
}

/** The octets with the named encoding undone; an unknown one is taken as it is. */
export function openTransfer(octets: Buffer, encoding: string): Buffer {
  const name = encoding.trim().toLowerCase()
  if (name === 'base64') return decodeBase64(octets)
  if (name === 'quoted-printable') return decodeQuotedPrintable(octets)
  return octets
}

/** About how many octets `openTransfer` gives, without opening it. */
export function openedSize(octets: Buffer, encoding: string): number {
  return encoding.trim().toLowerCase() === 'base64' ? Math.floor((octets.length * 73) / 100) : octets.length
}
