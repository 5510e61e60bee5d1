import { duplexPair } from 'node:stream'
import { expect } from 'chai'
import { systemClock } from '../../src/clock.ts'
import { openNode } from '../../src/composition/node.ts'
import type { Node } from '../../src/feed/node.ts'
import { silentLog } from '../../src/log.ts'
import { NntpServer } from '../../src/server/server.ts'
import { IndexUnfinished } from '../../src/storage/index/index-unfinished.ts'
import { audit } from '../support/audit.ts'
import { MemoryStore } from '../support/memory-store.ts'
import {
  anyone,
  crashed,
  type MemoryParts,
  memoryParts,
  proto,
  testConfig,
  testNode,
} from '../support/node.ts'
import { RawClient } from '../support/raw-client.ts'
import { rejection } from '../support/rejection.ts'
import { overview } from '../support/storage.ts'
import { withBatch } from '../support/with-batch.ts'

const articles = 300
const groups = 'local.test,local.other'
const config = testConfig({ peer: [{ name: 'feeder.example', from: ['127.0.0.1'], accept: '*' }] })

async function filled(): Promise<{ parts: MemoryParts; lines: readonly string[] }> {
  const parts = await memoryParts()
  const node = await testNode({ ...parts, config })
  await Promise.all(
    Array.from({ length: articles }, (_, at) =>
      node.feed.inject(
        proto({ From: 'a@b.example', Newsgroups: groups, Subject: 's', 'Message-ID': `<${at + 1}@x>` }),
        anyone,
      ),
    ),
  )
  const lines = await overviewOf(node)
  await node[Symbol.asyncDispose]()
  return { parts, lines }
}

async function overviewOf({ storage: { reading } }: Node): Promise<string[]> {
  const group = await reading.group('local.other')
  return group ? overview(reading, group.id) : []
}

/** The same after a clean stop, its index gone: what is made of it waits behind the first batch. */
async function withoutIndex({ stores, disk }: MemoryParts) {
  const left = await crashed({ stores, disk }, () => 0)
  const index = await MemoryStore.open()
  let batches = 0
  let open = () => {}
  const opened = new Promise<void>(resolve => {
    open = resolve
  })
  let arrived = () => {}
  const first = new Promise<void>(resolve => {
    arrived = resolve
  })
  const gated = withBatch(index, async changes => {
    if (++batches > 1) {
      arrived()
      await opened
    }
    return index.batch(changes)
  })
  return { disk: left.disk, stores: { ...left.stores, index: gated }, open, first }
}

type Left = Awaited<ReturnType<typeof withoutIndex>>

const opened = (
  { disk, stores }: Left,
  fatal: (error: Error) => void = error => void Promise.reject(error),
) =>
  openNode({
    config: () => config,
    stores,
    disk,
    clock: systemClock,
    log: silentLog,
    random: octets => Buffer.alloc(octets, 7),
    fatal,
  })

async function connected({ storage, feed }: Node) {
  const services = { reading: storage.reading, feed, clock: systemClock, config: () => config }
  const server = new NntpServer({ services, log: silentLog })
  const [ours, theirs] = duplexPair()
  void server.accept(theirs, '127.0.0.1')
  theirs.once('close', () => setImmediate(() => ours.destroy()))
  const client = new RawClient(ours)
  await client.line()
  return {
    async ask(command: string): Promise<string> {
      client.send(`${command}\r\n`)
      const line = await client.line()
      if (/^(220|221|222|215) /.test(line)) await client.block()
      return line
    },
    async [Symbol.asyncDispose]() {
      ours.end()
      await server.close()
    },
  }
}

const article = (id: string) =>
  `From: a@b.example\r\nNewsgroups: local.test\r\nSubject: s\r\nMessage-ID: ${id}\r\n\r\nHello.\r\n.`
const relayed = (id: string) =>
  `Path: feeder.example!x\r\nDate: ${new Date().toUTCString()}\r\n${article(id)}`

describe('a node whose index is gone', () => {
  it('serves by message-ID what is in the new one, and says 403 of the rest until it is made', async () => {
    const { parts, lines } = await filled()
    expect(lines).to.have.length(articles)
    const left = await withoutIndex(parts)
    await using node = await opened(left)
    await left.first
    {
      await using reader = await connected(node)
      expect(await reader.ask('ARTICLE <1@x>')).to.match(/^220 0 <1@x>/)
      expect(await reader.ask('STAT <1@x>')).to.match(/^223 0 <1@x>/)
      expect(await reader.ask('GROUP local.other')).to.equal(`211 ${articles} 1 ${articles} local.other`)
      expect(await reader.ask('HEAD 1')).to.match(/^221 1 <1@x>/)
      expect(await reader.ask('BODY')).to.match(/^222 1 /)
      for (const command of [
        `ARTICLE <${articles}@x>`,
        'STAT <never@x>',
        `BODY ${articles}`,
        `STAT ${articles + 10}`,
        'OVER 1-',
        'HDR Subject 1-',
        'HDR User-Agent 1-',
        'XPAT Subject 1- *',
        'LISTGROUP local.other',
        'NEXT',
        'NEWNEWS * 19990101 000000 GMT',
      ])
        expect(await reader.ask(command), command).to.match(/^403 .*made again/)
      expect(await reader.ask('LIST ACTIVE')).to.match(/^215 /)
      expect(await reader.ask('POST')).to.match(/^340 /)
      expect(await reader.ask(article('<new@x>'))).to.match(/^441 .*made again/)
      expect(await reader.ask('CHECK <new@x>')).to.match(/^431 /)
      expect(await reader.ask('IHAVE <new@x>')).to.match(/^436 /)
      expect(await reader.ask('IHAVE <1@x>')).to.match(/^435 /)
      expect(await reader.ask(`TAKETHIS <new@x>\r\n${relayed('<new@x>')}`)).to.match(/^400 /)
    }
    expect(await rejection(node.storage.reading.arrivals(node.storage.reading.newest, 1))).to.be.instanceOf(
      IndexUnfinished,
    )
    left.open()
    await node.ready
    await using reader = await connected(node)
    expect(await reader.ask(`ARTICLE <${articles}@x>`)).to.match(/^220 0 /)
    expect(await reader.ask('STAT <never@x>')).to.match(/^430 /)
    expect(await reader.ask('CHECK <new@x>')).to.match(/^238 /)
    expect(await overviewOf(node)).to.deep.equal(lines)
    expect(await audit(node.storage.reading)).to.deep.equal([])
  })

  it('can be stopped before it is made, and makes it at the next start', async () => {
    const { parts, lines } = await filled()
    const left = await withoutIndex(parts)
    const node = await opened(left)
    await left.first
    const stopped = node[Symbol.asyncDispose]()
    left.open()
    await stopped
    expect(await rejection(node.ready)).to.be.instanceOf(Error)
    const again = await withoutIndex({ ...parts, disk: left.disk })
    again.open()
    await using next = await opened(again)
    await next.ready
    expect(await overviewOf(next)).to.deep.equal(lines)
  })

  it('ends where the new one cannot be written', async () => {
    const { parts } = await filled()
    const left = await withoutIndex(parts)
    const full = withBatch(left.stores.index, () => Promise.reject(new Error('no room')))
    const fatal = new Promise<Error>(resolve => {
      const stores = { ...left.stores, index: full }
      void opened({ ...left, stores }, resolve).then(async node => {
        await rejection(node.ready)
        await node[Symbol.asyncDispose]()
      })
    })
    expect((await fatal).message).to.equal('no room')
  })
})
