/** Where the article has been and how far it may go: Path and Distribution. RFC 5536 3.1.5, 3.2.4; RFC 5537 3.6 */
import { isDistribution, parseDistributions } from '../../newsgroup.ts'
import { readRoute } from '../../path.ts'
import { Reason } from '../../reason.ts'
import { Wildmat } from '../../wildmat.ts'
import { isDistributed } from '../peers/distribution.ts'
import type { Case } from './check.ts'

/** Notes the identities that have seen the article. An old article may have passed any number of sites, or none. */
export function hasGoodPath({ article, origin, facts, draft }: Case): Reason | undefined {
  const path = readRoute(article.header('Path') ?? '')
  draft.path = path.identities
  if (origin.kind === 'import') return undefined
  // RFC 5536 3.1.5: there is a tail entry at least.
  if (path.tail === '') return new Reason('bad-path')
  if (path.length > facts.config.limits.path_entries) return new Reason('path-too-long')
  return undefined
}

/** What stands right of `.POSTED` or in the tail is the poster's word and does not count. RFC 5537 3.6, 6.2 */
export function isNotOurOwn({ facts, draft }: Case): Reason | undefined {
  const own = facts.config.node.path_identity.toLowerCase()
  return draft.path.includes(own) ? new Reason('path-loop', own) : undefined
}

/** Notes the distributions; a poster's must be well formed. */
export function hasGoodDistribution({ article, origin, draft }: Case): Reason | undefined {
  const header = article.header('Distribution')
  if (header === undefined) return undefined
  const distributions = parseDistributions(header)
  const good = distributions.length > 0 && distributions.every(isDistribution)
  if (origin.kind === 'post' && !good) return new Reason('bad-distribution', header)
  draft.distributions = distributions
  return undefined
}

/** RFC 5536 3.2.4: passed between sites only where the receiver takes at least one of the distributions. */
export function isDistributedHere({ origin, facts, draft }: Case): Reason | undefined {
  if (origin.kind !== 'peer' || draft.distributions.length === 0) return undefined
  const peer = facts.config.peer.find(({ name }) => name === origin.source.peer)
  if (peer === undefined || peer.distributions === '*') return undefined
  const agreed = Wildmat.parse(peer.distributions.toLowerCase())
  if (agreed && isDistributed(agreed, draft.distributions)) return undefined
  return new Reason('unwanted-distribution', draft.distributions.join(','))
}
