/** The last articles that were refused: who brought them, and why. In memory, for `tidings article trace`. */
import type { Clock } from '../clock.ts'
import type { Reason, ReasonName } from '../reason.ts'

export interface Refusal {
  readonly messageId: string
  /** As rows of the arrival log name it: `peer:NAME`, `post:ACCOUNT`, `pull:HOST`. */
  readonly source: string
  /** Seconds since 1970. */
  readonly time: number
  readonly reason: ReasonName
  /** Fit for a terminal. */
  readonly text: string
}

/** RFC 3977 3.6: what is longer is no message-ID, and must not cost more. */
const longestId = 250

export class Refusals {
  readonly #clock: Clock
  readonly #most: number
  readonly #ring: Refusal[] = []
  #next = 0

  constructor(clock: Clock, most = 10_000) {
    this.#clock = clock
    this.#most = most
  }

  /** That it is here already is no refusal. The oldest goes where there are too many. */
  add(messageId: string, source: string, reason: Reason): void {
    if (reason.name === 'duplicate') return
    this.#ring[this.#next] = {
      messageId: messageId.slice(0, longestId),
      source,
      time: Math.floor(this.#clock.now() / 1000),
      reason: reason.name,
      text: reason.text,
    }
    this.#next = (this.#next + 1) % this.#most
  }

  /** Oldest first. Looks at every record. */
  of(messageId: string): Refusal[] {
    const inOrder = [...this.#ring.slice(this.#next), ...this.#ring.slice(0, this.#next)]
    return inOrder.filter(refusal => refusal.messageId === messageId)
  }
}
