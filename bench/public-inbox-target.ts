/** public-inbox, if it is installed: archives made by its own modules, served to readers by its own daemon. */
import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Articles } from './articles.ts'
import { end, freePort, greets, launch, type Usage, usageOf } from './proc.ts'
import type { Server, Target } from './target.ts'

const daemon = '/usr/bin/public-inbox-nntpd'
// Compiled it stands in dist/bench; the script is a source.
const importer = fileURLToPath(new URL('../../bench/public-inbox-import.pl', import.meta.url))

export function publicInboxTarget(): Target {
  const missing = existsSync(daemon) ? {} : { missing: 'install public-inbox: apt-get install public-inbox' }
  const target: Target = {
    name: 'public-inbox',
    title: 'public-inbox',
    settings: 'an archive of version 2 for each group, indexed; nntpd with two workers; reads only',
    durable: 'takes no articles by NNTP',
    readsOnly: true,
    ...missing,
    prepare: (directory, groups) => PublicInboxServer.prepare(target, directory, groups),
  }
  return target
}

class PublicInboxServer implements Server {
  readonly target: Target
  /** It takes none. */
  readonly feedPort = undefined
  readonly readerPort: number
  readonly directory: string
  readonly #groups: readonly string[]
  #child: ChildProcess | undefined

  private constructor(target: Target, directory: string, place: { port: number; groups: readonly string[] }) {
    this.target = target
    this.directory = directory
    this.readerPort = place.port
    this.#groups = place.groups
  }

  static async prepare(target: Target, directory: string, groups: readonly string[]): Promise<Server> {
    const server = new PublicInboxServer(target, directory, { port: await freePort(), groups })
    mkdirSync(directory, { recursive: true })
    const sections = groups.map(
      name =>
        `[publicinbox "${name}"]\n\taddress = ${name}@bench.example\n` +
        `\tinboxdir = ${server.#folder(name)}\n\tnewsgroup = ${name}\n`,
    )
    writeFileSync(server.#config, sections.join(''))
    return server
  }

  async fill(articles: Articles, count: number): Promise<void> {
    const script = spawn('perl', [importer, ...this.#groups.map(name => `${name}=${this.#folder(name)}`)], {
      stdio: ['pipe', 'ignore', 'inherit'],
    })
    const ended = new Promise<number | null>(resolve => script.once('exit', resolve))
    for (let at = 0; at < count; at++)
      if (!script.stdin.write(articles.batched(at)))
        await new Promise<void>(resolve => script.stdin.once('drain', resolve))
    script.stdin.end()
    const code = await ended
    if (code !== 0) throw new Error(`public-inbox took no articles: exit ${code}`)
  }

  async start(): Promise<void> {
    const output = join(this.directory, 'output')
    const env = { ...process.env, PI_CONFIG: this.#config }
    const args = ['-l', `nntp://127.0.0.1:${this.readerPort}`, '-W2']
    this.#child = launch({ command: daemon, args, env, output })
    await greets(this.readerPort, this.#child, output)
  }

  async stop(): Promise<void> {
    if (this.#child) await end(this.#child)
    this.#child = undefined
  }

  usage(): Usage {
    return usageOf(this.#child?.pid === undefined ? [] : [this.#child.pid])
  }

  get #config(): string {
    return join(this.directory, 'config')
  }

  #folder(group: string): string {
    return join(this.directory, group)
  }
}
