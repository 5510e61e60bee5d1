/** What this site changes in an article it takes: Path and Xref, and nothing else. RFC 5537 3.2.1, 3.6, 3.7 */
import type { Article } from '../article.ts'
import type { Into } from '../own-memory.ts'
import { leftmostEntry, parsePath, pathVerdict, relayedPath } from '../path.ts'
import type { Source } from './feed.ts'
import type { Origin } from './origin.ts'

export interface Amending {
  /** Our own. */
  readonly identity: string
  /** Memory for what is made anew. */
  readonly into?: Into
}

/** RFC 5536 2.2: without CRLF. */
const lineOctets = 998

/** RFC 5537 3.6: each site has an Xref of its own. */
const ourOwn = ['Xref'] as const

/** The article as this site stores it; what is posted was amended by the injecting agent. RFC 5537 3.5, 3.6 */
export function amend(article: Article, origin: Origin, amending: Amending): Article {
  const { identity, into } = amending
  switch (origin.kind) {
    case 'post':
      return article
    case 'peer':
      return amendRelayed(article, origin.source, amending)
    case 'import': {
      if (origin.host !== undefined && article.count('Path') > 0)
        return amendRelayed(article, pulledFrom(article, origin.host), amending)
      const old = article.header('Path') ?? 'not-for-mail'
      const prepend = [`Path: ${identity}!${old}`]
      return article.edit({ remove: ['Path', 'Xref'], prepend, into })
    }
  }
}

/** We called it by that name, so it is known where its own Path begins so. RFC 5537 3.2.1 */
function pulledFrom(article: Article, host: string): Source {
  const [first] = parsePath(article.header('Path') ?? '').entries
  const known = first?.text.toLowerCase() === host.toLowerCase()
  const connection = Symbol(host)
  return { peer: known ? host : '', aliases: [], address: host, accepts: () => true, connection }
}

/**
 * The article as this site passes it on: our identity and what we know of its sender in front of Path, without
 * Xref, and nothing else touched: not even the order of the header. RFC 5537 3.2.1, 3.6, 3.7
 */
export function amendRelayed(article: Article, source: Source, { identity, into }: Amending): Article {
  // Most peers stand at the left of Path, under their name in lower case, and then nothing of it is looked at.
  const { peer, aliases } = source
  const ours = `${identity}!!`
  if (peer !== '' && article.pathBeginsAt(peer, lineOctets - ours.length))
    return article.edit({ remove: ourOwn, insert: { name: 'Path', text: ours }, into })
  const old = article.rawValue('Path')
  if (old === undefined) return article
  const sender = {
    names: aliases.length === 0 ? [peer] : [peer, ...aliases],
    address: source.address,
    identified: peer !== '',
  }
  const verdict = pathVerdict(leftmostEntry(old), sender)
  return article.edit({ remove: ourOwn, replace: `Path: ${relayedPath({ identity, old, verdict })}`, into })
}
