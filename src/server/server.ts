/** The door of the NNTP server: listens, counts, greets, and stops without cutting anybody off. RFC 3977 3.4.1, 5.1 */
import type { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { plainAddress } from '../address.ts'
import type { Client, ProvenAccount } from '../client.ts'
import { oncePerConfig } from '../config/snapshot.ts'
import { deflateOver } from '../deflate.ts'
import { type HandedOver, hasLastDescriptor } from '../listen.ts'
import type { Log } from '../log.ts'
import type { KeyPair } from '../tls/key-pair.ts'
import { AccessRules } from './access.ts'
import { Census, type Seat } from './census.ts'
import { type Attendance, ClientSession, type SessionHost } from './client-session.ts'
import { line, type Response } from './command.ts'
import type { CommandTable } from './command-table.ts'
import { commandTable } from './commands.ts'
import { Connection, type Layer, type Layers } from './connection.ts'
import { FetchGate } from './fetch-gate.ts'
import { greeting } from './greeting.ts'
import { TlsLayer } from './layers/tls.ts'
import { OutputBudget } from './output-budget.ts'
import { type PeerCaller, PeerPresence } from './peer-presence.ts'
import { type Port, Ports, stays } from './ports.ts'
import { Proxied } from './proxied.ts'
import type { Services } from './session.ts'
import { Tempos } from './tempo.ts'

export interface NntpServerOptions {
  readonly services: Services
  readonly log: Log
  /** The usual commands where absent. */
  readonly table?: CommandTable
  /** Instead of the usual ones. */
  readonly layers?: Layers
  /** File descriptors that this process may have; no limit where absent. */
  readonly descriptors?: number
  /** What TLS clients are shown; none where undefined. Another object counts from the next handshake on. */
  readonly keyPair?: () => KeyPair | undefined
  /** Sockets to listen on, in place of addresses. */
  readonly handedOver?: HandedOver | undefined
}

/** How long clients have to take their last answers when the server stops. */
const graceSeconds = 5

const crowded = 'Too many connections, try again later'

export class NntpServer implements AsyncDisposable {
  readonly #options: NntpServerOptions
  readonly #table: CommandTable
  readonly #census = new Census()
  readonly #budget: OutputBudget
  readonly #gate = new FetchGate()
  readonly #tempos: Tempos
  /** Each with a promise of its end. */
  readonly #connections = new Map<Connection, Promise<void>>()
  readonly #sessions = new Map<ClientSession, Connection>()
  readonly #host: SessionHost
  /** Those whose PROXY header or handshake is under way. */
  readonly #arriving = new Set<Socket>()
  readonly #ports: Ports
  readonly #tls: TlsLayer
  readonly #proxied: Proxied
  /** The rules of the configuration as it is now: a reload brings a new one. */
  readonly #rules = oncePerConfig(config => new AccessRules(config))
  #count = 0
  #stopping = false

  constructor(options: NntpServerOptions) {
    this.#options = options
    this.#table = options.table ?? commandTable()
    const { config, clock } = options.services
    this.#budget = new OutputBudget(() => config().limits.total_output_bytes)
    this.#tempos = new Tempos(clock)
    const { services, log } = options
    this.#host = { services, log, tempos: this.#tempos, rules: () => this.#access() }
    this.#tls = new TlsLayer({ clock, keyPair: () => options.keyPair?.() })
    this.#proxied = new Proxied({ config, clock, log: options.log })
    this.#ports = new Ports({
      log: options.log,
      taken: (socket, port) => this.#take(socket, port),
      handedOver: options.handedOver,
    })
  }

  /** Listens on every address of `listen.nntp` and `nntps`. Rejects, listening on none, where one cannot be had. */
  async listen(): Promise<void> {
    await this.#ports.open(this.#options.services.config().listen)
  }

  /** Where it listens, as `host:port`, with the ports that the system gave. */
  get addresses(): readonly string[] {
    return this.#ports.addresses('nntp')
  }

  /** As `addresses`, under TLS from the first octet. */
  get secureAddresses(): readonly string[] {
    return this.#ports.addresses('nntps')
  }

  /** Connections of peers that feed us now. */
  get callers(): readonly PeerCaller[] {
    return [...this.#sessions.keys()].flatMap(({ client, access: { source }, transports }) =>
      source === undefined ? [] : [{ client, source, compressed: transports.has('deflate') }],
    )
  }

  /** Connections that are open now. */
  get connections(): number {
    return this.#census.connections
  }

  /** Serves a client on any stream. Resolves when it is gone. Never rejects. */
  accept(stream: Duplex, remote: string): Promise<void> {
    const client = { address: plainAddress(remote), secure: false }
    const seat = this.#enter(client.address)
    if (seat !== undefined) return this.#converse(stream, { client, seat })
    refuse(stream, this.#refusal)
    return Promise.resolve()
  }

  /** As `accept`, with TLS before the first octet. */
  async acceptSecure(socket: Socket, remote: string): Promise<void> {
    const address = plainAddress(remote)
    // An answer in the clear would be no answer to it.
    const seat = this.#enter(address)
    if (seat === undefined) return void socket.destroy()
    this.#arriving.add(socket)
    const secured = await this.#tls.secure(socket, address).catch(() => undefined)
    this.#arriving.delete(socket)
    if (secured !== undefined && !this.#stopping)
      return this.#converse(secured.stream, { client: secured.client, seat })
    this.#options.log.debug({ address }, 'no TLS handshake')
    socket.destroy()
    seat.leave()
  }

  get #refusal(): string {
    if (this.#stopping) return 'Server is stopping'
    return this.#options.services.closed?.()?.text ?? crowded
  }

  /** Undefined where there are too many, or nobody is let in. */
  #enter(address: string): Seat | undefined {
    if (this.#stopping) return undefined
    const { config, observe, audit, closed } = this.#options.services
    if (closed?.() !== undefined) {
      observe?.connection(false)
      return undefined
    }
    const { exempt, own } = this.#access().doorOf(address)
    const seat = this.#census.enter(address, { limits: config().limits, exempt, own })
    observe?.connection(seat !== undefined)
    if (seat !== undefined) return seat
    this.#options.log.info({ address }, 'too many connections')
    audit?.limit('connections', address)
    return undefined
  }

  #converse(stream: Duplex, { client, seat }: Pick<Attendance, 'client' | 'seat'>): Promise<void> {
    const presence = new PeerPresence(this.#options.services.feed)
    const session = new ClientSession(this.#host, { client, seat, presence, id: ++this.#count })
    const { log } = this.#options
    let stayed = false
    const connection = new Connection({
      stream,
      session,
      table: this.#table,
      budget: this.#budget,
      gate: this.#gate,
      layers: this.#layers,
      tempo: this.#tempos.of(session),
      greeting: greeting(session),
      stays: () => {
        stayed = true
        stays(stream)
        log.info({ ...session.names, ...comingFrom(client) }, 'connected')
      },
    })
    this.#sessions.set(session, connection)
    const served = connection.serve().then(() => {
      this.#connections.delete(connection)
      this.#sessions.delete(session)
      session.leave()
      // One line for those who never said anything but QUIT.
      if (stayed) log.info(session.names, 'disconnected')
      else log.info({ ...session.names, ...comingFrom(client) }, 'came and went')
    })
    this.#connections.set(connection, served)
    return served
  }

  /** The rights of those who are connected are worked out anew from the configuration as it is now. */
  reload(): void {
    for (const session of this.#sessions.keys()) session.access = session.authorize(session.client)
  }

  /** Those who are logged in have the roles and groups of the account as they are now; undefined: it is no more, and they go. */
  accountChanged(name: string, account: ProvenAccount | undefined): void {
    for (const [session, connection] of this.#sessions) {
      if (session.client.account?.name !== name) continue
      const { account: _, ...stranger } = session.client
      session.client = account === undefined ? stranger : { ...stranger, account }
      session.access = session.authorize(session.client)
      if (account === undefined) connection.stop('This account was disabled')
    }
  }

  /** Accepts nobody more, answers 400 to each client at its next command or at once where it waits. Never rejects. */
  async close(): Promise<void> {
    this.#stopping = true
    const closed = this.#ports.close()
    for (const socket of this.#arriving) socket.destroy()
    for (const connection of this.#connections.keys()) connection.stop()
    const { clock } = this.#options.services
    const timer = clock.timer(graceSeconds * 1000, () => {
      for (const connection of this.#connections.keys()) connection.destroy()
    })
    await Promise.all([closed, ...this.#connections.values()])
    timer.cancel()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close()
  }

  /** As the configuration is when a client asks for one. */
  readonly #layers = (): Layers => {
    const tls = this.#options.keyPair?.() === undefined ? {} : { tls: this.#tls.start }
    return { ...tls, deflate: this.#deflate, ...this.#options.layers }
  }

  readonly #deflate: Layer = (below, { client }) =>
    deflateOver(below, { apart: () => this.#access().isPrivileged(client) })

  #access(): AccessRules {
    return this.#rules(this.#options.services.config())
  }

  #take(socket: Socket, port: Port): void {
    if (hasLastDescriptor(socket, this.#options.descriptors ?? Number.POSITIVE_INFINITY)) {
      this.#options.services.observe?.connection(false)
      refuseAtOnce(socket, port)
    } else if (port.proxied) void this.#takeProxied(socket, port)
    else void this.#takeFrom(socket.remoteAddress ?? '', { socket, port })
  }

  #takeFrom(address: string, { socket, port }: { readonly socket: Socket; readonly port: Port }) {
    return port.kind === 'nntps' ? this.acceptSecure(socket, address) : this.accept(socket, address)
  }

  async #takeProxied(socket: Socket, port: Port): Promise<void> {
    this.#arriving.add(socket)
    const address = await this.#proxied.clientOf(socket)
    this.#arriving.delete(socket)
    if (address !== undefined) await this.#takeFrom(address, { socket, port })
    else this.#options.services.observe?.connection(false)
  }
}

const comingFrom = ({ address, secure }: Client) => ({ address, secure })

/** RFC 3977 5.1.1: 400 for a trouble that will pass. */
function refuse(stream: Duplex, text: string): void {
  const response: Response = line(400, text)
  stream.on('error', () => stream.destroy())
  stream.end(`${response.code} ${text}\r\n`, () => stream.destroy())
}

/** Its descriptor is free again when this returns. RFC 3977 5.1.1 */
function refuseAtOnce(socket: Socket, { kind, proxied }: Port): void {
  socket.on('error', () => socket.destroy())
  if (kind === 'nntp' && !proxied) socket.write(`400 ${crowded}\r\n`)
  socket.destroy()
}
