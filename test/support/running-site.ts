/** A whole node with its listeners and its store in a folder of its own, and the `tidings` program beside it. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { join } from 'node:path'
import { runProgram } from '../../src/cli/program.ts'
import { loadConfig } from '../../src/config/file.ts'
import { silentLog } from '../../src/log.ts'
import { type RunningNode, runNode } from '../../src/main.ts'
import { FakeProcess } from '../cli/fake-process.ts'
import { cheap } from './logins.ts'
import { RawClient } from './raw-client.ts'
import { type TemporaryDirectory, temporaryDirectory } from './temporary-directory.ts'

interface Doors {
  /** It listens with TLS too; the configuration has to have `[tls]`. */
  readonly secure?: boolean
  /** It has a web reader. */
  readonly web?: boolean
}

export class RunningSite implements AsyncDisposable {
  readonly name: string
  readonly config: string
  readonly #folder: TemporaryDirectory
  readonly #secure: boolean
  readonly #web: boolean
  #node: RunningNode | undefined

  private constructor(name: string, folder: TemporaryDirectory, { secure = false, web = false }: Doors) {
    this.name = name
    this.#secure = secure
    this.#web = web
    this.#folder = folder
    this.config = join(folder.path, 'conf', 'tidings.toml')
  }

  /** `more` is TOML behind the usual sections. */
  static async start(name: string, more = '', doors: Doors = {}): Promise<RunningSite> {
    const site = new RunningSite(name, await temporaryDirectory(), doors)
    mkdirSync(join(site.config, '..'))
    site.write(more)
    await site.begin()
    return site
  }

  get folder(): string {
    return this.#folder.path
  }

  get port(): number {
    return Number(this.#node?.listening.nntp[0]?.split(':').at(-1))
  }

  /** Under TLS from the first octet. */
  get securePort(): number {
    return Number(this.#node?.listening.nntps[0]?.split(':').at(-1))
  }

  /** Origin of the web reader. */
  get web(): string {
    return `http://${this.#node?.listening.web[0]}`
  }

  /** What `start` prints for the first minute. */
  get firstLink(): string | undefined {
    return this.#node?.firstLink
  }

  write(more: string): void {
    const nntps = this.#secure ? 'nntps = ["127.0.0.1:0"], ' : ''
    writeFileSync(
      this.config,
      `node = { path_identity = "${this.name}" }
listen = { nntp = ["127.0.0.1:0"], ${nntps}web = [${this.#web ? '"127.0.0.1:0"' : ''}], admin = ["127.0.0.1:0"] }
[[group]]
name = "local.test"
[[group]]
name = "local.other"
[[access]]
read = "*"
post = "*"
${more}`,
    )
  }

  async begin(): Promise<void> {
    const load = () => loadConfig(this.config, {})
    const loaded = load()
    if (!loaded.ok) throw new Error(loaded.errors.join('\n'))
    this.#node = await runNode({
      config: loaded.config,
      file: this.config,
      log: silentLog,
      reload: load,
      passwordCost: cheap,
    })
  }

  async end(): Promise<void> {
    await this.#node?.stop()
    this.#node = undefined
  }

  /** One command line, with this site's configuration. */
  async run(words: readonly string[], around = new FakeProcess()) {
    const code = await runProgram([...words, '--config', this.config], around)
    return { code, out: around.stdout.text, err: around.stderr.text }
  }

  /** The result of a command that can give JSON. */
  async json(...words: string[]) {
    const { code, out, err } = await this.run([...words, '--json'])
    if (code !== 0) throw new Error(`${words.join(' ')}: ${err}`)
    return JSON.parse(out)
  }

  /** A connection, its greeting read. */
  async connect(): Promise<RawClient> {
    const client = new RawClient(connect(this.port, '127.0.0.1'))
    await client.line()
    return client
  }

  async post(id: string, fields: Readonly<Record<string, string>> = {}): Promise<void> {
    const header = {
      From: 'a@example.org',
      Subject: 's',
      Newsgroups: 'local.test',
      'Message-ID': id,
      ...fields,
    }
    const lines = Object.entries(header).map(([name, value]) => `${name}: ${value}\n`)
    const { code, err } = await this.run(['post'], new FakeProcess({ input: `${lines.join('')}\nHello.\n` }))
    if (code !== 0) throw new Error(err)
  }

  async metrics(): Promise<string> {
    return (await fetch(`http://${this.#node?.listening.admin[0]}/metrics`)).text()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.end()
    await this.#folder[Symbol.asyncDispose]()
  }
}

/** Milliseconds, so many that a busy machine has time enough. */
const patience = 30_000

/** Resolves when `condition` holds; the program and the peers are asked, nobody can be waited for. */
export async function until(what: string, condition: () => Promise<boolean>): Promise<void> {
  const end = performance.now() + patience
  while (performance.now() < end) {
    if (await condition()) return
    await new Promise(resolve => setImmediate(resolve))
  }
  throw new Error(`did not come about: ${what}`)
}
