/** What page functions stand on, and what they give back. They know no HTTP library and no sockets. */
import type { Clock } from '../clock.ts'
import type { Config } from '../config/config.ts'
import type { Feed, Poster, Verdict } from '../feed/feed.ts'
import type { Log } from '../log.ts'
import type { Group, Reading } from '../storage/reading.ts'
import type { Once } from './once.ts'
import type { Frame, Rendered, ViewName, Views } from './render.ts'
import type { FormTokens } from './token.ts'

/** What a reader at one address may do. */
export interface WebAccess {
  readonly mayRead: (group: string) => boolean
  readonly poster: Poster
}

/** The parts of the node that pages stand on; one for all requests. */
export interface Site {
  readonly reading: Reading
  readonly feed: Feed
  readonly clock: Clock
  readonly log: Log
  readonly config: () => Config
  /** Every group, in name order. */
  readonly groups: () => Promise<readonly Group[]>
  readonly tokens: FormTokens
  readonly posts: Once<Verdict>
  readonly random: (octets: number) => Buffer
  readonly userAgent: string
  /** What is around a page. `twin` is the address of the page for programs, or empty. */
  readonly frame: (title: string, twin: string) => Frame
  readonly render: <View extends ViewName>(view: View, context: Views[View]) => Rendered
}

/** One request. */
export interface Visit {
  readonly access: WebAccess
  /** The changing parts of the address, decoded. */
  readonly parameter: (name: string) => string
  readonly query: URLSearchParams
  /** Fields of a posted form; empty for GET. */
  readonly form: URLSearchParams
  /** The cookie that forms are tied to, made for this visit where the browser had none. */
  readonly cookie: string
  /** Whether the browser sent it. */
  readonly hadCookie: boolean
}

export type Answer =
  /** A page for people and the same for programs. `keepsCookie`: the page holds a form. */
  | {
      readonly kind: 'page'
      readonly status?: Status
      readonly html: () => Rendered
      readonly data?: object
      readonly keepsCookie?: boolean
      readonly retryAfter?: number
    }
  | { readonly kind: 'redirect'; readonly status: 301 | 303; readonly to: string }
  /** Octets of strangers, for which a browser is told to run nothing. `disposition`: RFC 6266 */
  | {
      readonly kind: 'octets'
      readonly type: string
      readonly body: Buffer
      readonly disposition?: string
    }
  /** An error in words a person understands. */
  | { readonly kind: 'trouble'; readonly status: Status; readonly heading: string; readonly text: string }

export type Status = 200 | 400 | 403 | 404 | 405 | 413 | 415 | 421 | 422 | 500 | 503

export type Page = (site: Site, visit: Visit) => Promise<Answer>
