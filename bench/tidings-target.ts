/** Our node: a process of its own with a configuration and a store of its own. */
import type { ChildProcess } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { issueCertificate } from '../src/tls/self-signed.ts'
import { end, freePort, greets, launch, run, type Usage, usageOf } from './proc.ts'
import type { Server, Target } from './target.ts'

const program = fileURLToPath(new URL('../../bin/tidings.cjs', import.meta.url))
/** More groups than this are imported rather than configured. */
const mostConfigured = 1000

export interface TidingsOptions {
  /** Folder for a CPU profile of the node, written when it ends. */
  readonly profile?: string
  /** Its path identity, where it is not the only one. */
  readonly identity?: string
  /** TOML behind the usual sections. */
  readonly more?: string
}

export function tidingsTarget(options: TidingsOptions): Target {
  const target: Target = {
    name: 'tidings',
    title: 'Tidings',
    settings: 'defaults, but for ports, no age limit and 20,000 connections',
    durable: 'before the answer (journal, fdatasync)',
    prepare: (directory, groups) => TidingsServer.prepare(target, { directory, groups, ...options }),
  }
  return target
}

interface Place extends TidingsOptions {
  readonly directory: string
  readonly groups: readonly string[]
}

interface Ports {
  readonly nntp: number
  readonly web: number
}

class TidingsServer implements Server {
  readonly target: Target
  readonly feedPort: number
  readonly webPort: number
  readonly #place: Place
  readonly #config: string
  readonly #output: string
  #child: ChildProcess | undefined

  private constructor(target: Target, place: Place, ports: Ports) {
    this.target = target
    this.feedPort = ports.nntp
    this.webPort = ports.web
    this.#place = place
    this.#config = join(place.directory, 'tidings.toml')
    this.#output = join(place.directory, 'output')
  }

  static async prepare(target: Target, place: Place): Promise<TidingsServer> {
    const ports = { nntp: await freePort(), web: await freePort() }
    const server = new TidingsServer(target, place, ports)
    mkdirSync(place.directory, { recursive: true })
    const configured = place.groups.length > mostConfigured ? [] : place.groups
    writeFileSync(server.#config, configuration(ports, { ...place, groups: configured }))
    const { cert, key } = issueCertificate({
      names: ['localhost'],
      from: Date.now() - 3_600_000,
      days: 30,
      serial: randomBytes(16),
    })
    writeFileSync(join(place.directory, 'cert.pem'), cert)
    writeFileSync(join(place.directory, 'key.pem'), key, { mode: 0o600 })
    if (configured.length === 0) await server.#importGroups(place.groups)
    return server
  }

  get directory(): string {
    return this.#place.directory
  }

  get readerPort(): number {
    return this.feedPort
  }

  async start(): Promise<void> {
    const { profile } = this.#place
    const profiling = profile === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${profile}`]
    this.#child = launch({
      command: process.execPath,
      args: [...profiling, program, 'start', '--config', this.#config],
      output: this.#output,
    })
    await greets(this.feedPort, this.#child, this.#output)
  }

  async stop(): Promise<void> {
    if (this.#child) await end(this.#child)
    this.#child = undefined
  }

  usage(): Usage {
    return usageOf(this.#child?.pid === undefined ? [] : [this.#child.pid])
  }

  async import(file: string): Promise<void> {
    await this.command(['import', '--format', 'rnews', file])
  }

  async #importGroups(groups: readonly string[]): Promise<void> {
    const active = join(this.#place.directory, 'active')
    writeFileSync(active, groups.map(name => `${name} 0000000000 0000000001 y\n`).join(''))
    await this.start()
    await this.command(['group', 'import', active])
    await this.stop()
  }

  command(args: readonly string[]): Promise<void> {
    return run({
      command: process.execPath,
      args: [program, ...args, '--config', this.#config],
      output: this.#output,
    })
  }
}

function configuration(ports: Ports, { groups, identity = 'tidings.bench', more = '' }: Place): string {
  return [
    `[node]\npath_identity = "${identity}"\ndata = "data"\n`,
    `[listen]\nnntp = ["127.0.0.1:${ports.nntp}"]\nweb = ["127.0.0.1:${ports.web}"]\nadmin = []\ncontrol = "run/control.sock"\n`,
    '[tls]\ncert = "cert.pem"\nkey = "key.pem"\n',
    '[limits]\nconnections = 20000\n',
    '[history]\ncutoff_days = 0\n',
    '[[access]]\nfrom = ["127.0.0.0/8"]\nread = "*"\npost = "*"\n',
    '[[peer]]\nname = "feeder.bench"\nfrom = ["127.0.0.1"]\naccept = "*"\n',
    '[log]\nfile = "log"\n',
    more,
    ...groups.map(name => `[[group]]\nname = "${name}"\n`),
  ].join('\n')
}
