/** What a connection remembers between commands, and what handlers may use. */

import type { Audit } from '../audit/audit-log.ts'
import type { Client } from '../client.ts'
import type { Clock } from '../clock.ts'
import type { Config } from '../config/config.ts'
import type { Feed, Poster, Source } from '../feed/feed.ts'
import type { Relay } from '../feed/relay.ts'
import type { Searching } from '../feed/search/search.ts'
import type { Log } from '../log.ts'
import type { Logins } from '../login/login.ts'
import type { Reason } from '../reason.ts'
import type { ArticleNumber, GroupId, Reading } from '../storage/reading.ts'

/** Counts what happens, for the metrics. */
export interface Observer {
  connection(taken: boolean): void
  /** One response line; `name` is that of the row, or `unknown`. */
  command(name: string, code: number): void
}

/** The parts of the node that handlers stand on; one for all sessions. */
export interface Services {
  readonly reading: Reading
  readonly feed: Feed & Partial<Pick<Relay, 'moving' | 'enter' | 'leave'>>
  readonly clock: Clock
  readonly config: () => Config
  /** Nothing is found where absent. */
  readonly search?: Searching
  readonly observe?: Observer
  /** Nobody can log in where absent. */
  readonly logins?: Logins
  readonly audit?: Audit
  /** Why nobody new is let in, if so. */
  readonly closed?: () => Reason | undefined
}

/** What the rule of [[access]] that counts for a client says in place of [limits]. */
export interface AccessLimits {
  readonly connections?: number
  readonly commands_per_second?: number
  readonly bytes_per_second?: number
  readonly posts_per_hour?: number
}

/** What this client may do; worked out once when it connects or logs in. */
export interface Access {
  readonly mayRead: (group: string) => boolean
  readonly poster: Poster
  /** Set where the connection comes from a configured peer. */
  readonly source?: Source
  /** Everything may be read: no filtering needed. */
  readonly readsAll: boolean
  /** Some group may be read at all; true where absent. */
  readonly reader?: boolean
  /** Some group may be posted to; true where absent. RFC 3977 5.1: 200 or 201 */
  readonly postsSomewhere?: boolean
  /** More would be allowed after logging in: 480 rather than 502. RFC 3977 3.2.1 */
  readonly loginHelps?: boolean
  /** Limits of its own; none where absent. */
  readonly limits?: AccessLimits
}

declare const brand: unique symbol
/** A name given with AUTHINFO USER and nothing more: no right comes from it. RFC 4643 2.3.2 */
export type ClaimedName = string & { readonly [brand]: 'ClaimedName' }

export interface Session {
  readonly services: Services
  /** Who this is; changed by TLS and by a login, and `access` with it. */
  client: Client
  access: Access
  /** Works `access` out anew from `client`, as the rules are now; its source is the peer of the connection from then on. */
  readonly authorize: (client: Client) => Access
  /** Counts the connection for the account of `client` alone; false where that has too many. Nobody counts where absent. */
  readonly countFor?: (client: Client) => boolean
  /** A transport was put on the stream: no second one, and after `deflate` no login. RFC 8054 2.2.2 */
  transports: ReadonlySet<'tls' | 'deflate'>
  /** Ends when the client goes or the node stops. */
  readonly signal: AbortSignal
  /** Counts articles that were looked at: what to wait for before more are, if so. */
  readonly examined?: (articles: number) => Promise<void> | undefined
  /** Whoever it is has still to give the password. */
  claimed?: ClaimedName | undefined
  readonly log: Log
  group: { readonly id: GroupId; readonly name: string } | undefined
  number: ArticleNumber | undefined
  /** Commands that may set `number`, in the order they came, and the last of them that did. */
  turns?: number
  pointed?: number
  /** CAPABILITIES was sent: LIST OVERVIEW.FMT may say `:bytes`. slrn 1.0.3 switches XOVER off otherwise. */
  sawCapabilities: boolean
  streaming: boolean
}

/**
 * RFC 4642 2.2.2: after a handshake nothing counts that was said before it, as it might have been said by another.
 * `client` is who the handshake shows.
 */
export function startAnew(session: Session): void {
  session.access = session.authorize(session.client)
  session.group = undefined
  session.number = undefined
  session.claimed = undefined
  session.sawCapabilities = false
  session.streaming = false
}
