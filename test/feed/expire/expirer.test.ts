/** Expiry in whole nodes: what goes, from where, and what stays known. */
import { expect } from 'chai'
import type { Config } from '../../../src/config/config.ts'
import { formatDate } from '../../../src/date.ts'
import { ExpireRules } from '../../../src/expire-rules.ts'
import { Survey } from '../../../src/feed/expire/survey.ts'
import type { Node } from '../../../src/feed/node.ts'
import type { MessageId } from '../../../src/message-id.ts'
import type { Arrival, ArrivalRow } from '../../../src/storage/reading.ts'
import { Wildmat } from '../../../src/wildmat.ts'
import { audit } from '../../support/audit.ts'
import { MovedClock } from '../../support/moved-clock.ts'
import {
  anyone,
  crashed,
  type MemoryParts,
  memoryParts,
  proto,
  testConfig,
  testNode,
} from '../../support/node.ts'
import { marks, numbers, overview } from '../../support/storage.ts'

const day = 86_400_000

/** Waits for what happens in other turns of the event loop. */
async function until(met: () => boolean): Promise<void> {
  while (!met()) await new Promise(resolve => setImmediate(resolve))
}

/** A peer that does not answer. */
const dial = () => new Promise<never>(() => {})

class World implements AsyncDisposable {
  readonly clock = new MovedClock()
  config: Config
  parts: MemoryParts
  #node: Node | undefined
  #serial = 0

  static async create(expire: object[], more: object = {}): Promise<World> {
    const world = new World(testConfig({ expire, ...more }), await memoryParts())
    await world.start()
    return world
  }

  private constructor(config: Config, parts: MemoryParts) {
    this.config = config
    this.parts = parts
  }

  get node(): Node {
    if (this.#node === undefined) throw new Error('not started')
    return this.#node
  }

  get reading() {
    return this.node.storage.reading
  }

  async start(): Promise<void> {
    this.#node = await testNode({
      dial,
      ...this.parts,
      clock: this.clock,
      config: () => this.config,
      spaceInterval: day,
    })
  }

  /** As after a power cut. */
  async restart(): Promise<void> {
    await this.node[Symbol.asyncDispose]()
    this.parts = await crashed(this.parts, () => 0.6)
    await this.start()
  }

  async post(groups: string, headers: Record<string, string> = {}): Promise<MessageId> {
    const id = `<${++this.#serial}@example.org>` as MessageId
    const fields = { From: 'a@b.example', Newsgroups: groups, Subject: id, 'Message-ID': id, ...headers }
    const verdict = await this.node.feed.inject(proto(fields), anyone)
    if (verdict.kind !== 'accepted') throw new Error(JSON.stringify(verdict))
    return id
  }

  posts(count: number, groups: string): Promise<MessageId[]> {
    return Promise.all(Array.from({ length: count }, () => this.post(groups)))
  }

  async round(): Promise<void> {
    await this.node.expirer.round()
    expect(await audit(this.reading)).to.deep.equal([])
  }

  async log(): Promise<ArrivalRow[]> {
    const rows: ArrivalRow[] = []
    for (;;) {
      const found = await this.reading.arrivals(rows.at(-1)?.arrival ?? (0 as Arrival), 100)
      if (found.length === 0) return rows
      rows.push(...found)
    }
  }

  marks(group = 'local.test'): Promise<string> {
    return marks(this.reading, group)
  }

  async known(id: string): Promise<string> {
    return this.node.storage.history.lookup(id)
  }

  async numbers(group = 'local.test'): Promise<number[]> {
    return numbers(this.reading, (await this.reading.group(group))?.id as never)
  }

  async shown(group = 'local.test'): Promise<number[]> {
    const lines = await overview(this.reading, (await this.reading.group(group))?.id as never)
    return lines.map(line => Number(line.split('\t')[0]))
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#node?.[Symbol.asyncDispose]()
  }
}

