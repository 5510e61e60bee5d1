/** Which peer is at the other end of a connection, by the strongest proof it gave. RFC 5537 3.2.1, RFC 4642 2.2.2 */
import { plainAddress } from '../address.ts'
import { Networks } from '../address-blocks.ts'
import type { Client, ClientCertificate } from '../client.ts'
import type { PeerConfig } from '../config/config.ts'
import type { Source } from '../feed/feed.ts'
import { HierarchyPattern } from '../wildmat.ts'

type Proof = NonNullable<Source['by']>

interface PeerRule {
  readonly peer: PeerConfig
  readonly from: Networks
  /** Lower case: DNS names, and `sha256:` with the fingerprint of a key. */
  readonly certificates: ReadonlySet<string>
  readonly accepts: (group: string) => boolean
}

/** The `[[peer]]` sections of one configuration snapshot, compiled once. */
export class PeerSources {
  readonly #rules: readonly PeerRule[]

  constructor(peers: readonly PeerConfig[]) {
    this.#rules = peers.map(peer => ({
      peer,
      from: new Networks(peer.from),
      certificates: new Set(peer.certificate.map(each => each.toLowerCase())),
      accepts: accepting(peer),
    }))
  }

  /** Certificate, then account, then address; among equals the last section wins. A new connection token each time. */
  for(client: Client): Source | undefined {
    const found = this.#proven(client)
    if (found === undefined) return undefined
    const { rule, by } = found
    const { name, aliases } = rule.peer
    const address = plainAddress(client.address)
    return { peer: name, aliases, address, by, accepts: rule.accepts, connection: Symbol(name) }
  }

  /** Whether TLS or a login could make this client a peer: it is let in for that. */
  couldBecomePeer(client: Client): boolean {
    return this.#rules.some(
      ({ peer, certificates, from }) =>
        (certificates.size > 0 && !client.secure) ||
        (peer.account !== '' && client.account === undefined) ||
        (peer.require_tls && !client.secure && from.contain(plainAddress(client.address))),
    )
  }

  /** Whether a peer is configured to feed us from there. */
  isPeer(address: string): boolean {
    const client = plainAddress(address)
    return this.#rules.some(({ from }) => from.contain(client))
  }

  #proven(client: Client): { readonly rule: PeerRule; readonly by: Proof } | undefined {
    const { certificate, secure } = client
    const account = client.account?.roles.has('peer') ? client.account.name : ''
    const address = plainAddress(client.address)
    const proofs: readonly [Proof, (rule: PeerRule) => boolean][] = [
      ['certificate', rule => certificate !== undefined && shows(certificate, rule.certificates)],
      ['account', ({ peer }) => account !== '' && account === peer.account],
      ['address', rule => rule.from.contain(address)],
    ]
    for (const [by, proves] of proofs) {
      const rule = this.#rules.findLast(each => proves(each) && (secure || !each.peer.require_tls))
      if (rule !== undefined) return { rule, by }
    }
    return undefined
  }
}

/** The same peer on another connection. */
export function anew(source: Source): Source {
  return { ...source, connection: Symbol(source.peer) }
}

/** The key is proven by the handshake itself, names only by an authority that we trust. RFC 8446 4.4.3, RFC 6125 6.4 */
function shows({ names, fingerprint, trusted }: ClientCertificate, wanted: ReadonlySet<string>): boolean {
  return wanted.has(fingerprint) || (trusted && names.some(name => wanted.has(name)))
}

function accepting({ accept }: PeerConfig): (group: string) => boolean {
  const pattern = HierarchyPattern.parse(accept)
  return group => pattern?.verdict(group) === 'yes'
}
