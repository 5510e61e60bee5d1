/** Arrivals as they come, for `tidings tail`: a cursor over the log that keeps nothing. */

import { articleIn } from '../../storage/article/stored-article.ts'
import type { Arrival, ArrivalRow, Reading } from '../../storage/reading.ts'
import type { Wildmat } from '../../wildmat.ts'
import type { TailEvent } from './node-control.ts'

export interface TailOptions {
  readonly reading: Reading
  readonly pattern: Wildmat
  /** Arrival to begin after; the newest where absent. */
  readonly since?: number | undefined
}

const batch = 256

/** Ends when `signal` aborts. */
export async function* followArrivals(options: TailOptions, signal: AbortSignal): AsyncGenerator<TailEvent> {
  const { reading } = options
  let after = (options.since ?? reading.newest) as Arrival
  while (!signal.aborted) {
    const rows = await reading.arrivals(after, batch)
    for (const row of rows) {
      if (signal.aborted) return
      after = row.arrival
      const event = await eventOf(row, options)
      if (event) yield event
    }
    if (rows.length === 0) await reading.changed(after, signal)
  }
}

async function eventOf(row: ArrivalRow, { reading, pattern }: TailOptions): Promise<TailEvent | undefined> {
  if (row.kind === 'expire') return undefined
  const filings = []
  for (const { group, number } of row.filings) {
    const name = (await reading.groupById(group))?.name
    if (name !== undefined && pattern.matches(name)) filings.push({ group: name, number })
  }
  if (filings.length === 0) return undefined
  const { arrival, time, kind, source, messageId } = row
  const stored = kind === 'article' ? await reading.article(arrival) : undefined
  const article = stored && articleIn(stored)
  const header = (name: string) => Buffer.from(article?.header(name) ?? '', 'latin1').toString()
  return { arrival, time, kind, source, messageId, filings, from: header('From'), subject: header('Subject') }
}
