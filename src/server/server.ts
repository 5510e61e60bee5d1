/** The door of the NNTP server: listens, counts, greets, and stops without cutting anybody off. RFC 3977 3.4.1, 5.1 */
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import type { Client } from '../client.ts'
import { oncePerConfig } from '../config-snapshot.ts'
import { hasLastDescriptor, listen } from '../listen.ts'
import type { Log } from '../log.ts'
import { plainAddress } from '../plain-address.ts'
import { AccessRules } from './access.ts'
import { Census, type Seat } from './census.ts'
import { line, type Response } from './command.ts'
import type { CommandTable } from './command-table.ts'
import { commandTable } from './commands.ts'
import { Connection, type Layer, type Transport } from './connection.ts'
import { greeting } from './greeting.ts'
import { OutputBudget } from './output-budget.ts'
import { PeerPresence } from './peer-presence.ts'
import type { Services, Session } from './session.ts'
import { Tempos } from './tempo.ts'

export interface NntpServerOptions {
  readonly services: Services
  readonly log: Log
  /** The usual commands where absent. */
  readonly table?: CommandTable
  readonly layers?: Partial<Record<Transport, Layer>>
  /** File descriptors that this process may have; no limit where absent. */
  readonly descriptors?: number
}

/** How long clients have to take their last answers when the server stops. */
const graceSeconds = 5
const keepAliveSeconds = 60

