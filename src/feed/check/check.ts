/** What a check is: a pure function of the article, who brings it and the facts, adding what it learns to a draft. */
import type { Article } from '../../article.ts'
import type { Config } from '../../config/config.ts'
import type { MessageId } from '../../message-id.ts'
import type { Newsgroup } from '../../newsgroup.ts'
import type { Reason } from '../../reason.ts'
import type { Withdrawn } from '../control.ts'
import type { Origin } from '../origin.ts'

/** All that the checks may know besides the article. */
export interface Facts {
  /** Milliseconds since 1970. */
  readonly now: number
  /** The wall clock was moved by more than a day: nothing is refused for what it says. */
  readonly isClockDoubtful?: boolean
  readonly config: Config
  readonly group: (name: string) => { readonly status: string } | undefined
  /** Articles with an earlier date (seconds) are refused; 0 = none. */
  readonly horizon: number
  /** Groups whose articles never leave this node; none where absent. */
  readonly isPrivate?: (group: string) => boolean
}

/** What is known of the article so far; a check may rely on what the checks before it in the table have set. */
export interface Draft {
  messageId: MessageId | undefined
  /** Seconds since 1970. */
  date: number | undefined
  injectionDate: number | undefined
  /** Groups to file in: in header order, without repeats, valid names only; from a peer only those it may feed. */
  newsgroups: readonly Newsgroup[]
  distributions: readonly string[]
  /** Identities in Path, lower case, without tail and without what stands right of `.POSTED`. */
  path: readonly string[]
  control: boolean
  /** The article that this one is to take away. */
  withdrawn: Withdrawn | undefined
  /** Names a private group: kept for local readers. */
  private: boolean
}

export interface Case {
  readonly article: Article
  readonly origin: Origin
  readonly facts: Facts
  readonly draft: Draft
}

/** Gives the reason to refuse the article, or nothing. Does no I/O and never throws. */
export type Check = (subject: Case) => Reason | undefined
