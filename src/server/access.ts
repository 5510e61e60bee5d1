/** Who may do what: the rules of [[access]] and [[peer]] for one address and account. The last match wins. */
import type { BlockList } from 'node:net'
import type { Client } from '../client.ts'
import type { AccessRule, Config } from '../config.ts'
import { contains, networks } from '../networks.ts'
import { plainAddress } from '../plain-address.ts'
import { Wildmat } from '../wildmat.ts'
import { PeerSources } from './peer-source.ts'
import type { Access } from './session.ts'

/** The rules of one configuration snapshot, compiled once. */
export class AccessRules {
  readonly #rules: readonly Rule[]
  readonly #peers: PeerSources

  constructor(config: Config) {
    this.#rules = config.access.map(compileRule)
    this.#peers = new PeerSources(config.peer)
  }

  for(client: Client): Access {
    const address = plainAddress(client.address)
    const account = client.account?.name ?? ''
    const rule = this.#rules.findLast(({ from, users }) => contains(from, address) && users(account))
    const source = this.#peers.for(client)
    const { read = nothing, post = nothing, approve = nothing } = rule ?? {}
    return {
      mayRead: read.matches,
      readsAll: read.all,
      reader: read.some,
      postsSomewhere: post.some,
      loginHelps: source === undefined && this.#peers.couldBecomePeer(client),
      poster: { account, address, mayPost: post.matches, mayApprove: approve.matches },
      ...(source && { source }),
    }
  }

  /** Whether a peer is configured to feed us from there. */
  isPeer(address: string): boolean {
    return this.#peers.isPeer(address)
  }
}

interface Rule {
  readonly from: BlockList
  readonly users: (account: string) => boolean
  readonly read: Groups
  readonly post: Groups
  readonly approve: Groups
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