export class NntpServer implements AsyncDisposable {
  readonly #options: NntpServerOptions
  readonly #table: CommandTable
  readonly #census = new Census()
  readonly #budget: OutputBudget
  readonly #tempos: Tempos
  /** Each with a promise of its end. */
  readonly #connections = new Map<Connection, Promise<void>>()
  readonly #sessions = new Set<Session>()
  readonly #servers: Server[] = []
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
  }

  /** Listens on every address of `listen.nntp`. Rejects, listening on none, where one cannot be had. */
  async listen(): Promise<void> {
    try {
      for (const address of this.#options.services.config().listen.nntp) {
        const server = await listenOn(address, socket => this.#acceptSocket(socket))
        server.on('error', error => this.#options.log.error({ err: error, address }, 'accept failed'))
        this.#servers.push(server)
      }
    } catch (error) {
      await this.close()
      throw error
    }
  }

  /** Where it listens, as `host:port`, with the ports that the system gave. */
  get addresses(): readonly string[] {
    return this.#servers.map(server => {
      const { address, port, family } = server.address() as AddressInfo
      return family === 'IPv6' ? `[${address}]:${port}` : `${address}:${port}`
    })
  }

  /** Connections that are open now. */
  get connections(): number {
    return this.#census.connections
  }

  /** Serves a client on any stream. Resolves when it is gone. Never rejects. */
  async accept(stream: Duplex, remote: string): Promise<void> {
    const address = plainAddress(remote)
    const access = this.#access()
    const { limits } = this.#options.services.config()
    if (this.#stopping) return refuse(stream, 'Server is stopping')
    const { connections: own } = access.limitsOf({ address, secure: false })
    const seat = this.#census.enter(address, { limits, exempt: access.isPeer(address), own })
    if (seat === undefined) {
      this.#options.log.info({ address }, 'too many connections')
      this.#options.services.observe?.connection(false)
      this.#options.services.audit?.limit('connections', address)
      return refuse(stream, 'Too many connections, try again later')
    }
    this.#options.services.observe?.connection(true)
    const abort = new AbortController()
    const presence = new PeerPresence(this.#options.services.feed)
    const session = this.#session(address, { signal: abort.signal, presence, seat })
    const connection = new Connection({
      ...this.#shared,
      stream,
      session,
      abort,
      tempo: this.#tempos.of(session),
      greeting: greeting(session),
    })
    session.log.info({ address }, 'connected')
    this.#sessions.add(session)
    const served = this.#serve(connection, { session, presence, seat })
    this.#connections.set(connection, served)
    await served
  }

  async #serve(
    connection: Connection,
    { session, presence, seat }: Attendance & { readonly session: Session },
  ): Promise<void> {
    await connection.serve()
    await connection.closed
    this.#connections.delete(connection)
    this.#sessions.delete(session)
    seat.leave()
    presence.end()
    session.log.info({}, 'disconnected')
  }

  /** The rights of those who are connected are worked out anew from the configuration as it is now. */
  reload(): void {
    for (const session of this.#sessions) session.access = session.authorize(session.client)
  }

  /** Accepts nobody more, answers 400 to each client at its next command or at once where it waits. Never rejects. */
  async close(): Promise<void> {
    this.#stopping = true
    const closed = this.#servers.splice(0).map(server => new Promise(resolve => server.close(resolve)))
    for (const connection of this.#connections.keys()) connection.stop()
    const { clock } = this.#options.services
    const timer = clock.timer(graceSeconds * 1000, () => {
      for (const connection of this.#connections.keys()) connection.destroy()
    })
    await Promise.all([...closed, ...this.#connections.values()])
    timer.cancel()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close()
  }

  get #shared() {
    const { layers } = this.#options
    return { table: this.#table, budget: this.#budget, ...(layers && { layers }) }
  }

  /** Nobody is counted for an account whose right to feed us it proves: as with addresses of peers. */
  #countsFor(client: Client, seat: Seat): boolean {
    const { account } = client
    if (account === undefined || this.#access().for(client).source !== undefined) return true
    const { connections } = this.#access().limitsOf(client)
    const most = connections ?? this.#options.services.config().limits.connections_per_account
    return seat.logIn(account.name, most)
  }

  #access(): AccessRules {
    return this.#rules(this.#options.services.config())
  }

  #acceptSocket(socket: Socket): void {
    if (hasLastDescriptor(socket, this.#options.descriptors ?? Number.POSITIVE_INFINITY)) {
      this.#options.services.observe?.connection(false)
      refuseAtOnce(socket)
      return
    }
    socket.setNoDelay(true) // answers are gathered here, not by Nagle
    socket.setKeepAlive(true, keepAliveSeconds * 1000)
    void this.accept(socket, socket.remoteAddress ?? '')
  }

  #session(
    address: string,
    { signal, presence, seat }: Attendance & { readonly signal: AbortSignal },
  ): Session {
    const client: Client = { address, secure: false }
    const authorize = (client: Client) => {
      const access = this.#access().for(client)
      const source = presence.become(access.source)
      return source === undefined ? access : { ...access, source }
    }
    const access = authorize(client)
    const id = ++this.#count
    const peer = access.source?.peer
    const session: Session = {
      services: this.#options.services,
      client,
      access,
      authorize,
      countFor: client => this.#countsFor(client, seat),
      transports: new Set(),
      signal,
      examined: articles => this.#tempos.examined(session, articles),
      log: this.#options.log.child(peer === undefined ? { connection: id } : { connection: id, peer }),
      group: undefined,
      number: undefined,
      sawCapabilities: false,
      streaming: false,
    }
    return session
  }
}

/** What a connection has of the server while it lasts. */
interface Attendance {
  readonly presence: PeerPresence
  readonly seat: Seat
}

/** RFC 3977 5.1.1: 400 for a trouble that will pass. */
function refuse(stream: Duplex, text: string): void {
  const response: Response = line(400, text)
  stream.on('error', () => stream.destroy())
  stream.end(`${response.code} ${text}\r\n`, () => stream.destroy())
}

/** Its descriptor is free again when this returns. RFC 3977 5.1.1 */
function refuseAtOnce(socket: Socket): void {
  socket.on('error', () => socket.destroy())
  socket.write('400 Too many connections, try again later\r\n')
  socket.destroy()
}

async function listenOn(address: string, accept: (socket: Socket) => void): Promise<Server> {
  // Half open, so that a client that sends its commands and closes its side still gets the answers.
  const server = createServer({ allowHalfOpen: true, pauseOnConnect: false }, accept)
  await listen(server, { key: 'listen.nntp', address })
  return server
}
