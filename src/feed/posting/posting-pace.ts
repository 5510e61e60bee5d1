/** Slows down who posts much more than people do, and then refuses: an account, or an address without one. */

import { isLoopback, placeOf } from '../../address.ts'
import { Allowances } from '../../allowance.ts'
import type { Clock } from '../../clock.ts'
import type { Poster } from '../feed.ts'

/** The waits for postings above the limit, each twice the one before, as INN's; what is above them is refused. */
const longestWait = 16
const waits = Math.log2(longestWait) + 1
const secondsAnHour = 3600

export class PostingPace {
  readonly #allowances: Allowances

  constructor(clock: Clock) {
    this.#allowances = new Allowances(clock)
  }

  /**
   * Counts a posting: milliseconds that it has to wait, or after how many seconds it would not be refused as it is now.
   * `perHour` is the usual limit, which is not for loopback; a limit of the poster's own is.
   */
  next(poster: Poster, perHour: number): { readonly wait: number } | { readonly later: number } {
    if (poster.postsPerHour === undefined && isLoopback(poster.address)) return { wait: 0 }
    const limit = poster.postsPerHour ?? perHour
    const { account, address } = poster
    const allowance = this.#allowances.of(
      account === '' ? `address ${placeOf(address)}` : `account ${account}`,
    )
    const perSecond = limit / secondsAnHour
    const exactly = allowance.over(limit, perSecond)
    const over = Math.ceil(exactly)
    // One that is refused is not counted: who goes on trying may post again as soon as who waits.
    if (over >= waits) return { later: Math.ceil((exactly - waits + 1) / perSecond) }
    allowance.use(1, perSecond)
    return { wait: over < 0 ? 0 : 2 ** over * 1000 }
  }
}
