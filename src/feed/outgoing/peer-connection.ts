/** One outgoing connection to a peer: offers and transfers articles, and trusts no answer. RFC 3977 6.3.2, RFC 4644 */
import type { Duplex } from 'node:stream'
import type { Clock, Timer } from '../../clock.ts'
import { safeText } from '../../reason.ts'
import type { FeedMode } from '../link/handshake.ts'
import { Link, plainLink } from '../link/link.ts'
import type { OpenedLink, OpenParts } from '../link/open.ts'
import { parseReply, type Reply, ReplyReader } from '../link/reply-reader.ts'
import { type Acceptance, type Answer, type Delivery, echoes, effectOf, type Stage } from './peer-answer.ts'
import { type Loaded, ReadAhead } from './read-ahead.ts'

/** Where the articles come from, and what hears about them; shared by all connections to one peer. */
export interface Work {
  /** The next article to offer, if there is one. */
  take(): Delivery | undefined
  /** Wire form with the terminator; undefined when it is not here any more. */
  read(delivery: Delivery): Promise<Buffer | undefined>
  answered(delivery: Delivery, answer: Answer): void
  /** The connection ended first. `offered`: the peer was asked or sent it, and did not answer. */
  returned(delivery: Delivery, offered: boolean): void
  readonly acceptance: Acceptance
}

/** Says what is to be said until the peer takes articles; rejects with an error in words. */
export type OpenFeed = (
  stream: Duplex,
  parts: Pick<OpenParts, 'clock' | 'signal' | 'timeout'>,
) => Promise<OpenedLink>

export interface ConnectionOptions {
  readonly clock: Clock
  readonly work: Work
  /** False: IHAVE alone; counts where `open` is absent. */
  readonly streaming?: boolean
  /** Without TLS, login and compression where absent. */
  readonly open?: OpenFeed
  /** Articles offered or under way at a time. */
  readonly window?: number
  /** Milliseconds without an answer that is due. */
  readonly responseTimeout?: number
  /** Milliseconds without work before the connection is closed. */
  readonly idleTimeout?: number
  /** The peer has let us in and takes articles. */
  readonly opened?: () => void
}

export interface Ending {
  /** In words, fit for a log and for status. */
  readonly why: string
  /** Nothing was left unanswered and nothing went wrong. */
  readonly ok: boolean
  /** The peer announced streaming and does not know its commands. */
  readonly unableToStream: boolean
}

interface Waiting {
  readonly stage: Stage
  readonly delivery: Delivery
  /** Offered by TAKETHIS without a CHECK before. */
  readonly unchecked: boolean
  /** Kept between IHAVE and 335: once invited an article must come. */
  readonly block?: Buffer
}

const quitTimeout = 5_000

export class PeerConnection {
  readonly ended: Promise<Ending>
  #stream: Duplex
  readonly #clock: Clock
  readonly #work: Work
  readonly #window: number
  readonly #responseTimeout: number
  readonly #idleTimeout: number
  readonly #opened: () => void
  readonly #opening = new AbortController()
  readonly #reader = new ReplyReader()
  /** By message-ID, in the order of the commands. */
  readonly #waiting = new Map<string, Waiting>()
  readonly #ahead: ReadAhead
  /** Message-IDs of all that is waiting or loading. */
  readonly #underWay = new Set<string>()
  #phase: 'handshake' | 'feeding' | 'finishing' | 'quitting' | 'ended' = 'handshake'
  #mode: FeedMode = 'ihave'
  /** The peer has answered a CHECK on this connection. */
  #proven = false
  /** The peer has answered for an article on this connection. */
  #useful = false
  #blocked = false
  #progress: number
  #watched: 'response' | 'idle' | 'quit' | undefined
  #timer: Timer | undefined
  #resolve: (ending: Ending) => void = () => {}

