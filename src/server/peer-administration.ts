/** What the control socket may ask about peers, done over the feeds of the node. */
import type { Clock } from '../clock.ts'
import type { Config, PeerConfig } from '../config.ts'
import type { Node } from '../feed/node.ts'
import type { FeedStatus } from '../feed/outgoing.ts'
import { nearest } from '../nearest.ts'
import { ControlFault } from './node-control.ts'
import type { PeerControl, PeerReport } from './peer-control.ts'
import { peerReport } from './peer-report.ts'

export interface PeerAdministrationParts {
  readonly node: Node
  readonly config: () => Config
  readonly clock: Clock
}

export class PeerAdministration implements PeerControl {
  readonly #parts: PeerAdministrationParts

  constructor(parts: PeerAdministrationParts) {
    this.#parts = parts
  }

  list(): Promise<readonly PeerReport[]> {
    return Promise.all(this.#parts.config().peer.map(peer => this.#report(peer)))
  }

  async show(name: string): Promise<PeerReport> {
    return this.#report(this.#named(name))
  }

  async start(name: string): Promise<boolean> {
    return this.#parts.node.peering.resume(this.#fed(name))
  }

  async stop(name: string): Promise<boolean> {
    return this.#parts.node.peering.hold(this.#fed(name))
  }

  async flush(name: string): Promise<void> {
    const fed = this.#fed(name)
    if (!(await this.#parts.node.peering.flush(fed)))
      throw new ControlFault('refused', `peer ${fed} is stopped; run "tidings peer start ${fed}"`)
  }

  async #report(peer: PeerConfig): Promise<PeerReport> {
    const { node } = this.#parts
    const fed = node.peering.status().find(each => each.name === peer.name)
    return peerReport({
      peer,
      received: node.intake.of(peer.name),
      ...(fed && { fed: { ...fed, lag: await this.#lag(fed) } }),
    })
  }

  /** A feed that was stopped has not looked at what came since. */
  async #lag({ lag, state, cursor, behind }: FeedStatus): Promise<number> {
    if (lag > 0 || state !== 'stopped' || behind === 0) return lag
    const [row] = await this.#parts.node.storage.reading.arrivals(cursor, 1)
    const now = Math.floor(this.#parts.clock.now() / 1000)
    return row === undefined ? 0 : Math.max(0, now - row.time)
  }

  #named(name: string): PeerConfig {
    const { peer: peers } = this.#parts.config()
    const found = peers.find(peer => peer.name.toLowerCase() === name.toLowerCase())
    if (found) return found
    const names = peers.map(peer => peer.name)
    const meant = nearest(name, names)
    const hint =
      meant !== undefined
        ? `did you mean "${meant}"?`
        : names.length === 0
          ? 'none is configured'
          : `"tidings peer list" shows those that are`
    throw new ControlFault('refused', `there is no peer ${name}; ${hint}`)
  }

  /** The name of a peer that is sent something. */
  #fed(name: string): string {
    const peer = this.#named(name)
    if (peer.to === undefined || peer.send === undefined)
      throw new ControlFault('refused', `peer ${peer.name} has no to and send: nothing is sent to it anyway`)
    return peer.name
  }
}
