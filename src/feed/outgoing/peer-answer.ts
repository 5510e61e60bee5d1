/** What a peer's answers mean for the article they are about. RFC 3977 6.3.2, RFC 4644 2.4, 2.5 */
import type { MessageId } from '../../message-id.ts'
import type { Arrival } from '../../storage/reading.ts'

/** One article on its way to one peer. */
export interface Delivery {
  readonly arrival: Arrival
  readonly messageId: MessageId
  /** Octets in wire form. */
  readonly size: number
  /** Seconds since 1970, when it arrived here. */
  readonly time: number
  /** Times it was put off, or stood unanswered when the connection ended. */
  tries: number
}

export interface Answer {
  /**
   * `refused`: the peer cannot take this one at all (a 5xx to a transfer). `gone`: it is not here any more.
   * Only after `later` is the article offered again.
   */
  readonly outcome: 'accepted' | 'duplicate' | 'rejected' | 'refused' | 'gone' | 'later'
  /** 0 where the peer said nothing. */
  readonly code: number
  /** As received: `safeText` before it goes anywhere. */
  readonly text: string
}

/** Which command is waiting for its answer; `article`: the block after 335. */
export type Stage = 'check' | 'takethis' | 'ihave' | 'article'

type Effect = 'send' | Answer['outcome'] | 'unable'

const effects: Record<Stage, Readonly<Record<number, Effect>>> = {
  check: { 238: 'send', 431: 'later', 438: 'duplicate', 500: 'unable', 501: 'refused', 503: 'unable' },
  takethis: { 239: 'accepted', 439: 'rejected', 500: 'refused', 501: 'refused', 503: 'refused' },
  ihave: { 335: 'send', 435: 'duplicate', 436: 'later', 501: 'refused' },
  article: {
    235: 'accepted',
    435: 'duplicate',
    436: 'later',
    437: 'rejected',
    500: 'refused',
    501: 'refused',
    503: 'refused',
  },
}

/** Undefined: not an answer to this command, the connection cannot be trusted any more. */
export function effectOf(stage: Stage, code: number): Effect | undefined {
  return effects[stage][code]
}

/** RFC 4644 2.4, 2.5: these name the article they are about. */
export const echoes = (code: number): boolean =>
  code === 238 || code === 239 || code === 431 || code === 438 || code === 439

/** Whether a peer takes nearly all that it is offered, so that asking first is a waste. Share one a peer. */
export class Acceptance {
  readonly #last = new Uint8Array(100)
  #taken = 0
  #noted = 0

  note(taken: boolean): void {
    const at = this.#noted % this.#last.length
    this.#taken += Number(taken) - (this.#last[at] ?? 0)
    this.#last[at] = Number(taken)
    this.#noted += 1
  }

  /** Over 95 % of the last hundred were taken. innfeed does so too. */
  get high(): boolean {
    return this.#noted >= this.#last.length && this.#taken > 0.95 * this.#last.length
  }
}
