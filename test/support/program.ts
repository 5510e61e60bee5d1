/** The real `tidings` program, in a process of its own. */
import { type ChildProcess, type ChildProcessWithoutNullStreams, spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const launcher = fileURLToPath(new URL('../../../bin/tidings.cjs', import.meta.url))

export interface ProgramOptions {
  readonly input?: string
  readonly under?: readonly string[]
  readonly env?: Readonly<Record<string, string>>
  /** Of this process, to be 3 and up there. */
  readonly descriptors?: readonly number[]
}

export class Program implements AsyncDisposable {
  out = ''
  err = ''
  /** The exit code; null where a signal ended it. */
  readonly ended: Promise<number | null>
  readonly #child: ChildProcess
  #over = false
  #waiting: (() => void)[] = []

  /** `input` goes to its standard input; `under` is a program that runs it, with its own arguments. */
  constructor(words: readonly string[], options: ProgramOptions = {}) {
    const { input = '', under = [], env: more = {}, descriptors = [] } = options
    const env = { ...process.env, NO_COLOR: '1', ...more }
    const [command, ...rest] = [...under, process.execPath, launcher, ...words]
    const child = spawn(command ?? process.execPath, rest, {
      stdio: ['pipe', 'pipe', 'pipe', ...descriptors],
      env,
    }) as ChildProcessWithoutNullStreams
    this.#child = child
    child.stdin.on('error', () => undefined)
    child.stdin.end(input)
    child.stdout.on('data', (chunk: Buffer) => {
      this.out += chunk
      this.#wake()
    })
    child.stderr.on('data', (chunk: Buffer) => {
      this.err += chunk
    })
    this.ended = new Promise(resolve =>
      child.once('close', code => {
        this.#over = true
        this.#wake()
        resolve(code)
      }),
    )
  }

  /** The match, once standard output has it; rejects where the program ends before. */
  async shows(pattern: RegExp): Promise<RegExpExecArray> {
    for (;;) {
      const match = pattern.exec(this.out)
      if (match !== null) return match
      if (this.#over) throw new Error(`ended without ${pattern}: ${this.out}${this.err}`)
      await new Promise<void>(resolve => this.#waiting.push(resolve))
    }
  }

  get pid(): number | undefined {
    return this.#child.pid
  }

  signal(name: NodeJS.Signals): void {
    this.#child.kill(name)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (!this.#over) this.#child.kill('SIGKILL')
    await this.ended
  }

  #wake(): void {
    for (const wake of this.#waiting.splice(0)) wake()
  }
}

/** Runs one command to its end; rejects where it fails. */
export async function program(words: readonly string[], input = ''): Promise<string> {
  await using running = new Program(words, { input })
  const code = await running.ended
  if (code !== 0) throw new Error(`tidings ${words.join(' ')} ended with ${code}: ${running.err}`)
  return running.out
}
