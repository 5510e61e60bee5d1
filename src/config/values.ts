/** What a single configuration value must look like. RFC 5536 3.1.4, 3.1.5; RFC 3977 4.1, 7.6.3; RFC 6048 3.1 */
import { isIP } from 'node:net'
import { isControlGroup, isReserved, parseNewsgroup } from '../newsgroup.ts'

export const isAddress = (text: string): boolean => isIP(text) !== 0

export function isAddressOrCidr(text: string): boolean {
  const [address = '', prefix, ...rest] = text.split('/')
  const family = isIP(address)
  if (family === 0 || rest.length > 0 || address.includes('%')) return false
  if (prefix === undefined) return true
  return /^(0|[1-9]\d{0,2})$/.test(prefix) && Number(prefix) <= (family === 4 ? 32 : 128)
}

/** RFC 5536 3.1.5: a host name of two or more labels, the last not all digits, or a name without dots. */
export function isPathIdentity(text: string): boolean {
  if (text.length > 255) return false
  if (/^[a-z0-9_-]+$/i.test(text)) return true
  const labels = text.split('.')
  return (
    labels.every(label => /^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/i.test(label)) && /[^\d]/.test(labels.at(-1) ?? '')
  )
}

/** A group that may be made here: RFC 5536 3.1.4, reserved names left out but for those of control messages. */
export const isGroupName = (text: string): boolean =>
  parseNewsgroup(text) !== undefined && (!isReserved(text) || isControlGroup(text))

/** RFC 3977 7.6.3: y, n, m; RFC 6048 3.1: j, x, =other.group */
export function isGroupStatus(text: string): boolean {
  return /^[ynmjx]$/.test(text) || (text.startsWith('=') && isGroupName(text.slice(1)))
}

export function isUrl(text: string, schemes: readonly string[]): boolean {
  return URL.canParse(text) && schemes.includes(new URL(text).protocol)
}

/** SHA-256 of a public key (SubjectPublicKeyInfo), as `peer test` and the log show it. RFC 7469 2.4 */
export const isKeyFingerprint = (text: string): boolean => /^sha256:[0-9a-f]{64}$/i.test(text)

/** A label or a group of accounts. */
export const isWord = (text: string): boolean => /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/.test(text)

/** RFC 4643 2.3.2: an argument of a command has no blanks. */
export const isAccountName = (text: string): boolean => /^[\x21-\x7e]{1,200}$/.test(text)

/** `2026-11-01` */
export const isDay = (text: string): boolean =>
  /^\d{4}-\d\d-\d\d$/.test(text) && new Date(`${text}T00:00:00Z`).toJSON()?.startsWith(text) === true
