/** Articles of a node as files that other programs read: mailbox, rnews batch, spool, JSON lines. */
import { mboxEntry } from '../mbox.ts'
import type { Arrival, ArrivalRow, Reading, StoredArticle } from '../storage/reading.ts'
import type { Wildmat } from '../wildmat.ts'
import { terminator, textFromWire } from '../wire.ts'
import { GroupNames } from './group-names.ts'

export type ExportFormat = 'mbox' | 'rnews' | 'spool' | 'jsonl'

export interface ExportOptions {
  readonly format: ExportFormat
  /** Articles of these groups, each once; in a spool once for each of the groups. */
  readonly groups: Wildmat
}

export interface ExportChunk {
  /** In a spool: `comp/lang/c/123`, to stand under the directory given. Otherwise all chunks make one file. */
  readonly path?: string
  readonly octets: Buffer
}

const batch = 256

/**
 * In order of arrival, one article a chunk. An article that goes while this runs, or is damaged, is left out.
 * Articles come with Xref in a spool and without it elsewhere: numbers of this server mean nothing to others.
 */
export async function* exportArticles(options: ExportOptions, reading: Reading): AsyncGenerator<ExportChunk> {
  const names = new GroupNames(reading)
  const last = reading.newest
  let after = 0 as Arrival
  while (after < last) {
    const rows = await reading.arrivals(after, batch)
    if (rows.length === 0) return
    for (const row of rows) {
      if (row.arrival > last) return
      after = row.arrival
      if (row.kind === 'article') yield* exportRow({ ...options, row, names }, reading)
    }
  }
}

interface Exporting extends ExportOptions {
  readonly row: ArrivalRow
  readonly names: GroupNames
}

async function* exportRow(exporting: Exporting, reading: Reading): AsyncGenerator<ExportChunk> {
  const { row, format } = exporting
  const filed = await filedIn(exporting)
  if (filed.length === 0) return
  const article = await reading.article(row.arrival)
  if (article === undefined) return
  switch (format) {
    case 'mbox':
      return yield { octets: mboxEntry(textFromWire(unterminated(article.transfer)), row.time) }
    case 'rnews':
      return yield { octets: asRnews(article) }
    case 'jsonl':
      return yield { octets: asJson(article, { row, filed }) }
    case 'spool': {
      const octets = textFromWire(unterminated(article.served))
      // Group names hold letters, digits, `+`, `-` and `_` only, so they are safe as paths. RFC 5536 3.1.4
      for (const { group, number } of filed) yield { path: `${group.replaceAll('.', '/')}/${number}`, octets }
    }
  }
}

interface Filed {
  readonly group: string
  readonly number: number
}

async function filedIn({ row, names, groups }: Exporting): Promise<Filed[]> {
  const filed: Filed[] = []
  for (const { group, number } of row.filings) {
    const name = await names.of(group)
    if (name !== undefined && groups.matches(name)) filed.push({ group: name, number })
  }
  return filed
}

function unterminated(block: Buffer): Buffer {
  return block.subarray(0, block.length - terminator.length)
}

function asRnews(article: StoredArticle): Buffer {
  const text = textFromWire(unterminated(article.transfer))
  return Buffer.concat([Buffer.from(`#! rnews ${text.length}\n`), text])
}

/** `article` where it is UTF-8, else `article_base64`: JSON holds no other octets. */
function asJson(
  article: StoredArticle,
  { row, filed }: { row: ArrivalRow; filed: readonly Filed[] },
): Buffer {
  const text = textFromWire(unterminated(article.transfer))
  const decoded = decodeUtf8(text)
  const content = decoded === undefined ? { article_base64: text.toString('base64') } : { article: decoded }
  const { arrival, time, source } = row
  const fields = { message_id: article.messageId, arrival, time, source, groups: filed, ...content }
  return Buffer.from(`${JSON.stringify(fields)}\n`)
}

function decodeUtf8(octets: Buffer): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(octets)
  } catch {
    return undefined // Older charsets, or binary.
  }
}
