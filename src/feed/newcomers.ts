/** Few articles of an account that registered itself and is new: nobody can flood other servers by way of this one. */
import { isLoopback } from '../address.ts'
import type { Config } from '../config/config.ts'
import { Recent } from '../recent.ts'
import type { Poster } from './feed.ts'

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
   * Counts a posting, and gives what takes it off again where nothing came of it; undefined where it is one too many.
   * On loopback, and where a rule of [[access]] says how many an hour, nobody is new.
   */
  take(poster: Poster, limits: Limits, { now, monotonic }: Times): (() => void) | undefined {
    const { account, address, registered, postsPerHour } = poster
    if (registered === undefined || postsPerHour !== undefined || isLoopback(address)) return nothing
    if (now / 1000 - registered >= limits.newcomer_days * 86_400) return nothing
    const posts = (this.#posts.get(account) ?? []).filter(time => monotonic - time < day)
    const inHour = posts.filter(time => monotonic - time < hour).length
    if (inHour >= limits.newcomer_posts_per_hour || posts.length >= limits.newcomer_posts_per_day)
      return undefined
    this.#posts.set(account, [...posts, monotonic])
    return () => this.#takeOff(account, monotonic)
  }

  #takeOff(account: string, time: number): void {
    const posts = this.#posts.get(account) ?? []
    const at = posts.indexOf(time)
    if (at >= 0) this.#posts.set(account, posts.toSpliced(at, 1))
  }
}

const nothing = () => {}
