/** The state of one peer in one value, from its section, its feed and what it has brought. */
import type { PeerConfig } from '../../config/config.ts'
import type { FeedStatus } from '../../feed/outgoing/outgoing.ts'
import type { Received } from '../../feed/peers/intake.ts'
import { peerAddresses } from '../../feed/peers/peer.ts'
import { reasons } from '../../reason.ts'
import type { PeerCaller } from '../peer-presence.ts'
import type { PeerLink, PeerReport } from './peer-control.ts'

export interface PeerFacts {
  readonly peer: PeerConfig
  readonly received: Received
  /** Absent where it is sent nothing. */
  readonly fed?: FeedStatus
  /** Those of this peer. */
  readonly callers: readonly PeerCaller[]
}

export function peerReport({ peer, received, fed, callers }: PeerFacts): PeerReport {
  const { name, aliases, accept, send } = peer
  return {
    name,
    aliases,
    to: peerAddresses(peer),
    from: knownBy(peer),
    accept,
    ...(send !== undefined && { send }),
    ...(fed && { out: outOf(fed, peer) }),
    in: {
      ...received,
      links: callers.map(incomingLink),
      refused: [...received.refused]
        .map(([reason, count]) => ({ reason, text: reasons[reason].text, count }))
        .sort((a, b) => b.count - a.count),
    },
  }
}

/** What it is known by when it calls, each in words. */
export function knownBy({ from, certificate, account, require_tls }: PeerConfig): readonly string[] {
  const over = require_tls ? ' over TLS' : ''
  return [
    ...from.map(address => `${address}${over}`),
    ...certificate.map(each => `certificate ${each}`),
    ...(account === '' ? [] : [`account ${account}${over}`]),
  ]
}

function incomingLink({ client, source, compressed }: PeerCaller): PeerLink {
  const { address, protocol = '', account } = client
  return { address, tls: protocol, proof: source.by ?? '', login: account?.name ?? '', compressed }
}

function outOf(fed: FeedStatus, { user }: PeerConfig): NonNullable<PeerReport['out']> {
  const { state, connections, links, cursor, behind, lag, waiting, deferred, counters } = fed
  const { rate, octets, offered, accepted, duplicate, gone, answers, rejected } = counters
  return {
    state,
    connections,
    links: links.map(({ loggedIn, ...link }) => ({ ...link, login: loggedIn ? user : '' })),
    cursor,
    behind,
    lag,
    waiting,
    deferred,
    rate,
    octets,
    offered,
    accepted,
    duplicate,
    rejected: [...rejected.values()].reduce((sum, count) => sum + count, 0),
    putOff: counters.deferred,
    gone,
    answers: [...answers].map(([code, count]) => ({ code, count })).sort((a, b) => a.code - b.code),
    lastError: counters.lastError,
    lastErrorTime: Math.floor(counters.lastErrorTime / 1000),
    since: Math.floor(counters.since / 1000),
    first: Math.floor(counters.first / 1000),
    last: Math.floor(counters.last / 1000),
    retryIn: Math.ceil(fed.retryIn / 1000),
  }
}
