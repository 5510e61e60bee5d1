/** What page functions stand on, and what they give back. They know no HTTP library and no sockets. */
import type { Audit } from '../audit/audit-log.ts'
import type { Client } from '../client.ts'
import type { Clock } from '../clock.ts'
import type { Config } from '../config/config.ts'
import type { AccountBook } from '../feed/account-book.ts'
import type { Feed, Poster } from '../feed/feed.ts'
import type { Searching } from '../feed/search/search.ts'
import type { Counting } from '../feed/statistics/statistics.ts'
import type { Log } from '../log.ts'
import type { Logins } from '../login/login.ts'
import type { Group, Reading } from '../storage/reading.ts'
import type { Shelves } from '../storage/state/shelves.ts'
import type { Catalogue } from './catalogue/catalogue.ts'
import type { LastPosts } from './catalogue/last-posts.ts'
import type { Attempt } from './composing/attempt.ts'
import type { Once } from './composing/once.ts'
import type { Cookie } from './http/cookie.ts'
import type { FormTokens } from './http/token.ts'
import type { Live } from './live/live.ts'
import type { Office } from './office.ts'
import type { PeopleSite } from './people/people-site.ts'
import type { SavedArticles } from './people/saved-articles.ts'
import type { Settings } from './people/settings.ts'
import type { Person } from './person.ts'
import type { Reader } from './read-state/reader.ts'
import type { Readers } from './read-state/readers.ts'
import type { Frame, Link, Render, Rendered } from './render.ts'
import type { Turnstile } from './slices.ts'
import type { Taste } from './taste/taste.ts'
import type { ThreadCache } from './threading/thread-cache.ts'
import type { Words } from './words/english.ts'

/** What a reader at one address, or a person who is signed in, may do. */
export interface WebAccess {
  readonly mayRead: (group: string) => boolean
  readonly poster: Poster
  /** Everything may be read: nothing has to be held against `mayRead`. */
  readonly readsAll?: boolean
  /** False where no newsgroup takes an article of theirs. */
  readonly postsSomewhere?: boolean
}

/** The parts of the node that pages stand on; one for all requests. */
export interface Site extends PeopleSite {
  readonly reading: Reading
  readonly feed: Feed
  /** Nothing is found where absent. */
  readonly search?: Searching
  /** Nothing is counted where absent. */
  readonly statistics?: Counting
  /** What moderators and administrators do; nobody does where absent. */
  readonly office?: Office
  readonly clock: Clock
  readonly log: Log
  readonly config: () => Config
  /** What people keep here. */
  readonly shelves: Shelves
  readonly logins: Pick<Logins, 'password' | 'stored' | 'isPassword'>
  readonly accounts: AccountBook
  readonly audit: Audit
  /** Where the public finds us, for links in letters; without a slash at its end. */
  readonly baseUrl: () => string
  /** Read marks and subscriptions. */
  readonly readers: Readers
  readonly saved: SavedArticles
  /** Articles as they come. */
  readonly live: Live
  /** Every group, in name order. */
  readonly groups: () => Promise<readonly Group[]>
  /** The conversations of groups. */
  readonly threads: ThreadCache
  /** Where texts that take long wait for each other between two slices. */
  readonly turnstile: Turnstile
  /** Those that a reader may see; see `Catalogue`. */
  readonly directory: Catalogue['directory']
  readonly lastPosts: LastPosts
  readonly tokens: FormTokens
  readonly posts: Once<Attempt>
  readonly random: (octets: number) => Buffer
  readonly userAgent: string
  /** What is around a page. `twin` is the address of the page for programs, or empty. */
  readonly frame: (visitor: Visitor, title: string, twin: string) => Frame
  readonly render: Render
}

