/** Answers of concurrent commands, given out in the order the commands came. RFC 3977 3.5, RFC 4644 2.4-2.5 */
import type { Response } from './command.ts'

const mostPending = 256
const mostOctets = 4 * 1024 * 1024

interface Pending {
  readonly response: Response | Promise<Response>
  octets: number
}

export class Answers {
  readonly #send: (response: Response) => Promise<void> | undefined
  readonly #pending: Pending[] = []
  #octets = 0
  #pumping: Promise<void> | undefined
  #shorter: (() => void) | undefined

  /** `send` must not reject. */
  constructor(send: (response: Response) => Promise<void> | undefined) {
    this.#send = send
  }

  /** `response` must not reject; `octets` is what the command holds in memory until then. */
  add(response: Response | Promise<Response>, octets: number): void {
    this.#push({ response, octets })
  }

  #push(pending: Pending): void {
    this.#pending.push(pending)
    this.#octets += pending.octets
    if (this.#pumping !== undefined) return
    const pumping = this.#pump()
    if (this.#pending.length > 0) this.#pumping = pumping // else all answers were there and it is done
  }

  /** The same for an answer that will hold at most so many octets, and less once it is known. */
  reserve(response: Response | Promise<Response>, octets: number): void {
    const pending = { response, octets }
    if (response instanceof Promise) void response.then(known => this.#shrink(pending, sizeOf(known)))
    else pending.octets = sizeOf(response)
    this.#push(pending)
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
    return this.#pending.length >= mostPending || this.#octets >= mostOctets
  }

  #shrink(pending: Pending, octets: number): void {
    this.#octets -= pending.octets - octets
    pending.octets = octets
    this.#roomAgain()
  }

  #roomAgain(): void {
    if (this.#full) return
    this.#shorter?.()
    this.#shorter = undefined
  }

  async #pump(): Promise<void> {
    for (let next = this.#pending[0]; next !== undefined; next = this.#pending[0]) {
      const { response } = next
      const sent = this.#send(response instanceof Promise ? await response : response)
      if (sent !== undefined) await sent
      this.#pending.shift()
      this.#octets -= next.octets
      this.#roomAgain()
    }
    this.#pumping = undefined
  }
}

const sizeOf = (response: Response): number => (response.kind === 'block' ? response.block.length : 0)
