/** A node in a process of its own, and the `tidings` program that speaks to it, as users run them. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { RawClient } from '../support/raw-client.ts'
import { type TemporaryDirectory, temporaryDirectory } from '../support/temporary-directory.ts'

const launcher = fileURLToPath(new URL('../../../bin/tidings.cjs', import.meta.url))

export interface ProgramEnd {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

export interface ProcessNodeOptions {
  readonly identity?: string
  /** Tables of the configuration, behind the usual ones. */
  readonly more?: string
}

const configuration = ({ identity = 'corpus.example', more = '' }: ProcessNodeOptions) => `[node]
path_identity = "${identity}"
data = "data"
[listen]
nntp = ["127.0.0.1:0"]
web = []
admin = []
control = "run/control.sock"
[history]
cutoff_days = 0
[[access]]
from = ["127.0.0.1"]
read = "*"
post = "*"
${more}
`

export class ProcessNode implements AsyncDisposable {
  readonly #directory: TemporaryDirectory
  #process: ChildProcess | undefined
  port = 0
  /** Milliseconds from the start of the process until it said that it runs. */
  startup = 0

  static async start(options: ProcessNodeOptions = {}): Promise<ProcessNode> {
    const node = new ProcessNode(await temporaryDirectory())
    writeFileSync(node.#file, configuration(options))
    await node.start()
    return node
  }

  private constructor(directory: TemporaryDirectory) {
    this.#directory = directory
  }

  /** For files of a test; goes with the node. */
  get path(): string {
    return this.#directory.path
  }

  get #file(): string {
    return join(this.path, 'tidings.toml')
  }

  async start(): Promise<void> {
    const begun = performance.now()
    const child = spawn(process.execPath, [launcher, '--config', this.#file, 'start'], { cwd: this.path })
    this.#process = child
    child.stderr.resume()
    let said = ''
    for await (const chunk of child.stdout) {
      said += chunk
      if (said.includes('Ctrl-C')) break
    }
    this.startup = performance.now() - begun
    const port = /port (\d+)/.exec(said)?.[1]
    if (port === undefined) throw new Error(`the node did not start: ${said}`)
    this.port = Number(port)
  }

  async stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<void> {
    const child = this.#process
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return
    const ended = once(child, 'exit')
    child.kill(signal)
    await ended
  }

  /** Runs `tidings` with these words; `signal` interrupts it. */
  async run(words: readonly string[], signal?: AbortSignal): Promise<ProgramEnd> {
    const child = spawn(process.execPath, [launcher, '--config', this.#file, ...words], { cwd: this.path })
    const interrupt = () => void child.kill('SIGINT')
    signal?.addEventListener('abort', interrupt, { once: true })
    child.stdin.end()
    let stdout = ''
    let stderr = ''
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout += text
    })
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr += text
    })
    const [code] = await once(child, 'close')
    signal?.removeEventListener('abort', interrupt)
    return { code, stdout, stderr }
  }

  /** The counts of `tidings import`. */
  async import(words: readonly string[]): Promise<Record<string, number> & { code: number | null }> {
    const { code, stdout, stderr } = await this.run(['import', '--json', ...words])
    if (stdout === '') throw new Error(`import said nothing but: ${stderr}`)
    return { ...JSON.parse(stdout), code }
  }

  /** A client that has read the greeting. */
  async connect(): Promise<RawClient> {
    const socket = connect(this.port, '127.0.0.1')
    const client = new RawClient(socket)
    await once(socket, 'connect')
    await client.line()
    return client
  }

  /** Time that the process has had a processor, in milliseconds. */
  get cpu(): number {
    const fields = readFileSync(`/proc/${this.#process?.pid}/stat`, 'utf8')
      .replace(/^.*\) /, '')
      .split(' ')
    return (Number(fields[11]) + Number(fields[12])) * 10
  }

  /** Memory that is not backed by files, in kB. */
  get rssAnon(): number {
    const status = readFileSync(`/proc/${this.#process?.pid}/status`, 'utf8')
    return Number(/RssAnon:\s+(\d+)/.exec(status)?.[1])
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop()
    await this.#directory[Symbol.asyncDispose]()
  }
}
