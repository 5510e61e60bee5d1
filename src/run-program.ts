/** The one file that starts other programs: those the configuration names, never through a shell. */
import { spawn } from 'node:child_process'
import type { Writable } from 'node:stream'
import type { Clock } from './clock.ts'

export interface ProgramRun {
  /** File and arguments; nothing from outside is ever among them. */
  readonly command: readonly string[]
  readonly input: string | Buffer
  /** What it reads from descriptor 3. */
  readonly further?: Buffer
  readonly clock: Clock
  /** Milliseconds; then it is killed. */
  readonly deadline: number
  /** Octets of its answer; where it writes more it is killed. */
  readonly most: number
  /** Whether what it wrote counts with this exit code, too; 0 alone where absent. */
  readonly takes?: (code: number) => boolean
}

/** What it wrote. Rejects where it could not be run, failed, was too slow or wrote too much. */
export function runProgram(run: ProgramRun): Promise<string> {
  const { command, input, further, clock, deadline, most, takes = () => false } = run
  const [file = '', ...args] = command
  return new Promise((resolve, reject) => {
    // Of our own environment it sees nothing: there are secrets in it.
    const env = { PATH: '/usr/local/bin:/usr/bin:/bin' }
    const third = further === undefined ? 'ignore' : 'pipe'
    const child = spawn(file, args, { env, shell: false, stdio: ['pipe', 'pipe', 'ignore', third] })
    const chunks: Buffer[] = []
    let octets = 0
    const fail = (why: string) => {
      timer.cancel()
      child.kill('SIGKILL')
      reject(new Error(`${file}: ${why}`))
    }
    const timer = clock.timer(deadline, () => fail(`no answer in ${deadline / 1000} s`))
    child.on('error', error => fail(error.message))
    child.stdout?.on('data', (chunk: Buffer) => {
      octets += chunk.length
      chunks.push(chunk)
      if (octets > most) fail(`more than ${most} octets`)
    })
    child.on('close', code => {
      if (code !== 0 && (code === null || !takes(code))) return fail(`ended with ${code ?? 'a signal'}`)
      timer.cancel()
      resolve(Buffer.concat(chunks).toString())
    })
    give(child.stdin, input)
    give(child.stdio[3], further)
  })
}

/** It may answer without reading all of it. */
function give(pipe: unknown, octets: string | Buffer | undefined): void {
  if (octets === undefined || !isWritable(pipe)) return
  pipe.on('error', () => {})
  pipe.end(octets)
}

const isWritable = (pipe: unknown): pipe is Writable =>
  typeof pipe === 'object' && pipe !== null && 'end' in pipe
