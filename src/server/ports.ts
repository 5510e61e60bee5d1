/** Where the NNTP server listens: plain, and under TLS from the first octet. RFC 3977 3.4.1, RFC 8143 2 */
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net'
import type { Config } from '../config.ts'
import { listen } from '../listen.ts'
import type { Log } from '../log.ts'

export type PortKind = 'nntp' | 'nntps'

/** What a connection came to. */
export interface Port {
  readonly kind: PortKind
  /** It begins with a PROXY header. */
  readonly proxied: boolean
}

export interface PortOptions {
  readonly log: Log
  readonly taken: (socket: Socket, port: Port) => void
}

const keepAliveSeconds = 60

export class Ports {
  readonly #options: PortOptions
  readonly #open: { readonly server: Server; readonly kind: PortKind }[] = []

  constructor(options: PortOptions) {
    this.#options = options
  }

  /** Rejects, listening on none, where an address cannot be had. */
  async open(addresses: Pick<Config['listen'], PortKind | 'proxy_protocol'>): Promise<void> {
    try {
      for (const kind of ['nntp', 'nntps'] as const)
        for (const address of addresses[kind])
          await this.#listen(address, { kind, proxied: addresses.proxy_protocol.includes(address) })
    } catch (error) {
      await this.close()
      throw error
    }
  }

  /** `host:port` each, with the ports that the system gave. */
  addresses(of: PortKind): readonly string[] {
    return this.#open.filter(({ kind }) => kind === of).map(({ server }) => addressOf(server))
  }

  /** Accepts nobody more. Resolves when those who were accepted are gone. */
  async close(): Promise<void> {
    await Promise.all(
      this.#open.splice(0).map(({ server }) => new Promise<unknown>(resolve => server.close(resolve))),
    )
  }

  async #listen(address: string, port: Port): Promise<void> {
    const { log, taken } = this.#options
    // Half open, so that a client that sends its commands and closes its side still gets the answers.
    const server = createServer({ allowHalfOpen: true, pauseOnConnect: false }, socket => {
      socket.setNoDelay(true) // answers are gathered here, not by Nagle
      socket.setKeepAlive(true, keepAliveSeconds * 1000)
      taken(socket, port)
    })
    await listen(server, { key: `listen.${port.kind}`, address })
    server.on('error', error => log.error({ err: error, address }, 'accept failed'))
    this.#open.push({ server, kind: port.kind })
  }
}

function addressOf(server: Server): string {
  const { address, port, family } = server.address() as AddressInfo
  return family === 'IPv6' ? `[${address}]:${port}` : `${address}:${port}`
}
