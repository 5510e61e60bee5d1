/** Overview from the articles themselves: for blocks whose checksum does not hold, and for an index made again. */
import { overviewLine } from '../../overview-line.ts'
import { decodeRecord } from '../article/record.ts'
import { articleIn, xrefIn } from '../article/stored-article.ts'
import type { Stores } from '../database/store.ts'
import { articleKey, numberKey, numberOfKey, readWide } from '../keys.ts'
import type { GroupId } from '../reading.ts'
import { blockSize, type Row } from './overview-block.ts'

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