describe('expiry by age', () => {
  it('takes old articles out of everything at once; the low mark rises, and numbers go on', async () => {
    await using world = await World.create([{ groups: 'local.*', keep_days: 7 }])
    const old = await world.posts(140, 'local.test,local.other')
    world.clock.pass(6 * day)
    const young = await world.posts(10, 'local.test')
    await world.round()
    expect(await world.marks()).to.equal('150 1 150')
    world.clock.pass(1.5 * day)
    await world.round()
    expect(await world.marks()).to.equal('10 141 150')
    expect(await world.marks('local.other')).to.equal('0 141 140')
    expect(await world.shown()).to.deep.equal(await world.numbers())
    expect(await world.reading.locateId(old[5] as string)).to.equal(undefined)
    expect(await world.known(old[5] as string)).to.equal('gone')
    expect(await world.node.storage.history.gone(old[5] as string)).to.include({ why: 'expired' })
    expect(await world.known(young[5] as string)).to.equal('have')
    await world.restart()
    expect(await world.marks()).to.equal('10 141 150')
    await world.post('local.other')
    expect(await world.marks('local.other')).to.equal('1 141 141')
    expect(world.node.storage.active.named('local.other')).to.have.property('octets').that.is.above(0)
  })

  it('keeps everything for ever where no rule is, and counts a new rule for what is there', async () => {
    await using world = await World.create([])
    await world.posts(5, 'local.test')
    world.clock.pass(1000 * day)
    await world.round()
    expect(await world.marks()).to.equal('5 1 5')
    world.config = { ...world.config, expire: testConfig({ expire: [{ groups: '*', keep_days: 2 }] }).expire }
    await world.round()
    expect(await world.marks()).to.equal('0 6 5')
  })

  it('waits for the longest rule of its groups, and takes the last rule that matches each', async () => {
    await using world = await World.create([
      { groups: '*', keep_days: 1 },
      { groups: 'local.other', keep_days: 10 },
    ])
    await world.posts(3, 'local.test,local.other')
    await world.posts(3, 'local.test')
    world.clock.pass(2 * day)
    await world.round()
    expect(await world.marks()).to.equal('3 1 6')
    world.clock.pass(9 * day)
    await world.round()
    expect(await world.marks()).to.equal('0 7 6')
    expect(await world.marks('local.other')).to.equal('0 4 3')
  })

  it('reaches articles of a removed group, which are read by message-ID until then', async () => {
    await using world = await World.create([{ groups: '*', keep_days: 1 }])
    const [id = ''] = await world.posts(1, 'local.test')
    const group = {
      kind: 'group',
      action: 'remove',
      name: 'local.test' as never,
      time: 5,
      source: 'test',
    } as const
    await world.node.storage.submit(group)
    expect(await world.known(id)).to.equal('have')
    world.clock.pass(2 * day)
    await world.node.expirer.round()
    expect(await world.known(id)).to.equal('gone')
  })
})

describe('expiry by count and size', () => {
  it('keeps the newest articles of a group', async () => {
    await using world = await World.create([{ groups: 'local.test', keep_articles: 20 }])
    await world.posts(150, 'local.test')
    await world.round()
    expect(await world.marks()).to.equal('20 131 150')
    await world.posts(5, 'local.test')
    await world.round()
    expect(await world.marks()).to.equal('20 136 155')
  })

  it('keeps the newest octets of a group', async () => {
    await using world = await World.create([])
    await world.posts(40, 'local.test')
    const octets = world.node.storage.active.named('local.test')?.octets ?? 0
    const expire = [{ groups: 'local.test', keep_bytes: Math.floor(octets / 2) }]
    world.config = { ...world.config, expire: testConfig({ expire }).expire }
    await world.round()
    expect((await world.numbers()).length).to.be.within(19, 20)
    expect(world.node.storage.active.named('local.test')?.octets).to.be.at.most(octets / 2)
  })

  it('counts a crosspost that another group holds, and takes nothing newer in its place', async () => {
    await using world = await World.create([{ groups: 'local.test', keep_articles: 5 }])
    await world.posts(5, 'local.test,local.other')
    await world.posts(5, 'local.test')
    await world.round()
    expect(await world.numbers()).to.deep.equal([1, 2, 3, 4, 5, 6, 7, 8, 9, 10])
  })
})

