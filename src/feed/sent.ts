/** What became of the articles that one peer was offered, counted since the start. */
import type { Clock } from '../clock.ts'
import type { Answer } from './peer-answer.ts'
import { RecentRate } from './recent-rate.ts'

export class Sent {
  offered = 0
  accepted = 0
  /** The peer had it: 435, 438. */
  duplicate = 0
  /** Put off by the peer or by the end of a connection. */
  deferred = 0
  /** Expired or cancelled here before it was sent. */
  gone = 0
  /** Octets of the accepted articles. */
  octets = 0
  /** Never again, by response code. */
  readonly rejected = new Map<number, number>()
  /** All answers that say what became of an article, by response code. */
  readonly answers = new Map<number, number>()
  lastError = ''
  /** Milliseconds since 1970; 0 where there was none. */
  lastErrorTime = 0
  readonly #clock: Clock
  readonly #rate: RecentRate

  constructor(clock: Clock) {
    this.#clock = clock
    this.#rate = new RecentRate(clock)
  }

  /** Articles accepted a second, over the last minute. */
  get rate(): number {
    return this.#rate.perSecond
  }

  answer({ outcome, code }: Answer, octets: number): void {
    if (code !== 0) increment(this.answers, code)
    switch (outcome) {
      case 'accepted':
        this.accepted++
        this.octets += octets
        this.#rate.note()
        return
      case 'rejected':
      case 'refused':
        increment(this.rejected, code)
        return
      case 'duplicate':
        this.duplicate++
        return
      case 'gone':
        this.gone++
        return
      // Counted where it is put off, which the end of a connection does too.
      case 'later':
    }
  }

  fault(why: string): void {
    this.lastError = why
    this.lastErrorTime = this.#clock.now()
  }
}

function increment(counts: Map<number, number>, code: number): void {
  counts.set(code, (counts.get(code) ?? 0) + 1)
}
