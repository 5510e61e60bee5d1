/** What each peer feeds us, counted: a few numbers a peer, nothing of a single article. */
import type { Clock } from '../../clock.ts'
import { type ReasonName, reasons } from '../../reason.ts'
import type { Offer, Verdict } from '../feed.ts'
import { RecentRate } from '../recent-rate.ts'
import type { InTally } from './tally.ts'

export interface Received {
  /** CHECK and IHAVE. */
  readonly offered: number
  /** Offered, and here already, or refused from this peer before: 438, 435. */
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
  /** Seconds since 1970 of the first and the last offer or article; 0 where none came. */
  readonly first: number
  readonly last: number
  /** Seconds since 1970 when counting began; 0 where nothing is counted. */
  readonly since: number
}

class Counts {
  offered = 0
  duplicate = 0
  putOff = 0
  useful = 0
  late = 0
  deferred = 0
  octets = 0
  /** Milliseconds since 1970, as the next. */
  readonly since: number
  first = 0
  last = 0
  readonly refused = new Map<ReasonName, number>()
  readonly rate: RecentRate

  constructor(clock: Clock, { since, refused, ...counts }: Partial<InTally> = {}) {
    this.since = since ?? clock.now()
    Object.assign(this, counts)
    // Another version may have had other reasons.
    for (const [name, count] of refused ?? []) if (isReason(name)) this.refused.set(name, count)
    this.rate = new RecentRate(clock)
  }
}

const isReason = (name: string): name is ReasonName => Object.hasOwn(reasons, name)

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
  first: 0,
  last: 0,
  since: 0,
}

const seconds = (milliseconds: number): number => Math.floor(milliseconds / 1000)

export class Intake {
  readonly #clock: Clock
  readonly #changed: () => void
  readonly #peers = new Map<string, Counts>()

  /** `changed` is told of everything that is counted. */
  constructor(clock: Clock, changed: () => void = () => {}) {
    this.#clock = clock
    this.#changed = changed
  }

  /** Counts a peer from now on, or on from what was counted before. */
  begin(peer: string, before?: InTally): void {
    this.#peers.set(peer, new Counts(this.#clock, before))
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
      case 'held':
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
    const { rate, first, last, since } = counts
    return {
      ...counts,
      rate: rate.perSecond,
      first: seconds(first),
      last: seconds(last),
      since: seconds(since),
    }
  }

  /** What `begin` goes on from. */
  tally(peer: string): InTally {
    const { refused, rate: _, ...counts } = this.#peers.get(peer) ?? new Counts(this.#clock)
    return { ...counts, refused: [...refused] }
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
    if (counts.first === 0) counts.first = counts.last
    this.#changed()
    return counts
  }
}
