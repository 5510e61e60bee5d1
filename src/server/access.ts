/** Who may do what: the rules of [[access]] and [[peer]] for one address and account. The last match wins. */
import { BlockList, isIP } from 'node:net'
import type { Client } from '../client.ts'
import type { AccessRule, Config, PeerConfig } from '../config.ts'
import type { Source } from '../feed/feed.ts'
import { plainAddress } from '../plain-address.ts'
import { HierarchyPattern, Wildmat } from '../wildmat.ts'
import type { Access } from './session.ts'

/** The rules of one configuration snapshot, compiled once. */
export class AccessRules {
  readonly #rules: readonly Rule[]
  readonly #peers: readonly PeerRule[]

  constructor(config: Config) {
    this.#rules = config.access.map(compileRule)
    this.#peers = config.peer.map(peer => ({ peer, from: networks(peer.from), accepts: accepting(peer) }))
  }

  for(client: Client): Access {
    const address = plainAddress(client.address)
    const account = client.account?.name ?? ''
    const rule = this.#rules.findLast(({ from, users }) => contains(from, address) && users(account))
    const source = this.#source(address)
    const { read = nothing, post = nothing, approve = nothing } = rule ?? {}
    return {
      mayRead: read.matches,
      readsAll: read.all,
      reader: read.some,
      postsSomewhere: post.some,
      loginHelps: false,
      poster: { account, address, mayPost: post.matches, mayApprove: approve.matches },
      ...(source && { source }),
    }
  }

  /** Whether a peer is configured to feed us from there. */
  isPeer(address: string): boolean {
    const client = plainAddress(address)
    return this.#peers.some(({ from }) => contains(from, client))
  }

  #source(address: string): Source | undefined {
    const found = this.#peers.findLast(({ from }) => contains(from, address))
    if (found === undefined) return undefined
    const { name, aliases } = found.peer
    return { peer: name, aliases, address, accepts: found.accepts, connection: Symbol(name) }
  }
}

interface Rule {
  readonly from: BlockList
  readonly users: (account: string) => boolean
  readonly read: Groups
  readonly post: Groups
  readonly approve: Groups
}

interface PeerRule {
  readonly peer: PeerConfig
  readonly from: BlockList
  readonly accepts: (group: string) => boolean
}

interface Groups {
  readonly matches: (group: string) => boolean
  /** Matches every group; may match any at all. */
  readonly all: boolean
  readonly some: boolean
}

const nothing: Groups = { matches: () => false, all: false, some: false }

function compileRule({ from, users, read, post, approve }: AccessRule): Rule {
  const accounts = Wildmat.parse(users)
  return {
    from: networks(from),
    // An empty pattern is for those who are not logged in.
    users: account => (users === '' ? account === '' : accounts?.matches(account) === true),
    read: groups(read),
    post: groups(post),
    approve: groups(approve),
  }
}

function groups(pattern: string): Groups {
  const wildmat = Wildmat.parse(pattern)
  if (wildmat === undefined) return nothing
  return { matches: name => wildmat.matches(name), all: wildmat.all, some: true }
}

function accepting({ accept }: PeerConfig): (group: string) => boolean {
  const pattern = HierarchyPattern.parse(accept)
  return group => pattern?.verdict(group) === 'yes'
}

/** Addresses and CIDR blocks. The configuration was checked: what is neither is left out. */
export function networks(from: readonly string[]): BlockList {
  const list = new BlockList()
  for (const entry of from) {
    const [address = '', bits] = entry.split('/')
    const family = familyOf(address)
    if (family === undefined) continue
    if (bits === undefined) list.addAddress(address, family)
    else list.addSubnet(address, Number(bits), family)
  }
  return list
}

/** Whether an address as a socket gives it lies in one of the addresses and CIDR blocks. */
export const isWithin = (from: readonly string[], address: string): boolean =>
  contains(networks(from), plainAddress(address))

function contains(list: BlockList, address: string): boolean {
  const family = familyOf(address)
  return family !== undefined && list.check(address, family)
}

function familyOf(address: string): 'ipv4' | 'ipv6' | undefined {
  const version = isIP(address)
  return version === 0 ? undefined : version === 4 ? 'ipv4' : 'ipv6'
}
