/** Who brings an article. RFC 5537 3.5, 3.6 */
import type { Poster, Source } from './feed.ts'

/** Decides which checks apply, and what is amended. */
export type Origin =
  | { readonly kind: 'peer'; readonly source: Source }
  | { readonly kind: 'post'; readonly poster: Poster }
  /** Old articles are taken as they are: no age check, lax message-IDs, bare CR kept and flagged. */
  | {
      readonly kind: 'import'
      /** The server it was pulled from; absent where it came from a file. */
      readonly host?: string
    }
