/** What became of a form for an article. */
import type { Verdict } from '../../feed/feed.ts'
import type { Problem } from './problem.ts'

export type Attempt =
  | { readonly kind: 'incomplete'; readonly problems: readonly Problem[] }
  /** The form was sent before: `same` with this very text. */
  | { readonly kind: 'known'; readonly messageId: string; readonly same: boolean }
  /** The article that this one is about is not there for this person. */
  | { readonly kind: 'lost' }
  | { readonly kind: 'judged'; readonly verdict: Verdict }

const settled: ReadonlySet<Verdict['kind']> = new Set(['accepted', 'mailed', 'held'])

/** Whether the form has done its work, so that it must do none when it is sent again. */
export function isSettled(attempt: Attempt): boolean {
  return attempt.kind === 'judged' && settled.has(attempt.verdict.kind)
}
