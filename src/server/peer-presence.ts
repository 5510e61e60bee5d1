/** Tells the feed which peer one connection is of, when TLS or a login shows that it is another. RFC 4642 2.2.2 */
import type { Client } from '../client.ts'
import type { Source } from '../feed/feed.ts'
import type { Services } from './session.ts'

/** A connection of a peer that feeds us. */
export interface PeerCaller {
  readonly client: Client
  readonly source: Source
  readonly compressed: boolean
}

export class PeerPresence {
  readonly #feed: Pick<Services['feed'], 'enter' | 'leave'>
  #source: Source | undefined

  constructor(feed: Pick<Services['feed'], 'enter' | 'leave'>) {
    this.#feed = feed
  }

  /**
   * The source to go on with: the one of before where the peer is the same, so that its leases stay; another peer gets
   * none of the leases of the one before.
   */
  become(source: Source | undefined): Source | undefined {
    const before = this.#source
    const same = before !== undefined && source !== undefined && before.peer === source.peer
    this.#source = same ? { ...source, connection: before.connection } : source
    if (same) return this.#source
    if (before !== undefined) this.#feed.leave?.(before)
    if (source !== undefined) this.#feed.enter?.(source)
    return this.#source
  }

  /** The connection is gone. */
  end(): void {
    this.become(undefined)
  }
}
