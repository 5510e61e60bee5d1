/** All outgoing feeds of the node, as the configuration names them. RFC 5537 3.6 */
import type { Config, PeerConfig } from '../config.ts'
import { GroupNames } from './group-names.ts'
import { type FeedStatus, OutgoingFeed, type OutgoingParts } from './outgoing.ts'
import { compilePeer, type PeerRules } from './peer.ts'

export type PeeringParts = Omit<OutgoingParts, 'names'>

interface Running {
  readonly feed: OutgoingFeed
  /** The section as it was, to see what a reload changes. */
  readonly section: string
}

export class Peering implements AsyncDisposable {
  readonly #parts: OutgoingParts
  readonly #running = new Map<string, Running>()

  constructor(parts: PeeringParts) {
    this.#parts = { ...parts, names: new GroupNames(parts.reading) }
  }

  /** Throws where a pattern of a peer is wrong, before anything is started. */
  async start(config: Config): Promise<void> {
    await this.reload(config)
  }

  /**
   * Stops the feeds that are gone, starts new ones, and restarts those whose section changed, from their places; the
   * others notice nothing. A peer that is taken out keeps its place: put back, it gets what it missed.
   */
  async reload(config: Config): Promise<void> {
    const wanted = new Map<string, { peer: PeerConfig; section: string; rules: PeerRules }>()
    for (const peer of config.peer) {
      const rules = compilePeer(peer)
      if (rules !== undefined) wanted.set(peer.name, { peer, rules, section: JSON.stringify(peer) })
    }
    for (const [name, { feed, section }] of this.#running) {
      if (wanted.get(name)?.section === section) continue
      await feed.stop()
      this.#running.delete(name)
    }
    for (const [name, { peer, rules, section }] of wanted) {
      if (this.#running.has(name)) continue
      const feed = new OutgoingFeed(
        { ...this.#parts, log: this.#parts.log.child({ peer: name }) },
        { peer, rules },
      )
      await feed.start()
      this.#running.set(name, { feed, section })
    }
  }

  /** One for each peer that is sent anything, in the order they were started. */
  status(): readonly FeedStatus[] {
    return [...this.#running.values()].map(({ feed }) => feed.status())
  }

  async stop(): Promise<void> {
    await Promise.all([...this.#running.values()].map(({ feed }) => feed.stop()))
    this.#running.clear()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop()
  }
}
