/** A program on a terminal, driven and looked at through tmux, which tells of each change in its control mode. */
import { type ChildProcess, spawn } from 'node:child_process'
import { join } from 'node:path'
import type { Need } from './needs.ts'

export const tmux: Need = { probe: ['tmux', '-V'], debian: 'tmux' }

export interface TerminalOptions {
  /** An existing folder for the socket of tmux; also where the program starts and its `HOME`. */
  readonly home: string
  readonly env?: Readonly<Record<string, string>>
}

/** How long a screen may take to show what is waited for, milliseconds. */
const patience = 60_000

export class Terminal implements AsyncDisposable {
  readonly #tmux: ChildProcess
  readonly #closed: Promise<unknown>
  #received = ''
  /** Screens asked for, oldest first. */
  readonly #asked: ((lines: readonly string[]) => void)[] = []
  #block: string[] | undefined
  #changes = 0
  #over = false
  #wake: () => void = () => undefined

  constructor(words: readonly string[], { home, env = {} }: TerminalOptions) {
    const size = ['-x', '100', '-y', '40']
    const name = ['-S', join(home, 'tmux.sock'), '-f', '/dev/null']
    this.#tmux = spawn('tmux', [...name, '-C', 'new-session', ...size, words.map(quoted).join(' ')], {
      cwd: home,
      env: { ...process.env, HOME: home, LC_ALL: 'C.UTF-8', TERM: 'screen', ...env },
      stdio: ['pipe', 'pipe', 'ignore'],
    })
    // The session itself is answered too.
    this.#asked.push(() => undefined)
    this.#tmux.stdin?.on('error', () => undefined)
    this.#tmux.stdout?.setEncoding('utf8').on('data', (text: string) => this.#read(text))
    this.#closed = new Promise(resolve => this.#tmux.once('close', resolve))
    void this.#closed.then(() => this.#end())
  }

  /** The screen once it matches; rejects with the screen where the program ends, or shows something else for long. */
  shows(pattern: RegExp): Promise<string> {
    return this.#until(pattern, screen => Promise.resolve(pattern.test(screen)))
  }

  /**
   * The screen once it matches and the program listens, for programs that switch the keypad on to listen: some throw
   * away what was typed while they still wrote their question.
   */
  asks(pattern: RegExp): Promise<string> {
    return this.#until(pattern, async screen => pattern.test(screen) && (await this.#keypad()))
  }

  /** Keys by their tmux names: `Enter`, `Space`, `C-d`, `a`. */
  press(...keys: readonly string[]): void {
    this.#command(`send-keys ${keys.map(quoted).join(' ')}`)
  }

  type(text: string): void {
    this.#command(`send-keys -l ${quoted(text)}`)
  }

  /** Resolves when the program has ended by itself. */
  async ended(): Promise<void> {
    const deadline = AbortSignal.timeout(patience)
    while (!this.#over && !deadline.aborted) await this.#change(deadline)
    if (!this.#over) throw new Error(`still runs:\n${await this.#screen()}`)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (!this.#over) this.#tmux.stdin?.write('kill-server\n')
    await this.#closed
  }

  async #until(wanted: RegExp, met: (screen: string) => Promise<boolean>): Promise<string> {
    const deadline = AbortSignal.timeout(patience)
    for (;;) {
      const before = this.#changes
      const screen = await this.#screen()
      if (await met(screen)) return screen
      if (this.#over || deadline.aborted) throw new Error(`no ${wanted} on the screen:\n${screen}`)
      if (this.#changes === before) await this.#change(deadline)
    }
  }

  #change(deadline: AbortSignal): Promise<void> {
    return new Promise(resolve => {
      const wake = () => {
        deadline.removeEventListener('abort', wake)
        resolve()
      }
      this.#wake = wake
      deadline.addEventListener('abort', wake)
    })
  }

  async #screen(): Promise<string> {
    const lines = await this.#answer('capture-pane -p')
    return lines.join('\n')
  }

  async #keypad(): Promise<boolean> {
    const [flag] = await this.#answer("display-message -p '#{keypad_flag}'")
    return flag === '1'
  }

  #answer(command: string): Promise<readonly string[]> {
    if (this.#over) return Promise.resolve(['(ended)'])
    return new Promise(resolve => this.#command(command, resolve))
  }

  #command(text: string, answered: (lines: readonly string[]) => void = () => undefined): void {
    this.#asked.push(answered)
    this.#tmux.stdin?.write(`${text}\n`)
  }

  #read(text: string): void {
    const lines = `${this.#received}${text}`.split('\n')
    this.#received = lines.pop() ?? ''
    for (const line of lines) this.#line(line)
  }

  #line(line: string): void {
    if (this.#block !== undefined && !/^%(?:end|error) \d+ \d+ \d+$/.test(line)) this.#block.push(line)
    else if (this.#block !== undefined) {
      const block = this.#block
      this.#block = undefined
      this.#asked.shift()?.(block)
    } else if (line.startsWith('%begin ')) this.#block = []
    else if (line.startsWith('%output ')) {
      this.#changes++
      this.#wake()
    } else if (line.startsWith('%exit')) this.#end()
  }

  #end(): void {
    this.#over = true
    for (const answered of this.#asked.splice(0)) answered(['(ended)'])
    this.#wake()
  }
}

const quoted = (word: string) => `'${word.replaceAll("'", `'\\''`)}'`
