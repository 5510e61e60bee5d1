/** The door of the web reader: the pages behind HTTP servers on the configured addresses. RFC 9110, RFC 9112 */
import { randomBytes } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { TLSSocket } from 'node:tls'
import { getRequestListener } from '@hono/node-server'
import { plainAddress } from '../address.ts'
import { Networks } from '../address-blocks.ts'
import { type Audit, noAudit } from '../audit/audit-log.ts'
import type { Client } from '../client.ts'
import type { Clock, Timer } from '../clock.ts'
import type { Config } from '../config/config.ts'
import { oncePerConfig } from '../config/snapshot.ts'
import type { AccountBook } from '../feed/account-book.ts'
import type { Feed } from '../feed/feed.ts'
import type { Searching } from '../feed/search/search.ts'
import type { Counting } from '../feed/statistics/statistics.ts'
import type { HandedOver } from '../listen.ts'
import type { Log } from '../log.ts'
import type { Logins } from '../login/login.ts'
import type { Reading } from '../storage/reading.ts'
import type { Shelves } from '../storage/state/shelves.ts'
import type { KeyPair } from '../tls/key-pair.ts'
import { createCatalogue } from './catalogue/catalogue.ts'
import { LastPosts } from './catalogue/last-posts.ts'
import { isSettled } from './composing/attempt.ts'
import { Once } from './composing/once.ts'
import { type Asset, assetAddress, readAssets } from './http/assets.ts'
import { Crowd, uncounted } from './http/crowd.ts'
import { askerOf, type Hop } from './http/forwarded.ts'
import { Listeners } from './http/listeners.ts'
import { FormTokens } from './http/token.ts'
import { Live } from './live/live.ts'
import { currentOf, navigationFor } from './navigation.ts'
import type { Office } from './office.ts'
import { type PeopleOptions, peopleSite } from './people/people-site.ts'
import { SavedArticles } from './people/saved-articles.ts'
import { Readers } from './read-state/readers.ts'
import { createRenderer } from './renderer.ts'
import { createRoutes } from './routing/routes.ts'
import type { Site, WebAccess } from './site.ts'
import { Turnstile } from './slices.ts'
import { ThreadCache } from './threading/thread-cache.ts'

export interface WebOptions {
  readonly reading: Reading
  readonly feed: Feed
  /** Nothing is found where absent. */
  readonly search?: Searching
  /** Nothing is counted where absent. */
  readonly statistics?: Counting
  /** The pages of moderators and administrators are not there where absent. */
  readonly office?: Office
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
  readonly logins: Pick<Logins, 'password' | 'stored' | 'isPassword'>
  readonly accounts: AccountBook
  readonly audit?: Audit
  /** Nobody gets any where absent. */
  readonly letters?: NonNullable<PeopleOptions['letters']>
  /** Ties forms and sessions to browsers; where it changes all sessions are over. */
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
  /** Told of every request, before it is answered. */
  readonly asked?: () => void
}

export interface WebServer {
  /** Rejects where an address of `listen.web` or `webs` cannot be had; then none is held. */
  listen(): Promise<void>
  /** The next handshake shows the certificate as it is now; who follows live does so by the rules of access as they are. */
  reload(): void
  /** Lets requests under way finish for a few seconds. */
  close(): Promise<void>
  /** `host:port` each, with the ports that the system chose; empty before `listen` and after `close`. */
  readonly addresses: readonly string[]
  /** As `addresses`, under TLS. */
  readonly secureAddresses: readonly string[]
  /** The link that makes its opener the administrator; undefined where there are accounts, and before `listen`. */
  readonly firstLink: string | undefined
}

export function createWeb(options: WebOptions): WebServer {
  const assets = readAssets(new URL('./static/', import.meta.url))
  const site = { ...createSite(options, assets), baseUrl: () => publicOrigin(options.config(), listeners) }
  const routes = createRoutes({
    site,
    assets,
    access: options.access,
    hostRule: () => {
      const { web, listen } = options.config()
      return { baseUrl: web.base_url, listening: [...listen.web, ...listen.webs] }
    },
  })
  const proxies = oncePerConfig(({ listen }) => new Networks(listen.trusted_proxies))
  const trusted = () => proxies(options.config())
  const crowd = new Crowd({ ...options, proxies: trusted })
  const listeners = new Listeners({
    ...options,
    answer: answersOf(routes, { options, trusted, crowd }),
    enter: address => crowd.connect(address),
  })
  options.accounts.follow({
    changed: name => site.live.endOf(name),
    removed: name => site.readers.forget(name),
  })
  const sweeping = new Sweeping(site, options)
  return {
    async listen() {
      await listeners.open()
      sweeping.start()
    },
    reload() {
      listeners.renew()
      site.live.endAll()
    },
    async close() {
      sweeping.end()
      site.live.endAll()
      await listeners.close()
      await site.readers.close()
    },
    get addresses() {
      return listeners.addresses('web')
    },
    get secureAddresses() {
      return listeners.addresses('webs')
    },
    get firstLink() {
      const { length } = [...listeners.addresses('web'), ...listeners.addresses('webs')]
      const offer = length === 0 ? undefined : site.first.offer()
      return offer && localOrigin(listeners) + offer
    },
  }
}

