/** What each peer feeds us, counted since the start: a few numbers a peer, nothing of a single article. */
import type { Clock } from '../clock.ts'
import type { ReasonName } from '../reason.ts'
import type { Offer, Verdict } from './feed.ts'
import { RecentRate } from './recent-rate.ts'

export interface Received {
  /** CHECK and IHAVE. */
  readonly offered: number
  /** Offered, and here already: 438, 435. */
  readonly duplicate: number
  /** Offered while another peer was sending it: 431, 436. */
  readonly putOff: number
  /** Sent and stored. */
  readonly useful: number
  /** Sent, and another copy had come first. */
  readonly late: number
  /** Sent, and put off for trouble of our own. */
  readonly deferred: number
  /** Sent and refused, by reason. */
  readonly refused: ReadonlyMap<ReasonName, number>
  /** Octets of the articles that were stored. */
  readonly octets: number
  /** Articles stored a second, over the last minute. */
  readonly rate: number
  /** Seconds since 1970 of the last offer or article; 0 where none came. */
  readonly last: number
}

class Counts {
  offered = 0
  duplicate = 0
  putOff = 0
  useful = 0
  late = 0
  deferred = 0
  octets = 0
  /** Milliseconds since 1970. */
  last = 0
  readonly refused = new Map<ReasonName, number>()
  readonly rate: RecentRate

  constructor(clock: Clock) {
    this.rate = new RecentRate(clock)
  }
}

const none: Received = {
  offered: 0,
  duplicate: 0,
  putOff: 0,
  useful: 0,
  late: 0,
  deferred: 0,
  refused: new Map(),
  octets: 0,
  rate: 0,
  last: 0,
}

export class Intake {
  readonly #clock: Clock
  readonly #peers = new Map<string, Counts>()

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** CHECK or IHAVE of `peer` was answered. */
  offered(peer: string, answer: Offer): void {
    const counts = this.#of(peer)
    counts.offered++
    if (answer === 'have') counts.duplicate++
    else if (answer === 'later') counts.putOff++
  }

  /** An article of `octets` came from `peer`. */
  received(peer: string, verdict: Verdict, octets: number): void {
    const counts = this.#of(peer)
    switch (verdict.kind) {
      case 'accepted':
      case 'mailed':
        counts.useful++
        counts.octets += octets
        counts.rate.note()
        return
      case 'deferred':
        counts.deferred++
        return
      case 'rejected': {
        const { name } = verdict.reason
        if (name === 'duplicate') counts.late++
        else counts.refused.set(name, (counts.refused.get(name) ?? 0) + 1)
      }
    }
  }

  /** All zero for a peer that has brought nothing. */
  of(peer: string): Received {
    const counts = this.#peers.get(peer)
    if (counts === undefined) return none
    return { ...counts, rate: counts.rate.perSecond, last: Math.floor(counts.last / 1000) }
  }

  /** Forgets all other peers: they were taken out of the configuration. */
  keep(peers: readonly string[]): void {
    for (const peer of this.#peers.keys()) if (!peers.includes(peer)) this.#peers.delete(peer)
  }

  #of(peer: string): Counts {
    let counts = this.#peers.get(peer)
    if (counts === undefined) {
      counts = new Counts(this.#clock)
      this.#peers.set(peer, counts)
    }
    counts.last = this.#clock.now()
    return counts
  }
}
