/** One node of a ring, in a process of its own, and what a test asks of it. */
import { writeFile } from 'node:fs/promises'
import { connect } from 'node:net'
import { join } from 'node:path'
import { runProgram } from '../../src/cli/program.ts'
import { systemClock } from '../../src/clock.ts'
import type { PeerReport } from '../../src/server/control/peer-control.ts'
import { FakeProcess } from '../cli/fake-process.ts'
import { Program } from './program.ts'
import { RawClient } from './raw-client.ts'

/** Whoever brings articles from outside calls from here. */
const feederAddress = '127.0.1.100'

export interface RingPlace {
  /** Its place in the ring. */
  readonly at: number
  readonly groups: readonly string[]
}

export class RingNode {
  readonly name: string
  readonly #place: RingPlace
  readonly #home: string
  /** Kept over a restart, so that the others find it again. */
  #port = 0
  #peers = ''
  #program: Program | undefined

  constructor(home: string, place: RingPlace) {
    this.name = `n${place.at}.example`
    this.#home = home
    this.#place = place
  }

  async start(): Promise<void> {
    await this.#write()
    const running = new Program([...this.#config, 'start'])
    this.#program = running
    const [, port] = await running.shows(/port (\d+);[\s\S]*Ctrl-C stops it/)
    this.#port = Number(port)
  }

  /** Peers with both neighbours, each known by the address it calls from. */
  async join(nodes: readonly RingNode[]): Promise<void> {
    const { at } = this.#place
    const neighbours = [nodes[(at + 1) % nodes.length], nodes[(at + nodes.length - 1) % nodes.length]]
    this.#peers = neighbours.map(node => (node ? this.#section(node) : '')).join('')
    await this.#write()
    await this.#run('reload')
  }

  async kill(): Promise<void> {
    this.#program?.signal('SIGKILL')
    await this.#program?.ended
  }

  async end(): Promise<void> {
    await this.#program?.[Symbol.asyncDispose]()
  }

  /** Calls `peer` now, however long it is until it would be called again. */
  async flush(peer: RingNode): Promise<void> {
    await this.#run('peer', 'flush', peer.name)
  }

  async peers(): Promise<readonly PeerReport[]> {
    return JSON.parse(await this.#run('peer', 'list', '--json'))
  }

  async newestArrival(): Promise<number> {
    return JSON.parse(await this.#run('status', '--json')).newest.arrival
  }

  async connect(localAddress?: string): Promise<RawClient> {
    const client = new RawClient(
      connect({ port: this.#port, host: '127.0.0.1', ...(localAddress && { localAddress }) }),
    )
    await client.line()
    return client
  }

  feeder(): Promise<RawClient> {
    return this.connect(feederAddress)
  }

  /** How many articles GROUP counts in all groups. */
  async count(): Promise<number> {
    const client = await this.connect()
    let sum = 0
    for (const group of this.#place.groups) {
      client.send(`GROUP ${group}\r\n`)
      sum += Number((await client.line()).split(' ')[1])
    }
    client.end()
    return sum
  }

  /** The message-ID of every overview line of every group. */
  async messageIds(): Promise<string[]> {
    const client = await this.connect()
    const ids: string[] = []
    for (const group of this.#place.groups) {
      client.send(`GROUP ${group}\r\nOVER 1-\r\n`)
      await client.line()
      await client.line()
      for (const line of await client.block()) ids.push(line.split('\t')[4] ?? '')
    }
    client.end()
    return ids
  }

  /** One command of the program, over the control socket of this node. */
  async #run(...words: string[]): Promise<string> {
    const around = new FakeProcess()
    const code = await runProgram([...words, ...this.#config], around)
    if (code !== 0) throw new Error(`${this.name}: ${words.join(' ')}: ${around.stderr.text}`)
    return around.stdout.text
  }

  get #config(): string[] {
    return ['--config', join(this.#home, `${this.name}.toml`)]
  }

  get #address(): string {
    return `127.0.1.${this.#place.at + 1}`
  }

  #section(node: RingNode): string {
    return `[[peer]]
name = "${node.name}"
from = ["${node.#address}"]
to = "127.0.0.1:${node.#port}"
bind = "${this.#address}"
accept = "*"
send = "*"
`
  }

  async #write(): Promise<void> {
    await writeFile(
      join(this.#home, `${this.name}.toml`),
      `node = { path_identity = "${this.name}", data = "${this.name}.data" }
listen = { nntp = ["127.0.0.1:${this.#port}"], web = [], admin = [], control = "${this.name}.run/control.sock" }
group = [${this.#place.groups.map(name => `{ name = "${name}" }`).join(', ')}]
access = [{ read = "*" }]
[[peer]]
name = "feeder.example"
from = ["${feederAddress}"]
accept = "*"
${this.#peers}`,
    )
  }
}

export interface Batch {
  readonly ids: readonly string[]
  readonly groups: readonly string[]
}

/** Sends articles as a peer does, some ahead of their answers; rejects where one is not taken. */
export async function streamed(node: RingNode, { ids, groups }: Batch): Promise<void> {
  const client = await node.feeder()
  const ahead = 50
  for (let at = 0; at < ids.length; at += ahead) {
    const some = ids.slice(at, at + ahead)
    for (const [index, id] of some.entries())
      client.send(`TAKETHIS ${id}\r\n${article(id, groups[(at + index) % groups.length] ?? '')}`)
    for (const id of some) {
      const answer = await client.line()
      if (answer !== `239 ${id}`) throw new Error(`${node.name}: ${answer}`)
    }
  }
  client.end()
}

const article = (id: string, group: string) =>
  [
    'Path: feeder.example!not-for-mail',
    'From: Ann <ann@example.org>',
    `Newsgroups: ${group}`,
    'Subject: A ring',
    `Date: ${new Date(systemClock.now()).toUTCString()}`,
    `Message-ID: ${id}`,
    '',
    `${'Round and round it goes. '.repeat(10)}\r\n.\r\n`,
  ].join('\r\n')

/** Resolves when it has so many articles. */
export async function settled(node: RingNode, articles: number): Promise<void> {
  while ((await node.count()) < articles) await systemClock.sleep(100)
}
