import { expect } from 'chai'
import type { Node } from '../../../src/feed/node.ts'
import type { Hits, SearchFor } from '../../../src/feed/search/searcher.ts'
import { isProblem, parseQuery } from '../../../src/search/query.ts'
import { anyone, memoryParts, proto, testConfig, testNode } from '../../support/node.ts'

const everybody = { mayRead: () => true, readsAll: true }

interface Post {
  readonly subject: string
  readonly groups?: string
  readonly body?: string
  readonly more?: Record<string, string>
}

/** Posts, and gives the message-ID. */
async function post(node: Node, { subject, groups = 'local.test', body = 'Hello.', more = {} }: Post) {
  const headers = { From: 'Ann <ann@example.org>', Newsgroups: groups, Subject: subject, ...more }
  const verdict = await node.feed.inject(proto(headers, `${body}\n`), anyone)
  if (verdict.kind !== 'accepted') throw new Error(`${verdict.kind} ${JSON.stringify(verdict)}`)
  return verdict.messageId
}

const indexed = (node: Node): Promise<void> =>
  node.search.reached(node.storage.reading.newest, AbortSignal.timeout(60_000))

async function find(node: Node, text: string, more: Partial<SearchFor> = {}): Promise<Hits> {
  await indexed(node)
  const query = parseQuery(text)
  if (isProblem(query)) throw new Error(query.problem)
  return node.search.find({ query, asker: everybody, limit: 100, ...more }, 'test')
}

/** Subjects of what is found. */
async function subjects(node: Node, text: string, more: Partial<SearchFor> = {}): Promise<string[]> {
  const { hits } = await find(node, text, more)
  return Promise.all(
    hits.map(async ({ arrival }) => {
      const article = await node.storage.reading.article(arrival)
      return /^Subject: (.*)\r$/m.exec(article?.head.toString() ?? '')?.[1] ?? 'gone'
    }),
  )
}

