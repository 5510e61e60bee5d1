/** The door of the web reader: the pages behind HTTP servers on the configured addresses. RFC 9110, RFC 9112 */
import { randomBytes } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import { TLSSocket } from 'node:tls'
import { getRequestListener } from '@hono/node-server'
import { plainAddress } from '../address.ts'
import { Networks } from '../address-blocks.ts'
import type { Client } from '../client.ts'
import type { Clock } from '../clock.ts'
import type { Config } from '../config/config.ts'
import { oncePerConfig } from '../config/snapshot.ts'
import type { Feed } from '../feed/feed.ts'
import type { KeyPair } from '../key-pair.ts'
import type { HandedOver } from '../listen.ts'
import type { Log } from '../log.ts'
import type { Reading } from '../storage/reading.ts'
import type { Shelves } from '../storage/shelves.ts'
import { type Asset, assetAddress, readAssets } from './assets.ts'
import { createCatalogue } from './catalogue.ts'
import { askerOf, type Hop } from './forwarded.ts'
import { Listeners } from './listeners.ts'
import { Live } from './live/live.ts'
import { usualLooks } from './looks.ts'
import { currentOf, navigationFor } from './navigation.ts'
import { nobody } from './person.ts'
import { isSettled } from './posting/attempt.ts'
import { Once } from './posting/once.ts'
import { Readers } from './read-state/readers.ts'
import { createRenderer } from './render.ts'
import { createRoutes } from './routes.ts'
import type { Site, WebAccess } from './site.ts'
import { FormTokens } from './token.ts'

export interface WebOptions {
  readonly reading: Reading
  readonly feed: Feed
  readonly shelves: Shelves
  /** Of the places of this store; 0 where absent. */
  readonly epoch?: number
  readonly clock: Clock
  readonly log: Log
  readonly config: () => Config
  /** What a client at this address may read and post. */
  readonly access: (client: Client) => WebAccess
  /** Of the program, for User-Agent. */
  readonly version?: string
  /** Ties forms to browsers and signs cookies; where it changes, those of before the restart count no more. */
  readonly secret?: Buffer
  readonly random?: (octets: number) => Buffer
  /** File descriptors that this process may have; no limit where absent. */
  readonly descriptors?: number
  /** What TLS clients are shown; needed where `listen.webs` names an address. */
  readonly keyPair?: () => KeyPair | undefined
  /** Sockets to listen on, in place of addresses. */
  readonly handedOver?: HandedOver | undefined
  /** Told of every connection: whether it was taken. */
  readonly observe?: (taken: boolean) => void
}

export interface WebServer {
  /** Rejects where an address of `listen.web` or `webs` cannot be had; then none is held. */
  listen(): Promise<void>
  /** The next handshake shows the certificate as it is now. */
  reload(): void
  /** Lets requests under way finish for a few seconds. */
  close(): Promise<void>
  /** `host:port` each, with the ports that the system chose; empty before `listen` and after `close`. */
  readonly addresses: readonly string[]
  /** As `addresses`, under TLS. */
  readonly secureAddresses: readonly string[]
}

export function createWeb(options: WebOptions): WebServer {
  const trusted = oncePerConfig(({ listen }) => new Networks(listen.trusted_proxies))
  const assets = readAssets(new URL('./static/', import.meta.url))
  const site = createSite(options, assets)
  const routes = createRoutes({
    site,
    assets,
    access: options.access,
    hostRule: () => {
      const { web, listen } = options.config()
      return { baseUrl: web.base_url, listening: [...listen.web, ...listen.webs] }
    },
  })
  const listener = getRequestListener(
    (request, env) => {
      // The adapter's second argument is what it was called with: HTTP/1 here.
      const incoming = env.incoming as IncomingMessage
      return routes.fetch(request, {
        asker: askerOf(hopOf(incoming), trusted(options.config())),
        local: plainAddress(incoming.socket.localAddress ?? ''),
        host: incoming.headers.host ?? '',
      })
    },
    { overrideGlobalObjects: false },
  )
  const listeners = new Listeners({
    ...options,
    answer: (incoming, outgoing) => {
      listener(incoming, outgoing).catch(error => options.log.error({ err: error }, 'web answer failed'))
    },
  })
  return {
    listen: () => listeners.open(),
    reload: () => listeners.renew(),
    close: async () => {
      site.live.close()
      await listeners.close()
      await site.readers.close()
    },
    get addresses() {
      return listeners.addresses('web')
    },
    get secureAddresses() {
      return listeners.addresses('webs')
    },
  }
}

function hopOf({ socket, headers }: IncomingMessage): Hop {
  const field = (name: string) => {
    const value = headers[name]
    return typeof value === 'object' ? value.join() : value
  }
  return { remote: socket.remoteAddress ?? '', secure: socket instanceof TLSSocket, field }
}

function createSite(options: WebOptions, assets: ReadonlyMap<string, Asset>): Site {
  const random = options.random ?? randomBytes
  const secret = options.secret ?? random(32)
  const version = (options.version ?? '').replace(/[^\w.+-]/g, '')
  const files = {
    style: assetAddress(assets, 'style.css'),
    script: assetAddress(assets, 'reader.js'),
    icon: assetAddress(assets, 'icon.svg'),
  }
  return {
    ...options,
    groups: createCatalogue(options.reading),
    tokens: new FormTokens(secret),
    posts: new Once(isSettled),
    random,
    userAgent: version === '' ? 'Tidings-Web' : `Tidings-Web/${version}`,
    people: nobody,
    live: new Live({ ...options, epoch: options.epoch ?? 0 }),
    readers: new Readers({ ...options, secret }),
    frame: (visitor, title, twin) => {
      const { theme, keys } = visitor.looks ?? usualLooks
      const navigation = navigationFor(visitor).map(link => ({ ...link, current: currentOf(link, visitor) }))
      const plain = { theme, keys: keys ? ('on' as const) : ('off' as const), feeds: [], live: '' }
      return { ...files, ...plain, site: options.config().web.title, title, twin, navigation }
    },
    render: createRenderer(),
  }
}
