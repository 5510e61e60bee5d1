/** A whole node on simulated disks that dies at chance moments, and is held to what it promised at every start. */

import { Article } from '../../src/article.ts'
import { systemClock } from '../../src/clock.ts'
import { openNode } from '../../src/composition/node.ts'
import type { Verdict } from '../../src/feed/feed.ts'
import type { Node } from '../../src/feed/node.ts'
import { silentLog } from '../../src/log.ts'
import type { MessageId } from '../../src/message-id.ts'
import type { Newsgroup } from '../../src/newsgroup.ts'
import { Reason } from '../../src/reason.ts'
import type { Arrival } from '../../src/storage/reading.ts'
import { MortalDisk } from '../simulation/mortal-disk.ts'
import { MapStore } from '../support/map-store.ts'
import { MortalClock } from '../support/mortal-clock.ts'
import { anyone, proto, testConfig } from '../support/node.ts'
import { seeded } from '../support/seeded.ts'
import { SimDisk } from '../support/sim-disk.ts'
import { disturb } from './disturb.ts'
import { Promises } from './promises.ts'

const configured = ['local.a', 'local.b', 'local.moderated']
/** Come and go. */
const changing = ['local.c', 'local.d']
const names = ['local.a', 'local.b', ...changing]

/** Groups that keep no more than so many articles; all others keep theirs for ever. */
const keptArticles = 15
const expiring: ReadonlySet<string> = new Set(['local.a', 'local.b'])

const config = testConfig({
  expire: [{ groups: 'local.a,local.b', keep_articles: keptArticles }],
  group: configured.map(name => ({ name, status: name === 'local.moderated' ? 'm' : 'y' })),
})

/** All that was written before a kill is still in the memory of the system. */
const everything = () => 0.999
const allBatches = () => 0

interface Parts {
  readonly stores: { articles: MapStore; state: MapStore; index: MapStore }
  readonly disk: SimDisk
}

/** What a machine has on its disks at one moment, and what was promised until then. */
export interface Moment extends Parts {
  readonly promises: Promises
}

/** Told whenever a crash would leave something else; `take` copies the moment. */
export type Watch = (take: () => Moment) => void

interface Life {
  readonly node: Node
  readonly clock: MortalClock
  readonly pending: Set<Promise<void>>
  over: boolean
  ended: boolean
}

export class SimulatedNode {
  readonly promises = new Promises(expiring, keptArticles)
  crashes = 0
  readonly #random: () => number
  readonly #watch: Watch | undefined
  #parts: Parts
  #serial = 0
  #cursor = 0
  #dead = false

