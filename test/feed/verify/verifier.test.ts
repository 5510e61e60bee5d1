/** Damage in a store that serves: found by kind, and put right from the articles. */
import { expect } from 'chai'
import type { Node } from '../../../src/feed/node.ts'
import { mend } from '../../../src/feed/verify/mend.ts'
import type { VerifyReport } from '../../../src/feed/verify/verifier.ts'
import type { MessageId } from '../../../src/message-id.ts'
import { goneKey, historyKey, messageIdHash, placeKey } from '../../../src/storage/keys.ts'
import type { Arrival } from '../../../src/storage/reading.ts'
import { audit } from '../../support/audit.ts'
import type { MemoryStore } from '../../support/memory-store.ts'
import { MovedClock } from '../../support/moved-clock.ts'
import { anyone, type MemoryParts, memoryParts, proto, testConfig, testNode } from '../../support/node.ts'

const count = 140

const idOf = (at: number) => `<${at}@example.org>` as MessageId

/** A node with articles, half of them crossposts, and an empty tail, so that reads come from the databases. */
async function filled(parts: MemoryParts): Promise<Node> {
  const open = () =>
    testNode({ ...parts, clock: new MovedClock(), config: testConfig(), spaceInterval: 86_400_000 })
  await using before = await open()
  await Promise.all(
    Array.from({ length: count }, async (_, at) => {
      const groups = at % 2 === 0 ? 'local.test' : 'local.test,local.other'
      const expires = at === 7 ? { Expires: 'Fri, 01 Jan 2100 00:00:00 +0000' } : {}
      const head = {
        From: 'a@b.example',
        Newsgroups: groups,
        Subject: 's',
        'Message-ID': idOf(at),
        ...expires,
      }
      expect((await before.feed.inject(proto(head), anyone)).kind).to.equal('accepted')
    }),
  )
  await before[Symbol.asyncDispose]()
  const stores = {
    articles: await parts.stores.articles.crash(() => 0),
    state: await parts.stores.state.crash(() => 0),
    index: await parts.stores.index.crash(() => 0),
  }
  Object.assign(parts, { stores, disk: parts.disk.crash(() => 0.999) })
  return open()
}

async function keyOf(store: MemoryStore, letter: string, at = 60): Promise<{ key: Buffer; value: Buffer }> {
  const found = []
  for await (const pairs of store.iterate({}))
    found.push(...pairs.filter(({ key }) => letter === '' || key[0] === letter.charCodeAt(0)))
  const pair = found[Math.min(at, found.length - 1)]
  if (pair === undefined) throw new Error(`no key ${letter}`)
  return pair
}

const lose = (letter: string) => async (store: MemoryStore) => {
  const { key } = await keyOf(store, letter)
  await store.batch([{ key, value: undefined }])
}
const flip = (letter: string) => async (store: MemoryStore) => {
  const { key, value } = await keyOf(store, letter)
  const octets = Buffer.from(value)
  const octet = octets.length - 5
  octets[octet] = (octets[octet] ?? 0) ^ 4
  await store.batch([{ key, value: octets }])
}
/** The key is another one: what it was is hidden, what it is leads nowhere. */
const stray = (letter: string) => async (store: MemoryStore) => {
  const { key, value } = await keyOf(store, letter)
  const other = Buffer.from(key)
  other[key.length - 1] = (other[key.length - 1] ?? 0) ^ 0x80
  other[key.length - 3] = (other[key.length - 3] ?? 0) ^ 0x40
  await store.batch([
    { key, value: undefined },
    { key: other, value },
  ])
}

async function verified(node: Node, repair = false): Promise<VerifyReport> {
  let last: VerifyReport | undefined
  for await (const report of node.verifier.run({ repair }, new AbortController().signal)) last = report
  if (last === undefined) throw new Error('no report')
  return last
}

const kindsOf = ({ kinds }: VerifyReport) => kinds.map(({ kind }) => kind).sort()

const damages: readonly [
  string,
  'articles' | 'state' | 'index',
  (store: MemoryStore) => Promise<void>,
  string[],
][] = [
  ['a message-ID that is gone', 'index', lose('h'), ['history']],
  ['a message-ID whose key has another octet', 'index', stray('h'), ['history', 'history']],
  ['a number that is gone', 'index', lose('n'), ['number', 'overview', 'marks']],
  ['a number whose key has another octet', 'index', stray('n'), ['number', 'overview', 'marks']],
  ['a row of the log that is gone', 'index', lose('a'), ['row', 'history', 'number', 'marks']],
  ['a row of the log with another octet', 'index', flip('a'), ['row', 'history', 'number', 'marks']],
  ['overview that is gone', 'index', lose('o'), ['overview']],
  ['overview with another octet', 'index', flip('o'), ['overview']],
]

