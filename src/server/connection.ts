/**
 * One client: octets in, commands in order, answers in order, octets out. Nothing else touches the socket.
 * RFC 3977 3.1, 3.5, 5.1; RFC 4642 2.2.2; RFC 8054 2.2.2
 */
import type { Duplex } from 'node:stream'
import { responses } from '../response.ts'
import { type WireEvent, WireReader } from '../wire.ts'
import { Answers } from './answers.ts'
import { type Block, type Command, line, type Lines, type Response } from './command.ts'
import type { CommandTable } from './command-table.ts'
import { Deadline } from './deadline.ts'
import { interpret, type Step, settle } from './engine.ts'
import { Output } from './output.ts'
import { Pace } from './pace.ts'
import type { Session } from './session.ts'
import { isForeign, looksForeign } from './foreign.ts'

/** Puts another transport on top of the stream: the answer to a `switch` response. */
export type Layer = (below: Duplex, session: Session) => Duplex | Promise<Duplex>
export type Transport = Extract<Response, { kind: 'switch' }>['transport']

export interface ConnectionOptions {
  readonly stream: Duplex
  /** Made by the server; its signal must end when `abort` is called. */
  readonly session: Session
  readonly abort: AbortController
  readonly table: CommandTable
  readonly greeting: Response
  readonly layers?: Partial<Record<Transport, Layer>>
}

/** RFC 3977 3.1: octets of a line with CRLF. */
const longestLine = 512
/** How long what a client sends after the end is read and dropped, so that the last answer is not lost to a reset. */
const lingerSeconds = 5

export class Connection {
  readonly #options: ConnectionOptions
  readonly #session: Session
  readonly #reader: WireReader
  readonly #output: Output
  readonly #answers: Answers
  readonly #deadline: Deadline
  #stream: Duplex
  #input: 'open' | 'ended' = 'open'
  /** No further command is read: the reason is sent, or there is nobody to send it to. */
  #closing = false
  #stopping = false
  #commands = 0
  #wake: (() => void) | undefined
  /** Resolves when the stream is closed. Never rejects. */
  readonly closed: Promise<void>

