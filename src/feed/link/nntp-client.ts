/** A connection on which we ask and another server answers, one thing after the other. RFC 3977 3.1, 3.2 */
import type { Duplex } from 'node:stream'
import type { Clock } from '../../clock.ts'
import { type ReasonName, safeText } from '../../reason.ts'
import { WireReader } from '../../wire-reader.ts'
import type { Link, Told } from './link.ts'
import { parseReply, type Reply } from './reply-reader.ts'

/** The connection is of no use any more; the message says why, in words fit for a terminal. */
export class NntpFault extends Error {
  override readonly name = 'NntpFault'
}

export interface NntpClientParts {
  readonly clock: Clock
  /** Ends the connection. */
  readonly signal: AbortSignal
  /** Octets of a block; larger ones are read to their end and dropped. */
  readonly mostOctets?: number
  /** Milliseconds without an octet that is due. */
  readonly timeout?: number
}

export interface CallParts extends NntpClientParts {
  readonly link: Link
  readonly bind?: string
  readonly goal: 'read' | 'look'
  readonly told?: Told
}

/** In wire form without terminator, or why it cannot be kept. */
export type AnswerBlock =
  | { readonly ok: true; readonly wire: Buffer }
  | { readonly ok: false; readonly fault: ReasonName }

const dialTimeout = 30_000
const quitTimeout = 5_000
const usualTimeout = 120_000
const usualOctets = 4 * 1024 * 1024
/** RFC 3977 3.1 says 512 for the first line of an answer; some servers greet with more. */
const longestLine = 2_048

export class NntpClient implements AsyncDisposable {
  readonly #stream: Duplex
  readonly #parts: NntpClientParts
  readonly #reader: WireReader
  readonly #abort = () => this.#fail('cancelled')
  #fault: NntpFault | undefined
  #wake: () => void = () => {}

  constructor(stream: Duplex, parts: NntpClientParts) {
    this.#stream = stream
    this.#parts = parts
    this.#reader = new WireReader({ line: longestLine, block: parts.mostOctets ?? usualOctets })
    stream.on('readable', () => this.#wake())
    stream.on('end', () => this.#fail('the server closed the connection'))
    stream.on('close', () => this.#fail('the connection was closed'))
    stream.on('error', error => this.#fail(`the connection broke: ${safeText(error.message)}`))
    parts.signal.addEventListener('abort', this.#abort, { once: true })
    if (parts.signal.aborted) this.#abort()
  }

  /** Calls, with TLS and login as the link says. Rejects with an `NntpFault`. `address` is `host[:port]`. */
  static async call(address: string, parts: CallParts): Promise<NntpClient> {
    const { clock, signal, goal, told, link, timeout = usualTimeout } = parts
    try {
      const below = await NntpClient.#dial(address, parts)
      const asking = { clock, signal, timeout, goal, ...(told && { told }) }
      const { stream } = await link.open(below, address, asking)
      return new NntpClient(stream, parts)
    } catch (error) {
      throw new NntpFault(safeText(error instanceof Error ? error.message : String(error)), { cause: error })
    }
  }

  static async #dial(address: string, { link, clock, signal, bind = '', told }: CallParts): Promise<Duplex> {
    const giveUp = new AbortController()
    const abort = () => giveUp.abort()
    const timer = clock.timer(dialTimeout, abort)
    signal.addEventListener('abort', abort, { once: true })
    if (signal.aborted) abort()
    try {
      return await link.dial(address, { bind, signal: giveUp.signal }, told)
    } finally {
      timer.cancel()
      signal.removeEventListener('abort', abort)
    }
  }

  /** Sends command lines; several at once are pipelined. RFC 3977 3.5 */
  send(...lines: readonly string[]): void {
    if (this.#fault === undefined) this.#stream.write(lines.map(line => `${line}\r\n`).join(''), 'latin1')
  }

  /** The first line of the next answer. Rejects with an `NntpFault`, after which nothing else comes. */
  async reply(): Promise<Reply> {
    const event = await this.#next()
    const line = event.type === 'line' ? event.line.toString('latin1') : ''
    const reply = parseReply(line)
    if (reply !== undefined) return reply
    throw this.#fail(
      event.type === 'line'
        ? `the server does not speak NNTP: "${safeText(line)}"`
        : 'the server sent a line that is none',
    )
  }

  async ask(line: string): Promise<Reply> {
    this.send(line)
    return this.reply()
  }

  /** What follows a first line that announces it. */
  async block(): Promise<AnswerBlock> {
    this.#reader.expectBlock()
    const event = await this.#next()
    if (event.type === 'block') return { ok: true, wire: event.block }
    if (event.type === 'bad block') return { ok: false, fault: event.fault }
    throw this.#fail('the server sent a line in place of a block')
  }

  /** A block as lines, one character an octet. Rejects where it is too large or damaged. */
  async lines(): Promise<string[]> {
    const block = await this.block()
    if (!block.ok) throw this.#fail(`the server sent a list that cannot be read: ${block.fault}`)
    const lines = block.wire.toString('latin1').split('\r\n')
    return lines.slice(0, -1).map(line => (line.startsWith('.') ? line.slice(1) : line))
  }

  /** Says QUIT and does not wait for the answer. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#parts.signal.removeEventListener('abort', this.#abort)
    if (this.#fault !== undefined) return
    this.#fault = new NntpFault('the connection was closed')
    const stream = this.#stream
    stream.removeAllListeners('readable')
    const timer = this.#parts.clock.timer(quitTimeout, () => stream.destroy())
    stream.once('close', () => timer.cancel())
    stream.end('QUIT\r\n')
    // What still comes is passed over, so that the end is seen.
    stream.resume()
  }

  async #next() {
    for (;;) {
      const event = this.#reader.next()
      if (event !== undefined) return event
      await this.#more()
    }
  }

  async #more(): Promise<void> {
    const chunk: Buffer | null = this.#stream.read()
    if (chunk !== null) return this.#reader.push(chunk)
    if (this.#fault !== undefined) throw this.#fault
    const { clock, timeout = usualTimeout } = this.#parts
    const timer = clock.timer(timeout, () => this.#fail(`no answer for ${timeout / 1000} seconds`))
    await new Promise<void>(resolve => {
      this.#wake = resolve
    })
    timer.cancel()
  }

  /** The first fault is the one that counts. */
  #fail(why: string): NntpFault {
    if (this.#fault !== undefined) return this.#fault
    this.#fault = new NntpFault(why)
    this.#stream.destroy()
    this.#wake()
    return this.#fault
  }
}
