/** How old an article may be: a limit that waits for peers that were away. RFC 5537 3.5, 3.6 */
import type { Config } from '../../config/config.ts'

const day = 86_400

export interface HorizonFacts {
  /** Seconds since 1970, as all times here. */
  readonly now: number
  /** 0 = no limit is wanted: it stands still. */
  readonly cutoffDays: number
  /** How long a peer may be away and still bring what it has. */
  readonly absenceDays: number
  /** Of each peer that feeds us the last time it was current; 0 = never. */
  readonly peersLastCurrent: Iterable<number>
  readonly previous: number
}

/**
 * Articles of an earlier date are refused, and their message-IDs may be forgotten; never below `previous`, because
 * that may have happened. Unlike INN: a fixed cut-off throws away what a returning site catches up with.
 */
export function horizon(facts: HorizonFacts): number {
  const { now, cutoffDays, absenceDays, peersLastCurrent, previous } = facts
  if (cutoffDays === 0) return previous
  const cutoff = cutoffDays * day
  // An absence shorter than the cut-off would forbid what the cut-off allows.
  const longest = Math.max(absenceDays * day, cutoff)
  const reached = Math.min(now, ...peersLastCurrent) - cutoff
  return Math.max(previous, Math.floor(Math.max(now - longest, reached)), 0)
}

/** RFC 5537 3.5: a posting may be refused for its age; the plain cut-off serves for it. 0 = none. */
export function postingLimit(now: number, { history }: Config): number {
  return history.cutoff_days === 0 ? 0 : Math.floor(now / 1000 - history.cutoff_days * day)
}