describe('expiry while others take articles away', () => {
  const expire = [{ groups: 'local.test', keep_articles: 5 }]

  it('leaves what the rules keep, however many there were when it looked', async () => {
    await using world = await World.create(expire)
    await world.posts(12, 'local.test')
    const { storage } = world.node
    const group = storage.active.named('local.test')?.id
    if (group === undefined) throw new Error('no group')
    const rows = (await world.log()).filter(({ kind }) => kind === 'article')
    await storage.submit({
      kind: 'expire',
      time: 0,
      source: 'test',
      rules: new ExpireRules(world.config.expire),
      floors: new Map([[group, 100]]),
      articles: rows.map(({ arrival }) => ({ arrival, date: 0 })),
      horizon: 0,
      passed: 0 as Arrival,
    })
    expect(await world.numbers()).to.deep.equal([8, 9, 10, 11, 12])
  })

  it('counts what there is at one moment: what goes while it counts makes nothing newer too much', async () => {
    await using world = await World.create(expire)
    // A crosspost that another group keeps is not let go: only the numbers say how much is too much.
    await world.posts(5, 'local.test,local.other')
    const [target] = await world.posts(7, 'local.test')
    if (target === undefined) throw new Error('no article')
    const { storage } = world.node
    const freeze = async () => {
      const frozen = await storage.freeze()
      await storage.submit({ kind: 'cancel', target, time: 0, source: 'test' })
      return frozen
    }
    const survey = new Survey({ active: storage.active, retention: storage.retention, freeze })
    const due: number[] = []
    for await (const { rows } of survey.due({ time: 0, rules: new ExpireRules(world.config.expire) }))
      due.push(...rows.flatMap(({ filings }) => filings.map(({ number }) => number)))
    expect(due).to.deep.equal([7])
  })

  it('lets nothing go where fewer are there than are counted', async () => {
    await using world = await World.create(expire)
    await world.posts(12, 'local.test')
    const { storage } = world.node
    const { active, retention } = storage
    const freeze = async () => {
      const frozen = await storage.freeze()
      const groups = frozen.groups.map(group => ({ ...group, count: group.count + 20 }))
      return { ...frozen, groups, [Symbol.asyncDispose]: () => frozen[Symbol.asyncDispose]() }
    }
    const survey = new Survey({ active, retention, freeze })
    for await (const { rows } of survey.due({ time: 0, rules: new ExpireRules(world.config.expire) }))
      expect(rows).to.deep.equal([])
  })
})

describe('an Expires header', () => {
  const rules = [{ groups: '*', keep_days: 10, min_days: 2, max_days: 20 }]
  const inDays = (world: World, days: number) => ({
    Expires: formatDate(Math.floor(world.clock.now() / 1000) + days * 86_400),
  })

  it('shortens and prolongs within the bounds', async () => {
    await using world = await World.create(rules)
    await world.post('local.test', inDays(world, 0.5))
    await world.post('local.test')
    await world.post('local.test', inDays(world, 5))
    await world.post('local.test', inDays(world, 15))
    await world.post('local.test', inDays(world, 300))
    const left: string[] = []
    for (const days of [1, 2, 3, 3, 3, 4, 5]) {
      world.clock.pass(days * day)
      await world.round()
      left.push((await world.numbers()).join())
    }
    expect(left).to.deep.equal(['1,2,3,4,5', '2,3,4,5', '2,4,5', '2,4,5', '4,5', '5', ''])
  })

  it('says nothing where the rule names no bounds', async () => {
    await using world = await World.create([{ groups: '*', keep_days: 10 }])
    await world.post('local.test', inDays(world, 1))
    await world.post('local.test', inDays(world, 300))
    world.clock.pass(9 * day)
    await world.round()
    expect(await world.numbers()).to.deep.equal([1, 2])
    world.clock.pass(2 * day)
    await world.round()
    expect(await world.numbers()).to.deep.equal([])
  })

  it('is found again when the index is made again', async () => {
    await using world = await World.create(rules)
    await world.post('local.test', inDays(world, 3))
    await world.post('local.test')
    await world.node[Symbol.asyncDispose]()
    world.parts = await crashed(world.parts, () => 0.6)
    world.parts.stores.index = (await memoryParts()).stores.index
    await world.start()
    world.clock.pass(4 * day)
    await world.round()
    expect(await world.numbers()).to.deep.equal([2])
  })
})

