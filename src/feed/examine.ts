/** Small pure checks on an article, each giving a `Reason` or nothing. RFC 5537 3.5, 3.6; RFC 5536 3 */
import type { Article } from '../article.ts'
import type { Config } from '../config.ts'
import type { MessageId } from '../message-id.ts'
import type { Newsgroup } from '../newsgroup.ts'
import type { Reason } from '../reason.ts'
import type { Poster, Source } from './feed.ts'

/** Who brings the article: decides which checks apply. */
export type Origin =
  | { readonly kind: 'peer'; readonly source: Source }
  | { readonly kind: 'post'; readonly poster: Poster }
  /** Old articles are taken as they are: no age check, lax message-IDs, bare CR kept and flagged. */
  | { readonly kind: 'import' }

/** All that the checks may know besides the article. */
export interface Facts {
  /** Milliseconds since 1970. */
  readonly now: number
  readonly config: Config
  readonly group: (name: string) => { readonly status: string } | undefined
  /** Articles with an earlier date (seconds) are refused; 0 = none. */
  readonly horizon: number
}

export interface Examined {
  readonly messageId: MessageId
  /** In header order, without repeats, valid names only. */
  readonly newsgroups: readonly Newsgroup[]
  readonly distributions: readonly string[]
  /** Identities in Path, lower case, without tail and without what stands right of `.POSTED`. */
  readonly path: readonly string[]
  readonly control: boolean
}

export function examine(_article: Article, _origin: Origin, _facts: Facts): Examined | Reason {
  throw new Error('not yet')
}
