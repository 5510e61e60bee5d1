/** Five idle nodes in a chain: one article at a time is posted at the first, until it can be read at the last. */
import { mkdtempSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { Client } from '../client.ts'
import { type Bench, quantile, type Sample, type Scenario } from '../scenario.ts'
import type { Server } from '../target.ts'
import { tidingsTarget } from '../tidings-target.ts'

const length = 5
const rounds = 200

async function measure({ server, articles, directory, sizes }: Bench): Promise<Sample | undefined> {
  if (server.target.name !== 'tidings') return undefined
  const groups = Array.from({ length: sizes.groups }, (_, at) => articles.group(at))
  const chain: Server[] = []
  // The stores of an earlier measurement know its articles.
  const folder = mkdtempSync(join(directory, 'chain-'))
  try {
    for (let at = length; at > 0; at--)
      chain.unshift(await link(join(folder, `${at}`), { at, next: chain[0], groups }))
    return await relayed(chain, articles.group(0))
  } finally {
    for (const node of chain) await node.stop()
    rmSync(folder, { recursive: true, force: true })
  }
}

interface Link {
  readonly at: number
  readonly next: Server | undefined
  readonly groups: readonly string[]
}

/** The nodes behind are there already, so that it knows where to call. */
async function link(directory: string, { at, next, groups }: Link): Promise<Server> {
  const peer =
    next === undefined
      ? ''
      : `[[peer]]\nname = "n${at + 1}.bench"\nto = "127.0.0.1:${next.feedPort}"\nsend = "*"\n`
  const target = tidingsTarget({ identity: `n${at}.bench`, more: peer })
  const server = await target.prepare(directory, groups)
  await server.start()
  return server
}

async function relayed(chain: readonly Server[], group: string): Promise<Sample> {
  const [first, last] = [chain[0], chain.at(-1)]
  if (first === undefined || last === undefined) throw new Error('no chain')
  const poster = await Client.open(first.readerPort)
  const reader = await Client.open(last.readerPort)
  const times: number[] = []
  for (let round = 0; round <= rounds; round++) {
    const id = `<${round}.${process.pid}@chain.bench>`
    const header = `From: A <a@bench.example>\r\nNewsgroups: ${group}\r\nSubject: s\r\nMessage-ID: ${id}\r\n`
    await poster.line('POST')
    const started = performance.now()
    const posted = await poster.line(`${header}\r\nHello.\r\n.`)
    if (!posted.startsWith('240')) throw new Error(posted)
    while (!(await reader.line(`STAT ${id}`)).startsWith('223')) await sleep(1)
    times.push(performance.now() - started)
    await sleep(5)
  }
  await poster.quit()
  await reader.quit()
  const [cold = 0, ...warm] = times
  return { median: quantile(warm, 0.5), p99: quantile(warm, 0.99), cold }
}

export const chain: Scenario = {
  name: 'chain',
  title: 'one article through five nodes',
  stock: 'empty',
  metrics: [
    { name: 'median', unit: 'ms', better: 'less', goal: { value: 50 } },
    { name: 'p99', unit: 'ms', better: 'less' },
    { name: 'cold', unit: 'ms, connections not open yet', better: 'less' },
  ],
  measure,
}
