/** The age limit of whole nodes: stored, kept over restarts, waiting for peers that were away. */
import { expect } from 'chai'
import { Article } from '../../../src/article.ts'
import type { Config } from '../../../src/config/config.ts'
import { formatDate } from '../../../src/date.ts'
import type { Source, Verdict } from '../../../src/feed/feed.ts'
import type { Node } from '../../../src/feed/node.ts'
import { Reason } from '../../../src/reason.ts'
import { ManualClock, settled } from '../../support/manual-clock.ts'
import {
  anyone,
  crashed,
  type MemoryParts,
  memoryParts,
  proto,
  testConfig,
  testNode,
} from '../../support/node.ts'

const hour = 3_600_000
const day = 24 * hour

function source(peer: string): Source {
  return { peer, aliases: [], address: '192.0.2.1', accepts: () => true, connection: Symbol(peer) }
}

/** A node that `a.example` and `b.example` feed. */
class Receiver {
  readonly clock = new ManualClock()
  config: Config = testConfig({
    peer: ['a', 'b'].map(name => ({ name: `${name}.example`, from: ['192.0.2.1'] })),
  })
  parts: MemoryParts | undefined
  #node: Node | undefined
  #sent = 0

  get node(): Node {
    if (this.#node === undefined) throw new Error('not started')
    return this.#node
  }

  async start(): Promise<this> {
    this.parts ??= await memoryParts()
    this.#node = await testNode({ ...this.parts, config: this.config, clock: this.clock, spaceInterval: day })
    return this
  }

  /** As after a power cut. */
  async restartAfter(milliseconds: number): Promise<void> {
    if (this.parts === undefined) return
    this.parts = await crashed(this.parts, () => 0.4)
    await this.clock.advance(milliseconds)
    await this.start()
  }

  /** An article so many days old from a peer: why it is refused, '' where it is taken. */
  async from(peer: string, age: number): Promise<string> {
    const id = `<${++this.#sent}@far.example>`
    const arrived = { wire: this.article(id, age) }
    const verdict = await this.node.feed.transfer(id as never, arrived, source(peer))
    return reasonOf(verdict)
  }

  article(id: string, age: number): Buffer {
    const date = formatDate(Math.floor((this.clock.now() - age * day) / 1000))
    const path = 'a.example!.POSTED!not-for-mail'
    const from = 'A <a@far.example>'
    return proto({
      Path: path,
      From: from,
      Newsgroups: 'local.test',
      Subject: 's',
      Date: date,
      'Message-ID': id,
    })
  }

  /** Both peers are current from now on. */
  async hearFromAll(): Promise<void> {
    for (const peer of ['a.example', 'b.example']) await this.from(peer, 0)
    await this.clock.advance(hour)
  }

  /** Days from the limit to now. */
  get reach(): number {
    return Math.round((this.clock.now() / 1000 - this.node.storage.horizon.horizon) / 86_400)
  }
}

const reasonOf = (verdict: Verdict): string => ('reason' in verdict ? verdict.reason.name : '')

describe('age limit of a node', () => {
  it('is the longest absence until its peers have been current, then the cut-off', async () => {
    const receiver = await new Receiver().start()
    expect(await receiver.from('a.example', 59)).to.equal('')
    expect(await receiver.from('a.example', 61)).to.equal('too-old')
    await receiver.hearFromAll()
    expect(receiver.reach).to.equal(10)
    expect(await receiver.from('a.example', 9.9)).to.equal('')
    expect(await receiver.from('a.example', 10.1)).to.equal('too-old')
  })

  it('waits for a peer that is away', async () => {
    const receiver = await new Receiver().start()
    await receiver.hearFromAll()
    for (let days = 0; days < 30; days++) {
      await receiver.clock.advance(day)
      await receiver.from('a.example', 0)
    }
    expect(receiver.reach).to.equal(40)
    expect(await receiver.from('b.example', 39)).to.equal('')
    await receiver.hearFromAll()
    expect(receiver.reach).to.equal(10)
    expect(await receiver.from('b.example', 11)).to.equal('too-old')
  })

  it('lets a node that was away for thirty days catch up', async () => {
    const receiver = await new Receiver().start()
    await receiver.hearFromAll()
    await receiver.restartAfter(30 * day)
    expect(await receiver.from('a.example', 31)).to.equal('')
    expect(await receiver.from('b.example', 39)).to.equal('')
    expect(await receiver.from('b.example', 41)).to.equal('too-old')
  })

  it('does not go back when a peer is added or the cut-off grows, and counts for nothing at 0', async () => {
    const receiver = await new Receiver().start()
    await receiver.hearFromAll()
    receiver.config = testConfig({
      peer: [{ name: 'new.example', from: ['192.0.2.1'] }],
      history: { cutoff_days: 20 },
    })
    await receiver.restartAfter(hour)
    expect(receiver.reach).to.equal(10)
    expect(await receiver.from('new.example', 11)).to.equal('too-old')
    receiver.config = testConfig({ history: { cutoff_days: 0 } })
    await receiver.restartAfter(hour)
    expect(await receiver.from('new.example', 10_000)).to.equal('')
  })

  it('is nothing to imports, and postings are held to the cut-off', async () => {
    const receiver = await new Receiver().start()
    await receiver.hearFromAll()
    const article = Article.parse(receiver.article('<i@far.example>', 5000), receiver.config.limits)
    if (article instanceof Reason) throw new Error(article.text)
    expect(reasonOf(await receiver.node.accept({ article, origin: { kind: 'import' } }))).to.equal('')
    const date = formatDate(Math.floor((receiver.clock.now() - 11 * day) / 1000))
    const old = proto({ From: 'A <a@far.example>', Newsgroups: 'local.test', Subject: 's', Date: date })
    expect(reasonOf(await receiver.node.feed.inject(old, anyone))).to.equal('too-old')
  })

  it('is stored when the node stops', async () => {
    const receiver = await new Receiver().start()
    await receiver.from('a.example', 0)
    await receiver.clock.advance(10_000)
    const stopped = receiver.node[Symbol.asyncDispose]()
    await settled()
    await stopped
    await receiver.restartAfter(0)
    const [last] = receiver.node.storage.horizon.peers.values()
    expect(last).to.equal(Math.floor(receiver.clock.now() / 1000) - 10)
  })
})
