/**
 * What is said on a new connection to another server before the work begins: TLS, login, compression, in this order.
 * RFC 3977 5.1, 5.2, 5.3; RFC 4642 2.2; RFC 4643 2; RFC 4644 2.3; RFC 8054 2.2
 */
import { safeText } from '../../reason.ts'
import { type Capabilities, type Credentials, Login, type LoginStep } from './login.ts'
import { parseReply, type Reply } from './reply-reader.ts'

export type FeedMode = 'streaming' | 'ihave'

export type Step =
  | { readonly kind: 'say'; readonly line: string }
  /** More lines of the same answer follow. */
  | { readonly kind: 'more' }
  /** Put this transport on the stream, see that no octet came behind the answer, and say what `upgraded` gives. */
  | { readonly kind: 'tls' | 'deflate' }
  | { readonly kind: 'ready'; readonly mode: FeedMode | 'reader' }
  | { readonly kind: 'fail'; readonly why: string }

export interface HandshakeOptions {
  /** To transfer articles, to read, or only to look how far we are let. */
  readonly goal: 'feed' | 'read' | 'look'
  /** False: IHAVE alone, whatever the peer can. */
  readonly streaming?: boolean
  /** Nothing goes on without TLS, which is asked for. */
  readonly starttls?: boolean
  /** TLS stands already, or the way is as safe: the loopback. */
  readonly secure?: boolean
  readonly login?: Credentials
  /** Where it is offered. */
  readonly compress?: boolean
}

/** Lines of CAPABILITIES that are read before the peer is taken for mad. */
const mostCapabilities = 200

const more: Step = { kind: 'more' }
const say = (line: string): Step => ({ kind: 'say', line })

/** A state machine without I/O: every line the other side sends goes in, what to do next comes out. */
export class Handshake {
  readonly #options: HandshakeOptions
  readonly #login: Login | undefined
  #state: 'greeting' | 'reader' | 'capabilities' | 'list' | 'starttls' | 'login' | 'compress' | 'mode' =
    'greeting'
  #list = new Map<string, readonly string[]>()
  #listed = false
  #secure: boolean
  #loggedIn: boolean
  #compress: boolean

  constructor(options: HandshakeOptions) {
    const { login, secure = false, starttls = false, compress = false } = options
    this.#options = options
    this.#login = login && new Login(login)
    // The loopback is not TLS: where TLS is wanted it comes first there too.
    this.#secure = secure && !starttls
    this.#loggedIn = login === undefined
    this.#compress = compress
  }

  /** As last listed; undefined where the command is unknown there. */
  get capabilities(): Capabilities | undefined {
    return this.#listed ? this.#list : undefined
  }

  next(line: string): Step {
    if (this.#state === 'list') return this.#listLine(line)
    const reply = parseReply(line)
    if (reply === undefined) return this.#fail(`the peer does not speak NNTP: "${safeText(line)}"`)
    if (this.#state === 'greeting') return this.#greeted(reply.code, line)
    if (reply.code === 400) return this.#fail(`the peer said "${safeText(line)}"`)
    switch (this.#state) {
      case 'reader':
        return this.#readerAnswered(reply, line)
      case 'capabilities':
        return this.#capabilitiesAnswered(reply)
      case 'starttls':
        // RFC 4642 2.2.1: 382 and nothing else; 580 and 502 are the usual refusals.
        if (reply.code === 382) return { kind: 'tls' }
        return this.#fail(`the peer refuses STARTTLS: "${safeText(line)}"; nothing was sent without TLS`)
      case 'login':
        return this.#loginStep(this.#login?.next(reply) ?? { kind: 'done' })
      case 'compress':
        // RFC 8054 2.2.1: 403 where it cannot; the feed does as well without.
        return reply.code === 206 ? { kind: 'deflate' } : this.#decide()
      case 'mode':
        return { kind: 'ready', mode: reply.code === 203 ? 'streaming' : 'ihave' }
    }
  }

  /** The transport of the last step stands. */
  upgraded(): Step {
    if (this.#state === 'compress') return this.#decide()
    this.#secure = true
    // RFC 4642 2.2.2: nothing that was said before TLS counts.
    return this.#askCapabilities()
  }

  #fail(why: string): Step {
    return { kind: 'fail', why: this.#login?.redact(why) ?? why }
  }

  #greeted(code: number, line: string): Step {
    if (code !== 200 && code !== 201) return this.#fail(`the peer does not let us in: "${safeText(line)}"`)
    if (this.#options.goal !== 'read') return this.#askCapabilities()
    // RFC 3977 5.3: a mode-switching server is another one afterwards, so everything else comes behind.
    this.#state = 'reader'
    return say('MODE READER')
  }

  #readerAnswered({ code }: Reply, line: string): Step {
    // RFC 3977 5.3.2: 502 is no end where TLS or a login helps; servers without the command read anyway.
    const helps = !this.#loggedIn || (this.#options.starttls === true && !this.#secure)
    if (code === 502 && !helps) return this.#fail(`it takes no readers from here: "${safeText(line)}"`)
    return this.#wantsList ? this.#askCapabilities() : this.#decide()
  }

  /** A reader that has nothing to choose does not ask: old servers take the command ill. */
  get #wantsList(): boolean {
    const { goal, starttls = false } = this.#options
    return goal !== 'read' || starttls || !this.#loggedIn || this.#compress
  }

  #askCapabilities(): Step {
    this.#state = 'capabilities'
    this.#list = new Map()
    this.#listed = false
    return say('CAPABILITIES')
  }

