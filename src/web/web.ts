/** The door of the web reader: the pages behind HTTP servers on the configured addresses. RFC 9110, RFC 9112 */
import { randomBytes } from 'node:crypto'
import { createServer, type IncomingMessage, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { getRequestListener } from '@hono/node-server'
import type { Client } from '../client.ts'
import type { Clock } from '../clock.ts'
import type { Config } from '../config.ts'
import { oncePerConfig } from '../config-snapshot.ts'
import type { Feed, Verdict } from '../feed/feed.ts'
import { hasLastDescriptor, listen } from '../listen.ts'
import type { Log } from '../log.ts'
import { networks } from '../networks.ts'
import { plainAddress } from '../plain-address.ts'
import type { Reading } from '../storage/reading.ts'
import { type Asset, assetAddress, readAssets } from './assets.ts'
import { createCatalogue } from './catalogue.ts'
import { askerOf, type Hop } from './forwarded.ts'
import { Once } from './once.ts'
import { createRenderer } from './render.ts'
import { createRoutes } from './routes.ts'
import type { Site, WebAccess } from './site.ts'
import { FormTokens } from './token.ts'

export interface WebOptions {
  readonly reading: Reading
  readonly feed: Feed
  readonly clock: Clock
  readonly log: Log
  readonly config: () => Config
  /** What a client at this address may read and post. */
  readonly access: (client: Client) => WebAccess
  /** Of the program, for User-Agent. */
  readonly version?: string
  /** Ties forms to browsers; forms of before a restart have to be sent twice where it changes. */
  readonly secret?: Buffer
  readonly random?: (octets: number) => Buffer
  /** File descriptors that this process may have; no limit where absent. */
  readonly descriptors?: number
}

export interface WebServer {
  /** Rejects where an address of `listen.web` cannot be had; then none is held. */
  listen(): Promise<void>
  /** Lets requests under way finish for a few seconds. */
  close(): Promise<void>
  /** `host:port` each, with the ports that the system chose; empty before `listen` and after `close`. */
  readonly addresses: readonly string[]
}

/** Milliseconds. */
const times = { headers: 10_000, request: 60_000, keepAlive: 15_000, closing: 3000 } as const

export function createWeb(options: WebOptions): WebServer {
  const trusted = oncePerConfig(({ listen }) => networks(listen.trusted_proxies))
  const assets = readAssets(new URL('./static/', import.meta.url))
  const routes = createRoutes({
    site: createSite(options, assets),
    assets,
    access: options.access,
    hostRule: () => {
      const { web, listen } = options.config()
      return { baseUrl: web.base_url, listening: listen.web }
    },
  })
  return new HttpServers(options, async (request, incoming) =>
    routes.fetch(request, {
      asker: askerOf(hopOf(incoming), trusted(options.config())),
      local: plainAddress(incoming.socket.localAddress ?? ''),
      host: incoming.headers.host ?? '',
    }),
  )
}

function hopOf({ socket, headers }: IncomingMessage): Hop {
  const field = (name: string) => {
    const value = headers[name]
    return typeof value === 'object' ? value.join() : value
  }
  return { remote: socket.remoteAddress ?? '', secure: false, field }
}

function createSite(options: WebOptions, assets: ReadonlyMap<string, Asset>): Site {
  const random = options.random ?? randomBytes
  const version = (options.version ?? '').replace(/[^\w.+-]/g, '')
  const style = assetAddress(assets, 'style.css')
  const icon = assetAddress(assets, 'icon.svg')
  return {
    ...options,
    groups: createCatalogue(options.reading),
    tokens: new FormTokens(options.secret ?? random(32)),
    posts: new Once<Verdict>(verdict => verdict.kind === 'accepted' || verdict.kind === 'mailed'),
    random,
    userAgent: version === '' ? 'Tidings-Web' : `Tidings-Web/${version}`,
    frame: (title, twin) => ({ site: options.config().web.title, title, style, icon, twin }),
    render: createRenderer(),
  }
}

type Fetch = (request: Request, incoming: IncomingMessage) => Promise<Response>

class HttpServers implements WebServer {
  readonly #options: WebOptions
  readonly #fetch: Fetch
  #servers: Server[] = []

  constructor(options: WebOptions, fetch: Fetch) {
    this.#options = options
    this.#fetch = fetch
  }

  get addresses(): readonly string[] {
    return this.#servers.map(server => {
      const { address, port, family } = server.address() as AddressInfo
      return `${family === 'IPv6' ? `[${address}]` : address}:${port}`
    })
  }

  async listen(): Promise<void> {
    try {
      for (const address of this.#options.config().listen.web) this.#servers.push(await this.#open(address))
    } catch (error) {
      await this.close()
      throw error
    }
  }

  async close(): Promise<void> {
    const servers = this.#servers
    this.#servers = []
    await Promise.all(servers.map(server => this.#shut(server)))
  }

  async #open(address: string): Promise<Server> {
    const listener = getRequestListener(
      // The adapter's second argument is what it was called with: HTTP/1 here.
      (request, env) => this.#fetch(request, env.incoming as IncomingMessage),
      { overrideGlobalObjects: false },
    )
    const server = createServer(
      { headersTimeout: times.headers, requestTimeout: times.request, keepAliveTimeout: times.keepAlive },
      (incoming, outgoing) => {
        listener(incoming, outgoing).catch(error =>
          this.#options.log.error({ err: error }, 'web answer failed'),
        )
      },
    )
    const { config, descriptors = Number.POSITIVE_INFINITY } = this.#options
    server.maxConnections = config().limits.connections
    server.on('connection', socket => {
      if (hasLastDescriptor(socket, descriptors)) socket.destroy()
    })
    await listen(server, { key: 'listen.web', address })
    return server
  }

  #shut(server: Server): Promise<void> {
    return new Promise(resolve => {
      const timer = this.#options.clock.timer(times.closing, () => server.closeAllConnections())
      server.close(() => {
        timer.cancel()
        resolve()
      })
      server.closeIdleConnections()
    })
  }
}
