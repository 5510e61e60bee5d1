/** Old articles from a file: an rnews batch read by `tidings import`. */
import { createWriteStream } from 'node:fs'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { Articles } from '../articles.ts'
import { type Scenario, timed } from '../scenario.ts'

async function writeBatch(file: string, articles: Articles, count: number): Promise<void> {
  const parts = function* () {
    for (let at = 0; at < count; at += 100)
      yield Buffer.concat(
        Array.from({ length: Math.min(100, count - at) }, (_, index) => articles.batched(at + index)),
      )
  }
  await pipeline(Readable.from(parts()), createWriteStream(file))
}

export const importing: Scenario = {
  name: 'import',
  title: 'import of an rnews batch',
  stock: 'empty',
  metrics: [
    { name: 'rate', unit: 'articles/s', better: 'more' },
    { name: 'cpu', unit: 'µs CPU/article', better: 'less' },
  ],
  async measure({ server, articles, sizes, directory }) {
    if (server.import === undefined) return undefined
    const file = join(directory, 'batch.rnews')
    await writeBatch(file, articles, sizes.articles)
    const before = server.usage().cpu
    const seconds = await timed(async () => server.import?.(file))
    return {
      rate: sizes.articles / seconds,
      cpu: ((server.usage().cpu - before) / sizes.articles) * 1e6,
    }
  },
}
