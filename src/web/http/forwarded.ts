/**
 * Whose request it is where proxies stand between: the nearest hop that is no trusted proxy, as X-Forwarded-For tells
 * it. RFC 7239 8.1: what anybody may write is believed only as far as trusted proxies wrote it.
 */
import { isIP } from 'node:net'
import { plainAddress } from '../../address.ts'
import { Networks } from '../../address-blocks.ts'
import type { Client } from '../../client.ts'

/** One request as it came in. */
export interface Hop {
  /** The address of the socket. */
  readonly remote: string
  /** Whether it came under TLS. */
  readonly secure: boolean
  /** By its name in lower case; repeated fields joined with commas. */
  readonly field: (name: string) => string | undefined
}

/** Who asks; or why that cannot be told, in a sentence for whoever runs the proxy. Such a request has no rights. */
export type Asker = { readonly client: Client } | { readonly unknown: string }

const loopback = new Networks(['127.0.0.0/8', '::1'])
const forwardingFields = ['x-forwarded-for', 'x-real-ip', 'forwarded']

export function askerOf(hop: Hop, trusted: Networks): Asker {
  const remote = plainAddress(hop.remote)
  if (!trusted.contain(remote)) {
    // A proxy on this machine that nobody has named: its visitors are not to have the rights of loopback.
    const proxied = forwardingFields.some(name => hop.field(name) !== undefined)
    if (proxied && loopback.contain(remote)) return { unknown: unnamed(remote) }
    return { client: { address: remote, secure: hop.secure } }
  }
  const address = nearestUntrusted(hop.field('x-forwarded-for') ?? '', trusted)
  if (address === undefined) return { unknown: silent(remote) }
  return { client: { address, secure: hop.secure || isForwardedSecure(hop) } }
}

/** From the right, where the proxies have written; undefined where one wrote no address, or none but proxies are named. */
function nearestUntrusted(field: string, trusted: Networks): string | undefined {
  for (const entry of field.split(',').toReversed()) {
    const address = addressIn(entry)
    if (address === undefined) return undefined
    if (trusted.contain(address)) continue
    // The loopback of a proxy on another machine is not ours.
    return loopback.contain(address) ? undefined : address
  }
  return undefined
}

/** Peers do this: with a port, `192.0.2.1:1234` and `[2001:db8::1]:1234`. */
function addressIn(entry: string): string | undefined {
  const text = entry.trim().replace(/^\[([^\]]*)\](?::\d+)?$|^([\d.]+):\d+$/, '$1$2')
  const address = plainAddress(text)
  return isIP(address) === 0 ? undefined : address
}

/** What the proxy next to us says of its own side. */
function isForwardedSecure({ field }: Hop): boolean {
  const proto = field('x-forwarded-proto')?.split(',').at(-1)
  return proto?.trim().toLowerCase() === 'https'
}

const unnamed = (remote: string) =>
  `It came through a proxy at ${remote} that listen.trusted_proxies does not name. Whoever runs this server: name the ` +
  'address of the proxy there, and let it send X-Forwarded-For.'

const silent = (remote: string) =>
  `The proxy at ${remote} does not say for whom it asks. Whoever runs this server: let the proxy send X-Forwarded-For ` +
  'with the address of its visitor, and name none but proxies in listen.trusted_proxies.'
