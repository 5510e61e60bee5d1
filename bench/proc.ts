/** What Linux tells of processes, and how the bench starts and ends its own. */
import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process'
import { closeSync, openSync, readdirSync, readFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { Client } from './client.ts'

export interface Usage {
  /** Private memory, octets: RssAnon of all processes of the server. */
  readonly memory: number
  /** User and system time so far, seconds. */
  readonly cpu: number
}

const ticksPerSecond = 100

/** Of these processes and all that they have started. */
export function usageOf(roots: readonly number[]): Usage {
  let memory = 0
  let cpu = 0
  for (const pid of family(roots)) {
    memory += rssAnon(pid)
    cpu += cpuSeconds(pid)
  }
  return { memory, cpu }
}

function family(roots: readonly number[]): Set<number> {
  const found = new Set(roots)
  const parents = new Map<number, number>()
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue
    const parent = Number(statOf(Number(name))[1])
    if (parent > 0) parents.set(Number(name), parent)
  }
  for (let grown = true; grown; ) {
    grown = false
    for (const [pid, parent] of parents) {
      if (found.has(pid) || !found.has(parent)) continue
      found.add(pid)
      grown = true
    }
  }
  return found
}

/** The fields behind the name of the program; none where the process is gone. */
function statOf(pid: number): string[] {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1')
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  } catch {
    return []
  }
}

function cpuSeconds(pid: number): number {
  const fields = statOf(pid)
  // utime and stime, and those of children that have ended: proc(5).
  return fields.slice(11, 15).reduce((sum, ticks) => sum + Number(ticks), 0) / ticksPerSecond
}

function rssAnon(pid: number): number {
  try {
    const found = /^RssAnon:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'latin1'))
    return Number(found?.[1] ?? 0) * 1024
  } catch {
    return 0
  }
}

/** A port on loopback that was free a moment ago. */
export async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  await new Promise(resolve => server.close(resolve))
  if (address === null || typeof address === 'string') throw new Error('no free port')
  return address.port
}

export interface Launch {
  readonly command: string
  readonly args: readonly string[]
  readonly env?: NodeJS.ProcessEnv
  /** File for what it prints. */
  readonly output: string
}

export function launch({ command, args, env, output }: Launch): ChildProcess {
  const file = openSync(output, 'a')
  const options: SpawnOptions = { stdio: ['ignore', file, file], ...(env && { env }) }
  const child = spawn(command, [...args], options)
  closeSync(file)
  return child
}

/** Resolves when the port greets; rejects when the process ends first, or after a minute. */
export async function greets(port: number, child: ChildProcess, output: string): Promise<void> {
  const deadline = performance.now() + 60_000
  while (child.exitCode === null && performance.now() < deadline) {
    try {
      const client = await Client.open(port)
      client.destroy()
      return
    } catch {
      await sleep(10)
    }
  }
  throw new Error(`a server did not start:\n${readFileSync(output, 'utf8').slice(-2000)}`)
}

/** Runs to the end; rejects where it does not end with 0. */
export async function run(job: Launch): Promise<void> {
  const child = launch(job)
  const code = await new Promise(resolve => child.once('exit', resolve))
  if (code === 0) return
  throw new Error(
    `${job.command} ${job.args.join(' ')}: exit ${code}\n${readFileSync(job.output, 'utf8').slice(-2000)}`,
  )
}

/** Asks it to end, and makes it end after half a minute. */
export async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const gone = new Promise(resolve => child.once('exit', resolve))
  child.kill('SIGTERM')
  const patience = new AbortController()
  const late = sleep(30_000, 'late', { signal: patience.signal }).catch(() => 'ended')
  if ((await Promise.race([gone, late])) === 'late') child.kill('SIGKILL')
  await gone
  patience.abort()
}