describe('an expired message-ID', () => {
  const relayed = (world: World, id: string, age: number) =>
    proto({
      Path: 'feeder.example!not-for-mail',
      From: 'a@b.example',
      Newsgroups: 'local.test',
      Subject: id,
      'Message-ID': id,
      Date: formatDate(Math.floor(world.clock.now() / 1000) - age * 86_400),
    })
  const source = {
    peer: 'feeder.example',
    aliases: [],
    address: '192.0.2.1',
    accepts: () => true,
    connection: Symbol('feeder'),
  }

  it('is declined until the age limit declines its article, and is forgotten then', async () => {
    await using world = await World.create([{ groups: '*', keep_days: 1 }])
    const id = '<relayed@example.org>' as MessageId
    const article = { wire: relayed(world, id, 0) }
    expect((await world.node.feed.transfer(id, article, source)).kind).to.equal('accepted')
    const answers: string[] = []
    for (let days = 0; days < 14; days++) {
      world.clock.pass(day)
      await world.round()
      // The age limit moves on at every start.
      await world.restart()
      const verdict = await world.node.feed.transfer(id, article, source)
      answers.push(verdict.kind === 'rejected' ? verdict.reason.name : verdict.kind)
    }
    expect(answers).not.to.include('accepted')
    expect(await world.known(id)).to.equal('new')
    expect(new Set(answers)).to.deep.equal(new Set(['duplicate', 'too-old']))
  })

  it('of an article that is too old by then is not kept at all', async () => {
    await using world = await World.create([{ groups: '*', keep_days: 1 }], { history: { cutoff_days: 10 } })
    world.clock.pass(100 * day)
    await world.restart()
    const id = '<old@example.org>' as MessageId
    await world.node.feed.transfer(id, { wire: relayed(world, id, 9.9) }, source)
    world.clock.pass(1.2 * day)
    await world.restart()
    await world.round()
    expect(await world.known(id)).to.equal('new')
    const again = await world.node.feed.transfer(id, { wire: relayed(world, id, 11.1) }, source)
    expect(again).to.have.nested.property('reason.name', 'too-old')
  })
})

describe('the clock', () => {
  it('that was moved by more than a day makes expiry wait until somebody has looked', async () => {
    await using world = await World.create([{ groups: '*', keep_days: 30 }])
    await world.posts(3, 'local.test')
    await world.round()
    world.clock.jump(3650 * day)
    await world.round()
    expect(world.node.expirer.status().waits).to.match(/moved by 3650 days/)
    expect(await world.marks()).to.equal('3 1 3')
    world.clock.jump(-3650 * day)
    await world.round()
    expect(world.node.expirer.status().waits).to.equal('')
    world.clock.jump(40 * day)
    await world.round()
    expect(await world.marks()).to.equal('3 1 3')
    const reports = []
    for await (const report of world.node.expirer.now({ dryRun: false }, new AbortController().signal))
      reports.push(report)
    expect(reports.at(-1)).to.deep.include({ articles: 3, done: true })
    expect(await world.marks()).to.equal('0 4 3')
  })

  it('that was moved while the node was down makes it wait for a day', async () => {
    await using world = await World.create([{ groups: '*', keep_days: 30 }])
    await world.posts(3, 'local.test')
    await world.round()
    world.clock.jump(3650 * day)
    await world.restart()
    await world.round()
    expect(world.node.expirer.status().waits).to.match(/goes on in 24 hours/)
    expect(await world.marks()).to.equal('3 1 3')
    world.clock.pass(1.1 * day)
    await world.round()
    expect(await world.marks()).to.equal('0 4 3')
  })
})

