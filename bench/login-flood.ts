/**
 * What an honest reader feels while others try passwords: `node dist/bench/login-flood.js [seconds] [logins/s]`.
 * The flood comes from networks of 127.0.0.0/8, so that the delays by network do not stop it before the hashing does.
 */
import { execFileSync, spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { Client } from './client.ts'
import { quantile } from './scenario.ts'

const [seconds = 20, rate = 200] = process.argv.slice(2).map(Number)
const launcher = new URL('../../bin/tidings.cjs', import.meta.url).pathname

const settings = `
node = { path_identity = "flood.example", data = "data" }
listen = { nntp = ["127.0.0.1:0"], web = [], admin = [], control = "run/control.sock" }
auth = { plaintext_from = ["127.0.0.0/8"] }
group = [{ name = "local.test" }]
access = [{ read = "*", post = "*" }]
log = { level = "error" }
`
const article = `From: a@example.org\nSubject: s\nNewsgroups: local.test\nMessage-ID: <a@flood.example>\n\n${'Line.\n'.repeat(300)}`

async function main(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'tidings-flood-'))
  const file = join(folder, 'tidings.toml')
  writeFileSync(file, settings)
  const node = spawn(process.execPath, [launcher, '--config', file, 'start'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  try {
    const port = await portOf(node.stdout)
    const run = (words: readonly string[], input: string) =>
      execFileSync(process.execPath, [launcher, '--config', file, ...words], { input })
    run(['user', 'add', 'honest', '--password-stdin'], 'right\n')
    run(['post'], article)
    await measure(port, node.pid ?? 0)
  } finally {
    node.kill('SIGTERM')
    await new Promise(resolve => node.once('exit', resolve))
    rmSync(folder, { recursive: true, force: true })
  }
}

async function measure(port: number, pid: number): Promise<void> {
  const reader = await Client.reader(port)
  for (const line of ['AUTHINFO USER honest', 'AUTHINFO PASS right']) await reader.line(line)
  show('quiet', await read(reader, seconds / 4), memory(pid))
  const answers = new Map<string, number>()
  const flood = attack(port, answers)
  show(`${rate} logins/s`, await read(reader, seconds), memory(pid))
  await flood
  const codes = [...answers].sort().map(([code, count]) => `${code}: ${count}`)
  console.log(`answers to the flood  ${codes.join(', ')}`)
  await reader.quit()
}

/** Milliseconds of each ARTICLE, one at a time, a hundred a second. */
async function read(reader: Client, during: number): Promise<number[]> {
  const times: number[] = []
  const end = performance.now() + during * 1000
  while (performance.now() < end) {
    const started = performance.now()
    await reader.block('ARTICLE <a@flood.example>')
    times.push(performance.now() - started)
    await new Promise(resolve => setTimeout(resolve, 10))
  }
  return times
}

async function attack(port: number, answers: Map<string, number>): Promise<void> {
  const tries: Promise<void>[] = []
  for (let n = 0; n < seconds * rate; n++) {
    tries.push(attempt({ port, n, answers }))
    await new Promise(resolve => setTimeout(resolve, 1000 / rate))
  }
  await Promise.all(tries)
}

/** A connection, one name, one wrong password. Resolves when it is answered or closed. */
function attempt({
  port,
  n,
  answers,
}: {
  port: number
  n: number
  answers: Map<string, number>
}): Promise<void> {
  const localAddress = `127.${1 + (n % 200)}.${Math.floor(n / 200) % 250}.1`
  const socket = connect({ port, host: '127.0.0.1', localAddress })
  socket.on('error', () => socket.destroy())
  const lines = createInterface({ input: socket })
  const say = [`AUTHINFO USER user${n}`, `AUTHINFO PASS wrong${n}`]
  let code = 'none'
  lines.on('line', line => {
    code = line.slice(0, 3)
    const next = say.shift()
    if (next === undefined) socket.end()
    else socket.write(`${next}\r\n`)
  })
  return new Promise(resolve => {
    socket.once('close', () => {
      answers.set(code, (answers.get(code) ?? 0) + 1)
      resolve()
    })
  })
}

async function portOf(output: NodeJS.ReadableStream): Promise<number> {
  for await (const line of createInterface({ input: output })) {
    const found = /port (\d+)/.exec(line)?.[1]
    if (found !== undefined) return Number(found)
  }
  throw new Error('the node did not start')
}

const memory = (pid: number): string =>
  /RssAnon:\s*(\d+) kB/.exec(execFileSync('cat', [`/proc/${pid}/status`]).toString())?.[1] ?? '?'

function show(what: string, times: readonly number[], kilobytes: string): void {
  const at = (part: number) => quantile(times, part).toFixed(2).padStart(8)
  console.log(
    `${what.padEnd(20)}  ${String(times.length).padStart(6)} articles  median${at(0.5)} ms  p99${at(0.99)} ms  most${at(1)} ms  ${kilobytes} kB`,
  )
}

await main()
