import { duplexPair } from 'node:stream'
import { expect } from 'chai'
import { systemClock } from '../../src/clock.ts'
import { silentLog } from '../../src/log.ts'
import { NntpServer } from '../../src/server/server.ts'
import { articleKey } from '../../src/storage/keys.ts'
import { anyone, crashed, memoryParts, proto, testConfig, testNode } from '../support/node.ts'
import { RawClient } from '../support/raw-client.ts'

describe('an article whose checksum does not hold', () => {
  it('is not served: 430 by message-ID, 423 by number, a line in the log; the others are', async () => {
    const parts = await memoryParts()
    const config = testConfig()
    let damaged = 0
    {
      await using node = await testNode(parts)
      for (const id of ['<1@x>', '<2@x>']) {
        const wire = proto({ From: 'a@b.example', Newsgroups: 'local.test', Subject: id, 'Message-ID': id })
        const verdict = await node.feed.inject(wire, anyone)
        if (verdict.kind === 'accepted' && id === '<1@x>') damaged = verdict.arrival
      }
    }
    // Everything is on disk, and the tail in memory is gone.
    const after = await crashed(parts, () => 0)
    const key = articleKey(damaged)
    const record = await after.stores.articles.get(key)
    if (record === undefined) throw new Error('not stored')
    record[record.length - 10] = (record[record.length - 10] ?? 0) ^ 1
    await after.stores.articles.batch([{ key, value: record }])

    const lines: string[] = []
    const log = {
      ...silentLog,
      error: (fields: object, text: string) => void lines.push(`${text} ${JSON.stringify(fields)}`),
    }
    await using node = await testNode({ ...after, log })
    const { feed, storage } = node
    const services = { reading: storage.reading, feed, clock: systemClock, config: () => config }
    await using server = new NntpServer({ services, log: silentLog })
    const [ours, theirs] = duplexPair()
    const served = server.accept(theirs, '127.0.0.1')
    const client = new RawClient(ours)
    await client.line()
    await client.play(`
      C: ARTICLE <1@x>
      S: 430 *
      C: GROUP local.test
      S: 211 2 1 2 local.test
      C: BODY 1
      S: 423 *
      C: STAT 2
      S: 223 2 <2@x>*
      C: BODY 2
      S: 222 2 <2@x>*
      S: Hello.
      S: .
    `)
    expect(lines).to.include(`article damaged: its checksum does not hold {"arrival":${damaged}}`)
    client.end()
    await served
  })
})
