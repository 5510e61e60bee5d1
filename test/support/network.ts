/** Whole nodes that peer with each other in one process, without sockets, on one clock and one chance. */
import type { Duplex } from 'node:stream'
import type { Config, PeerConfig } from '../../src/config/config.ts'
import type { Dial } from '../../src/feed/link/peer-dial.ts'
import type { Node } from '../../src/feed/node.ts'
import { silentLog } from '../../src/log.ts'
import { NntpServer } from '../../src/server/server.ts'
import { type Carry, Line } from './line.ts'
import { ManualClock } from './manual-clock.ts'
import { MortalClock } from './mortal-clock.ts'
import { crashed, type MemoryParts, memoryParts, testConfig, testNode } from './node.ts'
import { RawClient } from './raw-client.ts'
import { seeded } from './seeded.ts'

/** Whom a site peers with, and what differs from the usual section. */
export type Peers = Readonly<Record<string, Partial<PeerConfig>>>

export interface SiteOptions {
  readonly peers?: Peers
  /** Merged over the configuration, section by section. */
  readonly config?: object
}

/** One connection between two sites. */
export interface Call {
  readonly from: string
  readonly to: string
  readonly line: Line
  /** All that the one who called has said. */
  readonly said: Buffer[]
}

export interface NetworkOptions {
  readonly seed?: number
  /** Decides on each call: an error is why it fails. */
  readonly connect?: (from: string, to: string) => Promise<void> | undefined
  /** For each call; see `Carry`. */
  readonly carry?: (from: string, to: string) => Carry
}

/** Readers come from here: no site's address. */
const reader = '192.0.2.99'

export class Network implements AsyncDisposable {
  readonly clock = new ManualClock()
  readonly random: () => number
  readonly calls: Call[] = []
  readonly #options: NetworkOptions
  readonly #sites = new Map<string, Site>()

  constructor(options: NetworkOptions = {}) {
    this.#options = options
    this.random = seeded(options.seed ?? 1)
  }

  /** A site that runs. Its name is its path identity, and the host its peers call. */
  async site(name: string, options: SiteOptions = {}): Promise<Site> {
    const site = new Site(this, { name, parts: await memoryParts(), ...options })
    this.#sites.set(name, site)
    await site.start()
    return site
  }

  get sites(): readonly Site[] {
    return [...this.#sites.values()]
  }

  /** `10.0.0.n` for the n-th name that is asked for. */
  addressOf(name: string): string {
    const known = this.#addresses.get(name) ?? `10.0.0.${this.#addresses.size + 1}`
    this.#addresses.set(name, known)
    return known
  }
  readonly #addresses = new Map<string, string>()

  async connect(from: string, host: string): Promise<Duplex> {
    await this.#options.connect?.(from, host)
    const site = this.#sites.get(host)
    if (site === undefined || !site.running) throw new Error(`${host}: connection refused`)
    const said: Buffer[] = []
    const carry = this.#options.carry?.(from, host)
    const line = new Line((octets, direction) => {
      if (direction === 'there') said.push(octets)
      return carry?.(octets, direction)
    })
    this.calls.push({ from, to: host, line, said })
    site.answer(line.called, this.addressOf(from))
    return line.caller
  }

  /** Commands that offer or bring an article, in order, as they went over the wire. */
  offers(from: string, to: string): string[] {
    const calls = this.calls.filter(call => call.from === from && call.to === to)
    return calls.flatMap(({ said }) =>
      [
        ...Buffer.concat(said)
          .toString('latin1')
          .matchAll(/^(?:CHECK|TAKETHIS|IHAVE) \S+(?=\r\n)/gm),
      ].map(([command]) => command),
    )
  }

  /** Articles that were sent between sites, wanted there or not. */
  get transfers(): number {
    const all = this.calls.map(({ from, to }) => `${from} ${to}`)
    return [...new Set(all)]
      .flatMap(pair => this.offers(...(pair.split(' ') as [string, string])))
      .filter(command => command.startsWith('TAKETHIS')).length
  }

  /** Turns the clock until `condition` holds. */
  async until(what: string, condition: () => boolean | Promise<boolean>): Promise<void> {
    for (let seconds = 0; seconds < 20_000; seconds++) {
      if (await condition()) return
      await this.clock.advance(1000)
    }
    throw new Error(`did not come about: ${what}`)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const site of this.#sites.values()) if (site.running) await this.#stopped(site)
  }

  /** A stop waits on the clock too. */
  async #stopped(site: Site): Promise<void> {
    let done = false
    const stopping = site.stop().finally(() => {
      done = true
    })
    await this.until('a stop', () => done)
    await stopping
  }
}

