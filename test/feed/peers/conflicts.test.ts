import { expect } from 'chai'
import type { Source } from '../../../src/feed/feed.ts'
import { type Log, silentLog } from '../../../src/log.ts'
import type { MessageId } from '../../../src/message-id.ts'
import { ManualClock } from '../../support/manual-clock.ts'
import { proto, testNode } from '../../support/node.ts'

const id = '<1@far.example>' as MessageId

const source = (peer: string): Source => ({
  peer,
  aliases: [],
  address: '192.0.2.1',
  accepts: () => true,
  connection: Symbol(peer),
})

const copy = (more: Record<string, string> = {}, body?: string) =>
  proto(
    {
      Path: 'b.example!.POSTED!not-for-mail',
      From: 'A <a@far.example>',
      Newsgroups: 'local.test',
      Subject: 's',
      Date: 'Thu, 1 Jan 2026 00:00:00 +0000',
      'Message-ID': id,
      ...more,
    },
    body,
  )

interface Event {
  readonly event: string
  readonly stored?: string
  readonly refused?: string
}

async function conflictsWith(late: Buffer): Promise<Event[]> {
  const events: Event[] = []
  const log: Log = { ...silentLog, warn: (fields, event) => events.push({ ...fields, event }) }
  const node = await testNode({ clock: new ManualClock(), log })
  expect(await node.feed.transfer(id, { wire: copy() }, source('b.example'))).to.include({ kind: 'accepted' })
  expect(await node.feed.transfer(id, { wire: late }, source('c.example'))).to.include({ kind: 'rejected' })
  const stored = await node.storage.reading.locateId(id)
  expect(stored?.arrival).to.equal(node.storage.reading.newest)
  await node[Symbol.asyncDispose]()
  return events.filter(({ event }) => event === 'conflict')
}

describe('a late copy', () => {
  const same: readonly [string, Buffer][] = [
    ['another Path', copy({ Path: 'c.example!x' })],
    ['an Xref', copy({ Xref: 'c.example local.test:1' })],
    [
      'another injection',
      copy({ 'Injection-Info': 'c.example', 'Injection-Date': 'Thu, 1 Jan 2026 00:00:01 +0000' }),
    ],
  ]
  for (const [what, late] of same)
    it(`with ${what} is the same article`, async () => expect(await conflictsWith(late)).to.deep.equal([]))

  const other: readonly [string, Buffer][] = [
    ['body', copy({}, 'Something else.\n')],
    ['Subject', copy({ Subject: 'another' })],
  ]
  for (const [what, late] of other)
    it(`with another ${what} is named in the log with both sums`, async () => {
      const [conflict, ...more] = await conflictsWith(late)
      expect(more).to.deep.equal([])
      expect(conflict).to.include({ messageId: id, peer: 'c.example' })
      expect(conflict?.stored).to.match(/^[0-9a-f]{64}$/)
      expect(conflict?.refused)
        .to.match(/^[0-9a-f]{64}$/)
        .and.not.equal(conflict?.stored)
    })
})
