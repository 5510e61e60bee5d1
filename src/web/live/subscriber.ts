/** One open stream of events: what waits to be sent, within bounds, and its end. */

/** Events that wait; who takes them more slowly than they come is cut off, and may come back to its place. */
const mostWaiting = 100

export interface SubscriberOptions {
  /** Of the groups of an arrival, the one this subscriber is told of; undefined where none is for it. */
  readonly wants: (groups: readonly string[]) => number | undefined
  /** Told once, when it has ended. */
  readonly ended: (subscriber: Subscriber) => void
}

export class Subscriber {
  readonly wants: SubscriberOptions['wants']
  /** Arrivals up to here are not for it any more. */
  after: number
  readonly #ended: SubscriberOptions['ended']
  #waiting: string[] = []
  #wake: (() => void) | undefined
  #over = false

  constructor(after: number, { wants, ended }: SubscriberOptions) {
    this.after = after
    this.wants = wants
    this.#ended = ended
  }

  get over(): boolean {
    return this.#over
  }

  get idle(): boolean {
    return this.#waiting.length === 0
  }

  push(text: string): void {
    if (this.#over) return
    this.#waiting.push(text)
    if (this.#waiting.length > mostWaiting) this.end()
    this.#wake?.()
  }

  /** What waits, as one text, as soon as something does; undefined once it is over. */
  async take(): Promise<string | undefined> {
    while (!this.#over && this.#waiting.length === 0)
      await new Promise<void>(resolve => {
        this.#wake = resolve
      })
    if (this.#over) return undefined
    return this.#waiting.splice(0).join('')
  }

  end(): void {
    if (this.#over) return
    this.#over = true
    this.#waiting = []
    this.#wake?.()
    this.#ended(this)
  }
}
