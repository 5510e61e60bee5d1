/** The last answers of one peer by arrival, for `tidings article trace`: sixteen octets each, and never more. */
import type { Arrival } from '../../storage/reading.ts'
import type { Answer } from './peer-answer.ts'

export type LastAnswer = Pick<Answer, 'outcome' | 'code'>

const outcomes: readonly Answer['outcome'][] = [
  'accepted',
  'duplicate',
  'rejected',
  'refused',
  'gone',
  'later',
]

export class LastAnswers {
  readonly #size: number
  /** By the remainder of the arrival; made for the first answer. */
  #arrivals: Float64Array | undefined
  #codes: Uint16Array | undefined
  #outcomes: Uint8Array | undefined

  constructor(size: number) {
    this.#size = size
  }

  set(arrival: Arrival, { outcome, code }: LastAnswer): void {
    this.#arrivals ??= new Float64Array(this.#size)
    this.#codes ??= new Uint16Array(this.#size)
    this.#outcomes ??= new Uint8Array(this.#size)
    const slot = arrival % this.#size
    this.#arrivals[slot] = arrival
    this.#codes[slot] = code
    this.#outcomes[slot] = outcomes.indexOf(outcome)
  }

  /** Undefined where there was none, or an arrival that shares its slot was answered since. */
  get(arrival: Arrival): LastAnswer | undefined {
    const slot = arrival % this.#size
    if (this.#arrivals?.[slot] !== arrival) return undefined
    const outcome = outcomes[this.#outcomes?.[slot] ?? 0]
    return outcome && { outcome, code: this.#codes?.[slot] ?? 0 }
  }
}