  constructor(seed: number, watch?: Watch) {
    this.#random = seeded(seed)
    this.#watch = watch
    const stores = { articles: this.#store(), state: this.#store(), index: this.#store() }
    this.#parts = { stores, disk: new SimDisk() }
  }

  /** Starts, is checked, lives for a while and dies. */
  async live(): Promise<void> {
    const life = await this.#start()
    if (life === undefined) return
    await this.#check(life.node)
    if (this.#random() < 0.7) this.#parts.disk.losePowerAfter(this.#chance(80))
    const length = 5 + this.#chance(60)
    for (let turn = 0; turn < length && !life.ended; turn++) await this.#act(life)
    await this.#die(life)
  }

  /** The last start, with nothing to disturb it. */
  async finish(): Promise<void> {
    const life = await this.#start(true)
    if (life === undefined) throw new Error('the node did not start')
    await this.#check(life.node)
    await life.node[Symbol.asyncDispose]()
    life.clock.die()
  }

  /** Undefined where the power went during the start. */
  async #start(calm = false): Promise<Life | undefined> {
    const clock = new MortalClock(systemClock, 200)
    this.#dead = false
    this.#parts.disk.capacity = Number.POSITIVE_INFINITY
    if (!calm && this.#random() < 0.15) this.#parts.disk.losePowerAfter(this.#chance(6))
    const life = { clock, pending: new Set<Promise<void>>(), over: false, ended: false }
    let end = () => {}
    const ended = new Promise<undefined>(resolve => {
      end = () => resolve(undefined)
    })
    try {
      const opening = openNode({
        config: () => config,
        stores: this.#parts.stores,
        disk: new MortalDisk(this.#parts.disk, { change: () => this.#changed(), pause: () => undefined }),
        clock,
        log: silentLog,
        random: octets => Buffer.alloc(octets, ++this.#serial),
        fatal: () => {
          life.ended = true
          end()
        },
      })
      // Where the power went, nobody hears of it any more.
      opening.catch(() => {})
      const node = await Promise.race([opening, ended])
      if (node === undefined) throw new Error('the power went')
      await Promise.race([node.ready, ended])
      if (life.ended) throw new Error('the power went')
      return Object.assign(life, { node })
    } catch (error) {
      if (!life.ended && !isPower(error)) throw error
      clock.die()
      this.#crash(this.#random)
      return undefined
    }
  }

  async #die(life: Life): Promise<void> {
    // Sometimes at once, sometimes after a while in which what is in flight goes on.
    for (let turns = this.#chance(12); turns > 0; turns--) await new Promise(resolve => setImmediate(resolve))
    life.over = true
    life.clock.die()
    if (this.#random() < 0.7) this.#crash(this.#random)
    else this.#crash(allBatches, everything)
    // Everything in it can be made again.
    if (this.#random() < 0.08) this.#parts.stores.index = this.#store()
  }

  /** What `random` leaves of the databases, and `onDisk` of the journal. */
  #crash(random: () => number, onDisk = random): void {
    this.#dead = true
    const { disk, stores } = this.#parts
    const left = (store: MapStore) => store.crash(random, () => void this.#changed())
    this.#parts = {
      disk: disk.crash(onDisk),
      stores: { articles: left(stores.articles), state: left(stores.state), index: left(stores.index) },
    }
    this.crashes++
  }

  #store(): MapStore {
    return new MapStore(() => void this.#changed())
  }

  #changed(): 'alive' {
    if (!this.#dead) this.#watch?.(() => this.#moment())
    return 'alive'
  }

  #moment(): Moment {
    const { disk, stores } = this.#parts
    const { articles, state, index } = stores
    return {
      promises: this.promises.copy(),
      disk: disk.copy(),
      stores: { articles: articles.copy(), state: state.copy(), index: index.copy() },
    }
  }

  async #check({ storage }: Node): Promise<void> {
    if (this.#failure !== undefined) throw this.#failure
    await this.promises.check(storage)
  }

  #chance(below: number): number {
    return Math.floor(this.#random() * below)
  }

  #pick<T>(from: readonly T[]): T {
    const found = from[this.#chance(from.length)]
    if (found === undefined) throw new Error('nothing to pick from')
    return found
  }

  async #act(life: Life): Promise<void> {
    const dice = this.#random()
    if (dice < 0.4) this.#post(life)
    else if (dice < 0.46) this.#cancel(life)
    else if (dice < 0.5) this.#withdraw(life)
    else if (dice < 0.62) this.#import(life)
    else if (dice < 0.64) this.#moderated(life)
    else if (dice < 0.66) this.#hold(life)
    else if (dice < 0.67) this.#release(life)
    else if (dice < 0.72) this.#changeGroup(life)
    else if (dice < 0.77) this.#savePlace(life)
    else if (dice < 0.8) this.#track(life, life.node.storage.checkpoint())
    else if (dice < 0.84) this.#track(life, life.node.expirer.round())
    else if (dice < 0.88) this.#read(life)
    else if (dice < 0.92) disturb(this.#parts, this.#random)
    else if (dice < 0.95) await Promise.race([Promise.all(life.pending), life.clock.sleep(1000)])
    else await new Promise(resolve => setImmediate(resolve))
  }

  #track(life: Life, work: Promise<void>): void {
    const tracked = work.finally(() => life.pending.delete(tracked))
    life.pending.add(tracked)
    tracked.catch((error: unknown) => {
      if (!life.over) this.#failure ??= error
    })
  }

  #failure: unknown

  #newId(): string {
    return `<${++this.#serial}@sim>`
  }

  #bodyOf(id: string): string {
    return this.promises.model.fates.get(id)?.body || `${id}\n${'x'.repeat(this.#chance(60))}\n.dot\n`
  }

  #someId(): string {
    const { model, withdrawals } = this.promises
    const known = [...model.fates.keys()].filter(id => !withdrawals.isAct(id))
    return known.length === 0 || this.#random() < 0.2 ? this.#newId() : this.#pick(known)
  }

  #post(life: Life): void {
    const id = this.#random() < 0.1 ? this.#someId() : this.#newId()
    const body = this.#bodyOf(id)
    this.promises.model.submitted(id, body)
    const groups = names.filter(() => this.#random() < 0.4)
    if (groups.length === 0) groups.push('local.a')
    const article = proto(
      { From: 'a@b.example', Newsgroups: groups.join(','), Subject: id, 'Message-ID': id },
      body,
    )
    this.#track(
      life,
      life.node.feed.inject(article, anyone).then(verdict => this.#told(life, id, verdict)),
    )
  }

  #import(life: Life): void {
    const id = this.#random() < 0.3 ? this.#someId() : this.#newId()
    const body = this.#bodyOf(id)
    const group = this.#pick(names)
    const wire = proto(
      {
        Path: 'old!not-for-mail',
        From: 'a@b.example',
        Newsgroups: group,
        Subject: id,
        'Message-ID': id,
        Date: 'Mon, 05 Apr 1993 10:00:00 +0000',
      },
      body,
    )
    const article = Article.parse(wire, config.limits)
    if (article instanceof Reason) throw new Error(article.text)
    this.promises.model.submitted(id, body)
    const keep = { group, number: 1 + this.#chance(400) }
    this.#track(
      life,
      life.node
        .accept({ article, origin: { kind: 'import' }, keep })
        .then(verdict => this.#told(life, id, verdict)),
    )
  }

