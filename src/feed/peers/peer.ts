/** What a peer wants, decided from the row of the arrival log alone. RFC 5537 3.6, 3.1; RFC 5536 3.2.4 */
import type { Article } from '../../article.ts'
import type { PeerConfig } from '../../config/config.ts'
import { Hierarchies } from '../../hierarchies.ts'
import { parseNewsgroups } from '../../newsgroup.ts'
import type { ArrivalRow } from '../../storage/reading.ts'
import { HierarchyPattern, Wildmat } from '../../wildmat.ts'
import { isDistributed } from './distribution.ts'

/** Where it is called, in the order they are tried. */
export function peerAddresses({ to }: PeerConfig): readonly string[] {
  return to === undefined ? [] : typeof to === 'string' ? [to] : to
}

/** One `[[peer]]` section, compiled. */
export interface PeerRules {
  readonly name: string
  /** `peer:NAME`, as rows name their source. */
  readonly source: string
  /** Its path identity and aliases, lower case. */
  readonly identities: ReadonlySet<string>
  readonly groups: HierarchyPattern
  readonly distributions: Wildmat
  readonly maxBytes: number
  /** Groups whose articles never leave this node. */
  readonly isPrivate: (group: string) => boolean
}

/** Undefined where the peer is sent nothing: it has no `send` or no `to`. Throws where a pattern is wrong. */
export function compilePeer(peer: PeerConfig, hierarchies = new Hierarchies([])): PeerRules | undefined {
  if (peer.send === undefined || peer.to === undefined) return undefined
  const groups = HierarchyPattern.parse(peer.send)
  if (groups === undefined) throw new Error(`peer ${peer.name}: send: not a list of patterns: ${peer.send}`)
  const distributions = Wildmat.parse(peer.distributions.toLowerCase())
  if (distributions === undefined) {
    throw new Error(`peer ${peer.name}: distributions: not a list of patterns: ${peer.distributions}`)
  }
  return {
    name: peer.name,
    source: `peer:${peer.name}`,
    identities: new Set([peer.name, ...peer.aliases].map(name => name.toLowerCase())),
    groups,
    distributions,
    maxBytes: peer.max_bytes ?? Number.POSITIVE_INFINITY,
    isPrivate: name => hierarchies.isPrivate(name),
  }
}

/** Why an arrival is not offered; `article trace` shows it. */
export type Why =
  | 'no article'
  | 'private'
  | 'local only'
  | 'source'
  | 'path'
  | 'size'
  | 'distribution'
  | 'groups'

export type Wanted = { readonly send: true } | { readonly send: false; readonly why: Why }

const not = (why: Why): Wanted => ({ send: false, why })
const yes: Wanted = { send: true }

/** `names`: the newsgroups it was filed in, and for a control message those that it is about. */
export function wants(peer: PeerRules, row: ArrivalRow, names: readonly string[]): Wanted {
  if (row.kind !== 'article') return not('no article')
  // Whatever the patterns say: one private group is enough.
  if (names.some(peer.isPrivate)) return not('private')
  if (row.localOnly) return not('local only')
  // Peers do this: never back over the peering it came from, even where Path lacks the name.
  if (row.source === peer.source) return not('source')
  // RFC 5537 3.6: not to a site that Path names. The row leaves out what the poster could have put there.
  if (row.path.some(identity => peer.identities.has(identity))) return not('path')
  if (row.size > peer.maxBytes) return not('size')
  if (!isDistributed(peer.distributions, row.distributions)) return not('distribution')
  return peer.groups.wants(names) ? yes : not('groups')
}

/** The newsgroups a control message was sent to, and the one it creates or removes. RFC 5537 3.6, 5.2 */
export function groupsOfControl(article: Article): readonly string[] {
  const { groups } = parseNewsgroups(article.header('Newsgroups') ?? '')
  const [verb = '', target = ''] = (article.header('Control') ?? '').split(/[ \t]+/)
  return /^(newgroup|rmgroup)$/i.test(verb) && target !== '' ? [...groups, target] : groups
}