  constructor(options: ConnectionOptions) {
    this.#options = options
    this.#session = options.session
    this.#stream = options.stream
    const { clock, config } = options.session.services
    const { limits } = config()
    this.#reader = new WireReader({ line: longestLine, block: limits.article_bytes })
    this.#output = new Output(options.stream, {
      clock,
      limit: limits.output_bytes,
      stalledSeconds: limits.stalled_output_seconds,
    })
    this.#answers = new Answers(response => this.#send(response))
    this.#deadline = new Deadline({
      clock,
      firstCommandSeconds: limits.first_command_seconds,
      idleSeconds: limits.idle_seconds,
      expired: waiting => {
        this.#session.log.info({ waiting }, 'client too slow')
        this.#gone() // RFC 3977 3.1: without a response
      },
    })
    this.closed = new Promise(resolve => options.stream.once('close', resolve))
    options.stream.once('close', () => this.#gone())
    this.#attach(options.stream)
  }

  /** Greets the client and serves it until the end. Never rejects. */
  async serve(): Promise<void> {
    try {
      await this.#send(this.#options.greeting)
      this.#deadline.wait('first command')
      while (!this.#closing && !this.#stopping) {
        const event = this.#reader.next() ?? (await this.#more())
        if (event === undefined) break
        await this.#handle(event)
        const room = this.#output.room()
        if (room) await room
      }
      await this.#answers.empty()
      if (this.#stopping && !this.#closing) this.#line(line(400, 'Server is stopping'))
      await this.#end()
    } catch (error) {
      this.#session.log.error({ err: error }, 'connection failed')
      this.#gone()
    }
  }

  /** Answers 400 to what comes next, or at once where the client waits, and closes. */
  stop(): void {
    this.#stopping = true
    this.#notify()
  }

  /** Cuts the connection off. */
  destroy(): void {
    this.#gone()
  }

  // Input

  #attach(stream: Duplex): void {
    this.#stream = stream
    stream.on('data', this.#received)
    stream.on('end', this.#inputEnded)
    stream.on('error', this.#failed)
  }

  #detach(): void {
    this.#stream.pause()
    this.#stream.off('data', this.#received)
    this.#stream.off('end', this.#inputEnded)
  }

  #received = (chunk: Buffer): void => {
    if (this.#closing) return
    if (this.#commands === 0 && looksForeign(chunk)) return this.#gone() // no octet is echoed
    this.#deadline.received(chunk.length)
    this.#reader.push(chunk)
    if (this.#wake !== undefined) this.#notify()
    else if (this.#reader.buffered >= this.#session.services.config().limits.input_bytes) this.#stream.pause()
  }

  #inputEnded = (): void => {
    this.#input = 'ended'
    this.#notify()
  }

  #failed = (error: Error): void => {
    this.#session.log.debug({ err: error }, 'connection broke')
    this.#gone()
  }

  #notify(): void {
    this.#wake?.()
    this.#wake = undefined
  }

  /** The next event; undefined when there will be none: the end of input, of the connection or of the server. */
  async #more(expecting: 'line' | 'block' = 'line'): Promise<WireEvent | undefined> {
    for (;;) {
      if (this.#closing || this.#stopping) return undefined
      const event = this.#reader.next()
      if (event !== undefined) {
        this.#deadline.wait('nothing')
        return event
      }
      if (this.#input === 'ended') return undefined // RFC 3977 5.4.2: half an article is dropped
      this.#output.flush()
      if (this.#stream.isPaused()) this.#stream.resume()
      if (this.#commands > 0 || expecting === 'block') this.#deadline.wait(this.#awaited(expecting))
      await new Promise<void>(resolve => {
        this.#wake = resolve
      })
    }
  }

  #awaited(expecting: 'line' | 'block'): 'line' | 'block' | 'command' {
    if (expecting === 'block') return 'block'
    return this.#reader.buffered > 0 ? 'line' : 'command'
  }

  async #block(): Promise<Block | undefined> {
    this.#reader.expectBlock()
    const event = this.#reader.next() ?? (await this.#more('block'))
    switch (event?.type) {
      case 'block':
        return { ok: true, wire: event.block }
      case 'bad block':
        return { ok: false, fault: event.fault }
      default:
        return undefined
    }
  }

  // Commands

  async #handle(event: WireEvent): Promise<void> {
    this.#deadline.wait('nothing')
    this.#commands++
    if (event.type === 'bad line') return this.#badLine(event.fault)
    if (event.type !== 'line') throw new Error(`unexpected ${event.type}`)
    if (isForeign(event.line)) return this.#gone()

    const step = interpret(event.line, this.#session, this.#options.table)
    this.#trace(event.line, step)
    let block: Block | undefined
    if (step.block) {
      block = await this.#block()
      if (block === undefined) return
    }
    if (step.concurrent) {
      this.#answers.add(step.run(block), block?.ok ? block.wire.length : 0)
      return this.#answers.room()
    }
    const pending = this.#answers.empty()
    if (pending) await pending
    if (this.#closing) return
    await this.#answer(step.row, await step.run(block))
  }

  async #badLine(fault: 'too long' | 'bad octet'): Promise<void> {
    await this.#answers.empty()
    // RFC 3977 3.1: too long is 501 and the connection stays. Other line ends are how articles are smuggled.
    if (fault === 'too long') this.#line(line(501, 'Line too long'))
    else await this.#send({ kind: 'line', code: 501, text: 'Lines end with CRLF and hold no NUL', close: true })
  }

  /** Sends the response, and what follows from it until the command is done. */
  async #answer(row: Command | undefined, response: Response): Promise<void> {
    for (;;) {
      if (response.kind === 'switch') return this.#switch(response)
      if (response.kind === 'live') return this.#live(response)
      await this.#send(response)
      if (response.kind !== 'continue' || row === undefined) return
      const then = await this.#reply(response)
      if (then === undefined) return
      response = await settle(this.#session, row, then)
    }
  }

  /** What the client sends after a 3xx, handed to the continuation. */
  async #reply(response: Extract<Response, { kind: 'continue' }>): Promise<(() => Promise<Response>) | undefined> {
    if (response.expect === 'block') {
      const block = await this.#block()
      return block && (() => response.then(block))
    }
    const event = this.#reader.next() ?? (await this.#more())
    if (event === undefined) return undefined
    if (event.type !== 'line') return async () => line(501)
    const text = event.line.toString('utf8')
    return () => response.then(text)
  }

  #trace(octets: Buffer, step: Step): void {
    const text = step.row?.verbatim ? `${step.row.name} ...` : octets.toString('latin1')
    this.#session.log.trace({ text }, 'command')
  }

  // Answers

  /** Never rejects. */
  #send(response: Response): Promise<void> | undefined {
    if (this.#closing) return undefined
    this.#line(response)
    switch (response.kind) {
      case 'body':
        return this.#body(response.body, response.close === true)
      case 'block':
        return this.#closeAfter(response, this.#output.bytes(response.block))
      default:
        return this.#closeAfter(response, undefined)
    }
  }

  #closeAfter(response: Response, sent: Promise<void> | undefined): Promise<void> | undefined {
    if (response.close) {
      this.#closing = true
      this.#notify()
    }
    return sent
  }

  async #body(lines: Lines, close: boolean): Promise<void> {
    const pace = new Pace(this.#session)
    try {
      for await (const chunk of lines) {
        if (!pace.wanted) return
        await this.#output.bytes(chunk)
        await pace.rest()
      }
    } catch (error) {
      // Half a block is sent: no answer can be told from its lines, so the client must see the end of it.
      this.#session.log.error({ err: error }, 'answer broke off')
      return this.#gone()
    }
    if (!pace.wanted) return
    this.#output.text('.\r\n')
    if (close) this.#closing = true
  }

  #line(response: Response): void {
    const text = response.text ?? responses[response.code]
    // RFC 3977 3.1: one line of at most 512 octets, whatever got into the text.
    const safe = /[^\x20-\x7e]/.test(text) ? text.replace(/[^\x20-\x7e]/g, '?') : text
    this.#session.log.trace({ code: response.code, text: safe }, 'response')
    this.#output.text(`${response.code} ${safe.slice(0, longestLine - 6)}\r\n`)
  }

  /** Lines as they come, until the client sends its next line or goes; then the end of the block. */
  async #live(response: Extract<Response, { kind: 'live' }>): Promise<void> {
    this.#line(response)
    const abort = new AbortController()
    const signal = AbortSignal.any([abort.signal, this.#session.signal])
    const streamed = this.#body(response.lines(signal), false)
    this.#output.flush()
    this.#deadline.wait('nothing')
    await Promise.race([streamed, this.#nextLine()])
    abort.abort()
    await streamed
  }

  /** Resolves when the client has sent something, or will send nothing more; nothing is taken. */
  async #nextLine(): Promise<void> {
    while (this.#reader.buffered === 0 && this.#input === 'open' && !this.#closing && !this.#stopping) {
      if (this.#stream.isPaused()) this.#stream.resume()
      await new Promise<void>(resolve => {
        this.#wake = resolve
      })
    }
  }

  /** RFC 4642 2.2.2, RFC 8054 2.2.2: not pipelined, so an octet behind the command was put there by somebody else. */
  async #switch(response: Extract<Response, { kind: 'switch' }>): Promise<void> {
    const layer = this.#options.layers?.[response.transport]
    if (layer === undefined) return this.#send(line(503))
    this.#stream.pause()
    if (this.#reader.buffered > 0 || this.#stream.readableLength > 0) {
      return this.#send({ kind: 'line', code: 502, text: 'Octets behind the command', close: true })
    }
    this.#line(response)
    await this.#output.drained()
    this.#detach()
    const above = await layer(this.#stream, this.#session)
    above.once('close', () => this.#gone())
    this.#output.replace(above)
    this.#attach(above)
    above.resume()
  }

  // The end

  async #end(): Promise<void> {
    this.#closing = true
    this.#deadline.stop()
    await this.#output.end()
    if (this.#stream.destroyed) return
    const { clock } = this.#session.services
    const timer = clock.timer(lingerSeconds * 1000, () => this.#gone())
    this.#stream.resume()
    if (this.#input === 'ended') this.#gone()
    else this.#stream.once('end', () => this.#gone())
    await this.closed
    timer.cancel()
  }

  #gone(): void {
    this.#closing = true
    this.#deadline.stop()
    this.#options.abort.abort()
    this.#stream.destroy()
    if (this.#stream !== this.#options.stream) this.#options.stream.destroy()
    this.#notify()
  }
}