describe('feed/search', () => {
  it('finds by words, fields, groups, threads and message-IDs, the newest first', async () => {
    await using node = await testNode()
    const first = await post(node, { subject: 'Kernel panic', body: 'It hangs at boot, every Tuesday.' })
    await post(node, {
      subject: 'Re: Kernel panic',
      more: { References: first },
      body: 'Try another boot disk.',
    })
    await post(node, { subject: 'Cheese', groups: 'local.other', body: 'kernels of corn' })
    await post(node, {
      subject: 'Both',
      groups: 'local.test,local.other',
      more: { From: 'Bob Panic <bob@x.example>' },
    })
    const table: readonly (readonly [string, readonly string[]])[] = [
      ['kernel', ['Re: Kernel panic', 'Kernel panic']],
      ['kernel*', ['Cheese', 'Re: Kernel panic', 'Kernel panic']],
      ['body:kernel*', ['Cheese']],
      ['panic', ['Both', 'Re: Kernel panic', 'Kernel panic']],
      ['from:panic', ['Both']],
      ['panic -from:bob', ['Re: Kernel panic', 'Kernel panic']],
      ['boot -disk', ['Kernel panic']],
      ['"boot disk"', ['Re: Kernel panic']],
      ['boot -"boot disk"', ['Kernel panic']],
      ['"disk boot"', []],
      ['group:local.other', ['Both', 'Cheese']],
      ['group:local.other -group:local.test', ['Cheese']],
      ['group:local.other group:local.test', ['Both']],
      ['-kernel', ['Both', 'Cheese']],
      [`thread:${first}`, ['Re: Kernel panic', 'Kernel panic']],
      [`mid:${first}`, ['Kernel panic']],
      [`mid:${first} cheese`, []],
      ['mid:<no@where>', []],
      ['nowhere', []],
      ['before:2000', []],
      ['after:2000 cheese', ['Cheese']],
    ]
    for (const [text, expected] of table) expect(await subjects(node, text), text).to.deep.equal(expected)
  })

  it('goes by the date of articles', async () => {
    await using node = await testNode({ config: testConfig({ history: { cutoff_days: 0 } }) })
    for (const year of [1993, 1994, 1995])
      await post(node, {
        subject: `of ${year}`,
        more: { Date: `Thu, 01 Apr ${year} 12:00:00 +0000`, 'Message-ID': `<${year}@x>` },
      })
    expect(await subjects(node, 'after:1994')).to.deep.equal(['of 1995', 'of 1994'])
    expect(await subjects(node, 'after:1994-04-01 before:1994-04-02')).to.deep.equal(['of 1994'])
    expect(await subjects(node, 'before:1994 of')).to.deep.equal(['of 1993'])
  })

  it('finds nothing that its author does not want found', async () => {
    await using node = await testNode()
    await post(node, { subject: 'secretive', more: { 'X-No-Archive': 'yes' } })
    const hidden = await post(node, { subject: 'secretive too', body: 'X-No-Archive: yes' })
    expect(await subjects(node, 'secretive')).to.deep.equal([])
    expect(await subjects(node, `mid:${hidden}`)).to.deep.equal([])
    expect(node.search.status.articles).to.equal(0)
  })

  it('knows nothing of groups that the asker may not read', async () => {
    await using node = await testNode()
    const hidden = await post(node, { subject: 'plan one', groups: 'local.other' })
    await post(node, { subject: 'plan two', more: { References: hidden } })
    await post(node, { subject: 'plan both', groups: 'local.test,local.other' })
    const asker = { mayRead: (group: string) => group !== 'local.other', readsAll: false }
    expect(await subjects(node, 'plan', { asker })).to.deep.equal(['plan both', 'plan two'])
    expect(await subjects(node, 'plan group:local.other', { asker })).to.deep.equal([])
    // That it is crossposted to what is hidden is nothing he knows of.
    expect(await subjects(node, 'plan -group:local.other', { asker })).to.deep.equal([
      'plan both',
      'plan two',
    ])
    expect(await subjects(node, `mid:${hidden}`, { asker })).to.deep.equal([])
    expect(await subjects(node, `thread:${hidden}`, { asker })).to.deep.equal(['plan two'])
    const { examined, indexed } = await find(node, 'plan -both', { asker })
    expect({ examined, indexed }).to.deep.equal({ examined: 1, indexed: node.storage.reading.newest })
  })

  it('does not find what is cancelled', async () => {
    await using node = await testNode()
    const id = await post(node, { subject: 'gone soon' })
    await post(node, { subject: 'gone never' })
    expect(await subjects(node, 'gone')).to.deep.equal(['gone never', 'gone soon'])
    await node.storage.submit({ kind: 'cancel', target: id, time: 2e9, source: 'test' })
    expect(await subjects(node, 'gone')).to.deep.equal(['gone never'])
  })

  it('gives a page at a time, and says where to go on', async () => {
    await using node = await testNode()
    for (let at = 1; at <= 25; at++) await post(node, { subject: `page ${at}`, groups: 'local.test' })
    const seen: string[] = []
    let before: SearchFor['before']
    for (let pages = 0; pages < 10; pages++) {
      const more = { limit: 10, ...(before !== undefined && { before }) }
      seen.push(...(await subjects(node, 'page', more)))
      before = (await find(node, 'page', more)).next
      if (before === undefined) break
    }
    expect(seen).to.deep.equal(Array.from({ length: 25 }, (_, at) => `page ${25 - at}`))
  })

  it('finds the same after a start, and after everything was made again', async () => {
    const parts = await memoryParts()
    const node = await testNode(parts)
    await post(node, { subject: 'lasting' })
    expect(await subjects(node, 'lasting')).to.deep.equal(['lasting'])
    node.search.makeAgain()
    await post(node, { subject: 'lasting too' })
    expect(await subjects(node, 'lasting')).to.have.length(2)
    const { stores, disk } = parts
    const survivor = {
      disk: disk.crash(() => 0),
      stores: {
        articles: await stores.articles.crash(),
        state: await stores.state.crash(),
        index: await stores.index.crash(),
      },
    }
    await using again = await testNode(survivor)
    expect(await subjects(again, 'lasting')).to.deep.equal(['lasting too', 'lasting'])
  })

  it('is off where it is configured so', async () => {
    let config = testConfig({ search: { enabled: false } })
    await using node = await testNode({ config: () => config })
    await post(node, { subject: 'unseen' })
    expect(node.search.enabled).to.equal(false)
    const asked = parseQuery('unseen')
    if (isProblem(asked)) throw new Error(asked.problem)
    const off = await node.search
      .find({ query: asked, asker: everybody, limit: 1 }, 'test')
      .catch((error: Error) => error.constructor.name)
    expect(off).to.equal('SearchOff')
    config = testConfig()
    await node.reload()
    expect(await subjects(node, 'unseen')).to.deep.equal(['unseen'])
  })
})
