/** What may be appended to the log: everything `apply` needs to decide, so that the same log gives the same store. */
import type { AccountChange, AccountName } from '../account.ts'
import type { Article } from '../article.ts'
import type { ExpireRules } from '../expire-rules.ts'
import type { MessageId } from '../message-id.ts'
import type { Newsgroup } from '../newsgroup.ts'
import type { Reason } from '../reason.ts'
import type { Arrival, Filing, GroupId } from './reading.ts'
import type { HeldPost } from './state/held.ts'

interface Common {
  /** Seconds since 1970, when it was accepted. */
  readonly time: number
  /** `peer:NAME`, `post:ACCOUNT`, `import` or `pull:HOST`. */
  readonly source: string
}

export interface ArticleEntry extends Common {
  readonly kind: 'article'
  /** Path amended, Xref stripped. */
  readonly article: Article
  readonly messageId: MessageId
  /** Groups of the Newsgroups header, in its order; `apply` files it in those it knows. */
  readonly newsgroups: readonly Newsgroup[]
  readonly path: readonly string[]
  readonly distributions: readonly string[]
  /** Our path identity for Xref. RFC 5536 3.2.14 */
  readonly pathIdentity: string
  readonly localOnly: boolean
  readonly control: boolean
  readonly withdraws?: Withdrawing
  /** Import of a spool: file under this group and number only. */
  readonly keep?: { readonly group: Newsgroup; readonly number: number }
  /** Import: create the groups that do not exist. */
  readonly createGroups?: boolean
  /** It was held and is released: only while it still waits, which ends in the same commit. */
  readonly held?: boolean
}

/** An earlier article that this one is to take away. RFC 5537 5.3, 5.4 */
export interface Withdrawing {
  readonly how: 'cancel' | 'supersedes'
  readonly target: MessageId
  /** The locks that its Cancel-Keys open. RFC 8315 3.5 */
  readonly opens: readonly string[]
  /** Groups whose articles the poster may take away, whosever they are. */
  readonly approves: readonly Newsgroup[]
}

export interface GroupEntry extends Common {
  readonly kind: 'group'
  readonly action: 'add' | 'set' | 'remove'
  readonly name: Newsgroup
  readonly status?: string
  readonly description?: string
  readonly creator?: string
  /** Marks taken over from another server's active file; only ever raised. */
  readonly low?: number
  readonly high?: number
}

export interface CancelEntry extends Common {
  readonly kind: 'cancel'
  readonly target: MessageId
}

/** A mail to a moderator, kept until it was handed to the mail server. RFC 5537 3.5.1 */
export interface MailEntry extends Common {
  readonly kind: 'mail'
  readonly to: string
  readonly subject: string
  readonly messageId: MessageId
  /** The proto-article as octets of a message/rfc822 part: plain, CRLF. */
  readonly message: Buffer
  /** As for an article. */
  readonly held?: boolean
  /** No submission: `message` is the text of a mail to a person, UTF-8, lines that end in CRLF. */
  readonly letter?: boolean
}

export interface MailedEntry extends Common {
  readonly kind: 'mailed'
  readonly mail: number
}

/** A posting that waits for an administrator. */
export interface HoldEntry extends Common {
  readonly kind: 'hold'
  readonly post: HeldPost
}

/** It waits no more: it was rejected. */
export interface UnholdEntry extends Common {
  readonly kind: 'unhold'
  readonly messageId: MessageId
}

/** The age limit for articles from peers moves on. RFC 5537 3.6 */
export interface HorizonEntry extends Common {
  readonly kind: 'horizon'
  /** Seconds since 1970. */
  readonly horizon: number
  /** When each feeding peer was last current, seconds since 1970. */
  readonly peers: ReadonlyMap<string, number>
}

/** Articles whose time has come: what of them the rules still let go as of `time` goes at once. RFC 3977 6.1.1.2 */
export interface ExpireEntry extends Common {
  readonly kind: 'expire'
  readonly rules: ExpireRules
  /** Numbers of a group below are over what it may hold, whatever their age. */
  readonly floors: ReadonlyMap<GroupId, number>
  /** `date`: seconds since 1970, what the age limit is held against. */
  readonly articles: readonly { readonly arrival: Arrival; readonly date: number }[]
  /** Ids of articles that are dated before it are not remembered: they are refused as too old. 0 = all are. */
  readonly horizon: number
  /** Rows of the log behind it are still to be read by somebody. */
  readonly passed: Arrival
}

/** Ids that are remembered longer than their articles could come back. RFC 5537 3.6 */
export interface ForgetEntry extends Common {
  readonly kind: 'forget'
  readonly horizon: number
  /** As `messageIdHash` gives them. */
  readonly hashes: readonly string[]
}

export interface AccountEntry extends Common {
  readonly kind: 'account'
  readonly action: 'add' | 'set' | 'remove'
  readonly name: AccountName
  readonly change?: AccountChange
  /** Only where the stored hash is still this one. */
  readonly ifPassword?: string
}

export type Entry =
  | ArticleEntry
  | GroupEntry
  | CancelEntry
  | MailEntry
  | MailedEntry
  | HoldEntry
  | UnholdEntry
  | HorizonEntry
  | ExpireEntry
  | ForgetEntry
  | AccountEntry

/** What became of the article that another one was to take away. */
export interface Withdrawal {
  readonly how: Withdrawing['how']
  readonly target: MessageId
  /** `remembered`: it has not come yet, and will not be taken where a key fits. */
  readonly result: 'done' | 'remembered' | 'gone' | 'refused'
  /** What it was done by, or why it was not. */
  readonly why: Proof | 'no key' | 'no lock' | 'wrong key' | 'a control message' | 'damaged' | 'not here'
}

export type Proof = 'key' | 'account' | 'approval'

export type Outcome =
  /** Done and durable; for entries that file nothing, `arrival` is the newest at that moment. */
  | {
      readonly kind: 'stored'
      readonly arrival: Arrival
      readonly filings: readonly Filing[]
      readonly withdrawal?: Withdrawal
    }
  | { readonly kind: 'duplicate' }
  | { readonly kind: 'refused'; readonly reason: Reason }
  | { readonly kind: 'deferred'; readonly reason: Reason }

/** What `apply` makes of an entry; `again` when it must wait for the next group. */
export type Decision = Outcome | 'again'
