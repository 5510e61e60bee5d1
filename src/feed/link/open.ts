/** Runs a handshake on a stream, and puts the transports on it that come out. RFC 3977 3.1; RFC 4642 2.2.2; RFC 8054 2.2.2 */
import type { Duplex } from 'node:stream'
import type { Clock } from '../../clock.ts'
import { safeText } from '../../reason.ts'
import type { Handshake, Step } from './handshake.ts'
import { longestReply, ReplyTooLong } from './reply-reader.ts'
import type { TlsReport } from './secure.ts'

/** The connection is of no use; the message says why, in words fit for a terminal. */
export class LinkFault extends Error {
  override readonly name = 'LinkFault'
}

/** What is heard on the way, for whoever wants to show it. Never holds a secret. */
export type LinkEvent =
  /** `to`: the verb of the command, or `greeting`. */
  | { readonly kind: 'reply'; readonly to: string; readonly line: string }
  | { readonly kind: 'tls'; readonly report: TlsReport }
  /** Addresses of the connection where it is one of a network; empty elsewhere. */
  | { readonly kind: 'connected'; readonly local: string; readonly remote: string }

export interface Transports {
  /** Resolves with the stream on top; destroying either ends both. */
  readonly tls: (below: Duplex, signal: AbortSignal) => Promise<Duplex>
  readonly deflate: (below: Duplex) => Duplex
}

export interface OpenParts {
  readonly clock: Clock
  readonly signal: AbortSignal
  /** Milliseconds for the whole of it. */
  readonly timeout: number
  readonly transports: Transports
  readonly told?: (event: LinkEvent) => void
}

export interface OpenedLink {
  /** The transport on top; octets that came behind the last answer are in front of it. */
  readonly stream: Duplex
  readonly mode: Extract<Step, { kind: 'ready' }>['mode']
}

/** Rejects with an `Error` that says why in words; then the stream is destroyed. */
export async function openLink(stream: Duplex, handshake: Handshake, parts: OpenParts): Promise<OpenedLink> {
  const { clock, signal, timeout } = parts
  const giveUp = new AbortController()
  const late = clock.timer(timeout, () =>
    giveUp.abort(new LinkFault(`no answer from the peer for ${timeout / 1000} seconds`)),
  )
  const stop = () => giveUp.abort(new LinkFault('stopped'))
  signal.addEventListener('abort', stop, { once: true })
  if (signal.aborted) stop()
  const opening = new Opening(stream, handshake, { ...parts, signal: giveUp.signal })
  try {
    return await opening.run()
  } catch (error) {
    opening.destroy()
    throw giveUp.signal.aborted ? giveUp.signal.reason : error
  } finally {
    late.cancel()
    signal.removeEventListener('abort', stop)
  }
}

class Opening {
  readonly #handshake: Handshake
  readonly #parts: OpenParts
  #stream: Duplex
  #lines: Lines
  #asked = 'greeting'

  constructor(stream: Duplex, handshake: Handshake, parts: OpenParts) {
    this.#stream = stream
    this.#handshake = handshake
    this.#parts = parts
    this.#lines = new Lines(stream, parts.signal)
  }

  async run(): Promise<OpenedLink> {
    for (;;) {
      const line = await this.#lines.next()
      this.#parts.told?.({ kind: 'reply', to: this.#asked, line })
      let step = this.#handshake.next(line)
      if (step.kind === 'tls' || step.kind === 'deflate') {
        await this.#put(step.kind)
        step = this.#handshake.upgraded()
      }
      if (step.kind === 'fail') throw new LinkFault(step.why)
      if (step.kind === 'say') this.#say(step.line)
      if (step.kind !== 'ready') continue
      this.#lines.release()
      return { stream: this.#stream, mode: step.mode }
    }
  }

  destroy(): void {
    this.#stream.destroy()
  }

  #say(line: string): void {
    this.#asked = /^(AUTHINFO|MODE|COMPRESS) [A-Z]+|^[A-Z]+/.exec(line)?.[0] ?? ''
    this.#stream.write(`${line}\r\n`, 'latin1')
  }

  async #put(transport: 'tls' | 'deflate'): Promise<void> {
    // RFC 4642 2.2.2, RFC 8054 2.2.2: what came in clear was perhaps put there by somebody else.
    if (!this.#lines.empty)
      throw new LinkFault(`octets came behind the answer to ${this.#asked}: somebody may be in between`)
    this.#lines.release()
    const { transports, signal } = this.#parts
    this.#stream =
      transport === 'tls' ? await transports.tls(this.#stream, signal) : transports.deflate(this.#stream)
    this.#lines = new Lines(this.#stream, signal)
  }
}

/** Lines of a stream one at a time, one character an octet; what is not asked for stays in the stream. */
class Lines {
  readonly #stream: Duplex
  readonly #signal: AbortSignal
  #rest: Buffer = Buffer.alloc(0)
  #fault: LinkFault | undefined
  #wake: () => void = () => {}
  readonly #readable = () => this.#wake()
  readonly #ended = () => this.#fail('the peer closed the connection')
  readonly #closed = () => this.#fail('the connection was closed')
  readonly #broke = (error: Error) => this.#fail(`the connection broke: ${safeText(error.message)}`)
  readonly #aborted = () => this.#fail('stopped')

  constructor(stream: Duplex, signal: AbortSignal) {
    this.#stream = stream
    this.#signal = signal
    stream.on('readable', this.#readable)
    stream.on('end', this.#ended)
    stream.on('close', this.#closed)
    // Stays: a stream that breaks between two owners must not end the process.
    stream.on('error', this.#broke)
    signal.addEventListener('abort', this.#aborted, { once: true })
    if (signal.aborted) this.#aborted()
    else if (stream.destroyed) this.#closed()
  }

  get empty(): boolean {
    return this.#rest.length === 0 && this.#stream.readableLength === 0
  }

  async next(): Promise<string> {
    for (;;) {
      const end = this.#rest.indexOf(10)
      if ((end < 0 ? this.#rest.length : end) > longestReply) throw new ReplyTooLong()
      if (end >= 0) return this.#take(end)
      await this.#more()
    }
  }

  /** Gives the stream away, with what was read too much. */
  release(): void {
    const { readableEnded, destroyed } = this.#stream
    this.#stream.off('readable', this.#readable)
    this.#stream.off('end', this.#ended)
    this.#stream.off('close', this.#closed)
    this.#signal.removeEventListener('abort', this.#aborted)
    if (this.#fault !== undefined || readableEnded || destroyed)
      throw this.#fault ?? new LinkFault('the peer closed the connection')
    if (this.#rest.length > 0) this.#stream.unshift(this.#rest)
  }

  #take(end: number): string {
    const last = end > 0 && this.#rest[end - 1] === 13 ? end - 1 : end
    const line = this.#rest.toString('latin1', 0, last)
    this.#rest = this.#rest.subarray(end + 1)
    return line
  }

  async #more(): Promise<void> {
    const chunk: Buffer | null = this.#signal.aborted ? null : this.#stream.read()
    if (chunk !== null) {
      this.#rest = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk])
      return
    }
    if (this.#fault !== undefined) throw this.#fault
    await new Promise<void>(resolve => {
      this.#wake = resolve
    })
  }

  /** The first fault is the one that counts. */
  #fail(why: string): void {
    this.#fault ??= new LinkFault(why)
    this.#wake()
  }
}
