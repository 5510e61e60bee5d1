/** The composition root: makes the parts of a node, joins them to its listeners, and ends them in reverse order. */
import { createHmac, randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import type { AuditLog } from './audit/audit-log.ts'
import { systemClock } from './clock.ts'
import { openAudit } from './composition/audit.ts'
import { Lifetimes } from './composition/lifetimes.ts'
import { loginsOf } from './composition/logins.ts'
import { openNode } from './composition/node.ts'
import { startFault } from './composition/start-fault.ts'
import type { Config } from './config/config.ts'
import { type ConfigErrors, type LoadedConfig, readCancelSecrets, readSecret } from './config/file.ts'
import { oncePerConfig } from './config/snapshot.ts'
import { AccountBook } from './feed/account-book.ts'
import { Letters } from './feed/mail/letters.ts'
import type { Node } from './feed/node.ts'
import { type HandedOver, placesOf } from './listen.ts'
import type { Log } from './log.ts'
import type { Cost } from './login/password-hash.ts'
import { AccessRules } from './server/access.ts'
import { Admin } from './server/admin.ts'
import { Administration, type AdministrationParts } from './server/control/administration.ts'
import { ControlSocket } from './server/control/control-socket.ts'
import { controlTable } from './server/control/control-table.ts'
import { ControlFault, faultOf, type ReloadOutcome } from './server/control/node-control.ts'
import { changedKeys, needsRestart, untilRestart } from './server/control/reload.ts'
import { nodeStatus } from './server/control/status.ts'
import { countVerdict, gaugesOf } from './server/gauges.ts'
import { createMetrics, type Metrics } from './server/metrics.ts'
import { observerOf } from './server/observer.ts'
import { NntpServer } from './server/server.ts'
import type { Services } from './server/session.ts'
import { startWarnings } from './server/surroundings.ts'
import { countDescriptors, type Descriptors } from './storage/disk/descriptors.ts'
import type { Entry } from './storage/entry.ts'
import { openDataDirectory } from './storage/opening/data-directory.ts'
import { type KeyPair, pairWarnings, readKeyPair, samePair } from './tls/key-pair.ts'
import { createWeb, type WebOptions, type WebServer } from './web/web.ts'

export interface NodeOptions {
  readonly config: Config
  /** The configuration file, for messages. */
  readonly file: string
  readonly log: Log
  /** Reads the configuration again. */
  readonly reload: () => LoadedConfig | ConfigErrors
  /** Sockets that were opened for this process, in place of the addresses of their kind. */
  readonly handedOver?: HandedOver | undefined
  /** Of password hashes; the usual one where absent. */
  readonly passwordCost?: Cost
}

/** `host:port` each, with the ports that the system chose. */
export interface Listening {
  readonly nntp: readonly string[]
  /** Under TLS from the first octet. */
  readonly nntps: readonly string[]
  readonly web: readonly string[]
  /** Under TLS. */
  readonly webs: readonly string[]
  readonly admin: readonly string[]
}

export interface RunningNode {
  readonly listening: Listening
  /** Makes whoever opens it the administrator, once; undefined where there are accounts. */
  readonly firstLink?: string | undefined
  /** The exit code, once the node has stopped, by `stop`, by the control socket or by a fault. Never rejects. */
  readonly finished: Promise<number>
  /** Finishes the commit in flight and closes everything. */
  stop(): Promise<void>
  /** Rejects with a `ControlFault`, and then nothing has changed. */
  reload(): Promise<ReloadOutcome>
}

export const version: string = JSON.parse(
  readFileSync(new URL('../../package.json', import.meta.url), 'utf8'),
).version

/** What a fault in storage ends the process with. sysexits(3): EX_SOFTWARE */
const internalFault = 70

/** Rejects with a `ControlFault` that names the next step where the node cannot start. */
export async function runNode(options: NodeOptions): Promise<RunningNode> {
  try {
    return await RunningParts.start(options)
  } catch (error) {
    throw startFault(error)
  }
}

/** Of the node's own secret, so that forms and cookies of before a restart count after it. */
async function webSecret({ storage }: Node): Promise<Buffer> {
  const secret = await storage.secret(() => randomBytes(32))
  return createHmac('sha256', secret).update('web').digest()
}

function lettersOf({ storage }: Node, config: () => Config): Letters {
  const submit = (entry: Entry) => storage.submit(entry)
  return new Letters({ submit, config, clock: systemClock, random: randomBytes })
}

/** What is made before the server of newsreaders. */
interface NntpParts extends Required<Pick<Services, 'logins' | 'audit'>> {
  readonly metrics: Metrics
  readonly descriptors: number
}

/** What is made before the web reader. */
type Handed = 'logins' | 'accounts' | 'audit' | 'office' | 'letters' | 'descriptors'

interface WebParts extends Pick<WebOptions, Handed> {
  readonly metrics: Metrics
}

class RunningParts implements RunningNode {
  readonly finished: Promise<number>
  readonly #options: NodeOptions
  readonly #lifetimes = new Lifetimes()
  #finish: (code: number) => void = () => {}
  #config: Config
  #listening: Listening = { nntp: [], nntps: [], web: [], webs: [], admin: [] }
  #keyPair: KeyPair | undefined
  #node: Node | undefined
  #nntp: NntpServer | undefined
  #web: WebServer | undefined
  #audit: AuditLog | undefined
  /** Requests of people: pages and commands of newsreaders. */
  #asked = 0
  #ending: Promise<void> | undefined

  static async start(options: NodeOptions): Promise<RunningParts> {
    const parts = new RunningParts(options)
    try {
      // A sync that fails meanwhile is answered by nobody: the start would wait for ever.
      if ((await Promise.race([parts.#start(), parts.finished])) === undefined) return parts
      throw new ControlFault('internal', 'the journal could not be synced during the start: see the log')
    } catch (error) {
      await parts.#lifetimes[Symbol.asyncDispose]()
      throw error
    }
  }

  private constructor(options: NodeOptions) {
    this.#options = options
    this.#config = options.config
    this.finished = new Promise(resolve => {
      this.#finish = resolve
    })
  }

  readonly #wasAsked = (): void => {
    this.#asked += 1
  }

  get listening(): Listening {
    return this.#listening
  }

  get firstLink(): string | undefined {
    return this.#web?.firstLink
  }

  async #start(): Promise<void> {
    const { log, handedOver, passwordCost } = this.#options
    const config = () => this.#config
    const metrics = createMetrics({ runtime: true })
    this.#keyPair = readKeyPair(this.#config.tls)
    // Ended last: whoever asked for the stop sees the socket close when all is done.
    let control: ControlSocket | undefined
    this.#lifetimes.defer(() => control?.close())
    const { node, audit } = await this.#open(metrics)
    const logins = this.#lifetimes.use(
      loginsOf(node.storage, { config, clock: systemClock, log, audit, random: randomBytes, passwordCost }),
    )
    const descriptors = await countDescriptors()
    const warnings = await this.#startWarnings(descriptors)
    log.info({ ...node.storage.recovery }, 'journal replayed')
    for (const warning of warnings) log.warn({}, warning)
    const nntp = await this.#startNntp(node, { metrics, logins, audit, descriptors: descriptors.limit })
    const accounts = new AccountBook({
      storage: node.storage,
      clock: systemClock,
      logins,
      random: randomBytes,
      changed: (name, account) => nntp.accountChanged(name, account),
    })
    const status = () => nodeStatus({ node, nntp, config, warnings, version, listening: this.#listening })
    const administration = this.#administration(node, { accounts, status, callers: () => nntp.callers })
    const web = await this.#startWeb(node, {
      metrics,
      descriptors: descriptors.limit,
      logins,
      accounts,
      audit,
      office: { control: administration, refusals: node.refusals, fault: faultOf },
      letters: lettersOf(node, config),
    })
    metrics.observe(async () => gaugesOf(await status(), await administration.peers.list()))
    const troubles = async () => (await status()).troubles
    const listen = placesOf('admin', { listen: this.#config.listen, handedOver })
    const admin = this.#lifetimes.use(
      await Admin.open({ listen, metrics, troubles, hosts: [], log, descriptors: descriptors.limit }),
    )
    this.#listening = {
      nntp: nntp.addresses,
      nntps: nntp.secureAddresses,
      web: web.addresses,
      webs: web.secureAddresses,
      admin: admin.addresses,
    }
    control = await ControlSocket.open({
      path: this.#config.listen.control,
      table: controlTable(administration, log, audit),
      log,
      clock: systemClock,
    })
  }

  async #open(metrics: Metrics): Promise<{ readonly node: Node; readonly audit: AuditLog }> {
    const { log } = this.#options
    const password = this.#config.mail.password_file
    const cancelSecrets = readCancelSecrets(this.#config.node.cancel_lock_file)
    const data = await openDataDirectory(this.#config.node.data, log, {
      compress: this.#config.node.compress,
    })
    this.#lifetimes.defer(() => data.release())
    const audit = this.#lifetimes.use(
      await openAudit({
        config: () => this.#config,
        clock: systemClock,
        log,
        isTimeKnown: () => this.#node !== undefined && this.#node.doubt() === undefined,
      }),
    )
    this.#audit = audit
    const node = this.#lifetimes.use(
      await openNode({
        ...data,
        config: () => this.#config,
        clock: systemClock,
        log,
        random: randomBytes,
        pair: () => this.#keyPair,
        audit,
        ...(cancelSecrets && { cancelSecrets }),
        mailPassword: password === '' ? '' : readSecret(password),
        fatal: error => {
          log.error({ err: error }, 'storage failed: the node ends, and what waited was not answered')
          this.#finish(internalFault)
        },
        asked: () => this.#asked,
        observe: {
          article: verdict => countVerdict(verdict, metrics),
          commit: (entries, seconds) => metrics.commit(entries, seconds),
          control: (type, outcome) => metrics.control(type, outcome),
        },
      }),
    )
    this.#node = node
    return { node, audit }
  }

  async #startWarnings(descriptors: Descriptors): Promise<readonly string[]> {
    const { data } = this.#config.node
    const { connections } = this.#config.limits
    return [...(await startWarnings({ data, connections, descriptors })), ...this.#pairWarnings()]
  }

  async #startNntp(node: Node, { metrics, descriptors, logins, audit }: NntpParts): Promise<NntpServer> {
    const { log, handedOver } = this.#options
    const { feed, search, storage } = node
    const services: Services = {
      reading: storage.reading,
      feed,
      search,
      clock: systemClock,
      config: () => this.#config,
      logins,
      audit,
      observe: observerOf(metrics, this.#wasAsked),
      closed: () => node.mode.closed,
    }
    const keyPair = () => this.#keyPair
    const nntp = this.#lifetimes.use(new NntpServer({ services, log, keyPair, handedOver, descriptors }))
    this.#nntp = nntp
    await nntp.listen()
    return nntp
  }

  #administration(node: Node, parts: Pick<AdministrationParts, 'accounts' | 'status' | 'callers'>) {
    return new Administration({
      ...parts,
      node,
      clock: systemClock,
      log: this.#options.log,
      config: () => this.#config,
      random: randomBytes,
      reload: () => this.reload(),
      stop: () => void this.stop(),
    })
  }

  async #startWeb(node: Node, { metrics, ...parts }: WebParts): Promise<WebServer> {
    const { log, handedOver } = this.#options
    const config = () => this.#config
    const rules = oncePerConfig(config => new AccessRules(config))
    const web = createWeb({
      ...parts,
      reading: node.storage.reading,
      shelves: node.storage.shelves,
      epoch: node.storage.places.epoch,
      feed: node.feed,
      search: node.search,
      statistics: node.statistics,
      clock: systemClock,
      log,
      config,
      access: client => rules(this.#config).for(client),
      version,
      secret: await webSecret(node),
      keyPair: () => this.#keyPair,
      handedOver,
      observe: taken => metrics.connection('web', taken),
      asked: this.#wasAsked,
    })
    this.#web = web
    this.#lifetimes.defer(() => web.close())
    await web.listen()
    return web
  }

  async reload(): Promise<ReloadOutcome> {
    const next = this.#options.reload()
    if (!next.ok) throw new ControlFault('config', next.errors.join('\n'))
    const pair = this.#nextPair(next.config)
    const changed = changedKeys(this.#config, next.config)
    if (!samePair(pair, this.#keyPair) && !changed.includes('tls.cert')) changed.push('tls.cert')
    const restart = changed.filter(needsRestart)
    // What needs a restart stays as it is running: the rest of the file counts from now on.
    this.#config = untilRestart(this.#config, next.config)
    this.#keyPair = pair
    await this.#node?.reload()
    this.#nntp?.reload()
    this.#web?.reload()
    this.#audit?.record('reload', { changed: changed.join(' ') })
    const warnings = [...next.warnings, ...this.#pairWarnings()]
    return { applied: changed.filter(key => !needsRestart(key)), restart, warnings }
  }

  /** Read before anything changes: with an unusable one the node goes on with what it has. */
  #nextPair({ tls }: Config): KeyPair | undefined {
    try {
      return readKeyPair(tls)
    } catch (error) {
      throw startFault(error)
    }
  }

  #pairWarnings(): string[] {
    const { cert } = this.#config.tls
    return this.#keyPair === undefined
      ? []
      : pairWarnings(this.#keyPair, { now: systemClock.now(), path: cert })
  }

  stop(): Promise<void> {
    this.#ending ??= this.#end()
    return this.#ending
  }

  async #end(): Promise<void> {
    try {
      this.#node?.storage.leave()
      await this.#lifetimes[Symbol.asyncDispose]()
      this.#finish(0)
    } catch (error) {
      this.#options.log.error({ err: error }, 'stopping failed')
      this.#finish(internalFault)
    }
  }
}
