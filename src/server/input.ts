/** What comes from the client: octets to lines and blocks, bounded, and only as long as it takes. RFC 3977 3.1, 3.5 */
import type { Duplex } from 'node:stream'
import { type WireEvent, WireReader } from '../wire-reader.ts'
import type { Block } from './command.ts'
import type { Deadline, Waiting } from './deadline.ts'
import { looksForeign } from './foreign.ts'

export interface InputOptions {
  readonly deadline: Deadline
  readonly limits: {
    /** Octets kept while no command is wanted; then the client waits. */
    readonly input_bytes: number
    readonly article_bytes: number
  }
  readonly owner: InputOwner
}

export interface InputOwner {
  /** Called before the client is waited for: what it should see must be sent. */
  beforeWaiting(): void
  /** The connection cannot go on: broken, or not NNTP at all. */
  fail(why: string): void
}

/** Who waits for the next line or block. */
interface Awaiting {
  readonly expecting: 'line' | 'block'
  readonly resolve: (event: WireEvent | undefined) => void
}

/** RFC 3977 3.1: octets of a line with its CRLF. */
export const longestLine = 512
/** RFC 4643 2.4.2: what the mechanisms here need, in base64, whatever the limit of other lines. */
const longestSaslLine = 4096

export class Input {
  readonly #deadline: Deadline
  readonly #owner: InputOwner
  readonly #limit: number
  readonly #reader: WireReader
  #stream: Duplex
  /** The client has closed its side. */
  #ended = false
  /** Nothing more is taken, for our own reasons. */
  #stopped = false
  #lines = 0
  #octets = 0
  #wake: (() => void) | undefined
  #awaiting: Awaiting | undefined

  constructor(stream: Duplex, { deadline, limits, owner }: InputOptions) {
    this.#deadline = deadline
    this.#owner = owner
    this.#limit = limits.input_bytes
    this.#reader = new WireReader({ line: longestLine, block: limits.article_bytes })
    this.#stream = stream
    this.attach(stream)
  }

  get ended(): boolean {
    return this.#ended
  }

  /** Lines and blocks that were given out. */
  get lines(): number {
    return this.#lines
  }

  /** Octets that came so far. */
  get received(): number {
    return this.#octets
  }

  /** Octets that came and were not given out. */
  get buffered(): number {
    return this.#reader.buffered + this.#stream.readableLength
  }

  /** Reads from this stream from now on. */
  attach(stream: Duplex): void {
    this.#stream = stream
    stream.on('data', this.#received)
    stream.on('end', this.#endReached)
    stream.on('error', this.#failed)
    stream.resume()
  }

  /** Leaves the stream, paused, to another transport. */
  detach(): void {
    this.#stream.pause()
    this.#stream.off('data', this.#received)
    this.#stream.off('end', this.#endReached)
  }

  pause(): void {
    this.#stream.pause()
  }

  /** From now on there is no next event; who waits for one is told so. */
  stop(): void {
    this.#stopped = true
    this.#notify()
  }

  /** The line that answers a 383. */
  saslLine(): WireEvent | Promise<WireEvent | undefined> | undefined {
    this.#reader.expectLine(longestSaslLine)
    return this.line()
  }

  /** A complete line that has come already, or a promise of the next; undefined when there will be none. */
  line(): WireEvent | Promise<WireEvent | undefined> | undefined {
    if (this.#stopped) return undefined
    return this.#counted(this.#reader.next()) ?? this.#wait('line')
  }

  /**
   * The block that follows the last line, or a promise of it; undefined when it will not be complete (RFC 3977 5.4.2:
   * it is dropped).
   */
  block(): Block | undefined | Promise<Block | undefined> {
    this.#reader.expectBlock()
    const event = this.#reader.next()
    return event === undefined ? this.#wait('block').then(blockOf) : blockOf(event)
  }

  /** The same after an invitation; `begins` is called at its first octet. */
  async invitedBlock(begins?: () => void): Promise<Block | undefined> {
    if (begins !== undefined) {
      this.#reader.expectBlock()
      await this.touched('block')
      if (this.#reader.buffered > 0) begins()
    }
    return this.block()
  }

  /** Resolves when the client has sent something, or nothing more will come; nothing is taken. */
  async touched(waiting: Waiting): Promise<void> {
    while (this.#reader.buffered === 0 && !this.#ended && !this.#stopped) {
      const more = this.#moreOctets()
      this.#owner.beforeWaiting()
      this.#deadline.wait(waiting)
      await more
    }
  }

  #wait(expecting: 'line' | 'block'): Promise<WireEvent | undefined> {
    return new Promise(resolve => {
      this.#awaiting = { expecting, resolve }
      this.#look()
    })
  }

  /** Gives who waits what has come, or waits on. */
  #look(): void {
    const awaiting = this.#awaiting
    if (awaiting !== undefined) this.#give(awaiting)
  }

  #give(awaiting: Awaiting): void {
    const event = this.#stopped ? undefined : this.#counted(this.#reader.next())
    if (event !== undefined || this.#stopped || this.#ended) {
      this.#awaiting = undefined
      if (event !== undefined) this.#deadline.wait('nothing')
      awaiting.resolve(event)
      return
    }
    if (this.#stream.isPaused()) this.#stream.resume()
    this.#deadline.wait(this.#awaited(awaiting.expecting))
    // Last: on a stream in memory the client may answer while it is written.
    this.#owner.beforeWaiting()
  }

  #counted(event: WireEvent | undefined): WireEvent | undefined {
    if (event !== undefined) this.#lines++
    return event
  }

  #awaited(expecting: 'line' | 'block') {
    if (expecting === 'block') return 'block'
    if (this.#lines === 0) return 'first command'
    return this.#reader.buffered > 0 ? 'line' : 'command'
  }

  #moreOctets(): Promise<void> {
    if (this.#stream.isPaused()) this.#stream.resume()
    return new Promise(resolve => {
      this.#wake = resolve
    })
  }

  #notify(): void {
    this.#look()
    this.#wake?.()
    this.#wake = undefined
  }

  #received = (chunk: Buffer): void => {
    if (this.#stopped) return
    if (this.#lines === 0 && looksForeign(chunk)) {
      this.#owner.fail('not an NNTP client')
      return
    }
    this.#octets += chunk.length
    this.#deadline.received(chunk.length)
    this.#reader.push(chunk)
    if (this.#wake !== undefined || this.#awaiting !== undefined) this.#notify()
    else if (this.#reader.buffered >= this.#limit) this.#stream.pause()
  }

  #endReached = (): void => {
    this.#ended = true
    this.#notify()
  }

  #failed = (error: Error): void => this.#owner.fail(error.message)
}

function blockOf(event: WireEvent | undefined): Block | undefined {
  if (event?.type === 'block') return { ok: true, wire: event.block, around: event.around }
  return event?.type === 'bad block' ? { ok: false, fault: event.fault } : undefined
}
