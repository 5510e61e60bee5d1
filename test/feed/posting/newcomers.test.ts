import { expect } from 'chai'
import type { Poster } from '../../../src/feed/feed.ts'
import { ManualClock } from '../../support/manual-clock.ts'
import { anyone, proto, testConfig, testNode } from '../../support/node.ts'

const good = { From: 'a@example.org', Newsgroups: 'local.test', Subject: 's' }
const hour = 3_600_000

describe('newcomers', () => {
  const registered = (clock: ManualClock, account: string): Poster => ({
    ...anyone,
    account,
    address: '192.0.2.1',
    registered: clock.now() / 1000 - 60,
  })

  it('post five articles an hour and fifty a day, and what was refused does not count', async () => {
    const clock = new ManualClock()
    await using node = await testNode({ config: testConfig({}), clock })
    const poster = registered(clock, 'ann')
    const post = async (headers = {}) => {
      const verdict = await node.feed.inject(proto({ ...good, ...headers }), poster)
      if ('seconds' in verdict) waits.push(verdict.seconds ?? 0)
      return 'reason' in verdict ? verdict.reason.name : verdict.kind
    }
    const waits: number[] = []
    for (let i = 0; i < 5; i++) {
      expect(await post({ Newsgroups: 'local.absent' })).not.to.equal('accepted')
      expect(await post()).to.equal('accepted')
    }
    expect(await post()).to.equal('too-fast')
    await clock.advance(hour - 1)
    expect(await post()).to.equal('too-fast')
    expect(waits).to.deep.equal([3600, 1])
    let day = 5
    for (let i = 1; i < 24; i++) {
      await clock.advance(i === 1 ? 1 : hour)
      for (let j = 0; j < 6; j++) if ((await post()) === 'accepted') day += 1
    }
    expect(day).to.equal(50)
    expect(waits.at(-1), 'the first of the day was 23 hours ago').to.equal(3600)
  })

  it('flood nobody, however many they are', async () => {
    const clock = new ManualClock()
    await using node = await testNode({ config: testConfig({}), clock })
    let accepted = 0
    const before = node.storage.reading.newest
    for (let account = 0; account < 100; account++)
      for (let i = 0; i < 7; i++) {
        const verdict = await node.feed.inject(proto(good), registered(clock, `a${account}`))
        if (verdict.kind === 'accepted') accepted += 1
      }
    expect([accepted, node.storage.reading.newest - before]).to.deep.equal([500, 500])
  })

  it('are not on loopback, nor of a rule that says how many, nor after a month, nor made by an administrator', async () => {
    const clock = new ManualClock()
    await using node = await testNode({ config: testConfig({}), clock })
    const poster = registered(clock, 'ann')
    const { registered: _, ...made } = poster
    const old = { ...poster, registered: clock.now() / 1000 - 31 * 86_400 }
    for (const each of [{ ...poster, address: '127.0.0.1' }, { ...poster, postsPerHour: 100 }, old, made])
      for (let i = 0; i < 8; i++) {
        const verdict = await node.feed.inject(proto(good), each)
        expect(verdict.kind).to.equal('accepted')
      }
  })
})
