import { expect } from 'chai'
import { Article } from '../../../src/article.ts'
import type { Verdict } from '../../../src/feed/feed.ts'
import type { Node } from '../../../src/feed/node.ts'
import type { MessageId } from '../../../src/message-id.ts'
import { Reason } from '../../../src/reason.ts'
import { textFromWire } from '../../../src/wire.ts'
import { MortalClock } from '../../support/mortal-clock.ts'
import { anyone, crashed, memoryParts, proto, testConfig, testNode } from '../../support/node.ts'

let serial = 0

const headers = (groups: string, more: Record<string, string> = {}): Record<string, string> => ({
  From: 'a@example.org',
  Newsgroups: groups,
  Subject: 'A test',
  'Message-ID': `<${++serial}@example.org>`,
  ...more,
})

const post = (node: Node, groups: string, more?: Record<string, string>): Promise<Verdict> =>
  node.feed.inject(proto(headers(groups, more)), anyone)

async function accepted(verdict: Promise<Verdict>) {
  const done = await verdict
  if (done.kind !== 'accepted') throw new Error(`not accepted: ${JSON.stringify(done)}`)
  return done
}

async function marks(node: Node, name: string): Promise<string> {
  const group = await node.storage.reading.group(name)
  return group ? `${group.count} ${group.low} ${group.high}` : 'none'
}

async function overview(node: Node, name: string): Promise<string[]> {
  const group = await node.storage.reading.group(name)
  if (!group) return []
  const chunks: Buffer[] = []
  for await (const chunk of node.storage.reading.overview(group.id, { low: 1, high: group.high }))
    chunks.push(chunk)
  return Buffer.concat(chunks).toString('latin1').split('\r\n').slice(0, -1)
}

async function numbers(node: Node, name: string): Promise<number[]> {
  const group = await node.storage.reading.group(name)
  const found: number[] = []
  if (group)
    for await (const batch of node.storage.reading.numbers(group.id, { low: 1, high: group.high }))
      found.push(...batch)
  return found
}

const importing = (node: Node, groups: string, keep?: { group: string; number: number }, id?: string) => {
  const wire = proto({
    ...headers(groups, id ? { 'Message-ID': id } : {}),
    Path: 'old!not-for-mail',
    Date: 'Mon, 05 Apr 1993 10:00:00 +0000',
  })
  const article = Article.parse(wire, testConfig().limits)
  if (article instanceof Reason) throw new Error(article.text)
  return node.accept({ article, origin: { kind: 'import' }, ...(keep ? { keep } : {}) })
}

describe('an accepted article', () => {
  it('is one article with a number in each of its groups, and reads back everywhere', async () => {
    await using node = await testNode()
    const { messageId, filings } = await accepted(post(node, 'local.test,local.other,local.unknown'))
    expect(filings.map(filing => filing.number)).to.deep.equal([1, 1])
    expect(await marks(node, 'local.test')).to.equal('1 1 1')
    const located = await node.storage.reading.locateId(messageId)
    const stored = located && (await node.storage.reading.article(located.arrival))
    const text = textFromWire(stored?.served ?? Buffer.alloc(0)).toString()
    expect(text).to.match(/^Xref: node\.example local\.test:1 local\.other:1\n/)
    expect(text).to.contain('\nPath: node.example!.POSTED')
    expect((await overview(node, 'local.other'))[0]).to.contain(
      'Xref: node.example local.test:1 local.other:1',
    )
  })

  it('is stored once, however many offer it at the same time', async () => {
    await using node = await testNode()
    const id = { 'Message-ID': '<same@example.org>' }
    const verdicts = await Promise.all(Array.from({ length: 40 }, () => post(node, 'local.test', id)))
    expect(verdicts.filter(verdict => verdict.kind === 'accepted')).to.have.length(1)
    expect(verdicts.filter(verdict => verdict.kind === 'rejected')).to.have.length(39)
    expect(await marks(node, 'local.test')).to.equal('1 1 1')
  })

  it('keeps its number over a power cut, and the next one gets the next', async () => {
    let parts = await memoryParts()
    for (let round = 0; round < 4; round++) {
      const clock = new MortalClock()
      const node = await testNode({ ...parts, clock })
      expect(await marks(node, 'local.test')).to.equal(`${round * 150} 1 ${round * 150}`)
      await Promise.all(Array.from({ length: 150 }, () => accepted(post(node, 'local.test'))))
      clock.die()
      parts = await crashed(parts, () => 0.7)
    }
    await using node = await testNode(parts)
    expect(await numbers(node, 'local.test')).to.deep.equal(Array.from({ length: 600 }, (_, at) => at + 1))
    expect(await overview(node, 'local.test')).to.have.length(600)
  })
})

