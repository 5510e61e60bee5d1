/** A connection without sockets: two streams that behave as the ends of a TCP connection do. */
import { Duplex } from 'node:stream'

/** Which way octets go: from the one who called, or to it. */
export type Direction = 'there' | 'back'

/** Told of all octets; a promise holds them up until it resolves. */
export type Carry = (octets: Buffer, direction: Direction) => Promise<void> | undefined

type Done = (error?: Error | null) => void

export class Line {
  /** The end of the one who called, and of the one who was called. */
  readonly caller: Duplex
  readonly called: Duplex

  constructor(carry: Carry = () => undefined) {
    const caller = new End(octets => carry(octets, 'there'))
    const called = new End(octets => carry(octets, 'back'))
    caller.join(called)
    called.join(caller)
    this.caller = caller
    this.called = called
  }

  /** The line breaks: what is under way is lost, and both ends see it at once. */
  cut(): void {
    for (const end of [this.caller, this.called]) end.destroy(new Error('connection reset'))
  }
}

class End extends Duplex {
  readonly #carry: (octets: Buffer) => Promise<void> | undefined
  #other: End | undefined
  /** Octets of the other end that were taken while nobody reads. */
  #unread: Done | undefined
  #over = false

  constructor(carry: (octets: Buffer) => Promise<void> | undefined) {
    super()
    this.#carry = carry
  }

  join(other: End): void {
    this.#other = other
  }

  override _read(): void {
    const done = this.#unread
    this.#unread = undefined
    done?.()
  }

  override _write(octets: Buffer, _encoding: string, done: Done): void {
    const arrive = () => this.#other?.arrived(octets, done)
    const carried = this.#carry(octets)
    // Never while it is written: a socket does not do that.
    if (carried === undefined) process.nextTick(arrive)
    else void carried.then(arrive)
  }

  override _final(done: Done): void {
    this.#other?.over()
    done()
  }

  override _destroy(error: Error | null, done: Done): void {
    this.#other?.over()
    this.#unread?.()
    done(error)
  }

  arrived(octets: Buffer, done: Done): void {
    if (this.destroyed || this.#over) done(new Error('connection reset by peer'))
    else if (this.push(octets)) done()
    else this.#unread = done
  }

  /** The other end sends nothing more. */
  over(): void {
    if (this.#over || this.destroyed) return
    this.#over = true
    this.push(null)
  }
}
