/** The HTTP servers of the web reader: in the clear, and under TLS with HTTP/1.1 alone. RFC 9112, RFC 9110 4.2.2, RFC 7301 */
import {
  createServer,
  type IncomingMessage,
  type Server as PlainServer,
  type ServerResponse,
} from 'node:http'
import { createServer as createSecureServer, type Server as SecureServer } from 'node:https'
import type { Socket } from 'node:net'
import type { Clock } from '../../clock.ts'
import type { Config } from '../../config/config.ts'
import {
  addressOf,
  CannotListen,
  type HandedOver,
  hasLastDescriptor,
  listen,
  type Place,
  placesOf,
} from '../../listen.ts'
import { contextOptions, type KeyPair } from '../../tls/key-pair.ts'

export type WebKind = 'web' | 'webs'

export interface ListenersOptions {
  readonly config: () => Config
  readonly clock: Clock
  readonly answer: (incoming: IncomingMessage, outgoing: ServerResponse) => void
  /** What TLS clients are shown; asked when the servers open and at `renew`. */
  readonly keyPair?: () => KeyPair | undefined
  /** File descriptors that this process may have; no limit where absent. */
  readonly descriptors?: number
  /** Sockets to listen on, in place of addresses. */
  readonly handedOver?: HandedOver | undefined
  /** Told of every connection. */
  readonly observe?: (taken: boolean) => void
  /** Asked for every connection, by its address: what to call when it ends; undefined where it is one too many. */
  readonly enter?: (address: string) => (() => void) | undefined
}

interface Listener {
  readonly kind: WebKind
  readonly server: PlainServer | SecureServer
  /** Those whose handshake is under way, too. */
  readonly sockets: Set<Socket>
}

/** Milliseconds. */
const times = {
  handshake: 10_000,
  headers: 10_000,
  request: 60_000,
  keepAlive: 15_000,
  closing: 3000,
  refusal: 1000,
} as const
/** Connections at once that are told why they are refused; others end without a word. */
const mostRefused = 100
const crowded = 'Too many connections from your address. Try again in a moment.\n'
/** RFC 6585 4, RFC 9110 10.2.3 */
const refusal = [
  'HTTP/1.1 429 Too Many Requests',
  'Retry-After: 10',
  'Content-Type: text/plain; charset=utf-8',
  'X-Content-Type-Options: nosniff',
  'Cache-Control: no-store',
  `Content-Length: ${crowded.length}`,
  'Connection: close',
  '',
  crowded,
].join('\r\n')
/** That Node keeps. */
const longestTimer = 2 ** 31 - 1

export class Listeners {
  readonly #options: ListenersOptions
  #open: Listener[] = []
  /** Those that are told so and read no further. */
  readonly #refused = new Set<Socket>()

  constructor(options: ListenersOptions) {
    this.#options = options
  }

  /** `host:port` each, with the ports that the system gave. */
  addresses(of: WebKind): readonly string[] {
    return this.#open.filter(({ kind }) => kind === of).map(({ server }) => addressOf(server))
  }

  /** Rejects, listening on none, where an address cannot be had. */
  async open(): Promise<void> {
    const { config, handedOver } = this.#options
    const { listen } = config()
    try {
      for (const kind of ['web', 'webs'] as const)
        for (const place of placesOf(kind, { listen, handedOver })) await this.#listen(kind, place)
    } catch (error) {
      await this.close()
      throw error
    }
  }

  /**
   * What handshakes that begin from now on show, and how long answers from now on may stand still. Where `[tls]` was
   * taken out, the last pair stays.
   */
  renew(): void {
    for (const { server } of this.#open) server.timeout = this.#stalled
    const pair = this.#options.keyPair?.()
    if (pair === undefined) return
    for (const { server } of this.#open)
      if ('setSecureContext' in server) server.setSecureContext(contextOptions(pair))
  }

  /** Lets requests under way finish for a few seconds. */
  async close(): Promise<void> {
    await Promise.all(this.#open.splice(0).map(listener => this.#shut(listener)))
  }

  async #listen(kind: WebKind, place: Place): Promise<void> {
    const { config, descriptors = Number.POSITIVE_INFINITY, observe, enter = () => () => {} } = this.#options
    const server = this.#create(kind)
    const sockets = new Set<Socket>()
    server.maxConnections = config().limits.connections
    server.on('connection', (socket: Socket) => {
      const last = hasLastDescriptor(socket, descriptors)
      const leave = last ? undefined : enter(socket.remoteAddress ?? '')
      observe?.(leave !== undefined)
      if (last) return void socket.destroy()
      if (leave === undefined) return this.#refuse(socket, kind)
      sockets.add(socket)
      socket.once('close', () => {
        leave()
        sockets.delete(socket)
      })
    })
    await listen(server, { key: `listen.${kind}`, place })
    server.timeout = this.#stalled
    this.#open.push({ kind, server, sockets })
  }

  /** What it sends is read and thrown away, or it might never see the answer. RFC 9112 9.6; under TLS there is none. */
  #refuse(socket: Socket, kind: WebKind): void {
    if (kind === 'webs' || this.#refused.size >= mostRefused) return void socket.destroy()
    this.#refused.add(socket)
    const timer = this.#options.clock.timer(times.refusal, () => socket.destroy())
    socket.once('close', () => {
      timer.cancel()
      this.#refused.delete(socket)
    })
    socket.end(refusal)
  }

  /** Milliseconds that a client may take no output. */
  get #stalled(): number {
    return Math.min(this.#options.config().limits.stalled_output_seconds * 1000, longestTimer)
  }

  #create(kind: WebKind): PlainServer | SecureServer {
    const { answer: reply, keyPair } = this.#options
    const answer: ListenersOptions['answer'] = (incoming, outgoing) => {
      if (this.#refused.has(incoming.socket)) return
      // Who waits for an answer that takes its time is not meant, nor who follows live where nothing comes.
      outgoing.on('timeout', (socket: Socket) => {
        if (socket.writableLength > 0) socket.destroy()
      })
      reply(incoming, outgoing)
    }
    const patience = {
      headersTimeout: times.headers,
      requestTimeout: times.request,
      keepAliveTimeout: times.keepAlive,
    }
    if (kind === 'web') return createServer(patience, answer)
    const pair = keyPair?.()
    if (pair === undefined)
      throw new CannotListen('listen.webs needs a certificate: set cert and key in [tls]')
    // Whoever names other protocols alone was led here and is turned away.
    const tls = { ...contextOptions(pair), ALPNProtocols: ['http/1.1'], handshakeTimeout: times.handshake }
    return createSecureServer({ ...tls, ...patience }, answer)
  }

  #shut({ server, sockets }: Listener): Promise<void> {
    return new Promise(resolve => {
      const timer = this.#options.clock.timer(times.closing, () => {
        for (const socket of [...sockets, ...this.#refused]) socket.destroy()
      })
      server.close(() => {
        timer.cancel()
        resolve()
      })
      server.closeIdleConnections()
    })
  }
}
