/** A whole node on simulated disks that dies at chance moments, and is held to what it promised at every start. */

import { Article } from '../../src/article.ts'
import { systemClock } from '../../src/clock.ts'
import type { Verdict } from '../../src/feed/feed.ts'
import type { Node } from '../../src/feed/node.ts'
import { silentLog } from '../../src/log.ts'
import type { MessageId } from '../../src/message-id.ts'
import type { Newsgroup } from '../../src/newsgroup.ts'
import { openNode } from '../../src/node.ts'
import { Reason } from '../../src/reason.ts'
import { MemoryStore } from '../../src/storage/memory-store.ts'
import type { Arrival, GroupId } from '../../src/storage/reading.ts'
import { textFromWire } from '../../src/wire.ts'
import { audit } from '../support/audit.ts'
import { MortalClock } from '../support/mortal-clock.ts'
import { anyone, crashed, type MemoryParts, memoryParts, proto, testConfig } from '../support/node.ts'
import { seeded } from '../support/seeded.ts'
import { disturb } from './disturb.ts'
import { HeldModel } from './held-model.ts'
import { Model } from './model.ts'
import { WithdrawModel } from './withdraw-model.ts'

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

interface Life {
  readonly node: Node
  readonly clock: MortalClock
  readonly pending: Set<Promise<void>>
  over: boolean
  ended: boolean
}

export class SimulatedNode {
  readonly model = new Model()
  readonly withdrawals = new WithdrawModel(this.model)
  crashes = 0
  readonly #random: () => number
  #parts: MemoryParts
  #serial = 0
  #cursor = 0
  /** Of the last save that was acknowledged. */
  #savedCursor = 0
  readonly #mailed: string[] = []
  readonly #held = new HeldModel()

  static async create(seed: number): Promise<SimulatedNode> {
    return new SimulatedNode(seed, await memoryParts())
  }

  private constructor(seed: number, parts: MemoryParts) {
    this.#random = seeded(seed)
    this.#parts = parts
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
        ...this.#parts,
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
      this.#parts = await crashed(this.#parts, this.#random)
      this.crashes++
      return undefined
    }
  }

  async #die(life: Life): Promise<void> {
    // Sometimes at once, sometimes after a while in which what is in flight goes on.
    for (let turns = this.#chance(12); turns > 0; turns--) await new Promise(resolve => setImmediate(resolve))
    life.over = true
    life.clock.die()
    const power = this.#random() < 0.7
    this.#parts = power
      ? await crashed(this.#parts, this.#random)
      : { ...(await crashed(this.#parts, allBatches)), disk: this.#parts.disk.crash(everything) }
    // Everything in it can be made again.
    if (this.#random() < 0.08) this.#parts.stores.index = await MemoryStore.open()
    this.crashes++
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
    return this.model.fates.get(id)?.body || `${id}\n${'x'.repeat(this.#chance(60))}\n.dot\n`
  }

  #someId(): string {
    const known = [...this.model.fates.keys()]
    return known.length === 0 || this.#random() < 0.2 ? this.#newId() : this.#pick(known)
  }

  #post(life: Life): void {
    const id = this.#random() < 0.1 ? this.#someId() : this.#newId()
    const body = this.#bodyOf(id)
    this.model.submitted(id, body)
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
    this.model.submitted(id, body)
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
    this.model.present(id, verdict.filings)
  }

  #cancel(life: Life): void {
    const id = this.#someId()
    this.model.cancelSent(id)
    const entry = { kind: 'cancel' as const, target: id as MessageId, time: this.#now(life), source: 'sim' }
    this.#track(
      life,
      life.node.storage.submit(entry).then(outcome => {
        if (!life.over && outcome.kind !== 'deferred') this.model.cancelled(id)
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
    const id = this.withdrawals.nextId(withdrawing)
    const body = this.#bodyOf(id)
    this.model.submitted(id, body)
    const posted = this.withdrawals.post(id, body, withdrawing)
    this.#track(
      life,
      posted.then(verdict => this.#told(life, id, verdict)),
    )
    const acted = this.withdrawals.act(withdrawing)
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
        if (!life.over && verdict.kind === 'mailed') this.#mailed.push(id)
      }),
    )
  }

  #hold(life: Life): void {
    const id = this.#newId()
    const body = this.#bodyOf(id)
    this.model.submitted(id, body)
    const fields = { From: 'a@b.example', Newsgroups: 'local.a', Subject: id, 'Message-ID': id }
    const held = life.node.feed.inject(proto(fields, body), { ...anyone, holds: () => true })
    this.#track(
      life,
      held.then(({ kind }) => {
        if (!life.over && kind === 'held') this.#held.acknowledged(id)
      }),
    )
  }

  #release(life: Life): void {
    const [id] = this.#held.waiting
    if (id === undefined) return
    const released = this.#held.release(life.node, id)
    this.#track(
      life,
      released.then(verdict => {
        if (verdict?.kind === 'accepted' && !life.over) this.#held.released(id)
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
          if (!life.over) this.#savedCursor = Math.max(this.#savedCursor, cursor)
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
            if (located) this.model.present(located.messageId, [{ group, number }])
          }
  }

  async #check(node: Node): Promise<void> {
    if (this.#failure !== undefined) throw this.#failure
    const { reading, history, places } = node.storage
    const faults = await audit(reading)
    if (faults.length > 0) throw new Error(faults.join('; '))
    await this.withdrawals.check(node, id => this.#mayExpire(node, id))
    for (const [id, { standing }] of this.model.fates) {
      const located = await reading.locateId(id)
      const stored = located && (await reading.article(located.arrival))
      const known = await history.lookup(id)
      if ((known === 'have') !== (stored !== undefined)) throw new Error(`${id}: history says ${known}`)
      if (standing === 'gone' && known !== 'gone') throw new Error(`${id} was gone, history says ${known}`)
      if (stored === undefined && (await this.#mayExpire(node, id))) this.model.expire(id, known)
      const text = stored && textFromWire(stored.body.subarray(0, -3)).toString()
      this.model.found(id, text)
      for (const { group, number } of located?.filings ?? [])
        await this.#checkNumber(node, { id, group, number })
    }
    const cursor = (await places.load('sim'))?.cursor ?? 0
    if (cursor < this.#savedCursor) throw new Error(`place ${cursor}, saved ${this.#savedCursor}`)
    const mails = new Set((await node.storage.mails(10_000)).map(({ messageId }) => messageId as string))
    await this.#held.check(node)
    for (const id of this.#mailed) if (!mails.has(id)) throw new Error(`the mail about ${id} is lost`)
  }

  /** Where it is filed there are enough above it; also those count that nobody was told of. */
  async #mayExpire({ storage }: Node, id: string): Promise<boolean> {
    const filings = this.model.fates.get(id)?.filings ?? []
    const surplus = filings.map(({ group, number }) => {
      const { name = '', high = 0 } = storage.active.withId(group as GroupId) ?? {}
      return expiring.has(name) && number <= high - keptArticles
    })
    return surplus.length > 0 && surplus.every(Boolean)
  }

  async #checkNumber(node: Node, seen: { id: string; group: GroupId; number: number }): Promise<void> {
    this.model.saw(seen.id, seen.group, seen.number)
    const group = await node.storage.reading.groupById(seen.group)
    const highest = this.model.highest(seen.group)
    if (group && group.high < highest) throw new Error(`${group.name}: high ${group.high}, was ${highest}`)
  }
}

function isPower(error: unknown): boolean {
  if (!(error instanceof Error)) return false
  return /power|durable/.test(error.message) || isPower(error.cause)
}
