/** What stands in a stored article: its header, and the Xref line that is served with it. RFC 3977 3.1.1, RFC 5536 3.2.14 */
import { Article } from '../../article.ts'
import { parseDate } from '../../date.ts'
import { Reason } from '../../reason.ts'
import { terminator } from '../../wire.ts'
import type { StoredArticle } from '../reading.ts'
import type { HeldPost } from '../state/held.ts'

/** What is stored was examined once, be it under other limits: these only bound the parser. */
const storedLimits = { header_bytes: 2 ** 30, header_line_bytes: 2 ** 30, headers: 2 ** 20, lax: true }

/** The article as it was given to us, without Xref; undefined where it is none, which a checksum that holds forbids. */
export function articleIn({ transfer }: StoredArticle): Article | undefined {
  return parsed(transfer.subarray(0, transfer.length - terminator.length))
}

/** The proto-article that is held. */
export const heldArticle = ({ article }: Pick<HeldPost, 'article'>): Article | undefined => parsed(article)

function parsed(wire: Buffer): Article | undefined {
  const article = Article.parse(wire, storedLimits)
  return article instanceof Reason ? undefined : article
}

/** Seconds since 1970; undefined where the header is absent or cannot be read, which counts as absent. RFC 5536 3.2.5 */
export function expiresOf(article: Article): number | undefined {
  const text = article.header('Expires')
  return text === undefined ? undefined : parseDate(text)
}

/** The Xref line that is served, without its CRLF. */
export function xrefIn({ served, transfer }: StoredArticle): string {
  return served.toString('latin1', 0, Math.max(0, served.length - transfer.length - 2))
}
