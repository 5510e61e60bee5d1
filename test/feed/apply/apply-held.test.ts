import { expect } from 'chai'
import { Article } from '../../../src/article.ts'
import { type Clock, systemClock } from '../../../src/clock.ts'
import { mostHeld } from '../../../src/feed/apply/apply-held.ts'
import type { Poster } from '../../../src/feed/feed.ts'
import type { Node } from '../../../src/feed/node.ts'
import type { MessageId } from '../../../src/message-id.ts'
import type { Newsgroup } from '../../../src/newsgroup.ts'
import { Reason } from '../../../src/reason.ts'
import type { HeldPost } from '../../../src/storage/state/held.ts'
import { anyone, crashed, memoryParts, proto, testConfig, testNode } from '../../support/node.ts'

const start = Date.UTC(2026, 10, 21, 8)
const day = 86_400_000
const guest: Poster = {
  ...anyone,
  account: 'ann',
  mayApprove: () => false,
  holds: name => name === 'local.test',
}

const posting = (id: string, more: Record<string, string> = {}) =>
  proto({ From: 'a@b.example', Newsgroups: 'local.test', Subject: 's', 'Message-ID': id, ...more })

async function held(node: Node, id: string, more: Record<string, string> = {}): Promise<HeldPost> {
  expect(await node.feed.inject(posting(id, more), guest)).to.deep.equal({ kind: 'held', messageId: id })
  const post = await node.storage.held.find(id)
  if (post === undefined) throw new Error(`${id} is not held`)
  return post
}

async function stored(node: Node, id: string): Promise<string> {
  const located = await node.storage.reading.locateId(id)
  const article = located && (await node.storage.reading.article(located.arrival))
  return article?.transfer.toString('latin1') ?? ''
}

const unhold = (node: Node, id: string) =>
  node.storage.submit({ kind: 'unhold', messageId: id as MessageId, time: start / 1000, source: 'admin' })

describe('feed: articles held for release', function () {
  this.timeout(60_000)

  it('are filed as they would have been when they were posted, however long they waited', async () => {
    let now = start
    const clock: Clock = {
      now: () => now,
      monotonic: () => systemClock.monotonic(),
      timer: (milliseconds, action) => systemClock.timer(milliseconds, action),
      sleep: (milliseconds, signal) => systemClock.sleep(milliseconds, signal),
    }
    const random = (octets: number) => Buffer.alloc(octets, 1)
    const [early, late] = [await testNode({ clock, random }), await testNode({ clock, random })]
    await early.feed.inject(posting('<1@x>'), { ...guest, holds: () => false })
    const post = await held(late, '<1@x>')
    now += 30 * day
    expect(await late.feed.releaseHeld(post)).to.have.property('kind', 'accepted')
    expect(await stored(late, '<1@x>')).to.contain('Injection-Date: Sat, 21 Nov 2026 08:00:00 +0000')
    expect(await stored(late, '<1@x>')).to.equal(await stored(early, '<1@x>'))
    await Promise.all([early, late].map(node => node[Symbol.asyncDispose]()))
  })

  it('are filed only where the poster could see', async () => {
    const node = await testNode()
    const seeing = { ...guest, maySee: (name: string) => name === 'local.test' }
    const both = posting('<1@x>', { Newsgroups: 'local.test,local.other' })
    expect(await node.feed.inject(both, seeing)).to.have.property('kind', 'held')
    const post = await node.storage.held.find('<1@x>')
    const verdict = await node.feed.releaseHeld(post as HeldPost)
    expect(verdict).to.have.property('filings').with.length(1)
    await node[Symbol.asyncDispose]()
  })

  it('are filed once, whoever else releases or rejects them at the same time', async () => {
    const node = await testNode()
    const post = await held(node, '<1@x>')
    const verdicts = await Promise.all([node.feed.releaseHeld(post), node.feed.releaseHeld(post)])
    expect(verdicts.map(({ kind }) => kind)).to.have.members(['accepted', 'rejected'])
    const other = await held(node, '<2@x>')
    const [gone, verdict] = await Promise.all([unhold(node, '<2@x>'), node.feed.releaseHeld(other)])
    expect([gone.kind, verdict.kind]).to.deep.equal(['stored', 'rejected'])
    expect(await unhold(node, '<2@x>')).to.deep.equal({ kind: 'duplicate' })
    expect(await stored(node, '<2@x>')).to.equal('')
    expect(node.storage.held.count).to.equal(0)
    await node[Symbol.asyncDispose]()
  })

  it('give way to a copy that came from elsewhere', async () => {
    const node = await testNode()
    const post = await held(node, '<1@x>')
    const copy = Article.parse(
      posting('<1@x>', { Path: 'b!not-for-mail', Date: 'Sat, 21 Nov 2026 08:00:00 +0000' }),
      testConfig().limits,
    )
    if (copy instanceof Reason) throw new Error(copy.text)
    await node.accept({ article: copy, origin: { kind: 'import' } })
    const verdict = await node.feed.releaseHeld(post)
    expect(verdict).to.have.nested.property('reason.name', 'duplicate')
    expect(node.storage.held.count).to.equal(0)
    expect(await stored(node, '<1@x>')).to.contain('Path: node.example!b!not-for-mail')
    await node[Symbol.asyncDispose]()
  })

  it('stay held where they may not be filed', async () => {
    const node = await testNode()
    const post = await held(node, '<1@x>')
    const name = 'local.test' as Newsgroup
    const set = { kind: 'group', action: 'set', name, time: start / 1000, source: 'admin' } as const
    await node.storage.submit({ ...set, status: 'n' })
    expect(await node.feed.releaseHeld(post)).to.have.nested.property('reason.name', 'group-closed')
    expect(node.storage.held.count).to.equal(1)
    await node.storage.submit({ ...set, status: 'y' })
    expect(await node.feed.releaseHeld(post)).to.have.property('kind', 'accepted')
    await node[Symbol.asyncDispose]()
  })

  it('are bounded, and the next poster is told to come again', async () => {
    const node = await testNode()
    const post = await held(node, '<0@x>')
    const entry = (id: string) => ({
      kind: 'hold' as const,
      time: start / 1000,
      source: 'post:',
      post: { ...post, messageId: id as MessageId },
    })
    await Promise.all(
      Array.from({ length: mostHeld - 1 }, (_, at) => node.storage.submit(entry(`<f${at}@x>`))),
    )
    expect(node.storage.held.count).to.equal(mostHeld)
    const verdict = await node.feed.inject(posting('<more@x>'), guest)
    expect(verdict).to.have.property('kind', 'deferred')
    expect(verdict).to.have.nested.property(
      'reason.text',
      'Too many articles are held for release, try again later',
    )
    await unhold(node, '<f0@x>')
    expect(await node.feed.inject(posting('<more@x>'), guest)).to.have.property('kind', 'held')
    await node[Symbol.asyncDispose]()
  })

  it('survive the loss of power, and so does what became of them', async () => {
    const parts = await memoryParts()
    const node = await testNode({ ...parts })
    await held(node, '<1@x>')
    await held(node, '<2@x>')
    await node.feed.releaseHeld((await node.storage.held.find('<1@x>')) as HeldPost)
    const again = await testNode({ ...(await crashed(parts, () => 0)) })
    await node[Symbol.asyncDispose]()
    expect(again.storage.held.count).to.equal(1)
    expect(await stored(again, '<1@x>')).to.not.equal('')
    const post = await again.storage.held.find('<2@x>')
    expect(await again.feed.releaseHeld(post as HeldPost)).to.have.property('kind', 'accepted')
    await again[Symbol.asyncDispose]()
  })
})
