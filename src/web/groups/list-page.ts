/** A page of the list of a group, whichever way it is shown. */
import type { ThreadLine, ThreadSummary } from '../render.ts'

/** One page of a list. Places in the list are article numbers, so that pages stand still while articles come. */
export interface ListPage {
  readonly summaries: readonly ThreadSummary[]
  readonly threads: readonly ThreadLine[]
  /** `12 articles in 3 threads` */
  readonly summary: string
  /** Where not all articles are shown. */
  readonly since: string
  /** The page before begins above this number; 0 where this is the first. */
  readonly newer: number
  /** The next page begins below this number; 0 where there is none. */
  readonly older: number
  /** How many rules have left out of the page. */
  readonly hidden: number
  readonly data: object
}

/** Where in the list a page is, as its address says it. */
export interface ListSpan {
  readonly before: number | undefined
  readonly after: number | undefined
}