/** Whom a page is for. */
export interface Visitor {
  readonly words: Words
  /** Of the address that was asked for; its link is marked where pages lead elsewhere. */
  readonly path: string
  /** Who is signed in; absent for all others. */
  readonly person: Person | undefined
  readonly settings: Settings
  /** The cookie that forms and sessions are tied to; empty where nobody has looked for it. */
  readonly cookie: string
  /** Path and query that were asked for; empty where the request was turned away before. */
  readonly here: string
}

/** One request. */
export interface Visit extends Visitor {
  readonly access: WebAccess
  /** What this visitor has read and subscribed to. */
  readonly reader: Reader
  /** What this visitor wants hidden or put forward. */
  readonly taste: Taste
  /** What keeps it in the browser of a visitor; every page and redirection takes them along. */
  readonly readerCookies: () => readonly Cookie[]
  /** Somebody opened the page in a window, from a page of ours or by its address: what it shows counts as read. */
  readonly opened: boolean
  /** The group in which somebody reads, as address or referrer have it; empty where they say nothing. */
  readonly comingFrom: string
  /** Place of the last event that the browser got; empty where it got none. WHATWG HTML 9.2.4 */
  readonly lastEvent: string
  /** Scheme and host of our addresses, as the public sees them where that is known, else as the browser asked. */
  readonly origin: string
  /** The changing parts of the address, decoded. */
  readonly parameter: (name: string) => string
  readonly query: URLSearchParams
  /** Fields of a posted form; empty for GET. */
  readonly form: URLSearchParams
  /** Whether the form was shown to this browser; false for GET. */
  readonly trusted: boolean
  readonly client: Client
  /** Whether the browser came under TLS, to us or to a proxy of ours. */
  readonly secure: boolean
  /** What the browser calls itself. */
  readonly agent: string
  /** Whether the browser sent the cookie; it is made for this visit where not. */
  readonly hadCookie: boolean
  /** Whether nobody waits for the answer any more. */
  readonly gone: () => boolean
  /** Value of another cookie of ours; undefined where the browser sent none. */
  readonly kept: (name: string) => string | undefined
}

export type Answer =
  /** A page for people and the same for programs. `keepsCookie`: the page holds a form. */
  | {
      readonly kind: 'page'
      readonly status?: Status
      readonly html: () => Rendered | Promise<Rendered>
      /** Made only for a program. */
      readonly data?: object | (() => object)
      readonly keepsCookie?: boolean
      readonly cookies?: readonly Cookie[]
      readonly retryAfter?: number
    }
  | {
      readonly kind: 'redirect'
      readonly status: 301 | 303
      readonly to: string
      readonly cookies?: readonly Cookie[]
    }
  /** Octets of strangers, for which a browser is told to run nothing. `disposition`: RFC 6266 */
  | {
      readonly kind: 'octets'
      readonly type: string
      readonly body: Buffer
      readonly disposition?: string
    }
  /** Made by us while it is sent; ends early where the browser goes away. `disposition`: RFC 6266 */
  | {
      readonly kind: 'stream'
      readonly type: string
      readonly chunks: AsyncIterable<Buffer | string>
      /** It has no end and is not kept by anything on the way. */
      readonly live?: boolean
      readonly disposition?: string
    }
  /** An Atom feed, made where the reader has not this one. `etag`: RFC 9110 8.8.3 */
  | { readonly kind: 'feed'; readonly etag: string; readonly text: () => Promise<string> }
  /** An error in words a person understands. */
  | { readonly kind: 'trouble'; readonly status: Status; readonly say: (words: Words) => Saying }

/** A heading and a sentence, and where something like it may be. */
export interface Saying {
  readonly heading: string
  readonly text: string
  readonly link?: Link
}

export type Status = 200 | 400 | 403 | 404 | 405 | 409 | 413 | 415 | 421 | 422 | 429 | 500 | 503

export type Page = (site: Site, visit: Visit) => Promise<Answer>

export function trouble(
  status: Status,
  say: (words: Words) => Saying,
): Answer & { readonly kind: 'trouble' } {
  return { kind: 'trouble', status, say }
}
