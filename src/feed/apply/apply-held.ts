/** Step 5 for postings that are held, and for what becomes of them. Applying one twice is harmless. */

import type { MessageId } from '../../message-id.ts'
import { Reason } from '../../reason.ts'
import type { Draft } from '../../storage/commit/draft.ts'
import type { Decision, HoldEntry, Outcome, UnholdEntry } from '../../storage/entry.ts'
import type { Arrival } from '../../storage/reading.ts'

/** More wait for nobody: an administrator who has so many before him releases none of them. */
export const mostHeld = 10_000

export async function applyHold({ post }: HoldEntry, draft: Draft): Promise<Outcome> {
  if ((await draft.known(post.messageId)) !== undefined) return { kind: 'duplicate' }
  if (await draft.held.has(post.messageId)) return { kind: 'refused', reason: new Reason('held-already') }
  if (draft.held.count >= mostHeld) return { kind: 'deferred', reason: new Reason('too-many-held') }
  draft.held.put(post)
  return { kind: 'stored', arrival: draft.counters.arrival as Arrival, filings: [] }
}

export async function applyUnhold({ messageId }: UnholdEntry, draft: Draft): Promise<Outcome> {
  if (!(await draft.held.has(messageId))) return { kind: 'duplicate' }
  draft.held.delete(messageId)
  return { kind: 'stored', arrival: draft.counters.arrival as Arrival, filings: [] }
}

/**
 * Files or mails what was held, and lets go of it in the same commit, so that a crash leaves one or the other. Where a
 * copy has come another way it can never be filed, and goes as well.
 */
export async function applyReleased(
  messageId: MessageId,
  draft: Draft,
  work: () => Decision | Promise<Decision>,
): Promise<Decision> {
  if (!(await draft.held.has(messageId))) return { kind: 'duplicate' }
  const decision = await work()
  if (decision !== 'again' && isSettled(decision)) draft.held.delete(messageId)
  return decision
}

/** Cancelled while it waited counts as well. RFC 5537 5.3 */
const isSettled = (outcome: Outcome): boolean =>
  outcome.kind === 'stored' ||
  outcome.kind === 'duplicate' ||
  (outcome.kind === 'refused' && outcome.reason.name === 'cancelled')
