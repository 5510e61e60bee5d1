/** The one way in, over whole nodes. */
import { expect } from 'chai'
import type { Source, Verdict } from '../../src/feed/feed.ts'
import type { MessageId } from '../../src/message-id.ts'
import { ManualClock } from '../support/manual-clock.ts'
import { proto, testConfig, testNode } from '../support/node.ts'

const id = '<1@far.example>' as MessageId

const source = (peer: string): Source => ({
  peer,
  aliases: [],
  address: '192.0.2.1',
  accepts: () => true,
  connection: Symbol(peer),
})

const article = (more: Record<string, string>) =>
  proto({
    Path: 'far.example!.POSTED!not-for-mail',
    From: 'A <a@far.example>',
    Newsgroups: 'local.test',
    Subject: 's',
    Date: 'Thu, 1 Jan 2026 00:00:00 +0000',
    'Message-ID': id,
    ...more,
  })

const reasonOf = (verdict: Verdict) => ('reason' in verdict ? verdict.reason.name : verdict.kind)

describe('acceptance', () => {
  it('lets one peer bring what the distributions agreed with another one keep out', async () => {
    const peer = [{ name: 'us.example', distributions: 'us' }, { name: 'all.example' }]
    const node = await testNode({ clock: new ManualClock(), config: testConfig({ peer }) })
    const wire = article({ Distribution: 'eu' })
    const transfer = async (name: string) => reasonOf(await node.feed.transfer(id, { wire }, source(name)))
    expect(await transfer('us.example')).to.equal('unwanted-distribution')
    expect(await node.feed.offer(id, source('all.example'))).to.equal('send')
    expect(await transfer('all.example')).to.equal('accepted')
    await node[Symbol.asyncDispose]()
  })

  it('makes the same record of an article that stands alone in its memory, and copies one that does not', async () => {
    const node = await testNode({ clock: new ManualClock() })
    const wire = Buffer.concat([article({}), Buffer.alloc(50_000, 'a line\r\n')])
    const own = '<2@far.example>' as MessageId
    const other = Buffer.from(wire.toString('latin1').replace(id, own), 'latin1')
    const memory = Buffer.concat([Buffer.alloc(1024), other, Buffer.from('.\r\n')])
    const around = { memory, before: 1024 }
    const arrived = { wire: memory.subarray(1024, 1024 + other.length), around }
    const before = Buffer.from(wire)
    expect(reasonOf(await node.feed.transfer(id, { wire }, source('far.example')))).to.equal('accepted')
    expect(wire.equals(before)).to.equal(true)
    expect(reasonOf(await node.feed.transfer(own, arrived, source('far.example')))).to.equal('accepted')
    const served = async (one: MessageId) => {
      const found = await node.storage.reading.articleById(one)
      return found?.served
        .toString('latin1')
        .replace(one, '')
        .replace(/local.test:\d/, '')
    }
    expect(await served(own)).to.equal(await served(id))
    expect(await served(id))
      .to.include('Path: node.example!')
      .and.include('a line\r\n.\r\n')
    await node[Symbol.asyncDispose]()
  })

  it('takes in what it would send: world from everybody, whatever the case of letters', async () => {
    const peer = [{ name: 'us.example', distributions: 'US' }]
    const node = await testNode({ clock: new ManualClock(), config: testConfig({ peer }) })
    const taken = async (distribution: string, number: number) => {
      const own = `<${number}@far.example>` as MessageId
      const wire = article({ 'Message-ID': own, Distribution: distribution })
      return reasonOf(await node.feed.transfer(own, { wire }, source('us.example')))
    }
    expect(await taken('world', 2)).to.equal('accepted')
    expect(await taken('Us', 3)).to.equal('accepted')
    expect(await taken('local', 4)).to.equal('unwanted-distribution')
    await node[Symbol.asyncDispose]()
  })
})