describe('verification', () => {
  it('finds nothing in a sound store, and looks at all of it', async () => {
    await using node = await filled(await memoryParts())
    const report = await verified(node)
    expect(report).to.deep.include({ kinds: [], sound: true, done: true })
    expect(report.checked).to.be.above(500)
  })

  for (const [what, database, damage, kinds] of damages)
    it(`finds ${what}, and puts it right`, async () => {
      const parts = await memoryParts()
      await using node = await filled(parts)
      await damage(parts.stores[database])
      const found = await verified(node)
      expect(found.sound).to.equal(false)
      expect(kindsOf(found)).to.deep.equal([...new Set(kinds)].sort())
      expect((await verified(node, true)).sound).to.equal(true)
      expect(await verified(node)).to.deep.include({ kinds: [], sound: true })
      expect(await audit(node.storage.reading)).to.deep.equal([])
      expect((await node.storage.reading.group('local.test'))?.count).to.equal(count)
      for (let at = 0; at < count; at++) {
        expect(await node.storage.history.lookup(idOf(at))).to.equal('have')
        expect((await node.storage.reading.articleById(idOf(at)))?.messageId).to.equal(idOf(at))
      }
    })

  it('sets a damaged article aside, and takes it again from whoever brings it', async () => {
    const parts = await memoryParts()
    await using node = await filled(parts)
    const { key } = await keyOf(parts.stores.articles, '')
    const { messageId = '' } =
      (await node.storage.reading.arrivals((key.readUInt32BE(4) - 1) as never, 1))[0] ?? {}
    await flip('')(parts.stores.articles)
    expect(await node.storage.reading.articleById(messageId)).to.equal(undefined)
    expect(kindsOf(await verified(node))).to.deep.equal(['article'])
    const { kinds } = await verified(node, true)
    expect(kinds[0]).to.include({ kind: 'article', found: 1, mended: 1 })
    expect(await audit(node.storage.reading)).to.deep.equal([])
    expect(await node.storage.history.lookup(messageId)).to.equal('new')
    const head = { From: 'a@b.example', Newsgroups: 'local.test', Subject: 's', 'Message-ID': messageId }
    expect(await node.feed.inject(proto(head), anyone)).to.include({ kind: 'accepted' })
    expect((await node.storage.reading.group('local.test'))?.high).to.equal(count + 1)
    expect(await verified(node)).to.deep.include({ kinds: [], sound: true })
  })

  it('lets an article that is lost be brought again: nothing in memory says that it is here', async () => {
    const parts = await memoryParts()
    await using node = await filled(parts)
    const { key } = await keyOf(parts.stores.articles, '')
    const { messageId = '' } =
      (await node.storage.reading.arrivals((key.readUInt32BE(4) - 1) as never, 1))[0] ?? {}
    expect(await node.storage.history.lookup(messageId)).to.equal('have')
    await parts.stores.articles.batch([{ key, value: undefined }])
    await verified(node, true)
    await verified(node, true)
    expect(await verified(node)).to.deep.include({ kinds: [], sound: true })
    expect(await audit(node.storage.reading)).to.deep.equal([])
    expect(await node.storage.history.lookup(messageId)).to.equal('new')
  })

  it('leaves an id alone that leads elsewhere by now: its article was brought again', async () => {
    const parts = await memoryParts()
    await using node = await filled(parts)
    const key = historyKey(messageIdHash(idOf(3)))
    const text = 'a message-ID leads nowhere'
    const elsewhere = {
      kind: 'history',
      text,
      mend: { what: 'dangling', key, arrival: 100_000 as Arrival },
    } as const
    expect(await mend(elsewhere, node.storage)).to.equal(true)
    expect(await node.storage.history.lookup(idOf(3))).to.equal('have')
    expect(await verified(node)).to.deep.include({ kinds: [], sound: true })
  })

  it('makes an id that is said to be gone and is here be here', async () => {
    const parts = await memoryParts()
    await using node = await filled(parts)
    await parts.stores.state.batch([{ key: goneKey(messageIdHash(idOf(3))), value: Buffer.alloc(4) }])
    expect(kindsOf(await verified(node))).to.deep.equal(['state'])
    expect((await verified(node, true)).sound).to.equal(true)
  })

  it('says what cannot be put right', async () => {
    const parts = await memoryParts()
    await using node = await filled(parts)
    await parts.stores.state.batch([{ key: placeKey('x'), value: Buffer.alloc(30) }])
    const { kinds, sound } = await verified(node, true)
    expect(sound).to.equal(false)
    expect(kinds[0]).to.include({ kind: 'state', mended: 0 })
  })

  it('goes on while articles come and go', async () => {
    const parts = await memoryParts()
    await using node = await filled(parts)
    let busy = true
    const working = (async () => {
      for (let at = 0; busy; at++) {
        await new Promise(resolve => setImmediate(resolve))
        const head = {
          From: 'a@b.example',
          Newsgroups: 'local.test',
          Subject: 's',
          'Message-ID': idOf(1000 + at),
        }
        await node.feed.inject(proto(head), anyone)
        if (at < 100) await node.storage.submit({ kind: 'cancel', target: idOf(at), time: 1, source: 'test' })
      }
    })()
    try {
      expect(await verified(node)).to.deep.include({ kinds: [], sound: true })
      await node.verifier.scrub()
    } finally {
      busy = false
      await working
    }
    expect(node.verifier.status()).to.include({ found: 0 }).and.have.property('lastRound').that.is.above(0)
  })

  it('sees damage in its slow look too', async () => {
    const parts = await memoryParts()
    await using node = await filled(parts)
    await flip('')(parts.stores.articles)
    await node.verifier.scrub()
    expect(node.verifier.status())
      .to.include({ found: 1 })
      .and.have.property('example')
      .that.contains('checksum')
    await verified(node, true)
    await node.verifier.scrub()
    expect(node.verifier.status()).to.include({ found: 0, example: '' })
  })
})
