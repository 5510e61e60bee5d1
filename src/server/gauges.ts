/** The state of a node as its metrics show it. */
import type { Verdict } from '../feed/feed.ts'
import type { Status } from './control/node-control.ts'
import type { PeerReport } from './control/peer-control.ts'
import type { Gauges, Metrics, PeerGauges } from './metrics.ts'

export function gaugesOf(status: Status, peers: readonly PeerReport[]): Gauges {
  const { groups, articles, connections, journalBytes, expiry, search } = status
  return { groups, articles, connections, journalBytes, expiry, search, peers: peers.map(peerGauges) }
}

function peerGauges({ name, out, in: received }: PeerReport): PeerGauges {
  const { useful, duplicate, late, putOff, deferred, refused } = received
  const outcomes = { useful, duplicate, late, put_off: putOff, deferred }
  return {
    name,
    lag: out?.behind ?? 0,
    lagSeconds: out?.lag ?? 0,
    up: (out?.connections ?? 0) > 0,
    sent: out ? sentBy(out) : {},
    received: [
      ...Object.entries(outcomes).map(([outcome, count]) => ({ outcome, reason: '', count })),
      ...refused.map(({ reason, count }) => ({ outcome: 'refused', reason, count })),
    ],
  }
}

function sentBy({ accepted, duplicate, rejected, putOff, gone }: NonNullable<PeerReport['out']>) {
  return { accepted, duplicate, rejected, deferred: putOff, gone }
}

/** What became of an article, and of the one that it was to take away. */
export function countVerdict(verdict: Verdict, metrics: Pick<Metrics, 'article' | 'withdrawal'>): void {
  metrics.article(verdict.kind, 'reason' in verdict ? verdict.reason.name : '')
  if (verdict.kind !== 'accepted' || verdict.withdrawal === undefined) return
  const { how, result } = verdict.withdrawal
  metrics.withdrawal(how, result)
}
