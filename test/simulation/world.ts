/** A plan carried out: machines, network and virtual time, until all is healed and nothing moves any more. */
import { type Config, configSchema } from '../../src/config/config.ts'
import { proto } from '../support/node.ts'
import { Chance } from './chance.ts'
import { EventQueue } from './event-queue.ts'
import { Ledger } from './ledger.ts'
import { Machine } from './machine.ts'
import { Network } from './network.ts'
import type { Fault, Plan, Post } from './plan.ts'

/** Milliseconds: the longest pause of a feed, jitter included. */
const longestPause = 4_320_000
const minute = 60_000
/** Milliseconds to replay a journal on the slowest disk. */
const longestStart = 30 * minute

export class World {
  readonly plan: Plan
  readonly events = new EventQueue()
  readonly ledger = new Ledger()
  readonly network: Network
  readonly machines: readonly Machine[]
  /** `from to`: what arrives at `from` after this must be offered to `to`. */
  readonly fedAfter = new Map<string, number>()
  readonly #chance: Chance
  readonly #joined = new Set<number>()
  /** How often the peers of a machine were given other settings. */
  readonly #tuned = new Map<number, number>()
  /** When each machine may be started again. */
  readonly #downUntil = new Map<number, number>()

  constructor(plan: Plan, say?: (line: string) => void) {
    this.plan = plan
    this.#chance = new Chance(plan.seed + 0x5eed)
    this.network = new Network(this.events, this.#chance.fork())
    this.machines = plan.machines.map(({ name, address, skew }, at) => {
      const { events, network, ledger } = this
      const chance = this.#chance.fork()
      const parts = { name, address, skew, config: this.#config(at), events, chance, network, ledger }
      return new Machine({ ...parts, ...(say && { say }) })
    })
    for (const machine of this.machines) this.network.add(machine)
  }

  /** Until everything that was planned has happened. */
  async live(): Promise<void> {
    for (const [at, { joins }] of this.plan.machines.entries()) {
      if (joins === 0) this.#joined.add(at)
      else this.events.after(joins, () => void this.#join(at))
    }
    for (const at of this.#joined) await this.#configured(at)
    for (const at of this.#joined) this.#start(at)
    for (const post of this.plan.posts) this.events.after(post.at, () => this.#post(post))
    for (const fault of this.plan.faults) this.events.after(fault.at, () => this.#happen(fault))
    await this.#until(this.plan.healed)
  }

  /** Everything is repaired; until every feed is done. False where that takes too long. */
  async heal(): Promise<boolean> {
    this.#downUntil.clear()
    for (const [at, machine] of this.machines.entries()) {
      machine.crashAfter(Number.POSITIVE_INFINITY)
      machine.crashAfterOffers(Number.POSITIVE_INFINITY)
      this.#start(at)
    }
    const limit = this.events.elapsed + 3 * (this.machines.length + 1) * longestPause
    while (this.events.elapsed < limit) {
      await this.#until(this.events.elapsed + minute)
      if (this.isQuiet) return true
    }
    return false
  }

  /** Time passes. */
  async idle(milliseconds: number): Promise<void> {
    await this.#until(this.events.elapsed + milliseconds)
  }

  /** The power goes everywhere, and comes back. */
  async blackout(): Promise<void> {
    for (const machine of this.machines) machine.crash(true)
    for (const at of this.machines.keys()) this.#start(at)
    const limit = this.events.elapsed + longestStart
    while (this.events.elapsed < limit && this.machines.some(({ state }) => state !== 'up'))
      await this.#until(this.events.elapsed + minute)
  }

  /** Time passes until `work` is done. */
  async during<T>(work: Promise<T>): Promise<T> {
    let isOver = false
    const done = () => {
      isOver = true
    }
    work.then(done, done)
    await this.events.settle()
    while (!isOver) if (!(await this.events.step())) break
    return work
  }

  get isQuiet(): boolean {
    return this.unquiet.length === 0
  }

  /** Who has not got all of it yet, or not given it to others. */
  get unquiet(): readonly string[] {
    return this.machines.flatMap(({ name, node, state }) => {
      if (node === undefined) return [`${name} is ${state}`]
      return node.peering
        .status()
        .filter(({ behind, deferred }) => behind > 0 || deferred > 0)
        .map(feed => `${name} to ${JSON.stringify(feed)}`)
    })
  }

  async #until(time: number): Promise<void> {
    let isOver = false
    this.events.after(time - this.events.elapsed, () => {
      isOver = true
    })
    while (!isOver) await this.events.step()
  }

  #start(at: number): void {
    const machine = this.machines[at]
    if (machine === undefined || !this.#joined.has(at)) return
    void machine.start().then(() => this.#feeds(at))
  }

  /** From here on the feeds of this machine must miss nothing. */
  #feeds(at: number): void {
    const machine = this.machines[at]
    if (machine?.node === undefined) return
    for (const { from, to } of this.plan.edges) {
      const isTold = from === at && machine.config.peer.some(({ name }) => name === this.machines[to]?.name)
      const key = `${from} ${to}`
      if (isTold && !this.fedAfter.has(key)) this.fedAfter.set(key, machine.node.storage.reading.newest)
    }
  }

  async #join(at: number): Promise<void> {
    this.#joined.add(at)
    await this.#configured(at)
    this.#start(at)
    for (const [other] of this.machines.entries()) if (other !== at) void this.#configured(other)
  }

  async #configured(at: number): Promise<void> {
    await this.machines[at]?.reload(this.#config(at))
    this.#feeds(at)
  }

  #config(at: number): Config {
    const { machines, edges } = this.plan
    const self = machines[at]
    const near = machines.flatMap(({ name, address, identity, isKnown }, other) => {
      const to = edges.find(edge => edge.from === at && edge.to === other)
      const from = edges.find(edge => edge.from === other && edge.to === at)
      if (!this.#joined.has(other) || (to === undefined && from === undefined)) return []
      const sending = to && {
        distributions: to.distributions.text,
        to: `${name}:119`,
        send: to.send.text,
        streaming: to.streaming,
        max_connections: to.connections + (this.#tuned.get(at) ?? 0),
        ...(to.maxBytes === undefined ? {} : { max_bytes: to.maxBytes }),
      }
      const aliases = isKnown && identity !== name ? [identity] : []
      return [{ name, aliases, ...sending, ...(from && { from: [address], accept: from.accept.text }) }]
    })
    return configSchema.parse({
      node: { path_identity: self?.identity },
      group: self?.groups.map(name => ({ name })),
      access: [{ read: '*', post: '*' }],
      peer: near,
      history: { cutoff_days: this.plan.cutoffDays },
    })
  }

  #post({ id, machines, groups, octets, distribution, path }: Post): void {
    for (const at of machines) {
      // A poster finds another site where this one is down.
      const machine = [...this.machines.slice(at), ...this.machines].find(({ node }) => node !== undefined)
      if (machine === undefined) continue
      const headers = {
        From: 'Sim <sim@example.org>',
        Newsgroups: groups.join(','),
        Subject: id,
        'Message-ID': id,
      }
      const more = { ...(distribution && { Distribution: distribution }), ...(path && { Path: path }) }
      const body = `${'All work and no play.\n'.repeat(1 + octets / 22)}`
      void machine.post(proto({ ...headers, ...more }, body)).then(verdict => {
        if (verdict?.kind !== 'accepted') return
        this.ledger.posted++
        this.ledger.promise(machine.name, id)
      })
    }
  }

  #happen(fault: Fault): void {
    switch (fault.kind) {
      case 'break':
        this.network.breakOne(this.#chance)
        return
      case 'partition': {
        const names = new Set(fault.machines.map(at => this.machines[at]?.name ?? ''))
        const end = this.network.partition(names)
        this.events.after(Math.min(fault.until, this.plan.healed) - this.events.elapsed, end)
        return
      }
      case 'crash':
        this.#crash(fault)
        return
      case 'reload':
        this.#tuned.set(fault.machine, (this.#tuned.get(fault.machine) ?? 0) + 1)
        void this.#configured(fault.machine)
        return
      case 'fail':
        this.machines[fault.machine]?.fail(fault.what)
    }
  }

  #crash({ machine: at, how, until }: Extract<Fault, { kind: 'crash' }>): void {
    const machine = this.machines[at]
    if (machine === undefined || !this.#joined.has(at)) return
    this.#downUntil.set(at, Math.max(until, this.#downUntil.get(at) ?? 0))
    this.events.after(until - this.events.elapsed, () => {
      if ((this.#downUntil.get(at) ?? 0) <= this.events.elapsed) this.#start(at)
    })
    if (how === 'stop') void machine.stop()
    else if (how === 'disk') machine.crashAfter(this.#chance.between(0, 20))
    else if (how === 'offer') machine.crashAfterOffers(this.#chance.between(0, 1))
    else machine.crash(how === 'power')
  }
}
