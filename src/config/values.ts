/** What a single configuration value must look like. RFC 5536 3.1.4, 3.1.5; RFC 3977 4.1, 7.6.3; RFC 6048 3.1 */
import { isIP } from 'node:net'
import { isControlGroup, isReserved, parseNewsgroup } from '../newsgroup.ts'

/** `host:port`, `[IPv6]:port`; undefined where it is neither. Port 0 asks the system for a free one. */
export function parseHostPort(text: string): { readonly host: string; readonly port: number } | undefined {
  const match = /^(?:\[([0-9a-f:.]+)\]|([a-z0-9._-]+)):(\d{1,5})$/i.exec(text)
  const host = match?.[1] ?? match?.[2]
  if (match === null || host === undefined) return undefined
  const port = Number(match[3])
  if (port > 65_535) return undefined
  if (match[1] !== undefined) return isIP(host) === 6 ? { host, port } : undefined
  // All digits and dots is meant as an IPv4 address: 127.0.0.256 is a typing error and no name.
  if (/^[\d.]+$/.test(host)) return isIP(host) === 4 ? { host, port } : undefined
  return /^[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?(\.[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?)*$/i.test(host)
    ? { host, port }
    : undefined
}

export const isListenAddress = (text: string): boolean => parseHostPort(text) !== undefined

/** A remote address: as above, but a port of 0 cannot be called. */
export function isRemoteAddress(text: string): boolean {
  const parsed = parseHostPort(text)
  return parsed !== undefined && parsed.port > 0
}

/** Nobody but this machine can listen there. RFC 6761 6.3 */
export function isLoopbackAddress(text: string): boolean {
  const host = parseHostPort(text)?.host.toLowerCase() ?? ''
  return host === 'localhost' || host === '::1' || /^127(\.\d{1,3}){3}$/.test(host)
}

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

export const isHostName = (text: string): boolean =>
  text.length <= 253 && /^(?!-)[a-z0-9_-]{1,63}(\.(?!-)[a-z0-9_-]{1,63})*$/i.test(text)

/** A label or a group of accounts. */
export const isWord = (text: string): boolean => /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/.test(text)

/** RFC 4643 2.3.2: an argument of a command has no blanks. */
export const isAccountName = (text: string): boolean => /^[\x21-\x7e]{1,200}$/.test(text)

/** `2026-11-01` */
export const isDay = (text: string): boolean =>
  /^\d{4}-\d\d-\d\d$/.test(text) && new Date(`${text}T00:00:00Z`).toJSON()?.startsWith(text) === true
