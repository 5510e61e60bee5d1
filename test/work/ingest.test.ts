import type { HeapProfiler } from 'node:inspector'
import { Session } from 'node:inspector/promises'
import { expect } from 'chai'
import type { Source } from '../../src/feed/feed.ts'
import type { Node } from '../../src/feed/node.ts'
import { parseMessageId } from '../../src/message-id.ts'
import { countingDisk, countingStores, Work } from '../support/counting-stores.ts'
import { memoryStores, testConfig, testNode } from '../support/node.ts'
import { SimDisk } from '../support/sim-disk.ts'

const articles = 2_000
const atOnce = 250
const body = `${'The quick brown fox jumps over the lazy dog, again and again.\r\n'.repeat(32)}.\r\n`

const source: Source = {
  peer: 'peer.example',
  aliases: [],
  address: '192.0.2.1',
  accepts: () => true,
  connection: Symbol('peer'),
}

function wireOf(number: number): { readonly id: string; readonly wire: Buffer } {
  const id = `<${number}@work.example>`
  const header =
    `Path: peer.example!not-for-mail\r\nFrom: A <a@example.org>\r\nNewsgroups: local.test\r\nSubject: Part ${number}\r\n` +
    `Date: ${new Date().toUTCString().replace('GMT', '+0000')}\r\nMessage-ID: ${id}\r\n\r\n`
  return { id, wire: Buffer.from(header + body) }
}

/** Octets of the articles that were taken. */
async function feed({ feed }: Node, from: number, count: number): Promise<number> {
  let octets = 0
  for (let at = from; at < from + count; at += atOnce) {
    const some = Array.from({ length: Math.min(atOnce, from + count - at) }, (_, more) => wireOf(at + more))
    const verdicts = await Promise.all(
      some.map(({ id, wire }) => {
        const parsed = parseMessageId(id)
        if (parsed === undefined) throw new Error(id)
        octets += wire.length
        return feed.transfer(parsed, { wire }, source)
      }),
    )
    for (const { kind } of verdicts) expect(kind).to.equal('accepted')
  }
  return octets
}

interface Counted {
  readonly work: Work
  readonly octets: number
  /** Octets of the heap that were made for the articles, what was collected meanwhile included. */
  readonly heap: number
}

async function countedFeed(): Promise<Counted> {
  const work = new Work()
  const config = testConfig({ search: { enabled: false } })
  const stores = countingStores(await memoryStores(), work)
  await using node = await testNode({ config, stores, disk: countingDisk(new SimDisk(), work) })
  await feed(node, 0, articles)
  work.onlyCounts = true
  const before = { ...work }
  const session = new Session()
  session.connect()
  const sampling = {
    samplingInterval: 4096,
    includeObjectsCollectedByMajorGC: true,
    includeObjectsCollectedByMinorGC: true,
  }
  await session.post('HeapProfiler.startSampling', sampling)
  const octets = await feed(node, articles, articles)
  const { profile } = await session.post('HeapProfiler.stopSampling')
  session.disconnect()
  const done = { ...before }
  for (const name of counts) done[name] = work[name] - before[name]
  return { work: done, octets, heap: sizeOf(profile.head) }
}

const counts = ['reads', 'batches', 'puts', 'deletes', 'octets', 'journal', 'syncs'] as const

const sizeOf = ({ selfSize, children }: HeapProfiler.SamplingHeapProfileNode): number =>
  selfSize + children.reduce((sum, child) => sum + sizeOf(child), 0)

/** Counts and no times: a machine that is busy does not change them. What is over is to be explained or taken back. */
describe('work of taking an article', () => {
  it('stays what it was measured to be', async function () {
    this.timeout(30_000)
    const { work, octets, heap } = await countedFeed()
    const each = (count: number) => count / articles
    const overhead = each(work.journal) - each(octets)
    const said = `${JSON.stringify(work)}, heap ${each(heap).toFixed(0)} octets an article`
    // The article, its history, its number, its row in the log; overview, marks and counters once a group of commits.
    expect(each(work.puts), said).to.be.within(4, 4.2)
    expect(each(work.deletes), said).to.be.at.most(0.05)
    // A filter in memory says that it is new.
    expect(each(work.reads), said).to.be.at.most(0.05)
    // One frame, one sync, one batch a database for all that comes at once.
    expect(work.syncs, said).to.be.at.most((2 * articles) / atOnce)
    expect(work.batches, said).to.be.at.most((6 * articles) / atOnce)
    expect(overhead, said).to.be.within(300, 900)
    expect(each(work.octets), said).to.be.at.most(each(octets) + 900)
    expect(each(heap), said).to.be.within(4_000, 16_000)
  })
})
