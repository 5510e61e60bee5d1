/** What an honest reader feels while others attack, and what the attack costs in memory. */
import { connect, type Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { Worker } from 'node:worker_threads'
import { Articles } from '../articles.ts'
import type { Reading } from '../reader-thread.ts'
import { type Bench, quantile, type Sample, type Scenario } from '../scenario.ts'
import { feed } from './ingest.ts'

const settleSeconds = 2
const attackSeconds = 10
const MB = 1e6

/** Neither the peer of the bench nor the honest reader. */
const localAddress = '127.0.0.2'

interface Attack {
  /** Before anything is measured. */
  prepare?(bench: Bench): Promise<unknown>
  /** Goes on until `over` aborts. */
  run(bench: Bench, over: AbortSignal): Promise<void>
}

function scenario(name: string, title: string, attack: Attack): Scenario {
  return {
    name,
    title,
    stock: 'filled',
    metrics: [
      { name: 'quiet', unit: 'ms, 99th percentile before', better: 'less' },
      { name: 'p99', unit: 'ms, 99th percentile of ARTICLE', better: 'less', goal: { value: 100 } },
      { name: 'memory', unit: 'MB more', better: 'less', goal: { value: 268 } },
    ],
    measure: bench =>
      bench.server.target.name === 'tidings' ? measured(bench, attack) : Promise.resolve(undefined),
  }
}

async function measured(bench: Bench, attack: Attack): Promise<Sample> {
  const { server, articles } = bench
  // A server that has just begun: what earlier clients left in memory would hide what these take.
  await attack.prepare?.(bench)
  await server.stop()
  await server.start()
  const ids = Array.from({ length: 2000 }, (_, at) => articles.id(at * 7))
  const reader = await HonestReader.start({ port: server.readerPort, ids })
  await sleep(settleSeconds * 1000)
  const quiet = await reader.latencies()
  const before = server.usage().memory
  const over = new AbortController()
  const attacking = attack.run(bench, over.signal)
  let most = before
  for (let waited = 0; waited < attackSeconds; waited += 0.25) {
    await sleep(250)
    most = Math.max(most, server.usage().memory)
  }
  const during = await reader.latencies()
  over.abort()
  await attacking
  await reader.end()
  return { quiet: quantile(quiet, 0.99), p99: quantile(during, 0.99), memory: (most - before) / MB }
}

class HonestReader {
  readonly #worker: Worker

  private constructor(worker: Worker) {
    this.#worker = worker
  }

  static async start(reading: Reading): Promise<HonestReader> {
    const worker = new Worker(new URL('../reader-thread.js', import.meta.url), { workerData: reading })
    await new Promise((resolve, reject) => {
      worker.once('message', resolve)
      worker.once('error', reject)
    })
    return new HonestReader(worker)
  }

  /** Milliseconds each, since the last time. */
  latencies(): Promise<number[]> {
    return new Promise((resolve, reject) => {
      this.#worker.once('message', resolve)
      this.#worker.once('error', reject)
      this.#worker.postMessage('tell')
    })
  }

  async end(): Promise<void> {
    await this.#worker.terminate()
  }
}

/** Connections that are opened again where the server ends them. */
async function crowd(
  { bench, count, over }: { readonly bench: Bench; readonly count: number; readonly over: AbortSignal },
  begin: (socket: Socket) => void,
): Promise<void> {
  const open = new Set<Socket>()
  const enter = () => {
    if (over.aborted) return
    const socket = connect({ port: bench.server.readerPort, host: '127.0.0.1', localAddress })
    open.add(socket)
    socket.on('error', () => {})
    socket.once('close', () => {
      open.delete(socket)
      setTimeout(enter, 100)
    })
    socket.once('data', () => begin(socket))
  }
  for (let at = 0; at < count; at++) enter()
  await new Promise(resolve => over.addEventListener('abort', resolve, { once: true }))
  for (const socket of open) socket.destroy()
}

const slowWriters = scenario('attack-slow', '500 that post at 100 octets a second', {
  run: (bench, over) =>
    crowd({ bench, count: 500, over }, socket => {
      socket.on('data', () => {})
      socket.write('POST\r\n')
      const timer = setInterval(() => socket.write(`${'x'.repeat(98)}\r\n`), 1000)
      socket.once('close', () => clearInterval(timer))
    }),
})

const largeArticles = 40
const large = ({ articles }: Bench) =>
  new Articles({ octets: 500_000, groups: [articles.group(0)], series: 'large' })

const unread = scenario('attack-unread', '500 that ask for large articles and never read', {
  prepare: bench => feed(bench.server, large(bench), largeArticles),
  run(bench, over) {
    const articles = large(bench)
    const ids = Array.from({ length: 100 }, (_, at) => articles.id(at % largeArticles))
    const request = ids.map(id => `ARTICLE ${id}\r\n`).join('')
    return crowd({ bench, count: 500, over }, socket => {
      socket.pause()
      socket.write(request)
    })
  },
})

const loginsPerSecond = 200

const logins = scenario('attack-logins', '200 logins a second with wrong passwords', {
  async run(bench, over) {
    const idle: Socket[] = []
    const timer = setInterval(() => {
      const socket = idle.shift()
      if (socket === undefined || socket.destroyed) return
      socket.write('AUTHINFO USER nobody\r\n')
      socket.once('data', () => {
        socket.write('AUTHINFO PASS wrong\r\n')
        socket.once('data', () => idle.push(socket))
      })
    }, 1000 / loginsPerSecond)
    await crowd({ bench, count: 400, over }, socket => idle.push(socket))
    clearInterval(timer)
  },
})

const newnews = scenario('attack-newnews', '50 that run NEWNEWS over everything', {
  run: (bench, over) =>
    crowd({ bench, count: 50, over }, socket => {
      const ask = () => socket.write('NEWNEWS *,!*a*b*c*d*e,*e* 19990101 000000 GMT\r\n')
      socket.on('data', (chunk: Buffer) => {
        if (chunk.subarray(-3).toString('latin1') === '.\r\n') ask()
      })
      ask()
    }),
})

export const attacks: readonly Scenario[] = [slowWriters, unread, logins, newnews]
