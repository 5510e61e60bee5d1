/** Who may do what: the rules of [[access]] and [[peer]] for one client. The last match wins. RFC 3977 3.2.1 */

import { plainAddress } from '../address.ts'
import type { Client } from '../client.ts'
import type { AccessRule, Config } from '../config/config.ts'
import { Hierarchies } from '../hierarchies.ts'
import { Recent } from '../recent.ts'
import { Wildmat } from '../wildmat.ts'
import { CompiledRule, givesMore, noRights, type Rights, withRoles } from './access-rule.ts'
import { anew, PeerSources } from './peer-source.ts'
import type { Access, AccessLimits } from './session.ts'

/** How many may come in from an address. */
export interface Door {
  /** A peer feeds us from there: nobody is counted. */
  readonly exempt: boolean
  /** In place of the usual limit. */
  readonly own: number | undefined
}

/** The rules of one configuration snapshot, compiled once. */
export class AccessRules {
  readonly hierarchies: Hierarchies
  readonly #rules: readonly CompiledRule[]
  readonly #limits: readonly AccessLimits[]
  /** For each rule the groups whose articles are held; undefined where there are none. */
  readonly #holds: readonly (Wildmat | undefined)[]
  readonly #peers: PeerSources
  readonly #known = new Recent<string, Access>(1000)
  readonly #doors = new Recent<string, Door>(1000)

  constructor(config: Pick<Config, 'access' | 'hierarchy' | 'peer'>) {
    const hierarchies = new Hierarchies(config.hierarchy)
    this.hierarchies = hierarchies
    this.#rules = config.access.map(rule => new CompiledRule(rule, hierarchies))
    this.#limits = config.access.map(limitsOf)
    this.#holds = config.access.map(({ hold }) => Wildmat.parse(hold))
    this.#peers = new PeerSources(config.peer)
  }

  /** The same object for all strangers from an address, but for the source of a peer: there are thousands of them. */
  for(client: Client): Access {
    if (client.account !== undefined || client.certificate !== undefined) return this.#workOut(client)
    const key = client.secure ? `tls ${client.address}` : client.address
    const known = this.#known.get(key)
    if (known?.source !== undefined) return { ...known, source: anew(known.source) }
    if (known !== undefined) return known
    const access = this.#workOut(client)
    this.#known.set(key, access)
    return access
  }

  /** What counts before a client from there has said anything. `address` as `plainAddress` gives it. */
  doorOf(address: string): Door {
    const known = this.#doors.get(address)
    if (known !== undefined) return known
    const { connections } = this.limitsOf({ address, secure: false })
    const door = { exempt: this.#peers.isPeer(address), own: connections }
    this.#doors.set(address, door)
    return door
  }

  #workOut(client: Client): Access {
    const address = plainAddress(client.address)
    const account = client.account?.name ?? ''
    const rule = this.ruleOf(client)
    const { read, post, approve } = withRoles(this.#rules[rule]?.rights ?? noRights, client.account?.roles)
    const source = this.#peers.for(client)
    const limits = this.#limits[rule] ?? noLimits
    const registered = client.account?.registered
    const held = this.#holds[rule]
    const peerLater = source === undefined && this.#peers.couldBecomePeer(client)
    return {
      mayRead: read.matches,
      readsAll: read.all,
      reader: read.some,
      postsSomewhere: post.some,
      loginHelps: peerLater || (client.account === undefined && this.#loginGivesMore(address, rule)),
      limits,
      poster: {
        account,
        address,
        mayPost: post.matches,
        mayApprove: approve.matches,
        // Who may post where he may not read knows that it is there.
        maySee: read.all ? read.matches : name => read.matches(name) || post.matches(name),
        ...(held && { holds: name => held.matches(name) }),
        ...(limits.posts_per_hour !== undefined && { postsPerHour: limits.posts_per_hour }),
        ...(registered !== undefined && { registered }),
      },
      ...(source && { source }),
    }
  }

  /** Which rule of [[access]] counts, from 0; -1 where none matches. */
  ruleOf({ address, account }: Client): number {
    const from = plainAddress(address)
    return this.#rules.findLastIndex(rule => rule.isFrom(from) && rule.isFor(account))
  }

  /** What the rule that counts says in place of [limits]. */
  limitsOf(client: Client): AccessLimits {
    return this.#limits[this.ruleOf(client)] ?? noLimits
  }

  /**
   * Whether this client may read what strangers may not: what it is sent may be secret, and must not be compressed
   * together with what others wrote. RFC 8054 6
   */
  isPrivileged(client: Client): boolean {
    const rule = this.ruleOf(stranger)
    if (this.#rules[rule]?.rights.read.all) return false
    return client.account !== undefined || this.ruleOf(client) !== rule
  }

  /** `now` is the rule that counts without a login. */
  #loginGivesMore(address: string, now: number): boolean {
    const rights: Rights = this.#rules[now]?.rights ?? noRights
    for (const rule of this.#rules.toReversed()) {
      if (rule.forLogins === 'none' || !rule.isFrom(address)) continue
      if (givesMore(rule.rights, rights)) return true
      // The rules above it count for nobody who is logged in.
      if (rule.forLogins === 'all') return false
    }
    return false
  }
}

/** Of no network that a rule names. RFC 1122 3.2.1.3 */
const stranger: Client = { address: '0.0.0.0', secure: false }
const noLimits: AccessLimits = {}

function limitsOf(rule: AccessRule): AccessLimits {
  const { connections, commands_per_second, bytes_per_second, posts_per_hour } = rule
  return {
    ...(connections !== undefined && { connections }),
    ...(commands_per_second !== undefined && { commands_per_second }),
    ...(bytes_per_second !== undefined && { bytes_per_second }),
    ...(posts_per_hour !== undefined && { posts_per_hour }),
  }
}
