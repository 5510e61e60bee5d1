/** How long a client may keep us waiting. RFC 3977 3.1: an inactivity timer of at least three minutes. */
import type { Clock, Timer } from '../clock.ts'

export type Waiting =
  /** For the first command of a new connection. */
  | 'first command'
  /** For the next command: silence counts. */
  | 'command'
  /** For the rest of a line. */
  | 'line'
  /** For the rest of an article: silence counts, and from its first octet on a trickle. */
  | 'block'
  /** The client waits for us, or for lines as they come. */
  | 'nothing'

export interface DeadlineOptions {
  readonly clock: Clock
  readonly limits: {
    readonly first_command_seconds: number
    readonly idle_seconds: number
    readonly line_seconds: number
    /** An article that comes more slowly than this is a way to hold a connection open. */
    readonly article_bytes_per_second: number
  }
  readonly expired: (waiting: Waiting) => void
}

/** Over which the speed of an article is measured. */
const windowSeconds = 60

export class Deadline {
  readonly #clock: Clock
  readonly #limits: DeadlineOptions['limits']
  readonly #expired: DeadlineOptions['expired']
  #waiting: Waiting = 'nothing'
  /** When the waiting or the window began, and when the client last did something; monotonic milliseconds. */
  #since = 0
  #active = 0
  /** The article under way has begun. */
  #begun = false
  /** Came in this window. */
  #octets = 0
  #timer: Timer | undefined
  #timerDue = 0

  constructor({ clock, limits, expired }: DeadlineOptions) {
    this.#clock = clock
    this.#limits = limits
    this.#expired = expired
  }

  /** Going on waiting for the same thing does not start anew. */
  wait(waiting: Waiting): void {
    if (waiting === this.#waiting) return
    this.#waiting = waiting
    this.#since = this.#clock.monotonic()
    this.#begun = false
    this.#octets = 0
    if (waiting === 'command') this.#active = this.#since
    if (waiting !== 'nothing') this.#arm()
  }

  /** `octets` came from the client. */
  received(octets: number): void {
    this.#active = this.#clock.monotonic()
    this.#octets += octets
    if (this.#waiting !== 'block' || this.#begun) return
    this.#begun = true
    this.#since = this.#active
    this.#arm()
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
    const clock = this.#clock
    this.#timer = clock.timer(Math.max(due - clock.monotonic(), 1), () => this.#look())
  }

  #look(): void {
    this.#timer = undefined
    if (this.#waiting === 'nothing') return
    this.#goOn()
    if (this.#clock.monotonic() < this.#due()) this.#arm()
    else this.#expired(this.#waiting)
  }

  /** A client that kept up for a whole window has the next one. */
  #goOn(): void {
    const now = this.#clock.monotonic()
    const over = this.#begun && now >= this.#since + windowSeconds * 1000
    if (!over || this.#octets < windowSeconds * this.#limits.article_bytes_per_second) return
    this.#since = now
    this.#octets = 0
  }

  #due(): number {
    const { first_command_seconds, idle_seconds, line_seconds } = this.#limits
    const idle = this.#active + idle_seconds * 1000
    switch (this.#waiting) {
      case 'first command':
        return this.#since + first_command_seconds * 1000
      case 'line':
        return this.#since + line_seconds * 1000
      case 'block':
        return this.#begun ? Math.min(idle, this.#since + windowSeconds * 1000) : idle
      case 'command':
      case 'nothing':
        return idle
    }
  }
}
