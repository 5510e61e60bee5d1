/** Asks peers, as a newsreader does, for articles that were lost here, and hands them in. RFC 3977 6.2.1 */
import { Article } from '../../article.ts'
import type { Clock } from '../../clock.ts'
import type { Config, PeerConfig } from '../../config/config.ts'
import type { Log } from '../../log.ts'
import { Reason } from '../../reason.ts'
import type { Accept } from '../accept.ts'
import { Link, type LinkParts } from '../link/link.ts'
import { NntpClient, NntpFault } from '../link/nntp-client.ts'
import { peerAddresses } from '../peers/peer.ts'

export interface RescueParts {
  readonly config: () => Config
  readonly calls: LinkParts
  readonly accept: Accept
  readonly clock: Clock
  readonly log: Log
}

export class Rescue {
  readonly #parts: RescueParts

  constructor(parts: RescueParts) {
    this.#parts = parts
  }

  /** There is somebody to ask. */
  get isPossible(): boolean {
    return this.#peers.length > 0
  }

  /** One peer after the other, until nothing is missing; gives what came. What did not waits to be offered. Never rejects. */
  async fetch(ids: Iterable<string>, signal: AbortSignal): Promise<readonly string[]> {
    const missing = new Set(ids)
    const came: string[] = []
    for (const peer of this.#peers) {
      if (missing.size === 0 || signal.aborted) break
      try {
        for await (const id of this.#from(peer, [...missing], signal)) {
          missing.delete(id)
          came.push(id)
        }
      } catch (error) {
        if (!(error instanceof NntpFault)) throw error
        this.#parts.log.warn({ peer: peer.name, why: error.message }, 'cannot be asked for lost articles')
      }
    }
    return came
  }

  get #peers(): PeerConfig[] {
    return this.#parts.config().peer.filter(peer => peerAddresses(peer).length > 0)
  }

  async *#from(peer: PeerConfig, ids: readonly string[], signal: AbortSignal): AsyncGenerator<string> {
    const { calls, clock, config, log } = this.#parts
    const [address = ''] = peerAddresses(peer)
    const mostOctets = config().limits.article_bytes
    const link = new Link(peer, calls)
    const asking = { clock, signal, link, bind: peer.bind, goal: 'read', mostOctets } as const
    await using client = await NntpClient.call(address, asking)
    for (const id of ids) {
      const reply = await client.ask(`ARTICLE ${id}`)
      // RFC 3977 6.2.1.2: 430 no such article; 480, 502 and the like are about all of them.
      if (reply.code === 430) continue
      if (reply.code !== 220) throw new NntpFault(`it does not let us read: ${reply.code}`)
      const block = await client.block()
      if (!block.ok || !(await this.#take(id, block.wire, peer.name))) continue
      log.info({ peer: peer.name, messageId: id }, 'lost article fetched again')
      yield id
    }
  }

  /** The one way in, as an article that was pulled. */
  async #take(id: string, wire: Buffer, host: string): Promise<boolean> {
    const { accept, config } = this.#parts
    const article = Article.parse(wire, { ...config().limits, lax: true })
    if (article instanceof Reason) return false
    const verdict = await accept({ article, offered: id, origin: { kind: 'import', host } })
    return verdict.kind === 'accepted'
  }
}
