/** All outgoing feeds of the node, as the configuration names them. RFC 5537 3.6 */
import type { Config, PeerConfig } from '../../config/config.ts'
import { Hierarchies } from '../../hierarchies.ts'
import type { Arrival, ArrivalRow } from '../../storage/reading.ts'
import type { Places } from '../../storage/state/places.ts'
import { Turns } from '../../storage/turns.ts'
import type { Wildmat } from '../../wildmat.ts'
import { GroupNames } from '../group-names.ts'
import { compilePeer, type PeerRules } from '../peers/peer.ts'
import { type FeedStatus, OutgoingFeed, type OutgoingParts, type PeerStanding } from './outgoing.ts'
import { Sent } from './sent.ts'

export interface PeeringParts extends Omit<OutgoingParts, 'names'> {
  /** Where what a peer is sent is counted; since the start of its feed where absent. */
  readonly sent?: (peer: string) => Sent
}

interface Wanted {
  readonly peer: PeerConfig
  readonly rules: PeerRules
  /** All that the rules come from, as text, to see what a reload changes. */
  readonly section: string
}

interface Running extends Wanted {
  readonly feed: OutgoingFeed
  /** Counts on when the feed is made anew. */
  readonly sent: Sent
  /** Stopped by hand. */
  readonly held: boolean
}

/** Old articles that a peer is offered beside its feed. */
export interface Backfill {
  /** Arrivals up to here are left out. */
  readonly after: Arrival
  /** Only what is filed in one of these groups. */
  readonly only: Wildmat
}

export class Peering implements AsyncDisposable {
  readonly #parts: OutgoingParts
  readonly #sent: (peer: string) => Sent
  readonly #running = new Map<string, Running>()
  /** Each with the name of its peer. */
  readonly #backfills = new Map<OutgoingFeed, string>()
  /** Feeds are started and stopped by one hand at a time. */
  readonly #turns = new Turns()

  constructor(parts: PeeringParts) {
    this.#parts = { ...parts, names: new GroupNames(parts.reading) }
    this.#sent = parts.sent ?? (() => new Sent(parts.clock))
  }

  /** Throws where a pattern of a peer is wrong, before anything is started. */
  async start(config: Config): Promise<void> {
    await this.reload(config)
  }

  /**
   * Stops the feeds that are gone, starts new ones, and restarts those whose section changed, from their places; the
   * others notice nothing. A peer that is taken out keeps its place: put back, it gets what it missed. One that was
   * stopped by hand stays so.
   */
  reload(config: Config): Promise<void> {
    return this.#turns.run(() => this.#reload(config))
  }

  async #reload(config: Config): Promise<void> {
    const wanted = new Map<string, Wanted>()
    const hierarchies = new Hierarchies(config.hierarchy)
    for (const peer of config.peer) {
      const rules = compilePeer(peer, hierarchies)
      const section = JSON.stringify([peer, config.hierarchy])
      if (rules !== undefined) wanted.set(peer.name, { peer, rules, section })
    }
    for (const [name, { feed, section }] of this.#running) {
      if (wanted.get(name)?.section !== section) await this.#stopBackfills(name)
      if (wanted.has(name)) continue
      await feed.stop()
      this.#running.delete(name)
    }
    for (const [name, next] of wanted) {
      const before = this.#running.get(name)
      if (before?.section === next.section) continue
      if (before?.held) this.#running.set(name, { ...before, ...next })
      else {
        await before?.feed.stop()
        await this.#begin(next, before?.sent)
      }
    }
  }

  /** Feeds `name` no more until `resume` or a new start of the node. False where it is not fed anyway. */
  hold(name: string): Promise<boolean> {
    return this.#turns.run(async () => {
      const running = this.#running.get(name)
      if (running === undefined || running.held) return false
      await this.#stopBackfills(name)
      await running.feed.stop()
      this.#running.set(name, { ...running, held: true })
      return true
    })
  }

  /** Ends a `hold`: the feed goes on from its place. False where there is none. */
  resume(name: string): Promise<boolean> {
    return this.#turns.run(async () => {
      const running = this.#running.get(name)
      if (running === undefined || !running.held) return false
      await this.#begin(running, running.sent)
      return true
    })
  }

  /** Calls the peer now, and offers now what was put off. False where nothing is sent to it. */
  async flush(name: string): Promise<boolean> {
    const running = this.#running.get(name)
    if (running === undefined || running.held) return false
    await running.feed.flush()
    return true
  }

  /**
   * Offers `name` what arrived behind `after` and up to its place again, as far as it wants it, on one connection of
   * its own. Nothing of it is stored: begun again after a crash, the peer declines what it has. The feed is to be
   * stopped by whoever asked; undefined where nothing is sent to `name`, or it was stopped.
   */
  backfill(name: string, { after, only }: Backfill): Promise<OutgoingFeed | undefined> {
    return this.#turns.run(async () => {
      const running = this.#running.get(name)
      if (running === undefined || running.held) return undefined
      const { rules } = running
      const feed = new OutgoingFeed(
        { ...this.#parts, places: nowhere, log: this.#parts.log.child({ peer: name, backfill: true }) },
        {
          peer: { ...running.peer, max_connections: 1 },
          rules,
          after,
          only,
          until: running.feed.status().cursor,
        },
      )
      await feed.start()
      this.#backfills.set(feed, name)
      void feed.over.then(() => this.#backfills.delete(feed))
      return feed
    })
  }

  /** Undefined where nothing is sent to `name`. */
  async standing(name: string, row: ArrivalRow): Promise<PeerStanding | undefined> {
    return this.#running.get(name)?.feed.standing(row)
  }

  /** The arrival up to which all feeds are done with the log; undefined where there is none. */
  get passed(): Arrival | undefined {
    const all = [...this.#running.values()].map(({ feed }) => feed.passed)
    return all.length === 0 ? undefined : (Math.min(...all) as Arrival)
  }

  /** One for each peer that is sent anything, in the order they were started. */
  status(): readonly FeedStatus[] {
    return [...this.#running.values()].map(({ feed }) => feed.status())
  }

  stop(): Promise<void> {
    return this.#turns.run(async () => {
      const feeds = [...this.#running.values()].map(({ feed }) => feed)
      await Promise.all([...feeds, ...this.#backfills.keys()].map(feed => feed.stop()))
      this.#running.clear()
    })
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop()
  }

  async #stopBackfills(name: string): Promise<void> {
    const feeds = [...this.#backfills].filter(([, peer]) => peer === name).map(([feed]) => feed)
    await Promise.all(feeds.map(feed => feed.stop()))
  }

  async #begin({ peer, rules, section }: Wanted, sent = this.#sent(peer.name)): Promise<void> {
    const log = this.#parts.log.child({ peer: rules.name })
    const feed = new OutgoingFeed({ ...this.#parts, log }, { peer, rules, sent })
    await feed.start()
    this.#running.set(rules.name, { peer, rules, section, feed, sent, held: false })
  }
}

/** Places of feeds that keep none. */
const nowhere: Places = {
  epoch: 0,
  load: async () => undefined,
  save: async () => {},
  remove: async () => {},
}