  #told(life: Life, id: string, verdict: Verdict): void {
    if (life.over || verdict.kind !== 'accepted') return
    this.promises.model.present(id, verdict.filings)
  }

  #cancel(life: Life): void {
    const id = this.#someId()
    this.promises.model.cancelSent(id)
    const entry = { kind: 'cancel' as const, target: id as MessageId, time: this.#now(life), source: 'sim' }
    this.#track(
      life,
      life.node.storage.submit(entry).then(outcome => {
        if (!life.over && outcome.kind !== 'deferred') this.promises.model.cancelled(id)
      }),
    )
  }

  #now({ clock }: Life): number {
    return Math.floor(clock.now() / 1000)
  }

  /** By a cancel or a superseding article. */
  #withdraw(life: Life): void {
    const withdrawing = {
      node: life.node,
      random: this.#random,
      newId: () => this.#newId(),
      isOver: () => life.over,
    }
    const id = this.promises.withdrawals.nextId(withdrawing)
    const body = this.#bodyOf(id)
    this.promises.model.submitted(id, body)
    const posted = this.promises.withdrawals.post(id, body, withdrawing)
    this.#track(
      life,
      posted.then(verdict => this.#told(life, id, verdict)),
    )
    const acted = this.promises.withdrawals.act(withdrawing)
    this.#track(
      life,
      acted.then(done => done && this.#told(life, done.id, done.verdict)),
    )
  }

  #moderated(life: Life): void {
    const id = this.#newId()
    const article = proto({
      From: 'a@b.example',
      Newsgroups: 'local.moderated',
      Subject: id,
      'Message-ID': id,
    })
    const poster = { ...anyone, mayApprove: () => false }
    this.#track(
      life,
      life.node.feed.inject(article, poster).then(verdict => {
        if (!life.over && verdict.kind === 'mailed') this.promises.mailed.push(id)
      }),
    )
  }

  #hold(life: Life): void {
    const id = this.#newId()
    const body = this.#bodyOf(id)
    this.promises.model.submitted(id, body)
    const fields = { From: 'a@b.example', Newsgroups: 'local.a', Subject: id, 'Message-ID': id }
    const held = life.node.feed.inject(proto(fields, body), { ...anyone, holds: () => true })
    this.#track(
      life,
      held.then(({ kind }) => {
        if (!life.over && kind === 'held') this.promises.held.acknowledged(id)
      }),
    )
  }

  #release(life: Life): void {
    const [id] = this.promises.held.waiting
    if (id === undefined) return
    const released = this.promises.held.release(life.node, id)
    this.#track(
      life,
      released.then(verdict => {
        if (verdict?.kind === 'accepted' && !life.over) this.promises.held.released(id)
        if (verdict) this.#told(life, id, verdict)
      }),
    )
  }

  #changeGroup(life: Life): void {
    const entry = {
      kind: 'group' as const,
      action: this.#pick(['add', 'add', 'remove', 'set'] as const),
      name: this.#pick(changing) as Newsgroup,
      time: this.#now(life),
      source: 'sim',
      ...(this.#random() < 0.2 && { high: this.#chance(300) }),
    }
    this.#track(
      life,
      life.node.storage.submit(entry).then(() => {}),
    )
  }

  #savePlace(life: Life): void {
    const cursor = ++this.#cursor
    const { places } = life.node.storage
    const saved = places.save('sim', { epoch: places.epoch, cursor: cursor as Arrival, exceptions: [] })
    this.#track(
      life,
      saved.then(
        () => {
          if (!life.over) this.promises.savedCursor = Math.max(this.promises.savedCursor, cursor)
        },
        () => {},
      ),
    )
  }

  /** What a reader sees is a promise as well. */
  #read(life: Life): void {
    this.#track(
      life,
      this.#readAll(life).catch((error: unknown) => {
        // A store that is reopened or dead answers nobody.
        if (!/not open|the power/.test(String(error))) throw error
      }),
    )
  }

  async #readAll({ node }: Life): Promise<void> {
    const { reading } = node.storage
    for await (const groups of reading.groups())
      for (const { id: group, low, high } of groups)
        for await (const batch of reading.numbers(group, { low, high }))
          for (const number of batch) {
            const located = await reading.locateNumber(group, number)
            if (located) this.promises.model.present(located.messageId, [{ group, number }])
          }
  }
}

function isPower(error: unknown): boolean {
  if (!(error instanceof Error)) return false
  return /power|durable/.test(error.message) || isPower(error.cause)
}