interface Answering {
  readonly options: WebOptions
  readonly trusted: () => Networks
  readonly crowd: Crowd
}

function answersOf(routes: ReturnType<typeof createRoutes>, { options, trusted, crowd }: Answering) {
  const { log, asked } = options
  const listener = getRequestListener(
    (request, env) => {
      // The adapter's second argument is what it was called with: HTTP/1 here.
      const { incoming, outgoing } = env as { incoming: IncomingMessage; outgoing: ServerResponse }
      const hop = hopOf(incoming)
      const asker = askerOf(hop, trusted())
      const leave = crowd.request(hop.remote, asker)
      if (leave !== undefined && leave !== uncounted) outgoing.once('close', leave)
      return routes.fetch(request, {
        asker,
        crowded: leave === undefined,
        local: plainAddress(incoming.socket.localAddress ?? ''),
        host: incoming.headers.host ?? '',
        outgoing,
      })
    },
    { overrideGlobalObjects: false },
  )
  return (incoming: IncomingMessage, outgoing: ServerResponse): void => {
    asked?.()
    listener(incoming, outgoing).catch(error => log.error({ err: error }, 'web answer failed'))
  }
}

/** How often sessions and tickets that are over are taken away, milliseconds. */
const sweepTime = 86_400_000

class Sweeping {
  readonly #swept: Pick<Site, 'people' | 'tickets'>
  readonly #options: WebOptions
  #timer: Timer | undefined

  constructor(swept: Pick<Site, 'people' | 'tickets'>, options: WebOptions) {
    this.#swept = swept
    this.#options = options
  }

  start(): void {
    const { clock, log } = this.#options
    this.#timer = clock.timer(sweepTime, () => this.start())
    const { people, tickets } = this.#swept
    Promise.all([people.sweep(), tickets.sweep()]).catch((error: unknown) =>
      log.warn({ err: error }, 'old sessions were not removed'),
    )
  }

  end(): void {
    this.#timer?.cancel()
  }
}

/** Never what a request says of itself: a letter with another's link would be a present to whoever asked for it. */
function publicOrigin({ web }: Config, listeners: Listeners): string {
  return URL.canParse(web.base_url) ? new URL(web.base_url).origin : localOrigin(listeners)
}

function localOrigin(listeners: Listeners): string {
  const [plain] = listeners.addresses('web')
  const [secure] = listeners.addresses('webs')
  return plain === undefined ? `https://${reachable(secure ?? '')}` : `http://${reachable(plain)}`
}

/** An address that listens everywhere is opened by the name of this machine. */
const reachable = (address: string): string => address.replace(/^(?:0\.0\.0\.0|\[::\])(?=:\d+$)/, 'localhost')

function hopOf({ socket, headers }: IncomingMessage): Hop {
  const field = (name: string) => {
    const value = headers[name]
    return typeof value === 'object' ? value.join() : value
  }
  return { remote: socket.remoteAddress ?? '', secure: socket instanceof TLSSocket, field }
}

function createSite(options: WebOptions, assets: ReadonlyMap<string, Asset>): Omit<Site, 'baseUrl'> {
  const { config, audit = noAudit } = options
  const random = options.random ?? randomBytes
  const catalogue = createCatalogue(options.reading, options.clock)
  const secret = options.secret ?? random(32)
  const version = (options.version ?? '').replace(/[^\w.+-]/g, '')
  const files = {
    style: assetAddress(assets, 'style.css'),
    script: assetAddress(assets, 'reader.js'),
    icon: assetAddress(assets, 'icon.svg'),
  }
  const tokens = new FormTokens(secret, random)
  const live = new Live({ ...options, epoch: options.epoch ?? 0 })
  return {
    ...options,
    ...peopleSite({ ...options, random, secret, ended: session => live.endOfSession(session) }),
    audit,
    threads: new ThreadCache(options),
    turnstile: new Turnstile(),
    posts: new Once(isSettled),
    tokens,
    groups: catalogue.groups,
    directory: catalogue.directory,
    lastPosts: new LastPosts(options.reading, options.clock),
    random,
    userAgent: version === '' ? 'Tidings-Web' : `Tidings-Web/${version}`,
    live,
    readers: new Readers({ ...options, secret }),
    saved: new SavedArticles(options.shelves),
    frame: (visitor, title, twin) => {
      const { person, settings } = visitor
      return {
        ...files,
        site: config().web.title,
        title,
        twin,
        navigation: navigationFor(visitor, options).map(link => ({
          ...link,
          current: currentOf(link, visitor),
        })),
        theme: settings.theme,
        keys: settings.shortcuts ? 'on' : 'off',
        feeds: [],
        live: '',
        thread: '',
        signOut: person === undefined || visitor.cookie === '' ? '' : tokens.of(visitor.cookie),
      }
    },
    render: createRenderer(),
  }
}