  constructor(stream: Duplex, options: ConnectionOptions) {
    this.#stream = stream
    this.#clock = options.clock
    this.#work = options.work
    this.#window = options.window ?? 200
    this.#responseTimeout = options.responseTimeout ?? 300_000
    this.#idleTimeout = options.idleTimeout ?? 600_000
    this.#opened = options.opened ?? (() => {})
    this.#progress = this.#clock.monotonic()
    this.#ahead = new ReadAhead({
      read: delivery => this.#work.read(delivery),
      loaded: () => this.#pump(),
    })
    this.ended = new Promise(resolve => {
      this.#resolve = resolve
    })
    const open = options.open ?? plainly(options.streaming ?? true)
    open(stream, {
      clock: this.#clock,
      signal: this.#opening.signal,
      timeout: this.#responseTimeout,
    }).then(
      opened => this.#begin(opened),
      (error: unknown) => this.#end(error instanceof Error ? error.message : 'fault'),
    )
  }

  /** There is something to take. */
  wake(): void {
    if (this.#phase === 'feeding') this.#pump()
  }

  /** Takes nothing more, waits for the answers that are due, says QUIT. */
  finish(): void {
    if (this.#phase === 'handshake') this.#end('stopped', true)
    if (this.#phase !== 'feeding') return
    this.#phase = 'finishing'
    for (const delivery of this.#ahead.clear()) this.#giveBack(delivery, false)
    this.#pump()
  }

  destroy(why: string): void {
    this.#end(why)
  }

  get #load(): number {
    return this.#underWay.size
  }

  /** RFC 3977 6.3.2: IHAVE must not be pipelined. */
  get #room(): number {
    return this.#mode === 'streaming' ? this.#window : 1
  }

  #receive(chunk: Buffer): void {
    if (this.#phase === 'ended') return
    try {
      for (const line of this.#reader.push(chunk)) this.#line(line)
    } catch (error) {
      this.#end(error instanceof Error ? error.message : 'fault')
    }
    this.#pump()
  }

  #line(line: string): void {
    if (this.#phase === 'quitting') this.#end('idle', true)
    else if (this.#phase !== 'ended') this.#answer(line)
  }

  #begin({ stream, mode }: OpenedLink): void {
    if (this.#phase !== 'handshake') return void stream.destroy()
    this.#stream = stream
    stream.on('data', (chunk: Buffer) => this.#receive(chunk))
    stream.on('drain', () => this.#drained())
    stream.on('error', error => this.#end(`the connection broke: ${safeText(error.message)}`))
    stream.on('end', () => this.#end('the peer closed the connection'))
    stream.on('close', () => this.#end('the connection was closed'))
    this.#mode = mode === 'streaming' ? 'streaming' : 'ihave'
    this.#phase = 'feeding'
    this.#progress = this.#clock.monotonic()
    this.#opened()
    if (stream.readableEnded || stream.destroyed) this.#end('the peer closed the connection')
    else stream.resume()
    this.#pump()
  }

  #answer(line: string): void {
    const reply = parseReply(line)
    if (reply === undefined) {
      this.#end(`the peer sent no reply but "${safeText(line)}"`)
      return
    }
    const waiting = this.#addressee(reply)
    const effect = waiting && effectOf(waiting.stage, reply.code)
    if (waiting === undefined || effect === undefined) this.#end(complaint(reply.code, line))
    else if (effect === 'unable') this.#end('the peer does not know the streaming commands', false, true)
    else this.#act(waiting, effect, reply)
  }

  #act(waiting: Waiting, effect: Answer['outcome'] | 'send', reply: Reply): void {
    this.#useful = true
    this.#progress = this.#clock.monotonic()
    this.#waiting.delete(waiting.delivery.messageId)
    this.#count(waiting, effect)
    if (effect === 'send') this.#invited(waiting)
    else this.#settle(waiting.delivery, { outcome: effect, code: reply.code, text: reply.text })
  }

  #settle(delivery: Delivery, answer: Answer): void {
    this.#underWay.delete(delivery.messageId)
    this.#work.answered(delivery, answer)
  }

  #giveBack(delivery: Delivery, offered: boolean): void {
    this.#underWay.delete(delivery.messageId)
    this.#work.returned(delivery, offered)
  }

  #addressee(reply: Reply): Waiting | undefined {
    if (echoes(reply.code)) return this.#waiting.get(reply.text.split(/[ \t]/, 1)[0] ?? '')
    // RFC 3977 3.5: answers come in the order of the commands.
    for (const waiting of this.#waiting.values()) return waiting
    return undefined
  }

  #count({ stage, unchecked }: Waiting, effect: Answer['outcome'] | 'send'): void {
    if (stage === 'check') this.#proven = true
    if (stage === 'check' ? effect === 'later' : !unchecked) return
    if (effect === 'send' || effect === 'accepted') this.#work.acceptance.note(true)
    else if (effect === 'duplicate' || effect === 'rejected') this.#work.acceptance.note(false)
  }

  #invited(waiting: Waiting): void {
    const { delivery, block } = waiting
    if (block !== undefined) {
      this.#write(block)
      this.#waiting.set(delivery.messageId, { stage: 'article', delivery, unchecked: false })
    } else if (this.#phase === 'finishing') this.#giveBack(delivery, false)
    else this.#ahead.add(delivery, false)
  }

  #pump(): void {
    if (this.#phase === 'feeding' || this.#phase === 'finishing') {
      this.#stream.cork()
      while (!this.#blocked && this.#step());
      this.#stream.uncork()
      if (this.#phase === 'finishing' && this.#load === 0) {
        this.#phase = 'quitting'
        this.#write(Buffer.from('QUIT\r\n'))
      }
    }
    this.#watch()
  }

  /** One thing to write, if there is one. */
  #step(): boolean {
    return this.#sendFirst() || this.#takeNext()
  }

  #takeNext(): boolean {
    if (this.#phase !== 'feeding' || this.#load >= this.#room) return false
    const delivery = this.#work.take()
    if (delivery === undefined) return false
    if (this.#underWay.has(delivery.messageId)) {
      this.#work.answered(delivery, { outcome: 'later', code: 0, text: 'another copy is under way' })
      return true
    }
    this.#underWay.add(delivery.messageId)
    if (this.#mode === 'ihave') this.#ahead.add(delivery, false)
    else if (this.#proven && this.#work.acceptance.high) this.#ahead.add(delivery, true)
    else {
      this.#write(Buffer.from(`CHECK ${delivery.messageId}\r\n`, 'latin1'))
      this.#waiting.set(delivery.messageId, { stage: 'check', delivery, unchecked: false })
    }
    return true
  }

  #sendFirst(): boolean {
    const first = this.#ahead.take()
    if (first === undefined) return false
    const { delivery, block } = first
    if (Buffer.isBuffer(block)) this.#send(first, block)
    else if (block === 'gone')
      this.#settle(delivery, { outcome: 'gone', code: 0, text: 'expired before it was sent' })
    else this.#settle(delivery, { outcome: 'later', code: 0, text: 'could not be read' })
    return true
  }

  #send({ delivery, unchecked }: Loaded, block: Buffer): void {
    const { messageId } = delivery
    if (this.#mode === 'ihave') {
      this.#write(Buffer.from(`IHAVE ${messageId}\r\n`, 'latin1'))
      this.#waiting.set(messageId, { stage: 'ihave', delivery, unchecked, block })
      return
    }
    this.#write(Buffer.from(`TAKETHIS ${messageId}\r\n`, 'latin1'))
    this.#write(block)
    this.#waiting.set(messageId, { stage: 'takethis', delivery, unchecked })
  }

  #write(octets: Buffer): void {
    if (!this.#stream.write(octets)) this.#blocked = true
  }

  #drained(): void {
    this.#blocked = false
    // A peer that reads is alive, however slowly its line takes a large article.
    this.#progress = this.#clock.monotonic()
    this.#pump()
  }

  /** Keeps one timer on what is due next; it looks at the time of the last progress only when it goes off. */
  #watch(): void {
    const watched = this.#due
    if (watched === this.#watched) return
    if (watched !== undefined) this.#progress = this.#clock.monotonic()
    this.#watched = watched
    this.#arm()
  }

  get #due(): 'response' | 'idle' | 'quit' | undefined {
    // The handshake has its own time.
    if (this.#phase === 'ended' || this.#phase === 'handshake') return undefined
    if (this.#phase === 'quitting') return 'quit'
    return this.#waiting.size > 0 || this.#blocked ? 'response' : 'idle'
  }

  #arm(): void {
    this.#timer?.cancel()
    this.#timer = undefined
    if (this.#watched === undefined) return
    const allowed = { response: this.#responseTimeout, idle: this.#idleTimeout, quit: quitTimeout }
    const left = this.#progress + allowed[this.#watched] - this.#clock.monotonic()
    if (left > 0) this.#timer = this.#clock.timer(left, () => this.#arm())
    else if (this.#watched === 'idle' && this.#load === 0) this.finish()
    else if (this.#watched === 'quit') this.#end('idle', true)
    else this.#end(`no answer from the peer for ${this.#responseTimeout / 1000} seconds`)
  }

  #end(why: string, ok = false, unableToStream = false): void {
    if (this.#phase === 'ended') return
    // A peer may hang up when nothing is under way.
    const idle = (this.#phase === 'feeding' || this.#phase === 'quitting') && this.#load === 0 && this.#useful
    this.#phase = 'ended'
    this.#watch()
    for (const { delivery } of this.#waiting.values()) this.#giveBack(delivery, true)
    for (const delivery of this.#ahead.clear()) this.#giveBack(delivery, false)
    this.#waiting.clear()
    this.#opening.abort()
    this.#stream.destroy()
    this.#resolve({ why, ok: ok || idle, unableToStream })
  }
}

const plainly =
  (streaming: boolean): OpenFeed =>
  (stream, parts) =>
    new Link(plainLink, { dial: () => Promise.reject(new Error('connected already')) }).open(stream, '', {
      goal: 'feed',
      streaming,
      ...parts,
    })

/** RFC 3977 3.2.1: these are about the session, not about an article. */
const aboutSession: readonly number[] = [400, 403, 480, 483, 502]

function complaint(code: number, line: string): string {
  const said = `"${safeText(line)}"`
  return aboutSession.includes(code)
    ? `the peer said ${said}`
    : `the peer gave an answer that fits no command: ${said}`
}
