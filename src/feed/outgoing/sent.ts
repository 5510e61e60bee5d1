/** What became of the articles that one peer was offered, counted. */
import type { Clock } from '../../clock.ts'
import type { OutTally } from '../peers/tally.ts'
import { RecentRate } from '../recent-rate.ts'
import type { Answer } from './peer-answer.ts'

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
  /** Milliseconds since 1970 when counting began. */
  since: number
  /** Milliseconds since 1970 of the first and the last answer; 0 where none came. */
  first = 0
  last = 0
  readonly #clock: Clock
  readonly #changed: () => void
  readonly #rate: RecentRate

  /** `changed` is told of everything that is counted but offers, which are answered sooner or later. */
  constructor(clock: Clock, changed: () => void = () => {}) {
    this.#clock = clock
    this.#changed = changed
    this.#rate = new RecentRate(clock)
    this.since = clock.now()
  }

  /** Counts on from what was counted before. */
  restore({ rejected, answers, ...counts }: OutTally): void {
    Object.assign(this, counts)
    for (const [code, count] of rejected) this.rejected.set(code, count)
    for (const [code, count] of answers) this.answers.set(code, count)
  }

  /** What `restore` goes on from. */
  tally(): OutTally {
    const { since, first, last, offered, accepted, duplicate, deferred, gone, octets } = this
    const { lastError, lastErrorTime } = this
    const counts = { since, first, last, offered, accepted, duplicate, deferred, gone, octets }
    return {
      ...counts,
      lastError,
      lastErrorTime,
      rejected: [...this.rejected],
      answers: [...this.answers],
    }
  }

  /** Articles accepted a second, over the last minute. */
  get rate(): number {
    return this.#rate.perSecond
  }

  answer({ outcome, code }: Answer, octets: number): void {
    if (code !== 0) increment(this.answers, code)
    this.last = this.#clock.now()
    if (this.first === 0) this.first = this.last
    this.#changed()
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
    this.#changed()
  }
}

function increment(counts: Map<number, number>, code: number): void {
  counts.set(code, (counts.get(code) ?? 0) + 1)
}
