/** The door of the feed: how articles come in, whoever brings them. */
import type { MessageId } from '../message-id.ts'
import type { Arrived } from '../own-memory.ts'
import type { Reason, ReasonName } from '../reason.ts'
import type { Withdrawal } from '../storage/entry.ts'
import type { Arrival, Filing } from '../storage/reading.ts'

/** What became of an article that was handed in. Accepted means durable and visible. */
export type Verdict =
  | {
      readonly kind: 'accepted'
      readonly arrival: Arrival
      readonly messageId: MessageId
      readonly filings: readonly Filing[]
      /** What became of the article that it cancels or supersedes. RFC 5537 5.3, 5.4 */
      readonly withdrawal?: Withdrawal
    }
  /** Mailed to the moderator: the outbox record is durable. RFC 5537 3.5.1 */
  | { readonly kind: 'mailed'; readonly messageId: MessageId }
  /** It waits, durably, for an administrator to release it. */
  | { readonly kind: 'held'; readonly messageId: MessageId }
  /** Never again: 437, 439, 441. */
  | { readonly kind: 'rejected'; readonly reason: Reason }
  /** Our own trouble: 436, 400 and close, 441 with "try again later". `seconds`: after which it is taken, if known. */
  | { readonly kind: 'deferred'; readonly reason: Reason; readonly seconds?: number }

/** Who posts: shown in Injection-Info and the Path diagnostic, and held against the access rules. */
export interface Poster {
  /** Account name; empty when not logged in. */
  readonly account: string
  /** The client's address. */
  readonly address: string
  /** Whoever owns the node: has the key to all that was posted here. RFC 8315 3.3 */
  readonly operator?: boolean
  readonly mayPost: (group: string) => boolean
  readonly mayApprove: (group: string) => boolean
  /** Other groups are not there for this poster; every group is where absent. */
  readonly maySee?: (group: string) => boolean
  /** What names one of these groups waits for an administrator; nothing does where absent. */
  readonly holds?: (group: string) => boolean
  /** Of the rule of this poster, in place of `limits.posts_per_hour`. */
  readonly postsPerHour?: number
  /** When the account was made by whoever posts, seconds since 1970; absent where an administrator made it. */
  readonly registered?: number
}

/** Whom we receive transit articles from, and how we know. RFC 5537 3.2.1 */
export interface Source {
  /** The peer's configured name, which is its path identity. */
  readonly peer: string
  /** Other identities it may put first in Path. */
  readonly aliases: readonly string[]
  readonly address: string
  /** What proved it; absent where nothing had to. */
  readonly by?: 'certificate' | 'account' | 'address'
  /** Hierarchies taken from it, wildmat. */
  readonly accepts: (group: string) => boolean
  /** One token a connection: leases are released when it goes. */
  readonly connection: symbol
}

export type Offer = 'send' | 'have' | 'later'

export interface Feed {
  /** POST and web: the duties of an injecting agent. RFC 5537 3.5. `proto` is in wire form. Never rejects. */
  inject(proto: Buffer, poster: Poster): Promise<Verdict>
  /** CHECK and the first step of IHAVE. `send` takes a lease. RFC 4644 2.4, RFC 3977 6.3.2 */
  offer(id: MessageId, source: Source): Offer | Promise<Offer>
  /**
   * TAKETHIS and the second step of IHAVE; `id` as offered. RFC 5537 3.6. Never rejects. What comes with memory around
   * it is used up, and stays as it is without.
   */
  transfer(id: MessageId, arrived: Arrived, source: Source): Promise<Verdict>
  /** Gives back a lease whose article did not come or, for `fault`, came damaged. */
  release(id: MessageId, source: Source, fault?: ReasonName): void
  /** A message-ID the injecting agent would give, for the text of 340. RFC 3977 6.3.1 */
  recommendMessageId(): MessageId
}
