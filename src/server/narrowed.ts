/**
 * What a reader who may not read every group is shown of crossposts: Xref names no group that is hidden from him, and
 * sizes are those of what he gets. Who may read everything gets what is stored, untouched. RFC 3977 8.3.2, RFC 5536 3.2.14
 */

import { xrefIn } from '../storage/article/stored-article.ts'
import { narrowXref } from '../storage/article/xref.ts'
import type { GroupId, NumberRange, Reading, StoredArticle } from '../storage/reading.ts'
import type { Access, Session } from './session.ts'

type MayRead = (group: string) => boolean

/** What of a session counts here. */
interface Narrowing {
  readonly services: { readonly reading: Pick<Reading, 'overview'> }
  readonly access: Pick<Access, 'readsAll' | 'mayRead'>
}

/** `Reading.overview` as this session may see it. */
export function visibleOverview(
  session: Narrowing,
  group: GroupId,
  range: NumberRange,
): AsyncIterable<Buffer> {
  const lines = session.services.reading.overview(group, range)
  return session.access.readsAll ? lines : narrowed(lines, session.access.mayRead)
}

/** An article that this session may see, as it may see it. */
export function visibleArticle({ access }: Session, article: StoredArticle): StoredArticle {
  // In one group alone it was found there.
  if (access.readsAll || article.filings.length < 2) return article
  const narrow = narrowXref(xrefIn(article), access.mayRead)
  if (narrow === undefined) return article
  const { messageId, filings, localOnly, octets, lines, served, transfer, head, body } = article
  const xref = Buffer.from(narrow.line === '' ? '' : `${narrow.line}\r\n`, 'latin1')
  return {
    messageId,
    filings,
    localOnly,
    octets: octets - narrow.dropped,
    lines,
    served: Buffer.concat([xref, transfer]),
    transfer,
    head: Buffer.concat([xref, head.subarray(served.length - transfer.length)]),
    body,
  }
}

async function* narrowed(chunks: AsyncIterable<Buffer>, mayRead: MayRead): AsyncGenerator<Buffer> {
  const known = new Map<string, boolean>()
  const remembered = (name: string) => {
    const before = known.get(name)
    if (before !== undefined) return before
    const may = mayRead(name)
    known.set(name, may)
    return may
  }
  for await (const chunk of chunks) yield narrowOverview(chunk, remembered)
}

const tab = 9
const newline = 10
const blank = 32

/** Whole overview lines. The same buffer where nothing in it is hidden. */
export function narrowOverview(chunk: Buffer, mayRead: MayRead): Buffer {
  const parts: Buffer[] = []
  let copied = 0
  for (let start = 0; start < chunk.length; ) {
    const end = chunk.indexOf(newline, start) + 1 || chunk.length
    const xref = crosspostIn(chunk, start, end)
    const line = xref > start ? narrowLine(chunk.subarray(start, end), xref - start, mayRead) : undefined
    if (line !== undefined) {
      parts.push(chunk.subarray(copied, start), line)
      copied = end
    }
    start = end
  }
  if (parts.length === 0) return chunk
  parts.push(chunk.subarray(copied))
  return Buffer.concat(parts)
}

/** Where the last field of a line begins, if that is an Xref of several groups; else -1. Every line passes here. */
function crosspostIn(chunk: Buffer, start: number, end: number): number {
  let blanks = 0
  let at = end - 1
  while (at >= start && chunk[at] !== tab) {
    if (chunk[at] === blank) blanks++
    at--
  }
  // `Xref: identity g:n` has two blanks.
  return blanks > 2 ? at + 1 : -1
}

/** One line with its CRLF; undefined where nothing in it is hidden. `:bytes` and `:lines` stand before Xref. */
function narrowLine(line: Buffer, xref: number, mayRead: MayRead): Buffer | undefined {
  const narrow = narrowXref(line.toString('latin1', xref).trimEnd(), mayRead)
  if (narrow === undefined) return undefined
  const lines = line.lastIndexOf(tab, xref - 2) + 1
  const bytes = line.lastIndexOf(tab, lines - 2) + 1
  const size = Number(line.toString('latin1', bytes, lines - 1)) - narrow.dropped
  const shown = narrow.line.replaceAll('\r\n\t', ' ')
  return Buffer.concat([
    line.subarray(0, bytes),
    Buffer.from(`${size}\t`, 'latin1'),
    line.subarray(lines, xref),
    Buffer.from(`${shown}\r\n`, 'latin1'),
  ])
}
