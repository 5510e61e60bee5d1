/** What this site changes in an article it takes: Path and Xref, and nothing else. RFC 5537 3.2.1, 3.6, 3.7 */
import { Article } from '../article.ts'
import type { ArticleLimits } from '../header-section.ts'
import { parsePath, pathVerdict, relayedPath } from '../path.ts'
import { Reason } from '../reason.ts'
import type { Source } from './feed.ts'
import type { Origin } from './origin.ts'

/** The article as this site stores it; what is posted was amended by the injecting agent. RFC 5537 3.5, 3.6 */
export function amend(article: Article, origin: Origin, identity: string): Article {
  switch (origin.kind) {
    case 'post':
      return article
    case 'peer':
      return amendRelayed(article, origin.source, identity)
    case 'import': {
      if (origin.host !== undefined && article.count('Path') > 0)
        return amendRelayed(article, pulledFrom(article, origin.host), identity)
      const old = article.header('Path') ?? 'not-for-mail'
      return article.edit({ remove: ['Path', 'Xref'], prepend: [`Path: ${identity}!${old}`] })
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
export function amendRelayed(article: Article, source: Source, identity: string): Article {
  const field = article.rawField('Path')
  if (field === undefined) return article
  const line = field.toString('latin1')
  const old = line.slice(line.indexOf(':') + 1)
  const sender = {
    names: [source.peer, ...source.aliases],
    address: source.address,
    identified: source.peer !== '',
  }
  // The leftmost entry decides; a Path may be long.
  const mark = old.indexOf('!')
  const verdict = pathVerdict(parsePath(mark < 0 ? old : old.slice(0, mark)), sender)
  const path = `Path: ${relayedPath({ identity, old, verdict })}`
  const start = field.byteOffset - article.wire.byteOffset
  if (start === 0) return article.edit({ remove: ['Path', 'Xref'], prepend: [path] })
  return inPlace(article, { start, end: start + field.length }, path)
}

const unlimited: ArticleLimits = {
  header_bytes: Number.POSITIVE_INFINITY,
  header_line_bytes: Number.POSITIVE_INFINITY,
  headers: Number.POSITIVE_INFINITY,
  lax: true,
}

function inPlace(article: Article, { start, end }: { start: number; end: number }, line: string): Article {
  const { wire } = article
  const amended = Buffer.concat([wire.subarray(0, start), Buffer.from(line, 'latin1'), wire.subarray(end)])
  const parsed = Article.parse(amended, unlimited)
  if (parsed instanceof Reason) throw new Error(`an amended Path damaged the article: ${parsed.text}`)
  return parsed.count('Xref') === 0 ? parsed : parsed.edit({ remove: ['Xref'] })
}
