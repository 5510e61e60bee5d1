/** Clients that bring articles to a real node as fast as it takes them, until the connection is gone. */
import { createHash } from 'node:crypto'
import { connect } from 'node:net'
import { connectControl } from '../../src/cli/control-client.ts'
import { systemClock } from '../../src/clock.ts'
import { expireProgressSchema } from '../../src/server/control/expiry-control.ts'
import {
  ControlFault,
  type ImportProgress,
  importProgressSchema,
} from '../../src/server/control/node-control.ts'
import { RawClient } from '../support/raw-client.ts'
import type { Recorder } from './recorder.ts'

export const groups = ['local.k0', 'local.k1', 'local.k2'] as const
/** Keeps no more than so many articles. */
export const expiringGroup = 'local.k2'
export const keptArticles = 100
export const peerName = 'feeder.example'

export interface Target {
  readonly port: number
  readonly recorder: Recorder
  readonly random: () => number
  /** The disk below the node fails: it may say that it cannot go on. */
  readonly failing?: () => boolean
}

export interface Sketch {
  readonly id: string
  readonly newsgroups: string
  readonly body: readonly string[]
}

/** An article that can be told from every other, noted as sent. */
export function sketch({ recorder, random }: Pick<Target, 'recorder' | 'random'>, name: string): Sketch {
  const id = `<${name}@kill.example>`
  const text = createHash('sha256').update(id).digest('hex')
  const body = Array.from(
    { length: 1 + Math.floor(random() * 30) },
    (_, line) => `${line % 7 === 0 ? '.' : ''}${text}`,
  )
  const newsgroups =
    random() < 0.2 ? groups.join(',') : (groups[Math.floor(random() * groups.length)] ?? groups[0])
  recorder.sent.set(id, { body, expires: newsgroups === expiringGroup })
  return { id, newsgroups, body }
}

/** Octets as they are sent, with the terminator. `more` are header lines. */
export function wire({ id, newsgroups, body }: Sketch, more: readonly string[] = []): string {
  const head = [
    'From: a@kill.example',
    `Newsgroups: ${newsgroups}`,
    `Subject: ${id}`,
    `Message-ID: ${id}`,
    ...more,
  ]
  const stuffed = body.map(line => (line.startsWith('.') ? `.${line}` : line))
  return [...head, '', ...stuffed, '.', ''].join('\r\n')
}

const transit = () => [`Path: ${peerName}!not-for-mail`, `Date: ${new Date().toUTCString()}`]

async function opened(port: number): Promise<RawClient> {
  const client = new RawClient(connect(port, '127.0.0.1'))
  await client.line()
  return client
}

/** Runs until the node is gone; what it was told until then counts. */
async function untilGone(target: Target, work: (client: RawClient) => Promise<void>): Promise<void> {
  try {
    const client = await opened(target.port)
    for (;;) await work(client)
  } catch (error) {
    if (target.failing?.() === true && /^Error: (400|403|436|441) /.test(String(error))) return
    if (!/the connection ended/.test(String(error))) throw error
  }
}

export function posting(target: Target, name: string): Promise<void> {
  let serial = 0
  return untilGone(target, async client => {
    const article = sketch(target, `${name}.${++serial}`)
    client.send('POST\r\n')
    await expected(client, /^340 /)
    client.send(wire(article))
    await expected(client, /^240 /)
    target.recorder.acknowledge(article.id)
  })
}

/** IHAVE, one after another. */
export function offering(target: Target, name: string): Promise<void> {
  let serial = 0
  return untilGone(target, async client => {
    const article = sketch(target, `${name}.${++serial}`)
    client.send(`IHAVE ${article.id}\r\n`)
    await expected(client, /^335 /)
    client.send(wire(article, transit()))
    await expected(client, /^235 /)
    target.recorder.acknowledge(article.id)
  })
}

const inFlight = 40

/** TAKETHIS, many in flight, never waiting for an answer. */
export function streaming(target: Target, name: string): Promise<void> {
  const waiting: string[] = []
  let serial = 0
  return untilGone(target, async client => {
    while (waiting.length < inFlight) {
      const article = sketch(target, `${name}.${++serial}`)
      client.send(`TAKETHIS ${article.id}\r\n${wire(article, transit())}`)
      waiting.push(article.id)
    }
    const id = waiting.shift() ?? ''
    await expected(client, new RegExp(`^239 ${id.replace('.', '\\.')}`))
    target.recorder.acknowledge(id)
  })
}

