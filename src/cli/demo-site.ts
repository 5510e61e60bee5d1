/** One node of `tidings demo`: its configuration file, the node itself, and requests to it. */
import { randomBytes } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { ZodType } from 'zod'
import type { Clock } from '../clock.ts'
import { loadConfig } from '../config/file.ts'
import { openLog } from '../log-output.ts'
import type { RunningNode } from '../main.ts'
import { issueCertificate } from '../tls/self-signed.ts'
import { ConfigFault } from './context.ts'
import { type ControlClient, connectControl } from './control-client.ts'
import { demoGroups } from './demo-articles.ts'
import type { RunNode } from './start.ts'

/** A peer of a site as the demo sets it up. */
export interface DemoPeer {
  readonly site: DemoSite
  readonly send: string
}

export interface DemoSiteOptions {
  readonly name: string
  /** Its own address, which is how the others know it. */
  readonly address: string
  /** Everything it writes lies there. */
  readonly folder: string
  readonly clock: Clock
  readonly run: RunNode
}

export class DemoSite implements AsyncDisposable {
  readonly name: string
  readonly address: string
  /** For `tidings --config`. */
  readonly file: string
  readonly #options: DemoSiteOptions
  #node: RunningNode | undefined

  constructor(options: DemoSiteOptions) {
    this.#options = options
    this.name = options.name
    this.address = options.address
    this.file = join(options.folder, `${options.name}.toml`)
  }

  /** Without peers: their ports are not known yet. */
  async start(): Promise<void> {
    const { folder, run } = this.#options
    this.#writePair()
    this.#write([])
    const { log } = openLog({ level: 'info', to: join(folder, `${this.name}.log`), plain: false })
    const { config } = this.#load()
    this.#node = await run({ config, file: this.file, log, reload: () => loadConfig(this.file, {}) })
  }

  /** Peers from now on. */
  async peer(peers: readonly DemoPeer[]): Promise<void> {
    this.#write(peers)
    await this.#running.reload()
  }

  /** `host:port` */
  get nntp(): string {
    return this.#running.listening.nntp[0] ?? ''
  }

  /** `host:port`, under TLS with a certificate that nobody has signed but itself. */
  get nntps(): string {
    return this.#running.listening.nntps[0] ?? ''
  }

  /** The address of the web reader. */
  get web(): string {
    return `http://${this.#running.listening.web[0] ?? ''}/`
  }

  /** Resolves when the node has ended for whatever reason. */
  get finished(): Promise<unknown> {
    return this.#running.finished
  }

  connect(): Promise<ControlClient> {
    return connectControl(this.#load().config.listen.control, this.#options.clock)
  }

  async ask<T>(
    cmd: string,
    args: unknown,
    as: { readonly result: ZodType<T>; readonly blob?: Buffer },
  ): Promise<T> {
    await using client = await this.connect()
    return as.result.parse(await client.call(cmd, args, as.blob))
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#node?.stop()
  }

  get #running(): RunningNode {
    if (this.#node === undefined) throw new Error(`${this.name} was not started`)
    return this.#node
  }

  #load() {
    const loaded = loadConfig(this.file, {})
    if (!loaded.ok) throw new ConfigFault(loaded.errors)
    return loaded
  }

  #write(peers: readonly DemoPeer[]): void {
    writeFileSync(this.file, this.#settings(peers))
  }

  #writePair(): void {
    const { clock, folder } = this.#options
    const names = [this.name, 'localhost', '127.0.0.1'] as const
    const pair = issueCertificate({ names, from: clock.now(), days: 30, serial: randomBytes(16) })
    for (const part of ['cert', 'key'] as const)
      writeFileSync(join(folder, `${this.name}.${part}.pem`), pair[part], { mode: 0o600 })
  }

  #settings(peers: readonly DemoPeer[]): string {
    const groups = demoGroups.map(
      ({ name, description }) =>
        `[[group]]\nname = ${JSON.stringify(name)}\ndescription = ${JSON.stringify(description)}\n`,
    )
    const sections = peers.map(
      ({ site, send }) =>
        `[[peer]]\nname = "${site.name}"\nfrom = ["${site.address}"]\nto = "${site.nntp}"\n` +
        `bind = "${this.address}"\naccept = "demo.*"\nsend = "${send}"\n`,
    )
    return `# A node of "tidings demo": gone when the demo ends.
node = { path_identity = "${this.name}", data = "${this.name}.data" }
listen = { nntp = ["127.0.0.1:0"], nntps = ["127.0.0.1:0"], web = ["127.0.0.1:0"], admin = [], control = "${this.name}.run/control.sock" }
tls = { cert = "${this.name}.cert.pem", key = "${this.name}.key.pem" }
web = { title = "${this.name}" }
[[access]]
read = "*"
post = "*"
${groups.join('')}${sections.join('')}`
  }
}
