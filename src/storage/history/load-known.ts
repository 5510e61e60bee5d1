/** Fills what stands in memory before the databases of message-IDs; behind the start, as nobody waits for it. */

import type { Stores } from '../database/store.ts'
import { allCancels, allGone, allHistory, hashOfKey, readWide } from '../keys.ts'
import type { HistoryFilter } from './history-filter.ts'
import type { RecentIds } from './recent-ids.ts'

export interface KnownParts {
  readonly stores: Pick<Stores, 'index' | 'state'>
  readonly filter: Pick<HistoryFilter, 'add' | 'complete'>
  readonly recent: Pick<RecentIds, 'capacity' | 'beginLoading' | 'addOlder' | 'endLoading'>
  /** The last arrival there is. */
  readonly newest: number
}

const keysAtOnce = 1024

/** The filter takes in all ids, the table those that came last. Rejects where the databases cannot be read. */
export async function loadKnown(parts: KnownParts, signal: AbortSignal): Promise<void> {
  const { stores, filter, recent } = parts
  try {
    await loadHistory(parts, signal)
  } finally {
    recent.endLoading()
  }
  for (const range of [allGone, allCancels])
    for await (const keys of stores.state.keys(range, keysAtOnce)) {
      if (signal.aborted) return
      for (const key of keys) filter.add(hashOfKey(key))
    }
  if (!signal.aborted) filter.complete()
}

async function loadHistory(
  { stores, filter, recent, newest }: KnownParts,
  signal: AbortSignal,
): Promise<void> {
  const from = newest - recent.capacity
  recent.beginLoading(Math.min(newest, recent.capacity))
  for await (const pairs of stores.index.iterate(allHistory, keysAtOnce)) {
    if (signal.aborted) return
    for (const { key, value } of pairs) {
      const hash = hashOfKey(key)
      filter.add(hash)
      if (readWide(value) > from) recent.addOlder(hash)
    }
  }
}
