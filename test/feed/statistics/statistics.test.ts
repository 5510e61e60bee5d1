import { expect } from 'chai'
import { systemClock } from '../../../src/clock.ts'
import { Statistics } from '../../../src/feed/statistics/statistics.ts'
import { silentLog } from '../../../src/log.ts'
import type { Storage } from '../../../src/storage/storage.ts'
import { wireFromText } from '../../../src/wire.ts'
import { anyone, memoryStores, testNode } from '../../support/node.ts'
import { until } from '../../support/running-site.ts'

const textOf = (number: number) =>
  wireFromText(
    Buffer.from(
      `From: Ann <a@example.org>\nNewsgroups: local.test\nSubject: s\nMessage-ID: <${number}@stats.example>\n${number > 2 ? 'References: <0@stats.example>\n' : ''}\nHello.\n`,
    ),
  )

async function follow({ reading, notes, places }: Storage, epoch = places.epoch): Promise<Statistics> {
  const statistics = new Statistics({ reading, notes, epoch, clock: systemClock, log: silentLog })
  await statistics.start()
  return statistics
}

const control = wireFromText(
  Buffer.from(
    'From: Ann <a@example.org>\nNewsgroups: local.test\nSubject: cmsg cancel <9@x.example>\nControl: cancel <9@x.example>\n\nGone.\n',
  ),
)

const counted = (statistics: Statistics): number =>
  statistics.counts.days().reduce((sum, { articles }) => sum + articles, 0)

describe('statistics', () => {
  it('count each article once, and no control message, over restarts, and begin anew in another log', async () => {
    await using node = await testNode({ stores: await memoryStores() })
    const { storage } = node
    for (let number = 0; number < 3; number++) await node.feed.inject(textOf(number), anyone)
    expect((await node.feed.inject(control, anyone)).kind).to.equal('accepted')
    const first = await follow(storage)
    await until('all are counted', async () => first.behind === 0)
    expect(counted(first)).to.equal(3)
    await first[Symbol.asyncDispose]()

    await node.feed.inject(textOf(3), anyone)
    const second = await follow(storage)
    await until('the new one is counted', async () => second.behind === 0)
    expect(counted(second)).to.equal(4)
    expect(second.counts.groups.top(1)).to.deep.equal([['local.test', 4]])
    expect(second.counts.posters.top(1)).to.deep.equal([['Ann <a@example.org>', 4]])
    expect(second.counts.threads.spans.slice(0, 3), 'the last one answers the first').to.deep.equal([2, 1, 0])
    await second[Symbol.asyncDispose]()

    const third = await follow(storage, storage.places.epoch + 1)
    await until('the other log is counted', async () => third.behind === 0)
    expect(counted(third)).to.equal(4)
    await third[Symbol.asyncDispose]()
  })
})
