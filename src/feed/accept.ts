/** The one way in: parse, reserve, examine, amend, submit. Every article enters by this function. */
import type { Article } from '../article.ts'
import type { Origin } from './examine.ts'
import type { Verdict } from './feed.ts'

export interface Incoming {
  readonly article: Article
  readonly origin: Origin
  /** Offered under this message-ID (IHAVE, TAKETHIS): must equal the header. */
  readonly offered?: string
  readonly keep?: { readonly group: string; readonly number: number }
  readonly createGroups?: boolean
  /** A bare CR was met in an import: kept, served, never relayed. */
  readonly localOnly?: boolean
}

export type Accept = (incoming: Incoming) => Promise<Verdict>