describe('a cancelled article', () => {
  it('vanishes from overview, numbers, marks and by message-ID at once, and never comes back', async () => {
    await using node = await testNode()
    const ids: MessageId[] = []
    for (let at = 0; at < 300; at++)
      ids.push((await accepted(post(node, 'local.test,local.other'))).messageId)
    const cancel = async (at: number) =>
      node.storage.submit({ kind: 'cancel', target: ids[at] as MessageId, time: 1, source: 'test' })
    for (const at of [0, 1, 5, 127, 128, 299]) expect((await cancel(at)).kind).to.equal('stored')
    const left = Array.from({ length: 300 }, (_, at) => at + 1).filter(
      n => ![1, 2, 6, 128, 129, 300].includes(n),
    )
    expect(await marks(node, 'local.test')).to.equal('294 3 300')
    expect(await numbers(node, 'local.other')).to.deep.equal(left)
    expect((await overview(node, 'local.test')).map(line => Number(line.split('\t')[0]))).to.deep.equal(left)
    expect(await node.storage.reading.locateId(ids[5] as string)).to.equal(undefined)
    expect((await post(node, 'local.test', { 'Message-ID': ids[5] as string })).kind).to.equal('rejected')
    expect((await cancel(5)).kind).to.equal('duplicate')
  })

  it('leaves an empty group with high = low - 1, and numbers go on', async () => {
    await using node = await testNode()
    const { messageId } = await accepted(post(node, 'local.test'))
    await node.storage.submit({ kind: 'cancel', target: messageId, time: 1, source: 'test' })
    expect(await marks(node, 'local.test')).to.equal('0 2 1')
    await accepted(post(node, 'local.test'))
    expect(await marks(node, 'local.test')).to.equal('1 2 2')
  })

  it('leaves a low mark that knows what came in the same instant', async () => {
    await using node = await testNode()
    const { messageId } = await accepted(post(node, 'local.test'))
    await Promise.all([
      accepted(post(node, 'local.test')),
      node.storage.submit({ kind: 'cancel', target: messageId, time: 1, source: 'test' }),
    ])
    expect(await marks(node, 'local.test')).to.equal('1 2 2')
  })

  it('may be cancelled in the same instant it is posted, or before it comes', async () => {
    await using node = await testNode()
    const early = '<early@example.org>' as MessageId
    await node.storage.submit({ kind: 'cancel', target: early, time: 1, source: 'test' })
    expect((await post(node, 'local.test', { 'Message-ID': early })).kind).to.equal('rejected')
    const id = '<instant@example.org>' as MessageId
    const [posted, cancelled] = await Promise.all([
      post(node, 'local.test', { 'Message-ID': id }),
      node.storage.submit({ kind: 'cancel', target: id, time: 1, source: 'test' }),
    ])
    expect([posted.kind, cancelled.kind]).to.include('stored')
    expect(await node.storage.reading.locateId(id)).to.equal(undefined)
  })
})