/** Asks for what was never acknowledged: "I have it" is a promise as well. */
export async function asking(target: Target): Promise<void> {
  const { recorder, port } = target
  const open = [...recorder.sent.keys()].filter(id => !recorder.acknowledged.has(id))
  const client = await opened(port)
  client.send(open.map(id => `CHECK ${id}\r\n`).join(''))
  for (const id of open) if (/^438 /.test(await expected(client, /^(238|438|431) /))) recorder.acknowledge(id)
  client.destroy()
}

/** A reader: what it sees must never change its number or go away. */
export function reading(target: Target, faults: string[]): Promise<void> {
  let turn = 0
  return untilGone(target, async client => {
    const group = groups[turn++ % groups.length] ?? groups[0]
    const { high } = await select(client, group)
    client.send(`OVER ${Math.max(1, high - 30)}-\r\n`)
    const line = await client.line()
    const rows = line.startsWith('224') ? rowsOf(await client.block()) : []
    faults.push(...target.recorder.saw(group, high, rows))
  })
}

/** An import over the control socket: acknowledged as a whole, where it says that all of it is there. */
export async function importing({ recorder }: Target, batch: Batch): Promise<boolean> {
  try {
    await using node = await connectControl(batch.socket, systemClock)
    const request = {
      paths: [batch.file],
      format: 'rnews',
      createGroups: false,
      keepNumbers: false,
      dryRun: false,
    }
    let last: ImportProgress | undefined
    for await (const item of node.stream('import', request, new AbortController().signal))
      last = importProgressSchema.parse(item)
    if (last === undefined || last.refused > 0 || last.articles !== batch.articles.length)
      throw new Error(`the import ended with ${JSON.stringify(last)}`)
    for (const { id } of batch.articles) recorder.acknowledge(id)
    return true
  } catch (error) {
    // A read that is made to fail may be that of the batch: then nothing of it was acknowledged.
    const isOver = error instanceof ControlFault && (error.code === 'unavailable' || isReadFault(error))
    if (isOver) return false
    throw error
  }
}

const isReadFault = ({ code, message }: ControlFault) => code === 'io' && message.startsWith('EIO: ')

/** `tidings expire`, again and again. */
export async function expiring(socket: string): Promise<void> {
  try {
    await using node = await connectControl(socket, systemClock)
    for (;;)
      for await (const item of node.stream('expire', { dryRun: false }, new AbortController().signal))
        expireProgressSchema.parse(item)
  } catch (error) {
    if (!(error instanceof ControlFault && error.code === 'unavailable')) throw error
  }
}

/** Waits until the index of the node is whole: nothing expires before. */
export async function whole(socket: string): Promise<void> {
  await using node = await connectControl(socket, systemClock)
  const asked = { dryRun: true, groups: 'none.such' }
  for await (const item of node.stream('expire', asked, new AbortController().signal))
    expireProgressSchema.parse(item)
}

export interface Batch {
  readonly socket: string
  readonly file: string
  readonly articles: readonly Sketch[]
}

/** An article of an rnews batch, without the terminator and the stuffing of NNTP. */
export function batched(article: Sketch): string {
  const text = wire(article, ['Path: old.example!not-for-mail', 'Date: Mon, 05 Apr 1993 10:00:00 +0000'])
    .replace(/\r\n\.\r\n$/, '\r\n')
    .replaceAll('\r\n..', '\r\n.')
    .replaceAll('\r\n', '\n')
  return `#! rnews ${text.length}\n${text}`
}

export async function select(client: RawClient, group: string) {
  client.send(`GROUP ${group}\r\n`)
  const [, count = 0, low = 0, high = 0] = (await expected(client, /^211 /)).split(' ').map(Number)
  return { count, low, high }
}

export const rowsOf = (lines: readonly string[]): [number, string][] =>
  lines.map(line => {
    const columns = line.split('\t')
    return [Number(columns[0]), columns[4] ?? '']
  })

async function expected(client: RawClient, pattern: RegExp): Promise<string> {
  const line = await client.line()
  if (!pattern.test(line)) throw new Error(`${line} instead of ${pattern}`)
  return line
}
