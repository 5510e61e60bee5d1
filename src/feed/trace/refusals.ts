/** The last articles that were refused: who brought them, and why. In memory, for `tidings article trace`. */
import type { Clock } from '../../clock.ts'
import type { Reason, ReasonName } from '../../reason.ts'

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
const mostStrings = 256

export class Refusals {
  readonly #clock: Clock
  readonly #most: number
  readonly #ring: Refusal[] = []
  /** Few sources and texts are of many refusals: one string for all of these. */
  readonly #strings = new Map<string, string>()
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
      source: this.#shared(source),
      time: Math.floor(this.#clock.now() / 1000),
      reason: reason.name,
      text: this.#shared(reason.text),
    }
    this.#next = (this.#next + 1) % this.#most
  }

  #shared(text: string): string {
    const known = this.#strings.get(text)
    if (known !== undefined) return known
    if (this.#strings.size >= mostStrings) this.#strings.clear()
    this.#strings.set(text, text)
    return text
  }

  /** Oldest first. Looks at every record. */
  of(messageId: string): Refusal[] {
    return this.#inOrder().filter(refusal => refusal.messageId === messageId)
  }

  /** Newest first. */
  latest(most: number): Refusal[] {
    return this.#inOrder().slice(-most).reverse()
  }

  #inOrder(): Refusal[] {
    return [...this.#ring.slice(this.#next), ...this.#ring.slice(0, this.#next)]
  }
}