describe('a group', () => {
  const change = (node: Node, action: 'add' | 'set' | 'remove', more: object = {}) =>
    node.storage.submit({
      kind: 'group',
      action,
      name: 'local.new' as never,
      time: 5,
      source: 'test',
      ...more,
    })

  it('that is removed and made again goes on with its numbers', async () => {
    await using node = await testNode()
    await change(node, 'add')
    await accepted(post(node, 'local.new'))
    await change(node, 'remove')
    expect(await marks(node, 'local.new')).to.equal('none')
    expect((await post(node, 'local.new')).kind).to.equal('rejected')
    await change(node, 'add')
    await accepted(post(node, 'local.new'))
    expect(await marks(node, 'local.new')).to.equal('2 1 2')
  })

  it('takes over the marks of another server and continues them', async () => {
    await using node = await testNode()
    await change(node, 'add', { high: 500 })
    expect(await marks(node, 'local.new')).to.equal('0 501 500')
    await accepted(post(node, 'local.new'))
    expect(await marks(node, 'local.new')).to.equal('1 501 501')
  })

  it('that is an alias files where it points', async () => {
    await using node = await testNode()
    await change(node, 'add', { status: '=local.test' })
    expect((await importing(node, 'local.new')).kind).to.equal('accepted')
    expect(await marks(node, 'local.test')).to.equal('1 1 1')
    expect(await marks(node, 'local.new')).to.equal('0 1 0')
  })
})

describe('an import that keeps numbers', () => {
  it('files under the given number only, and a repeat in another group adds its number there', async () => {
    await using node = await testNode()
    const id = '<kept@example.org>'
    await importing(node, 'local.test,local.other', { group: 'local.test', number: 700 }, id)
    expect(await marks(node, 'local.test')).to.equal('1 700 700')
    expect(await marks(node, 'local.other')).to.equal('0 1 0')
    const again = await importing(node, 'local.test,local.other', { group: 'local.other', number: 30 }, id)
    expect(again.kind).to.equal('accepted')
    expect(await marks(node, 'local.other')).to.equal('1 30 30')
    for (const name of ['local.test', 'local.other'])
      expect((await overview(node, name))[0]).to.contain('Xref: node.example local.test:700 local.other:30')
    const located = await node.storage.reading.locateId(id)
    expect(located?.filings.map(filing => filing.number)).to.deep.equal([700, 30])
    const repeat = await importing(node, 'local.test', { group: 'local.test', number: 700 }, id)
    expect(repeat).to.have.nested.property('reason.name', 'duplicate')
  })

  it('adds every number, however many come at the same time', async () => {
    await using node = await testNode()
    const id = '<kept@example.org>'
    const groups = ['local.test', 'local.other', 'local.moderated']
    const verdicts = await Promise.all(
      groups.map((group, at) => importing(node, 'local.test', { group, number: 10 + at }, id)),
    )
    expect(verdicts.map(({ kind }) => kind)).to.deep.equal(['accepted', 'accepted', 'accepted'])
    const located = await node.storage.reading.locateId(id)
    expect(located?.filings.map(filing => filing.number)).to.deep.equal([10, 11, 12])
    for (const [at, name] of groups.entries()) {
      const [line] = await overview(node, name)
      expect(line).to.match(new RegExp(`^${10 + at}\t`))
      expect(line).to.contain('Xref: node.example local.test:10 local.other:11 local.moderated:12')
    }
  })

  it('gives a number to one of those that ask for it at the same time', async () => {
    await using node = await testNode()
    await importing(node, 'local.test', { group: 'local.test', number: 4 })
    const keep = { group: 'local.test', number: 5 }
    const verdicts = await Promise.all([
      importing(node, 'local.test', keep),
      importing(node, 'local.test', keep),
    ])
    expect(verdicts.map(({ kind }) => kind)).to.deep.equal(['accepted', 'rejected'])
    expect(verdicts[1]).to.have.nested.property('reason.name', 'number-taken')
    expect(await marks(node, 'local.test')).to.equal('2 4 5')
    expect(await overview(node, 'local.test')).to.have.length(2)
  })

  it('never gives a number twice nor lowers the low mark', async () => {
    await using node = await testNode()
    await importing(node, 'local.test', { group: 'local.test', number: 200 })
    const taken = await importing(node, 'local.test', { group: 'local.test', number: 200 })
    expect(taken).to.have.nested.property('reason.name', 'number-taken')
    const below = await importing(node, 'local.test', { group: 'local.test', number: 10 })
    expect(below).to.have.nested.property('reason.name', 'number-taken')
    await importing(node, 'local.test', { group: 'local.test', number: 400 })
    await importing(node, 'local.test', { group: 'local.test', number: 300 })
    expect(await numbers(node, 'local.test')).to.deep.equal([200, 300, 400])
    expect(await overview(node, 'local.test')).to.have.length(3)
  })
})
