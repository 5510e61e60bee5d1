/** What goes to the client: small texts gathered, large blocks in slices, all of it bounded. RFC 3977 3.5 */
import type { Duplex } from 'node:stream'
import type { Clock, Timer } from '../clock.ts'
import type { OutputBudget, OutputShare, Owner } from './output-budget.ts'

const slice = 65_536

export interface OutputOptions {
  readonly clock: Clock
  readonly limits: {
    /** Octets that may wait for the client before `room` makes callers wait. */
    readonly output_bytes: number
    /** How long the client may take nothing of what waits. */
    readonly stalled_output_seconds: number
  }
  /** Shared by all connections. */
  readonly budget: OutputBudget
}

export class Output implements Owner {
  readonly #clock: Clock
  readonly #limits: OutputOptions['limits']
  #stream: Duplex
  #text = ''
  #corked = false
  #flushing: NodeJS.Immediate | undefined
  /** Octets given to the stream that it has not passed on. */
  #queued = 0
  /** Octets passed on so far. */
  #sent = 0
  #ended = false
  /** None until somebody waits. */
  #waiters: Set<() => void> | undefined
  readonly #share: OutputShare

  constructor(stream: Duplex, { clock, limits, budget }: OutputOptions) {
    this.#stream = stream
    this.#clock = clock
    this.#limits = limits
    this.#share = budget.share(this)
  }

  /** Octets that were passed on to the network. */
  get sent(): number {
    return this.#sent
  }

  get queued(): number {
    return this.#queued + this.#text.length
  }

  /** Where it is counted what is kept for this client. */
  get share(): OutputShare {
    return this.#share
  }

  /** ASCII text, sent at the next flush or the end of this turn of the event loop. */
  text(text: string): void {
    if (this.#ended) return
    this.#text += text
    if (this.#text.length >= slice) this.flush()
    else this.#flushing ??= setImmediate(() => this.flush())
  }

  /** Octets as they are; wait for the promise, where there is one, before giving more. Never rejects. */
  bytes(octets: Uint8Array): Promise<void> | undefined {
    if (this.#ended) return undefined
    if (octets.length > slice) return this.#slices(octets)
    this.#cork()
    this.#write(octets)
    return this.room()
  }

  /** Undefined while the client keeps up; else resolves when there is room again, or the stream is gone. */
  room(): Promise<void> | undefined {
    const { output_bytes } = this.#limits
    return this.queued > output_bytes ? this.#below(output_bytes) : undefined
  }

  /** Resolves when everything is passed on, or the stream is gone. */
  async drained(): Promise<void> {
    await this.#below(0)
  }

  flush(): void {
    if (this.#flushing !== undefined) clearImmediate(this.#flushing)
    this.#flushing = undefined
    this.#takeText()
    if (this.#corked) this.#stream.uncork()
    this.#corked = false
  }

  /** Sends what is left, then closes our side. Resolves when that is done, or the stream is gone. */
  async end(): Promise<void> {
    this.flush()
    const stream = this.#stream
    // What the network took at once needs no promise, though the stream will say so later.
    if (stream.writableLength > 0) await this.drained()
    this.#ended = true
    if (stream.destroyed) return
    await new Promise<void>(resolve => {
      stream.once('close', resolve)
      stream.end(resolve)
    })
  }

  /** Everything must be drained before. */
  replace(stream: Duplex): void {
    this.#stream = stream
  }

  /** The stream, or one below it, is closed: nobody waits for it any more. */
  closed(): void {
    this.#share.close()
    this.#progress()
  }

  /** Its client has taken nothing for too long. */
  cutOff(): void {
    this.#stream.destroy()
  }

  async #slices(octets: Uint8Array): Promise<void> {
    this.#share.hold(octets.length)
    for (let at = 0; at < octets.length && !this.#stream.destroyed; at += slice) {
      await this.bytes(octets.subarray(at, at + slice))
    }
    this.#share.release(octets.length)
  }

  #cork(): void {
    if (!this.#corked) this.#stream.cork()
    this.#corked = true
    this.#flushing ??= setImmediate(() => this.flush())
    this.#takeText()
  }

  #takeText(): void {
    if (this.#text === '') return
    const text = this.#text
    this.#text = ''
    this.#write(Buffer.from(text, 'latin1'))
  }

  #write(octets: Uint8Array): void {
    if (this.#stream.destroyed || octets.length === 0) return
    this.#queued += octets.length
    this.#share.hold(octets.length)
    this.#stream.write(octets, () => {
      this.#queued -= octets.length
      this.#share.release(octets.length)
      this.#sent += octets.length
      this.#progress()
    })
  }

  #progress(): void {
    if (this.#waiters !== undefined) for (const look of [...this.#waiters]) look()
  }

  #below(limit: number): Promise<void> {
    this.flush()
    const stream = this.#stream
    const seconds = this.#limits.stalled_output_seconds
    const waiters = this.#waiters ?? new Set()
    this.#waiters = waiters
    return new Promise(resolve => {
      let timer: Timer | undefined
      const look = () => {
        timer?.cancel()
        if (this.#queued <= limit || stream.destroyed) {
          waiters.delete(look)
          this.#share.waits(false)
          return resolve()
        }
        this.#share.waits(true)
        timer = this.#clock.timer(seconds * 1000, () => this.#share.cutOff())
      }
      waiters.add(look)
      look()
    })
  }
}
