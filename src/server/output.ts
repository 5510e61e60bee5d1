/** What goes to the client: small texts gathered, large blocks in slices, all of it bounded. RFC 3977 3.5 */
import type { Duplex } from 'node:stream'
import type { Clock, Timer } from '../clock.ts'
import type { OutputBudget, OutputShare } from './output-budget.ts'

const slice = 65_536

export interface OutputOptions {
  readonly clock: Clock
  /** Octets that may wait for the client before `room` makes callers wait. */
  readonly limit: number
  /** How long the client may take nothing of what waits. */
  readonly stalledSeconds: number
  /** Shared by all connections. */
  readonly budget: OutputBudget
}

export class Output {
  readonly #options: OutputOptions
  #stream: Duplex
  #text = ''
  #corked = false
  #flushing: NodeJS.Immediate | undefined
  /** Octets given to the stream that it has not passed on. */
  #queued = 0
  /** Octets passed on so far. */
  #sent = 0
  #ended = false
  readonly #waiters = new Set<() => void>()
  readonly #share: OutputShare

  constructor(stream: Duplex, options: OutputOptions) {
    this.#stream = stream
    this.#options = options
    this.#share = options.budget.share(() => this.#stream.destroy())
    this.#notice(stream)
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
    return this.queued > this.#options.limit ? this.#below(this.#options.limit) : undefined
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
    await this.drained()
    this.#ended = true
    const stream = this.#stream
    if (stream.destroyed) return
    await new Promise<void>(resolve => {
      stream.once('close', resolve)
      stream.end(resolve)
    })
  }

  /** Everything must be drained before. */
  replace(stream: Duplex): void {
    this.#stream = stream
    this.#notice(stream)
  }

  #notice(stream: Duplex): void {
    stream.once('close', () => {
      this.#share.close()
      this.#progress()
    })
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
    for (const look of [...this.#waiters]) look()
  }

  #below(limit: number): Promise<void> {
    this.flush()
    const stream = this.#stream
    const { clock, stalledSeconds } = this.#options
    return new Promise(resolve => {
      let timer: Timer | undefined
      const look = () => {
        timer?.cancel()
        if (this.#queued <= limit || stream.destroyed) {
          this.#waiters.delete(look)
          this.#share.waits(false)
          return resolve()
        }
        this.#share.waits(true)
        timer = clock.timer(stalledSeconds * 1000, () => this.#share.cutOff())
      }
      this.#waiters.add(look)
      look()
    })
  }
}