  #capabilitiesAnswered({ code }: Reply): Step {
    // RFC 3977 5.2 is younger than many peers: without the list, the commands themselves tell.
    if (code !== 101) return this.#decide()
    this.#state = 'list'
    return more
  }

  #listLine(line: string): Step {
    if (line === '.') {
      this.#listed = true
      return this.#decide()
    }
    if (this.#list.size >= mostCapabilities) return this.#fail('the peer lists capabilities without end')
    const [label = '', ...args] = line.toUpperCase().split(/[ \t]+/)
    // A line that repeats a label would make the list endless.
    if (this.#list.has(label)) this.#list.set(`${label} ${this.#list.size}`, [])
    else this.#list.set(label, args)
    return more
  }

  /** The first thing that is still to be done. RFC 4642 2.2.2, RFC 8054 2.2.2: TLS, login, compression */
  #decide(): Step {
    const { starttls = false } = this.#options
    if (starttls && !this.#secure) return this.#askTls()
    if (!this.#loggedIn) return this.#askLogin()
    if (this.#compress && this.#list.get('COMPRESS')?.includes('DEFLATE')) {
      this.#compress = false
      this.#state = 'compress'
      return say('COMPRESS DEFLATE')
    }
    return this.#finish()
  }

  #askTls(): Step {
    if (this.#listed && !this.#list.has('STARTTLS'))
      return this.#fail('the peer does not offer STARTTLS, which tls asks for; nothing was sent without TLS')
    this.#state = 'starttls'
    return say('STARTTLS')
  }

  #askLogin(): Step {
    if (!this.#secure)
      return this.#fail('no password goes to another host without TLS: set tls = "implicit" or "starttls"')
    this.#state = 'login'
    return this.#loginStep(this.#login?.begin(this.capabilities) ?? { kind: 'done' })
  }

  #loginStep(step: LoginStep): Step {
    if (step.kind === 'fail') return this.#fail(`login: ${step.why}`)
    if (step.kind === 'say') return step
    this.#loggedIn = true
    // RFC 4643 2.2: a login changes what is offered.
    return this.#askCapabilities()
  }

  #finish(): Step {
    const { goal, streaming = true } = this.#options
    if (goal !== 'feed') return { kind: 'ready', mode: 'reader' }
    if (this.#listed && !this.#list.has('STREAMING'))
      return this.#list.has('IHAVE')
        ? { kind: 'ready', mode: 'ihave' }
        : this.#fail('the peer offers neither IHAVE nor STREAMING: it does not know us as a peer')
    if (!streaming) return { kind: 'ready', mode: 'ihave' }
    this.#state = 'mode'
    // RFC 4644 2.3.2: needed by no one in theory, and by old peers in practice.
    return say('MODE STREAM')
  }
}
