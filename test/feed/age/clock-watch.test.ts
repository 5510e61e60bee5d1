/** A wall clock that jumps, goes back, trembles or runs too fast: nothing is refused or forgotten because of it. */
import { expect } from 'chai'
import { formatDate } from '../../../src/date.ts'
import type { Source, Verdict } from '../../../src/feed/feed.ts'
import type { Node } from '../../../src/feed/node.ts'
import type { Log } from '../../../src/log.ts'
import { silentLog } from '../../../src/log.ts'
import type { MessageId } from '../../../src/message-id.ts'
import {
  anyone,
  crashed,
  type MemoryParts,
  memoryParts,
  proto,
  testConfig,
  testNode,
} from '../../support/node.ts'
import { WildClock } from '../../support/wild-clock.ts'

const hour = 3_600_000
const day = 24 * hour

const source: Source = {
  peer: 'a.example',
  aliases: [],
  address: '192.0.2.1',
  accepts: () => true,
  connection: Symbol('a'),
}

const reasonOf = (verdict: Verdict): string => ('reason' in verdict ? verdict.reason.name : '')

/** A node that `a.example` feeds, which knows what time it is. */
class World implements AsyncDisposable {
  readonly clock = new WildClock()
  readonly ids: MessageId[] = []
  readonly said: string[] = []
  readonly #log: Log = {
    ...silentLog,
    warn: (_, text) => void this.said.push(text),
    info: (_, text) => void this.said.push(text),
  }
  readonly #nodes: Node[] = []

  static async start(more: object = {}, parts?: MemoryParts, ahead = 0): Promise<World> {
    const world = new World()
    world.clock.jump(ahead)
    const peer = [{ name: 'a.example', from: ['192.0.2.1'] }]
    const config = testConfig({ peer, ...more })
    world.#nodes.push(
      await testNode({ ...parts, config, clock: world.clock, log: world.#log, spaceInterval: day }),
    )
    return world
  }

  get node(): Node {
    const [node] = this.#nodes
    if (node === undefined) throw new Error('not started')
    return node
  }

  /** Seconds since 1970. */
  get horizon(): number {
    return this.node.storage.horizon.horizon
  }

  /** Days from the limit to now as it really is. */
  get reach(): number {
    return Math.round((this.clock.truth / 1000 - this.horizon) / 86_400)
  }

  date(age: number): string {
    return formatDate(Math.floor((this.clock.truth - age * day) / 1000))
  }

  async take(age = 0): Promise<Verdict> {
    const id = `<${this.ids.length}@far.example>` as MessageId
    const verdict = await this.node.feed.transfer(id, { wire: this.#article(id, age) }, source)
    if (verdict.kind === 'accepted') this.ids.push(id)
    return verdict
  }

  async post(age: number): Promise<string> {
    const fields = { From: 'A <a@far.example>', Newsgroups: 'local.test', Subject: 's', Date: this.date(age) }
    return reasonOf(await this.node.feed.inject(proto(fields), anyone))
  }

  /** What is offered again must not come again. */
  async forgotten(): Promise<string[]> {
    const offers = await Promise.all(
      this.ids.map(async id => ({ id, offer: await this.node.feed.offer(id, source) })),
    )
    return offers.filter(({ offer }) => offer !== 'have').map(({ id }) => id)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const ended = this.node[Symbol.asyncDispose]()
    await this.clock.advance(1000)
    await ended
  }

  #article(id: string, age: number): Buffer {
    const Path = 'a.example!.POSTED!not-for-mail'
    const From = 'A <a@far.example>'
    return proto({
      Path,
      From,
      Newsgroups: 'local.test',
      Subject: 's',
      Date: this.date(age),
      'Message-ID': id,
    })
  }
}

describe('a wall clock that jumps', () => {
  it('ten years ahead moves no limit, refuses nothing, and is forgiven when it is right again', async () => {
    await using world = await World.start()
    await world.take()
    await world.clock.advance(2 * hour)
    expect(world.reach).to.equal(10)
    const before = world.horizon
    world.clock.jump(3650 * day)
    await world.clock.advance(6 * hour)
    expect(reasonOf(await world.take())).to.equal('')
    expect(reasonOf(await world.take(11))).to.equal('too-old')
    expect(await world.post(0)).to.equal('')
    await world.clock.advance(6 * hour)
    expect(world.horizon).to.equal(before)
    expect(world.node.expirer.status().waits).to.match(/moved by 3650 days/)
    expect(world.said.filter(text => /not believed/.test(text))).to.have.length(1)
    world.clock.jump(-3650 * day)
    await world.take()
    await world.clock.advance(2 * hour)
    expect(world.reach).to.equal(10)
    expect(world.horizon).to.be.within(before + 1, world.clock.truth / 1000)
    expect(world.said.filter(text => /believed again/.test(text))).to.have.length(1)
  })

  it('years back does not take what is new for something of the future', async () => {
    await using world = await World.start()
    await world.take()
    world.clock.jump(-3650 * day)
    expect(reasonOf(await world.take())).to.equal('')
    expect(await world.post(0)).to.equal('')
    world.clock.jump(3650 * day)
    expect(await world.post(-2)).to.equal('future')
  })

  it('counts once an administrator says so', async () => {
    await using world = await World.start()
    await world.take()
    await world.clock.advance(2 * hour)
    world.clock.jump(100 * day)
    await world.clock.advance(2 * hour)
    expect(world.reach).to.equal(10)
    for await (const _ of world.node.expirer.now({ dryRun: false }, new AbortController().signal));
    await world.clock.advance(2 * hour)
    expect(world.reach).to.be.lessThan(0)
  })
})

describe('a wall clock that is wrong from the start', () => {
  it('moves no limit for a day', async () => {
    const parts = await memoryParts()
    const before = await World.start({}, parts)
    await before.take()
    await before.clock.advance(2 * hour)
    const limit = before.horizon
    await before[Symbol.asyncDispose]()
    await using world = await World.start({}, await crashed(parts, () => 0.5), 3650 * day)
    await world.clock.advance(20 * hour)
    expect(world.horizon).to.equal(limit)
    await world.clock.advance(5 * hour)
    expect(world.horizon).to.be.greaterThan(limit + 3000 * 86_400)
  })
})

describe('whatever the wall clock does', () => {
  const ways: Record<string, (clock: WildClock, step: number) => void> = {
    'ten years ahead': (clock, step) => step === 5 && clock.jump(3650 * day),
    'ten years ahead and back': (clock, step) =>
      clock.jump(step === 5 ? 3650 * day : step === 10 ? -3650 * day : 0),
    'an hour back': (clock, step) => step === 5 && clock.jump(-hour),
    'five seconds to and fro': (clock, step) => clock.jump(step % 2 === 0 ? 5000 : -5000),
    'twice as fast': (clock, step) => step === 5 && clock.run(2),
    'half as fast': (clock, step) => step === 5 && clock.run(0.5),
  }
  for (const [way, disturb] of Object.entries(ways))
    it(`${way}: numbers, arrivals and the limit go on, and no message-ID is forgotten`, async () => {
      await using world = await World.start({ expire: [{ groups: '*', keep_articles: 5 }] })
      let [arrival, number, limit] = [0, 0, 0]
      for (let step = 0; step < 16; step++) {
        disturb(world.clock, step)
        const verdict = await world.take()
        if (verdict.kind !== 'accepted') throw new Error(`step ${step}: ${reasonOf(verdict)}`)
        const [filing] = verdict.filings
        expect(verdict.arrival).to.be.greaterThan(arrival)
        expect(filing?.number).to.equal(number + 1)
        expect(world.horizon).to.be.at.least(limit)
        arrival = verdict.arrival
        number += 1
        limit = world.horizon
        await world.clock.advance(hour)
      }
      expect(world.reach).to.be.at.least(8)
      expect(await world.forgotten()).to.deep.equal([])
    })
})
