/** What a verification found, and what would put it right. */
import type { Arrival, GroupId } from '../reading.ts'

export type FindingKind =
  /** Its checksum does not hold. */
  | 'article'
  /** A message-ID that does not lead to its article, or leads nowhere. */
  | 'history'
  /** The same of a number. */
  | 'number'
  /** A row of the log. */
  | 'row'
  | 'overview'
  /** Low, high, count or octets of a group. */
  | 'marks'
  /** A message-ID that is said to be gone, or a place in the log. */
  | 'state'

export type Mend =
  /** Everything that leads to it is made again from the article. */
  | { readonly what: 'article'; readonly arrival: Arrival }
  | { readonly what: 'quarantine'; readonly arrival: Arrival }
  /** A key of `index` that leads to no article, after another look at it. */
  | { readonly what: 'dangling'; readonly key: Buffer; readonly arrival: Arrival }
  | { readonly what: 'overview'; readonly group: GroupId; readonly number: number }
  | { readonly what: 'marks'; readonly group: GroupId }
  | { readonly what: 'nothing' }

export interface Finding {
  readonly kind: FindingKind
  /** In words, without octets of articles but their message-IDs. */
  readonly text: string
  readonly mend: Mend
}
