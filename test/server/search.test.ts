import { duplexPair } from 'node:stream'
import { expect } from 'chai'
import { systemClock } from '../../src/clock.ts'
import type { Searching } from '../../src/feed/search/search.ts'
import { SearchBusy } from '../../src/feed/search/search.ts'
import { silentLog } from '../../src/log.ts'
import { NntpServer } from '../../src/server/server.ts'
import { articleEntry } from '../support/entries.ts'
import { anyone, proto, testConfig, testNode } from '../support/node.ts'
import { RawClient } from '../support/raw-client.ts'

const access = [
  { read: '*', post: '*' },
  { from: ['192.0.2.0/24'], read: 'local.test', post: '' },
]

/** A node with some articles, all of which can be found. */
async function serving(posts: readonly Record<string, string>[], search?: Searching) {
  const config = testConfig({ access })
  const node = await testNode({ config })
  for (const headers of posts) {
    const all = { From: 'Ann <ann@example.org>', Newsgroups: 'local.test', ...headers }
    const verdict = await node.feed.inject(proto(all, 'Some words.\n'), anyone)
    expect(verdict.kind).to.equal('accepted')
  }
  await node.search.reached(node.storage.reading.newest, AbortSignal.timeout(60_000))
  const services = {
    reading: node.storage.reading,
    feed: node.feed,
    search: search ?? node.search,
    clock: systemClock,
    config: () => config,
  }
  const server = new NntpServer({ services, log: silentLog })
  const connect = (address = '127.0.0.1') => {
    const [ours, theirs] = duplexPair()
    void server.accept(theirs, address)
    return new RawClient(ours)
  }
  return {
    node,
    connect,
    async play(script: string, address?: string) {
      const client = connect(address)
      await client.line()
      await client.play(script)
      client.end()
    },
    async [Symbol.asyncDispose]() {
      await server.close()
      await node[Symbol.asyncDispose]()
    },
  }
}

const both = [
  { Subject: 'first plan', 'Message-ID': '<one@x>' },
  { Subject: 'second plan', 'Message-ID': '<two@x>', Newsgroups: 'local.other' },
  { Subject: 'third plan', 'Message-ID': '<three@x>', Newsgroups: 'local.other,local.test' },
]

describe('server/commands/search', () => {
  it('answers with overview lines, the newest first, under 0 or the number in the selected group', async () => {
    await using node = await serving(both)
    await node.play(`
      C: XSEARCH * plan
      S: 224 all - Overview information follows
      S: 0\tthird plan\tAnn <ann@example.org>\t*\t<three@x>\t\t*\t1\tXref: node.example local.other:2 local.test:2
      S: 0\tsecond plan\t*\t<two@x>\t*
      S: 0\tfirst plan\t*\t<one@x>\t*
      S: .
      C: GROUP local.other
      S: 211 *
      C: XSEARCH * subject:plan -first
      S: 224 *
      S: 2\tthird plan\t*
      S: 1\tsecond plan\t*
      S: .
      C: XSEARCH * "some words" mid:<one@x>
      S: 224 *
      S: 0\tfirst plan\t*
      S: .
      C: XSEARCH * nothing of that
      S: 224 all - *
      S: .`)
  })

  it('is a capability with the operators it knows', async () => {
    await using node = await serving([])
    const client = node.connect()
    await client.line()
    client.send('CAPABILITIES\r\n')
    expect(await client.line()).to.match(/^101 /)
    expect(await client.block()).to.include('XSEARCH FROM SUBJECT BODY GROUP BEFORE AFTER MID THREAD')
    client.end()
  })

  it('shows a reader nothing of groups that are hidden from him', async () => {
    await using node = await serving(both)
    const script = `
      C: XSEARCH * plan
      S: 224 all - *
      S: 0\tthird plan\tAnn <ann@example.org>\t*\t<three@x>\t\t*\t1\tXref: node.example local.test:2
      S: 0\tfirst plan\t*\t<one@x>\t*
      S: .
      C: XSEARCH * mid:<two@x>
      S: 224 all - *
      S: .
      C: XSEARCH * group:local.other
      S: 224 all - *
      S: .`
    await node.play(script, '192.0.2.1')
  })

  it('goes on at a place, and knows places of another log', async () => {
    await using node = await serving([])
    const { storage, search } = node.node
    const ids = Array.from({ length: 103 }, (_, at) => `<row${at}@x>`)
    await Promise.all(ids.map(id => storage.submit(articleEntry({ id, groups: ['local.test'] }))))
    await search.reached(storage.reading.newest, AbortSignal.timeout(60_000))
    // Three groups were made before the articles.
    const client = node.connect()
    await client.line()
    client.send('XSEARCH * about\r\n')
    expect(await client.line()).to.equal('224 more 1-7 Overview information follows')
    const lines = await client.block()
    expect(lines.map(line => line.split('\t')[4])).to.deep.equal(ids.slice(3).reverse())
    await client.play(`
      C: XSEARCH 1-7 about
      S: 224 all - *
      S: 0\tabout <row2@x>\t*
      S: 0\tabout <row1@x>\t*
      S: 0\tabout <row0@x>\t*
      S: .
      C: XSEARCH 2-7 about
      S: 501 The log has begun anew*`)
    client.end()
  })

  it('refuses with a sentence', async () => {
    await using node = await serving([])
    await node.play(`
      C: XSEARCH
      S: 501 Syntax: XSEARCH *|place query
      C: XSEARCH plan x
      S: 501 Syntax*
      C: XSEARCH * a*
      S: 501 A word with a star needs*
      C: XSEARCH * before:tomorrow
      S: 501 Dates are written*
      C: XSEARCH * "
      S: 501 No letter or digit in it
      C: XSEARCH * ${'aa* '.repeat(100)}
      S: 501 A query has at most*
      C: XSEARCH * ${'x'.repeat(600)}
      S: 501 *
      C: DATE
      S: 111 *`)
  })

  it('is not there where the search is off, and refused for now where too many search', async () => {
    const nothing = { enabled: false, epoch: 1, find: () => Promise.reject(new SearchBusy('busy')) }
    {
      await using node = await serving([], nothing)
      await node.play(`
        C: XSEARCH * plan
        S: 503 *`)
    }
    await using node = await serving([], { ...nothing, enabled: true })
    await node.play(`
      C: XSEARCH * plan
      S: 403 Too many searches*
      C: DATE
      S: 111 *`)
  })
})