interface SiteParts extends SiteOptions {
  readonly name: string
  readonly parts: MemoryParts
}

export class Site {
  readonly name: string
  readonly #network: Network
  readonly #more: object
  #config: Config
  #parts: MemoryParts
  #clock: MortalClock
  #running: { readonly node: Node; readonly server: NntpServer } | undefined
  readonly #calls = new Set<Duplex>()

  constructor(network: Network, { name, parts, peers = {}, config = {} }: SiteParts) {
    this.name = name
    this.#network = network
    this.#more = config
    this.#config = this.#configured(peers)
    this.#parts = parts
    this.#clock = new MortalClock(network.clock)
  }

  get running(): boolean {
    return this.#running !== undefined
  }

  get config(): Config {
    return this.#config
  }

  /** For tests that damage them. */
  get stores(): MemoryParts['stores'] {
    return this.#parts.stores
  }

  get node(): Node {
    if (this.#running === undefined) throw new Error(`${this.name} does not run`)
    return this.#running.node
  }

  async start(): Promise<void> {
    const node = await testNode({
      ...this.#parts,
      config: () => this.#config,
      clock: this.#clock,
      random: octets => Buffer.from(Array.from({ length: octets }, () => this.#network.random() * 256)),
      dial: this.dial,
    })
    const services = {
      reading: node.storage.reading,
      feed: node.feed,
      clock: this.#clock,
      config: () => this.#config,
    }
    this.#running = { node, server: new NntpServer({ services, log: silentLog }) }
  }

  async stop(): Promise<void> {
    const running = this.#running
    this.#running = undefined
    await running?.server.close()
    await running?.node[Symbol.asyncDispose]()
  }

  /** The power goes, and with it all connections and what was not synced. `start` finds the rest. */
  async crash(): Promise<void> {
    this.#running = undefined
    this.#clock.die()
    for (const call of this.#network.calls) if ([call.from, call.to].includes(this.name)) call.line.cut()
    for (const call of this.#calls) call.destroy()
    this.#parts = await crashed(this.#parts, this.#network.random)
    this.#clock = new MortalClock(this.#network.clock)
  }

  /** Other peers from now on. */
  async peer(peers: Peers): Promise<void> {
    this.#config = this.#configured(peers)
    await this.node.reload()
  }

  answer(stream: Duplex, address: string): void {
    this.#calls.add(stream)
    void this.#running?.server.accept(stream, address).finally(() => this.#calls.delete(stream))
  }

  /** A session of a reader, or of the site of that name. */
  async session(from?: string): Promise<RawClient> {
    const line = new Line()
    this.answer(line.called, from === undefined ? reader : this.#network.addressOf(from))
    const client = new RawClient(line.caller)
    await client.line()
    return client
  }

  /** Posts over NNTP, and gives the first line of the answer. */
  async post(fields: Readonly<Record<string, string>>, body = 'Hello.'): Promise<string> {
    const client = await this.session()
    const header = Object.entries({ From: 'a@example.org', Subject: 'A test', ...fields })
    client.send('POST\r\n')
    await client.line()
    client.send(`${header.map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n${body}\r\n.\r\n`)
    const answer = await client.line()
    client.end()
    return answer
  }

  /** Message-IDs of the articles in a group, read over NNTP, in the order of their numbers. */
  async articles(group: string): Promise<string[]> {
    const client = await this.session()
    client.send(`GROUP ${group}\r\nXHDR Message-ID 1-\r\nQUIT\r\n`)
    await client.line()
    await client.line()
    const lines = await client.block()
    client.end()
    return lines.map(line => line.slice(line.indexOf(' ') + 1))
  }

  /** A header field of an article, read over NNTP. */
  async field(name: string, id: string): Promise<string> {
    const client = await this.session()
    client.send(`HEAD ${id}\r\nQUIT\r\n`)
    await client.line()
    const lines = await client.block()
    client.end()
    return lines.find(line => line.startsWith(`${name}: `))?.slice(name.length + 2) ?? ''
  }

  #configured(peers: Peers): Config {
    const peer = Object.entries(peers).map(([name, own]) => ({
      name,
      from: [this.#network.addressOf(name)],
      to: `${name}:119`,
      accept: '*',
      send: '*',
      ...own,
    }))
    const limits = { connections_per_address: 10_000 }
    return testConfig({ node: { path_identity: this.name }, limits, peer, ...this.#more })
  }

  get dial(): Dial {
    // A dead node calls nobody, whatever its promises still do.
    const clock = this.#clock
    return async address => {
      if (clock !== this.#clock) throw new Error('dead')
      return this.#network.connect(this.name, address.replace(/:\d+$/, ''))
    }
  }
}
