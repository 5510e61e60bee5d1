/** What readers see of storage: asynchronous, plain values, nothing that could not cross a thread. */
import type { MessageId } from '../message-id.ts'
import type { Newsgroup } from '../newsgroup.ts'

declare const brand: unique symbol
/** Position in the arrival log; grows by one with every entry. */
export type Arrival = number & { readonly [brand]: 'Arrival' }
/** Given once and never to another name. */
export type GroupId = number & { readonly [brand]: 'GroupId' }
/** Position in a group, 1 to 2^31-1. RFC 3977 6 */
export type ArticleNumber = number & { readonly [brand]: 'ArticleNumber' }

export interface Group {
  readonly id: GroupId
  readonly name: Newsgroup
  /** `y` `n` `m` `j` `x` or `=other.group`. RFC 3977 7.6.3, RFC 6048 3.1 */
  readonly status: string
  readonly description: string
  /** An empty group has high = low - 1. RFC 3977 6.1.1.2 */
  readonly low: number
  readonly high: number
  /** Exact. */
  readonly count: number
  /** Seconds since 1970. */
  readonly created: number
  readonly creator: string
}

export interface Filing {
  readonly group: GroupId
  readonly number: ArticleNumber
}

/**
 * `expire` has what expired at once as its filings. With a message-ID it is the row of an article that expired before
 * every place in the log had passed it.
 */
export type ArrivalKind = 'article' | 'group' | 'cancel' | 'expire' | 'file'

/** One row of the arrival log; consumers decide by it and never open the article. */
export interface ArrivalRow {
  readonly arrival: Arrival
  readonly kind: ArrivalKind
  /** Seconds since 1970, when it was accepted; never decreases along the log. */
  readonly time: number
  /** `peer:NAME`, `post:ACCOUNT`, `import` or `pull:HOST`. */
  readonly source: string
  /** The article, or the target of a cancel; empty where there is none. */
  readonly messageId: MessageId | ''
  readonly filings: readonly Filing[]
  /** Path identities that have seen it, without the tail and what stands right of `.POSTED`, lower case. */
  readonly path: readonly string[]
  readonly distributions: readonly string[]
  /** Octets of the article in wire form, without Xref. */
  readonly size: number
  /** Kept for local readers (a bare CR from an import): never relayed. */
  readonly localOnly: boolean
  readonly control: boolean
  /** Seconds since 1970, of its Expires header where it has one that can be read. RFC 5536 3.2.5 */
  readonly expires?: number
}

export interface NumberRange {
  readonly low: number
  readonly high: number
}

export interface Located {
  readonly arrival: Arrival
  readonly messageId: MessageId
  readonly filings: readonly Filing[]
}

/** A view over one stored record. Nothing here decodes or copies the article. */
export interface StoredArticle {
  readonly messageId: MessageId
  readonly filings: readonly Filing[]
  readonly localOnly: boolean
  /** Octets of the served article, CRLF counted as two, stuffing and terminator not. RFC 3977 8.1 */
  readonly octets: number
  /** Lines of the body. RFC 3977 8.1 */
  readonly lines: number
  /** Xref line and article in wire form, ending with the terminating `.` CRLF: the body of ARTICLE. */
  readonly served: Buffer
  /** The same without Xref: the body of IHAVE and TAKETHIS. */
  readonly transfer: Buffer
  /** Header lines with Xref, without the blank line and without a terminator. */
  readonly head: Buffer
  /** What follows the blank line, ending with the terminating `.` CRLF. */
  readonly body: Buffer
}

/** All but `group` and `groups` reject or throw `IndexUnfinished` for what an index that is being made lacks yet. */
export interface Reading {
  group(name: string): Promise<Group | undefined>
  groupById(id: GroupId): Promise<Group | undefined>
  /** Every group in name order, in batches. */
  groups(): AsyncIterable<readonly Group[]>
  /** Existing numbers in ascending order, in batches. */
  numbers(group: GroupId, range: NumberRange): AsyncIterable<readonly number[]>
  /** The nearest existing number above (or below) `from`, at most the visible high. */
  next(group: GroupId, from: number): Promise<number | undefined>
  previous(group: GroupId, from: number): Promise<number | undefined>
  locateNumber(group: GroupId, number: number): Promise<Located | undefined>
  locateId(id: string): Promise<Located | undefined>
  /** Checksum verified; undefined when gone or damaged. */
  article(arrival: Arrival): Promise<StoredArticle | undefined>
  /** The same as locating it first, for less. */
  articleByNumber(group: GroupId, number: number): Promise<StoredArticle | undefined>
  articleById(id: string): Promise<StoredArticle | undefined>
  /** Overview lines (`number TAB fields CRLF`), whole lines in each chunk, chunks up to 64 KiB. RFC 3977 8.3.2 */
  overview(group: GroupId, range: NumberRange): AsyncIterable<Buffer>
  /** Rows of the log after `after`, at most `limit`. */
  arrivals(after: Arrival, limit: number): Promise<readonly ArrivalRow[]>
  /** The last arrival before `time` (seconds since 1970), so that `arrivals` after it are those since then. */
  arrivalBefore(time: number): Promise<Arrival>
  /** The newest visible arrival; 0 when the log is empty. */
  readonly newest: Arrival
  /** Resolves when there is an arrival after `after`, or when `signal` aborts. Never rejects. */
  changed(after: Arrival, signal: AbortSignal): Promise<void>
}
