/** What the control socket may ask about peers, done over the feeds of the node. */

import { isWithin } from '../../address-blocks.ts'
import type { Clock } from '../../clock.ts'
import type { Config, PeerConfig } from '../../config/config.ts'
import { Link } from '../../feed/link/link.ts'
import type { Node } from '../../feed/node.ts'
import type { FeedStatus } from '../../feed/outgoing/outgoing.ts'
import { peerAddresses } from '../../feed/peers/peer.ts'
import { callPeer } from '../../feed/peers/peer-test.ts'
import { Hierarchies } from '../../hierarchies.ts'
import { newMessageId } from '../../message-id.ts'
import { nearest } from '../../nearest.ts'
import { Wildmat } from '../../wildmat.ts'
import type { PeerCaller } from '../peer-presence.ts'
import { followBackfill } from './backfill.ts'
import { ControlFault } from './node-control.ts'
import type {
  BackfillOptions,
  BackfillProgress,
  PeerControl,
  PeerReport,
  PeerTestItem,
  PullReport,
} from './peer-control.ts'
import { peerReport } from './peer-report.ts'
import { type Direction, peerVerdict, through } from './peer-verdict.ts'

export interface PeerAdministrationParts {
  readonly node: Node
  readonly config: () => Config
  readonly clock: Clock
  /** So many random octets. */
  readonly random: (octets: number) => Buffer
  /** Connections that feed us now. */
  readonly callers: () => readonly PeerCaller[]
}

export class PeerAdministration implements PeerControl {
  readonly #parts: PeerAdministrationParts

  constructor(parts: PeerAdministrationParts) {
    this.#parts = parts
  }

  list(): Promise<readonly PeerReport[]> {
    return Promise.all(this.#parts.config().peer.map(peer => this.#report(peer)))
  }

  pulls(): readonly PullReport[] {
    return this.#parts.node.pulls.status()
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
    if (!(await this.#parts.node.peering.flush(fed))) throw stopped(fed)
  }

  async *backfill(
    { name, groups, since }: BackfillOptions,
    signal: AbortSignal,
  ): AsyncGenerator<BackfillProgress> {
    const peer = this.#fed(name)
    const only = Wildmat.parse(groups)
    if (only === undefined)
      throw new ControlFault(
        'usage',
        `${groups} is no wildmat: expected patterns such as "comp.*,!comp.os.*"`,
      )
    const { node, clock } = this.#parts
    const after = await node.storage.reading.arrivalBefore(since)
    const feed = await node.peering.backfill(peer, { after, only })
    if (feed === undefined) throw stopped(peer)
    yield* followBackfill(feed, { after, clock, signal })
  }

  async *test(name: string, signal: AbortSignal): AsyncGenerator<PeerTestItem> {
    const peer = this.#named(name)
    const { clock, config, node, random } = this.#parts
    const { bind, streaming } = peer
    const messageId = newMessageId({
      now: clock.now(),
      random: random(10),
      identity: config().node.path_identity,
    })
    const call = yield* callPeer(
      { addresses: peerAddresses(peer), bind, streaming, messageId },
      { link: new Link(peer, node.calls), clock, signal },
    )
    if (signal.aborted) return
    if (call !== undefined && call.remote !== '' && peer.from.length > 0)
      yield originFinding(peer, call.remote)
    const names = await this.#groupNames()
    const hierarchies = new Hierarchies(config().hierarchy)
    const sendable = names.filter(each => !hierarchies.isPrivate(each))
    const tested = { peer, call, out: through(peer.send, sendable), in: through(peer.accept, names) }
    if (peer.send !== undefined) yield { what: 'groups out', text: groupsText(tested.out) }
    yield { what: 'groups in', text: groupsText(tested.in) }
    yield peerVerdict(tested)
  }

  async #groupNames(): Promise<string[]> {
    const names: string[] = []
    for await (const groups of this.#parts.node.storage.reading.groups())
      names.push(...groups.map(group => group.name))
    return names
  }

  async #report(peer: PeerConfig): Promise<PeerReport> {
    const { node } = this.#parts
    const fed = node.peering.status().find(each => each.name === peer.name)
    return peerReport({
      peer,
      received: node.intake.of(peer.name),
      callers: this.#parts.callers().filter(({ source }) => source.peer === peer.name),
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

const stopped = (name: string) =>
  new ControlFault('refused', `peer ${name} is stopped; run "tidings peer start ${name}"`)

/** Whether we would know the peer if it called from where it answers. */
function originFinding({ name, from }: PeerConfig, remote: string): PeerTestItem {
  const known = isWithin(from, remote)
  const text = known ? `${remote} is ${name}` : `${remote} is not in from: from there it could not feed us`
  return { what: 'its address', text }
}

const shown = 10

function groupsText({ all, groups }: Direction): string {
  const more = groups.length > shown ? ', ...' : ''
  const names = groups.length === 0 ? '' : `: ${groups.slice(0, shown).join(', ')}${more}`
  return `${groups.length} of ${all}${names}`
}
