/** Overview lines as rows, and windows of rows in either direction from a number. RFC 3977 8.3.2 */

import { decodeHeader } from '../article-text/header-words.ts'
import type { Group, NumberRange, Reading } from '../storage/reading.ts'

export interface OverviewRow {
  readonly number: number
  /** Decoded, not yet made visible or escaped. */
  readonly subject: string
  readonly from: string
  /** As written. */
  readonly date: string
  readonly messageId: string
  /** Message-IDs, oldest first. */
  readonly references: readonly string[]
  readonly lines: number
  readonly octets?: number
  /** Every group it is filed in here, by its Xref: those too that a reader may not know of, so it is not shown. */
  readonly newsgroups?: () => readonly string[]
}

/** The eight fields; undefined for what is no overview line. */
export function parseOverviewLine(line: string): OverviewRow | undefined {
  const fields = line.split('\t')
  const number = Number(fields[0])
  if (!Number.isSafeInteger(number) || number < 1 || fields.length < 8) return undefined
  const [, subject = '', from = '', date = '', messageId = '', references = '', octets = '', lines = ''] =
    fields
  return {
    number,
    subject: decodeHeader(subject),
    from: decodeHeader(from),
    date,
    messageId,
    references: references.match(/<[^<>\s]+>/g) ?? [],
    lines: Number(lines) || 0,
    octets: Number(octets) || 0,
    newsgroups: () => [...(fields[8] ?? '').matchAll(/ ([^ :]+):\d+/g)].map(([, name = '']) => name),
  }
}

/** Ascending. */
export async function readRows(reading: Reading, group: Group, range: NumberRange): Promise<OverviewRow[]> {
  const rows: OverviewRow[] = []
  for await (const chunk of reading.overview(group.id, range)) {
    for (const line of chunk.toString('latin1').split('\r\n')) {
      const row = line === '' ? undefined : parseOverviewLine(line)
      if (row !== undefined) rows.push(row)
    }
  }
  return rows
}

/** The row of the highest number there is; undefined in an empty group. */
export async function newestRow(reading: Reading, group: Group): Promise<OverviewRow | undefined> {
  const { id, high } = group
  const [row] = await readRows(reading, group, { low: high, high })
  if (row !== undefined) return row
  const below = await reading.previous(id, high)
  return below === undefined ? undefined : (await readRows(reading, group, { low: below, high: below }))[0]
}

export interface Window {
  /** Newest number first. */
  readonly rows: readonly OverviewRow[]
  readonly older: boolean
  readonly newer: boolean
}

/** Numbers read at a time: one sealed block of the store. */
const stride = 128

export interface Span {
  /** Rows with smaller numbers only, the newest of them. */
  readonly before?: number | undefined
  /** Rows with greater numbers only, the oldest of them. */
  readonly after?: number | undefined
  readonly count: number
}

/** At most `count` rows. Gaps in the numbers cost nothing. */
export async function readWindow(reading: Reading, group: Group, span: Span): Promise<Window> {
  if (span.after !== undefined) {
    const rows = await rowsAfter(reading, group, { after: span.after, count: span.count + 1 })
    const shown = rows.slice(0, span.count)
    const oldest = shown[0]?.number ?? group.high + 1
    const older = (await reading.previous(group.id, oldest)) !== undefined
    return { rows: shown.reverse(), older, newer: rows.length > span.count }
  }
  const before = Math.min(span.before ?? group.high + 1, group.high + 1)
  const rows = await rowsBefore(reading, group, { before, count: span.count + 1 })
  const shown = rows.slice(0, span.count)
  const newer = before <= group.high && (await reading.next(group.id, before - 1)) !== undefined
  return { rows: shown, older: rows.length > span.count, newer }
}

/** Newest first. */
async function rowsBefore(
  reading: Reading,
  group: Group,
  { before, count }: { readonly before: number; readonly count: number },
): Promise<OverviewRow[]> {
  const rows: OverviewRow[] = []
  let below = before
  while (rows.length < count) {
    const high = await reading.previous(group.id, below)
    if (high === undefined) break
    const low = Math.max(1, high - stride + 1)
    rows.push(...(await readRows(reading, group, { low, high })).reverse())
    below = low
  }
  return rows.slice(0, count)
}

/** Oldest first. */
async function rowsAfter(
  reading: Reading,
  group: Group,
  { after, count }: { readonly after: number; readonly count: number },
): Promise<OverviewRow[]> {
  const rows: OverviewRow[] = []
  let above = after
  while (rows.length < count) {
    const low = await reading.next(group.id, above)
    if (low === undefined) break
    const high = Math.min(group.high, low + stride - 1)
    rows.push(...(await readRows(reading, group, { low, high })))
    above = high
  }
  return rows.slice(0, count)
}
