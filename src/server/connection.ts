/**
 * One client: commands in order, answers in order. Nothing else touches the stream.
 * RFC 3977 3.1, 3.5, 5.1; RFC 4642 2.2.2; RFC 8054 2.2.2
 */
import type { Duplex } from 'node:stream'
import { networkOf } from '../address.ts'
import { responses } from '../response.ts'
import type { WireEvent } from '../wire-reader.ts'
import { Answers } from './answers.ts'
import type { ClientSession } from './client-session.ts'
import { type Block, type Command, type Lines, line, type Response } from './command.ts'
import { parseCommandLine } from './command-line.ts'
import type { CommandTable } from './command-table.ts'
import { Deadline } from './deadline.ts'
import { interpret, type Step, settle } from './engine.ts'
import { FetchGate } from './fetch-gate.ts'
import { isForeign } from './foreign.ts'
import { Input, type InputOwner, longestLine } from './input.ts'
import { Output } from './output.ts'
import type { OutputBudget } from './output-budget.ts'
import { Pace } from './pace.ts'
import { type Session, startAnew } from './session.ts'
import type { Tempo } from './tempo.ts'

/** Puts another transport on top of the stream: what a `switch` response leads to. Destroying it must be enough. */
export type Layer = (below: Duplex, session: Session) => Duplex | Promise<Duplex>
export type Transport = Extract<Response, { kind: 'switch' }>['transport']

export interface ConnectionOptions {
  readonly stream: Duplex
  readonly session: ClientSession
  readonly table: CommandTable
  readonly greeting: Response
  readonly budget: OutputBudget
  readonly tempo: Tempo
  /** Shared by all connections; one of its own where absent. */
  readonly gate?: FetchGate
  readonly layers?: () => Layers
  /** Called once, before the first answer to a command that does not end the connection: most of it is to come. */
  readonly stays?: () => void
}

export type Layers = Partial<Record<Transport, Layer>>

/** How long what a client still sends is read and dropped, so that no reset overtakes our last answer. */
const lingerSeconds = 5
const lingerSecondsWhenStopping = 1

export class Connection implements InputOwner {
  readonly #options: ConnectionOptions
  readonly #session: ClientSession
  readonly #input: Input
  readonly #output: Output
  /** None until commands are answered side by side. */
  #answers: Answers | undefined
  readonly #deadline: Deadline
  readonly #gate: FetchGate
  #stream: Duplex
  /** The last answer is given: no further command is read. */
  #closing = false
  /** It is used for more than coming and going. */
  #staying = false
  /** Why the next command is not answered: the text of 400. */
  #stopping: string | undefined
  /** Whether what is said goes to the log, as it was at the last command. */
  #traces: boolean
  /** Only the client's own end is waited for. */
  #lingering = false
  #closed = false
  #whenClosed: (() => void) | undefined

