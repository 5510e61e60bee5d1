/** How long a client may keep us waiting. RFC 3977 3.1: an inactivity timer of at least three minutes. */
import type { Clock, Timer } from '../clock.ts'

export type Waiting =
  /** For the first command of a new connection. */
  | 'first command'
  /** For the next command: silence counts. */
  | 'command'
  /** For the rest of a line. */
  | 'line'
  /** For the rest of an article: silence counts, and a trickle. */
  | 'block'
  /** The client waits for us, or for lines as they come. */
  | 'nothing'

export interface DeadlineOptions {
  readonly clock: Clock
  readonly firstCommandSeconds: number
  readonly idleSeconds: number
  readonly expired: (waiting: Waiting) => void
}

const lineSeconds = 30
/** An article that comes more slowly than this, on average since it began, is a way to hold a connection open. */
const leastOctetsPerSecond = 1024
const patienceSeconds = 180

export class Deadline {
  readonly #options: DeadlineOptions
  #waiting: Waiting = 'nothing'
  /** When the waiting began, and when the client last did something; monotonic milliseconds. */
  #since = 0
  #active = 0
  #octets = 0
  #timer: Timer | undefined
  #timerDue = 0

  constructor(options: DeadlineOptions) {
    this.#options = options
  }

  /** Going on waiting for the same thing does not start anew. */
  wait(waiting: Waiting): void {
    if (waiting === this.#waiting) return
    this.#waiting = waiting
    this.#since = this.#options.clock.monotonic()
    this.#octets = 0
    if (waiting === 'command') this.#active = this.#since
    if (waiting !== 'nothing') this.#arm()
  }

  /** `octets` came from the client. */
  received(octets: number): void {
    this.#active = this.#options.clock.monotonic()
    this.#octets += octets
  }

  stop(): void {
    this.#waiting = 'nothing'
    this.#timer?.cancel()
    this.#timer = undefined
  }

  /** One timer for all, not one a command: it looks when it is due, and goes on where the client was active. */
  #arm(): void {
    const due = this.#due()
    if (this.#timer !== undefined && this.#timerDue <= due) return
    this.#timer?.cancel()
    this.#timerDue = due
    const { clock } = this.#options
    this.#timer = clock.timer(Math.max(due - clock.monotonic(), 1), () => this.#look())
  }

  #look(): void {
    this.#timer = undefined
    if (this.#waiting === 'nothing') return
    if (this.#options.clock.monotonic() < this.#due()) this.#arm()
    else this.#options.expired(this.#waiting)
  }

  #due(): number {
    const { firstCommandSeconds, idleSeconds } = this.#options
    const idle = this.#active + idleSeconds * 1000
    switch (this.#waiting) {
      case 'first command':
        return this.#since + firstCommandSeconds * 1000
      case 'line':
        return this.#since + lineSeconds * 1000
      case 'block': {
        const slow = this.#since + Math.max(patienceSeconds, this.#octets / leastOctetsPerSecond) * 1000
        return Math.min(idle, slow)
      }
      case 'command':
      case 'nothing':
        return idle
    }
  }
}