describe('expiry on request', () => {
  it('only counts in a dry run, once for each article, and in each group', async () => {
    await using world = await World.create([{ groups: '*', keep_days: 1 }])
    await world.posts(4, 'local.test,local.other')
    await world.posts(2, 'local.other')
    world.clock.pass(2 * day)
    const reports = []
    const asked = { dryRun: true, only: Wildmat.parse('local.test') }
    for await (const report of world.node.expirer.now(asked, new AbortController().signal))
      reports.push(report)
    const { articles, groups } = reports.at(-1) ?? { articles: 0, groups: [] }
    expect(articles).to.equal(4)
    expect(groups.map(group => [group.name, group.articles])).to.deep.equal([
      ['local.other', 4],
      ['local.test', 4],
    ])
    expect(await world.marks()).to.equal('4 1 4')
  })

  it('goes on while the disk is too full for articles', async () => {
    await using world = await World.create([{ groups: '*', keep_days: 1 }])
    await world.posts(4, 'local.test')
    world.clock.pass(2 * day)
    world.parts.disk.capacity = 1000
    expect(
      (
        await world.node.feed.inject(
          proto({ From: 'a@b.example', Newsgroups: 'local.test', Subject: 'x' }, 'y'.repeat(2000)),
          anyone,
        )
      ).kind,
    ).to.equal('deferred')
    world.parts.disk.capacity = Number.POSITIVE_INFINITY
    expect(world.node.storage.paused?.name).to.equal('no-space')
    await world.round()
    expect(await world.marks()).to.equal('0 5 4')
  })
})

describe('the log after expiry', () => {
  it('keeps the rows that a peer has not come to, so that it is known what it missed', async () => {
    const peer = [{ name: 'away.example', to: '192.0.2.1:119', send: '*' }]
    await using world = await World.create([{ groups: '*', keep_days: 1 }], { peer })
    const ids = await world.posts(3, 'local.test')
    world.clock.pass(2 * day)
    await world.round()
    expect(await world.known(ids[0] as string)).to.equal('gone')
    const kept = (await world.log()).filter(({ kind }) => kind === 'expire').map(row => row.messageId)
    expect(kept).to.deep.equal([...ids, ''])
    await world.restart()
    await until(() => world.node.peering.status()[0]?.behind === 0)
    expect(world.node.peering.status()[0]?.counters).to.include({ gone: 3, offered: 0 })
    await world.round()
    expect((await world.log()).filter(({ messageId }) => ids.includes(messageId as MessageId))).to.deep.equal(
      [],
    )
  })

  it('has a row that says so, and readers pass over what is gone', async () => {
    await using world = await World.create([{ groups: '*', keep_days: 1 }])
    await world.posts(3, 'local.test')
    world.clock.pass(2 * day)
    await world.round()
    await world.posts(1, 'local.test')
    const rows = await world.log()
    const articles = rows.filter(({ kind }) => kind === 'article')
    expect(articles).to.have.length(1)
    const [expired] = rows.filter(({ kind }) => kind === 'expire')
    expect(expired?.filings.map(({ number }) => number)).to.deep.equal([1, 2, 3])
    await world.round()
    expect((await world.log()).filter(({ kind }) => kind === 'expire')).to.have.length(0)
  })
})
