/** How far a backfill is, several times a second and at its end. */
import type { Clock } from '../../clock.ts'
import type { OutgoingFeed } from '../../feed/outgoing/outgoing.ts'
import type { Arrival } from '../../storage/reading.ts'
import type { BackfillProgress } from './peer-control.ts'

/** Milliseconds between two reports. */
const reportEvery = 250

export interface Following {
  /** Where it began. */
  readonly after: Arrival
  readonly clock: Clock
  readonly signal: AbortSignal
}

/** Stops the feed at its end, or when `signal` aborts. */
export async function* followBackfill(
  feed: OutgoingFeed,
  { after, clock, signal }: Following,
): AsyncGenerator<BackfillProgress> {
  const enough = new AbortController()
  const abort = () => enough.abort()
  signal.addEventListener('abort', abort, { once: true })
  if (signal.aborted) abort()
  void feed.over.then(abort)
  try {
    while (!enough.signal.aborted) {
      yield progressOf(feed, after)
      await clock.sleep(reportEvery, enough.signal)
    }
  } finally {
    signal.removeEventListener('abort', abort)
    await feed.stop()
  }
  yield progressOf(feed, after)
}

function progressOf(feed: OutgoingFeed, after: Arrival): BackfillProgress {
  const { cursor, until, waiting, counters } = feed.status()
  const { offered, accepted, duplicate, gone, lastError, rejected } = counters
  return {
    done: Math.max(0, cursor - after),
    total: Math.max(0, until - after),
    offered,
    accepted,
    duplicate,
    rejected: [...rejected.values()].reduce((sum, count) => sum + count, 0),
    gone,
    waiting,
    lastError,
    complete: feed.complete,
  }
}
