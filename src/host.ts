/** Hosts as people name them, with and without a port. RFC 3986 3.2.2, RFC 6761 6.3 */
import { isIP } from 'node:net'

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

export const isHostName = (text: string): boolean =>
  text.length <= 253 && /^(?!-)[a-z0-9_-]{1,63}(\.(?!-)[a-z0-9_-]{1,63})*$/i.test(text)
