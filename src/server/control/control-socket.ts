/**
 * The socket that the `tidings` program speaks to: net-ipc inside a guard. net-ipc trusts its clients: a length over
 * 1 GiB ends the process, frames are kept before anybody is known, the table of requests and the queue of sends are
 * shared by all connections, `send` resolves with an Error, clients choose their identity, `start` deletes whatever
 * lies at the path. Each of these is contained here or in one of the files imported here.
 */
import { chmod } from 'node:fs/promises'
import type { Socket } from 'node:net'
import { type Connection, Server } from 'net-ipc'
import type { Clock } from '../../clock.ts'
import type { Log } from '../../log.ts'
import { guardFrames } from './control-frames.ts'
import { prepareControlPath } from './control-place.ts'
import { ControlSender } from './control-sender.ts'
import { type ControlRequest, ControlSession } from './control-session.ts'

export interface ControlSocketOptions {
  /** Absolute. */
  readonly path: string
  readonly table: ReadonlyMap<string, ControlRequest>
  readonly log: Log
  readonly clock: Clock
}

/** Milliseconds a client has to say what it is. */
const firstFrameWithin = 10_000
const maxClients = 32

export class ControlSocket implements AsyncDisposable {
  readonly #options: ControlSocketOptions
  readonly #ipc: Server
  readonly #sockets = new Set<Socket>()
  readonly #sessions = new Map<Connection, ControlSession>()

  private constructor(options: ControlSocketOptions) {
    this.#options = options
    // No retries: net-ipc would send an answer again on whatever connection has the same identity.
    this.#ipc = new Server({ path: options.path, max: maxClients, retries: 0 })
  }

  /** Rejects, with the next step, where the path cannot be used. */
  static async open(options: ControlSocketOptions): Promise<ControlSocket> {
    await prepareControlPath(options.path)
    const control = new ControlSocket(options)
    await control.#start()
    await chmod(options.path, 0o600)
    return control
  }

  async close(): Promise<void> {
    const { server } = this.#ipc
    if (server === null) return
    const closed = new Promise<void>(resolve => server.once('close', () => resolve()))
    // Not by net-ipc's close, which waits for the sends of every connection.
    server.close()
    for (const socket of this.#sockets) socket.destroySoon()
    await closed
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }

  async #start(): Promise<void> {
    const { log } = this.#options
    this.#ipc.on('connect', connection => this.#connected(connection))
    this.#ipc.on('message', (message, connection) => this.#sessions.get(connection)?.receive(message))
    // net-ipc's `start` settles neither way when listening fails.
    const failed = new Promise<never>((_, reject) => {
      this.#ipc.on('error', (error: unknown) => {
        log.debug({ err: error }, 'control socket error')
        reject(error)
      })
    })
    // The socket file is never open to others, not even until the chmod.
    const mask = process.umask(0o077)
    try {
      const started = this.#ipc.start()
      this.#guard()
      await Promise.race([started, failed])
    } finally {
      process.umask(mask)
    }
  }

  /** Puts the guard in front of net-ipc's own listener, before the first connection can come. */
  #guard(): void {
    const { server } = this.#ipc
    const listeners = server.listeners('connection')
    server.removeAllListeners('connection')
    server.on('connection', (socket: Socket) => {
      const { clock, log } = this.#options
      const late = clock.timer(firstFrameWithin, () => socket.destroy())
      this.#sockets.add(socket)
      socket.once('close', () => {
        late.cancel()
        this.#sockets.delete(socket)
      })
      guardFrames(socket, {
        connected: stream => {
          late.cancel()
          for (const listener of listeners) listener.call(server, stream)
        },
        fault: error => log.warn({ reason: error.message }, 'control client closed'),
      })
    })
  }

  #connected(connection: Connection): void {
    const stream = connection.connection
    // Its own, instead of the one table and queue that all connections share by their prototype.
    Object.assign(connection, { _requests: {}, _drainQueue: [] })
    const sender = new ControlSender(connection)
    const session = new ControlSession({
      table: this.#options.table,
      log: this.#options.log,
      drop: () => void stream.destroy(),
      send: message => sender.send(message),
    })
    this.#sessions.set(connection, session)
    stream.once('close', () => {
      this.#sessions.delete(connection)
      sender.close()
      session.close()
    })
  }
}
