/** Overview from the articles themselves: for blocks whose checksum does not hold, and for an index made again. */
import { Article } from '../article.ts'
import { overviewLine } from '../overview-line.ts'
import { Reason } from '../reason.ts'
import { terminator } from '../wire.ts'
import { articleKey, numberKey, numberOfKey, readWide } from './keys.ts'
import { blockSize, type Row } from './overview-block.ts'
import type { GroupId, StoredArticle } from './reading.ts'
import { decodeRecord } from './record.ts'
import type { Stores } from './store.ts'

/** What is stored was examined once: these only bound the parser. */
export const storedLimits = { header_bytes: 2 ** 30, header_line_bytes: 2 ** 30, headers: 2 ** 20, lax: true }

/** The article as it was given to us, without Xref; undefined where it is none, which a checksum that holds forbids. */
export function articleIn({ transfer }: StoredArticle): Article | undefined {
  const article = Article.parse(transfer.subarray(0, transfer.length - terminator.length), storedLimits)
  return article instanceof Reason ? undefined : article
}

/** The Xref line that is served, without its CRLF. */
export function xrefIn({ served, transfer }: StoredArticle): string {
  return served.toString('latin1', 0, Math.max(0, served.length - transfer.length - 2))
}

/** The rows of one block as the committed articles give them; those that are damaged are left out. */
export async function rowsFromArticles(stores: Stores, group: GroupId, block: number): Promise<Row[]> {
  const first = block * blockSize
  const range = { gte: numberKey(group, first), lt: numberKey(group, first + blockSize) }
  const rows: Row[] = []
  for await (const pairs of stores.index.iterate(range)) {
    const records = await stores.articles.getMany(pairs.map(({ value }) => articleKey(readWide(value))))
    for (const [at, { key }] of pairs.entries()) {
      const record = records[at]
      const stored = record && decodeRecord(record)
      const article = stored && articleIn(stored)
      const number = numberOfKey(key)
      if (article) rows.push({ number, line: overviewLine({ article, number, xref: xrefIn(stored) }) })
    }
  }
  return rows
}
