/** Few articles of an account that registered itself and is new: nobody can flood other servers by way of this one. */
import { isLoopback } from '../../address.ts'
import type { Config } from '../../config/config.ts'
import { Recent } from '../../recent.ts'
import type { Poster } from '../feed.ts'

/** Milliseconds. */
const hour = 3_600_000
const day = 24 * hour
const remembered = 10_000

type Limits = Pick<Config['web'], 'newcomer_days' | 'newcomer_posts_per_hour' | 'newcomer_posts_per_day'>

/** Times of the wall clock and of the monotonic one, milliseconds. */
interface Times {
  readonly now: number
  readonly monotonic: number
}

export class Newcomers {
  /** When each account posted in the last day, the oldest first. */
  readonly #posts = new Recent<string, readonly number[]>(remembered)

  /**
   * Counts a posting, and gives what takes it off again where nothing came of it; where it is one too many, after how
   * many seconds it is not. On loopback, and where a rule of [[access]] says how many an hour, nobody is new.
   */
  take(poster: Poster, limits: Limits, { now, monotonic }: Times): Taken | { readonly later: number } {
    const { account, address, registered, postsPerHour } = poster
    if (registered === undefined || postsPerHour !== undefined || isLoopback(address)) return nothing
    if (now / 1000 - registered >= limits.newcomer_days * 86_400) return nothing
    const posts = (this.#posts.get(account) ?? []).filter(time => monotonic - time < day)
    const wait = Math.max(
      waitFor(posts, { most: limits.newcomer_posts_per_hour, span: hour, monotonic }),
      waitFor(posts, { most: limits.newcomer_posts_per_day, span: day, monotonic }),
    )
    if (wait > 0) return { later: Math.ceil(wait / 1000) }
    this.#posts.set(account, [...posts, monotonic])
    return { takeOff: () => this.#takeOff(account, monotonic) }
  }

  #takeOff(account: string, time: number): void {
    const posts = this.#posts.get(account) ?? []
    const at = posts.indexOf(time)
    if (at >= 0) this.#posts.set(account, posts.toSpliced(at, 1))
  }
}

interface Taken {
  readonly takeOff: () => void
}

const nothing: Taken = { takeOff: () => {} }

interface Span {
  readonly most: number
  readonly span: number
  readonly monotonic: number
}

/** Milliseconds until fewer than `most` lie within the span. */
function waitFor(posts: readonly number[], { most, span, monotonic }: Span): number {
  // Where none is allowed, there is no end to it.
  const deciding = most === 0 ? monotonic : posts[posts.length - most]
  return deciding === undefined ? 0 : deciding + span - monotonic
}
