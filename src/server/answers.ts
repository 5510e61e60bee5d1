/** Answers of concurrent commands, given out in the order the commands came. RFC 3977 3.5, RFC 4644 2.4-2.5 */
import type { Response } from './command.ts'

const mostPending = 256
const mostOctets = 4 * 1024 * 1024
/** Of articles that are fetched ahead: a client that reads nothing keeps one large article in memory, not many. */
const mostAhead = 256 * 1024

interface Pending {
  readonly response: Response | Promise<Response>
  octets: number
  /** Those that count as fetched ahead. */
  ahead: number
  /** Those that `Held` was told of. */
  held: number
}

/** Octets of articles that wait for those before them. */
export interface Held {
  hold(octets: number): void
  release(octets: number): void
}

export class Answers {
  readonly #send: (response: Response) => Promise<void> | undefined
  readonly #held: Held
  readonly #pending: Pending[] = []
  #octets = 0
  #ahead = 0
  #usual = mostAhead
  #pumping: Promise<void> | undefined
  #shorter: (() => void) | undefined

  /** `send` must not reject; `held` is told of the articles that are there before it is their turn. */
  constructor(send: (response: Response) => Promise<void> | undefined, held: Held) {
    this.#send = send
    this.#held = held
  }

  /** `response` must not reject; `octets` is what the command holds in memory until then. */
  add(response: Response | Promise<Response>, octets: number): void {
    // A line that is there and has none before it needs no promises and no place: most answers to CHECK are so.
    const alone = this.#pumping === undefined && !(response instanceof Promise) && response.kind === 'line'
    if (alone) void this.#send(response)
    else this.#push({ response, octets, ahead: 0, held: 0 })
  }

  #push(pending: Pending): void {
    this.#pending.push(pending)
    this.#octets += pending.octets
    this.#ahead += pending.ahead
    if (this.#pumping !== undefined) return
    const pumping = this.#pump()
    if (this.#pending.length > 0) this.#pumping = pumping // else all answers were there and it is done
  }

  /** The same for an answer that will hold an article: as large as those before it, until it is known. */
  reserve(response: Response | Promise<Response>): void {
    const pending = { response, octets: 0, ahead: this.#usual, held: 0 }
    this.#push(pending)
    if (response instanceof Promise) void response.then(known => this.#know(pending, sizeOf(known)))
    else this.#know(pending, sizeOf(response))
  }

  /** What an article is expected to be, by those before it, octets. */
  get usual(): number {
    return this.#usual
  }

  /** Undefined where one more command may be started; else resolves when that is so. */
  room(): Promise<void> | undefined {
    if (!this.#full) return undefined
    return new Promise(resolve => {
      this.#shorter = resolve
    })
  }

  /** Undefined where nothing is pending; else resolves when everything is sent. */
  empty(): Promise<void> | undefined {
    return this.#pumping
  }

  get #full(): boolean {
    return this.#pending.length >= mostPending || this.#octets >= mostOctets || this.#ahead >= mostAhead
  }

  #know(pending: Pending, octets: number): void {
    this.#usual = Math.max(octets, (this.#usual * 3 + octets) / 4)
    if (this.#pending.includes(pending)) this.#ahead -= pending.ahead - octets
    pending.ahead = octets
    // The first is being sent: from there on it counts as output.
    if (this.#pending.indexOf(pending) > 0) this.#hold(pending, octets)
    this.#roomAgain()
  }

  #hold(pending: Pending, octets: number): void {
    pending.held = octets
    this.#held.hold(octets)
  }

  #letGo(pending: Pending): void {
    if (pending.held > 0) this.#held.release(pending.held)
    pending.held = 0
  }

  #roomAgain(): void {
    if (this.#full) return
    this.#shorter?.()
    this.#shorter = undefined
  }

  async #pump(): Promise<void> {
    for (let next = this.#pending[0]; next !== undefined; next = this.#pending[0]) {
      const { response } = next
      const known = response instanceof Promise ? await response : response
      this.#letGo(next)
      const sent = this.#send(known)
      if (sent !== undefined) await sent
      this.#pending.shift()
      this.#octets -= next.octets
      this.#ahead -= next.ahead
      this.#roomAgain()
    }
    this.#pumping = undefined
  }
}

const sizeOf = (response: Response): number => (response.kind === 'block' ? response.block.length : 0)
