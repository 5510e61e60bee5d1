/** Where the NNTP server listens: plain, and under TLS from the first octet. RFC 3977 3.4.1, RFC 8143 2 */
import { createServer, type Server, Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import type { Config } from '../config/config.ts'
import { addressOf, type HandedOver, listen, type Place, placesOf } from '../listen.ts'
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
  readonly handedOver?: HandedOver | undefined
}

const keepAliveSeconds = 60

/** What a connection needs that lasts. Another stream than a socket is left as it is. */
export function stays(stream: Duplex): void {
  if (!(stream instanceof Socket)) return
  stream.setNoDelay(true) // answers are gathered here, not by Nagle
  stream.setKeepAlive(true, keepAliveSeconds * 1000)
}

export class Ports {
  readonly #options: PortOptions
  readonly #open: { readonly server: Server; readonly kind: PortKind }[] = []

  constructor(options: PortOptions) {
    this.#options = options
  }

  /** Rejects, listening on none, where an address cannot be had. */
  async open(addresses: Config['listen']): Promise<void> {
    const { handedOver } = this.#options
    const proxied = (address: string) => addresses.proxy_protocol.includes(address)
    try {
      for (const kind of ['nntp', 'nntps'] as const)
        for (const place of placesOf(kind, { listen: addresses, handedOver }))
          await this.#listen(kind, { place, proxied })
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

  async #listen(
    kind: PortKind,
    { place, proxied }: { readonly place: Place; readonly proxied: (address: string) => boolean },
  ): Promise<void> {
    const { log, taken } = this.#options
    const isProxied = () => proxied(typeof place === 'string' ? place : addressOf(server))
    // Half open, so that a client that sends its commands and closes its side still gets the answers.
    const server = createServer({ allowHalfOpen: true, pauseOnConnect: false }, socket => {
      // Of the others it shows with the first command, and until then a timer runs: five system calls fewer.
      if (kind === 'nntps') stays(socket)
      taken(socket, port)
    })
    await listen(server, { key: `listen.${kind}`, place })
    const port = { kind, proxied: isProxied() }
    server.on('error', error => log.error({ err: error, place }, 'accept failed'))
    this.#open.push({ server, kind })
  }
}