  constructor(options: ConnectionOptions) {
    const { stream, session } = options
    const { clock, config } = session.services
    const { limits } = config()
    this.#options = options
    this.#session = session
    this.#traces = session.traces
    this.#stream = stream
    this.#gate = options.gate ?? new FetchGate()
    this.#deadline = new Deadline({
      clock,
      limits,
      expired: waiting => this.#gone(`waited too long for ${waiting}`), // RFC 3977 3.1: without a response
    })
    this.#output = new Output(stream, { clock, limits, budget: options.budget })
    this.#input = new Input(stream, { deadline: this.#deadline, limits, owner: this })
    stream.on('close', () => this.#streamClosed())
  }

  /** Greets the client and serves it until the stream is closed. Never rejects. */
  async serve(): Promise<void> {
    await this.#converse()
    await this.#untilClosed()
  }

  async #converse(): Promise<void> {
    try {
      await this.#send(this.#options.greeting)
      while (!this.#closing) {
        const next = this.#input.line()
        const event = next instanceof Promise ? await next : next
        if (event === undefined) break
        const handled = this.#handle(event)
        if (handled !== undefined) await handled
        const rest = this.#rest(1)
        if (rest !== undefined) await rest
        const room = this.#output.room()
        if (room !== undefined) await room
      }
      await this.#answers?.empty()
      if (this.#stopping !== undefined && !this.#closing) this.#line(line(400, this.#stopping))
      await this.#end()
    } catch (error) {
      this.#session.log.error({ err: error }, 'connection failed')
      this.#gone('failed')
    }
  }

  /** Where the client goes on too fast, what it has to wait for; meanwhile nothing is read. */
  #rest(commands: number): Promise<void> | undefined {
    const rest = this.#options.tempo.use(commands, this.#input.received + this.#output.sent)
    if (rest !== undefined) this.#output.flush()
    return rest
  }

  /** Lets the command under way finish, answers 400 and `why` in place of the next, and closes. */
  stop(why = 'Server is stopping'): void {
    this.#stopping = why
    this.#input.stop()
    if (this.#lingering) this.#gone('lingered')
  }

  /** Cuts the connection off. */
  destroy(): void {
    this.#gone('cut off')
  }

  /** Undefined where the next command can be read at once: no promise for each of many thousands a second. */
  #handle(event: WireEvent): Promise<void> | undefined {
    this.#deadline.wait('nothing')
    if (event.type === 'bad line') return this.#badLine(event)
    if (event.type !== 'line') throw new Error(`unexpected ${event.type}`)
    if (isForeign(event.line)) {
      this.#gone('not an NNTP client')
      return undefined
    }
    const step = interpret(event.line, this.#session, this.#options.table)
    this.#trace(event.line)
    if (!step.block) return this.#run(step)
    step.begins()
    const block = this.#input.block()
    if (block instanceof Promise) return block.then(it => it && this.#run(step, it))
    return block && this.#run(step, block)
  }

  #run(step: Step, block?: Block): Promise<void> | undefined {
    if (!step.concurrent) return this.#runAlone(step, block)
    const answers = this.#answersOf()
    if (step.row?.holdsArticle) answers.reserve(this.#fetch(step))
    else answers.add(step.run(block), block?.ok ? block.wire.length : 0)
    return answers.room()
  }

  #answersOf(): Answers {
    this.#answers ??= new Answers(response => this.#send(response), this.#output.share)
    return this.#answers
  }

  /** When it is its turn; not at all where the client is gone by then. */
  #fetch(step: Step): Response | Promise<Response> {
    return this.#gate.fetch({
      party: networkOf(this.#session.client.address),
      octets: this.#answersOf().usual,
      run: () => (this.#session.over ? line(403) : step.run()),
    })
  }

  async #runAlone(step: Step, block?: Block): Promise<void> {
    const pending = this.#answers?.empty()
    if (pending !== undefined) await pending
    if (this.#closing) return
    const response = step.row?.holdsArticle ? this.#fetch(step) : step.run(block)
    await this.#answer(step.row, response instanceof Promise ? await response : response)
  }

  async #badLine(event: WireEvent & { readonly type: 'bad line' }): Promise<void> {
    await this.#answers?.empty()
    if (event.fault === 'bad octet') {
      // Other line ends are how articles are smuggled.
      return this.#send({ kind: 'line', code: 501, text: 'Lines end with CRLF and hold no NUL', close: true })
    }
    // RFC 4644 2.5.1: the article follows at once. Its lines must not be taken for commands.
    const { row } = parseCommandLine(event.start, this.#options.table)
    if (row?.block && (await this.#input.block()) === undefined) return
    this.#line(line(501, 'Line too long')) // RFC 3977 3.1: and the connection stays.
  }

  /** Sends the response, and what follows from it until the command is done. */
  async #answer(row: Command | undefined, response: Response): Promise<void> {
    for (;;) {
      if (response.kind === 'switch') return this.#switch(response)
      if (response.kind === 'live') return this.#live(response)
      const sent = this.#send(response)
      if (sent !== undefined) await sent
      if (response.kind !== 'continue' || row === undefined) return
      const reply = await this.#reply(response)
      if (reply === undefined) return
      response = await settle(this.#session, row, reply)
    }
  }

  /** What the client sends after a 3xx, to be handed to the continuation. */
  async #reply(response: Extract<Response, { kind: 'continue' }>) {
    if (response.expect === 'block') {
      const block = await this.#input.invitedBlock(response.begins)
      return block && (() => response.reply(block))
    }
    const event = await this.#input.saslLine()
    if (event === undefined) return undefined
    if (event.type !== 'line') return () => line(501)
    const text = event.line.toString('utf8')
    return () => response.reply(text)
  }

  #trace(octets: Buffer): void {
    this.#traces = this.#session.traces
    if (!this.#traces) return
    const text = octets.toString('latin1').replace(/^(authinfo[ \t]+[^ \t]+[ \t]).*/i, '$1...')
    this.#session.log.trace({ text }, 'command')
  }

  /** Never rejects. */
  #send(response: Response): Promise<void> | undefined {
    if (this.#closing) return response.kind === 'body' ? this.#drop(response.body) : undefined
    this.#line(response)
    let sent: Promise<void> | undefined
    if (response.kind === 'body') sent = this.#body(response.body)
    else if (response.kind === 'block') sent = this.#output.bytes(response.block)
    if (response.close) {
      this.#closing = true
      this.#input.stop()
    }
    return sent
  }

  #line(response: Response): void {
    if (!this.#staying && this.#input.lines > 0 && response.close !== true) this.#stay()
    const text = response.text ?? responses[response.code]
    // RFC 3977 3.1: one line of at most 512 octets, whatever got into the text.
    const safe = /[^\x20-\x7e]/.test(text) ? text.replace(/[^\x20-\x7e]/g, '?') : text
    if (this.#traces) this.#session.log.trace({ code: response.code, text: safe }, 'response')
    this.#output.text(`${response.code} ${safe.slice(0, longestLine - 6)}\r\n`)
  }

  #stay(): void {
    this.#staying = true
    this.#options.stays?.()
  }

  async #body(lines: Lines): Promise<void> {
    const pace = new Pace(this.#session)
    try {
      for await (const chunk of lines) {
        if (!pace.wanted) return
        await this.#output.bytes(chunk)
        await pace.rest()
        await this.#rest(0)
      }
    } catch (error) {
      // Half a block is sent: an answer would be one of its lines, so the client must see the connection end.
      this.#session.log.error({ err: error }, 'answer broke off')
      return this.#gone('answer broke off')
    }
    if (pace.wanted) this.#output.text('.\r\n')
  }

  /** A walk through the store that has begun holds on to it until it is told that nobody wants the rest. */
  async #drop(lines: Lines): Promise<void> {
    try {
      if (Symbol.asyncIterator in lines) await lines[Symbol.asyncIterator]().return?.()
    } catch (error) {
      this.#session.log.error({ err: error }, 'answer was not let go')
    }
  }

  /** Lines as they come, until the client sends its next line or goes; then the end of the block. */
  async #live(response: Extract<Response, { kind: 'live' }>): Promise<void> {
    this.#line(response)
    const abort = new AbortController()
    const streamed = this.#body(response.lines(AbortSignal.any([abort.signal, this.#session.signal])))
    await Promise.race([streamed, this.#input.touched('nothing')])
    abort.abort()
    await streamed
  }

  /** RFC 4642 2.2.2, RFC 8054 2.2.2: never pipelined, so somebody else may have put an octet behind the command. */
  async #switch(response: Extract<Response, { kind: 'switch' }>): Promise<void> {
    const layer = this.#options.layers?.()[response.transport]
    if (layer === undefined) return this.#send(line(response.transport === 'tls' ? 580 : 403))
    this.#input.pause()
    if (this.#input.buffered > 0) {
      return this.#send({ kind: 'line', code: 502, text: 'Octets behind the command', close: true })
    }
    this.#line(response)
    await this.#output.drained()
    this.#input.detach()
    try {
      this.#stream = await layer(this.#stream, this.#session)
    } catch (error) {
      return this.#gone(error instanceof Error ? error.message : `no ${response.transport}`)
    }
    this.#session.transports = new Set([...this.#session.transports, response.transport])
    if (response.transport === 'tls') startAnew(this.#session)
    this.#stream.on('close', () => this.#layerClosed())
    this.#output.replace(this.#stream)
    this.#input.attach(this.#stream)
  }

  async #end(): Promise<void> {
    this.#closing = true
    this.#deadline.stop()
    this.#input.stop()
    await this.#output.end()
    if (this.#stream.destroyed) return
    if (this.#input.ended) return this.#gone('done')
    const seconds = this.#stopping !== undefined ? lingerSecondsWhenStopping : lingerSeconds
    const timer = this.#session.services.clock.timer(seconds * 1000, () => this.#gone('lingered'))
    this.#lingering = true
    this.#stream.once('end', () => this.#gone('done'))
    this.#stream.resume()
    await this.#untilClosed()
    timer.cancel()
  }

  #streamClosed(): void {
    this.#closed = true
    this.#layerClosed()
    this.#whenClosed?.()
  }

  #layerClosed(): void {
    this.#output.closed()
    this.#gone('closed')
  }

  /** Never rejects. */
  #untilClosed(): Promise<void> {
    if (this.#closed) return Promise.resolve()
    return new Promise(resolve => {
      this.#whenClosed = resolve
    })
  }

  beforeWaiting(): void {
    this.#output.flush()
  }

  fail(why: string): void {
    this.#gone(why)
  }

  /** Ends everything at once; does nothing the second time. */
  #gone(why: string): void {
    if (this.#session.over) return
    this.#closing = true
    this.#deadline.stop()
    this.#input.stop()
    this.#session.end(why)
    this.#stream.destroy()
    this.#options.stream.destroy()
  }
}
