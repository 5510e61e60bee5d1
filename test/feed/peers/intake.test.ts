import { expect } from 'chai'
import { Intake } from '../../../src/feed/peers/intake.ts'
import type { MessageId } from '../../../src/message-id.ts'
import { Reason, type ReasonName } from '../../../src/reason.ts'
import type { Arrival } from '../../../src/storage/reading.ts'
import { ManualClock } from '../../support/manual-clock.ts'

const accepted = {
  kind: 'accepted',
  arrival: 1 as Arrival,
  messageId: '<1@x>' as MessageId,
  filings: [],
} as const
const rejected = (name: ReasonName) => ({ kind: 'rejected', reason: new Reason(name) }) as const

describe('intake', () => {
  it('counts what each peer offers and sends, by what became of it', async () => {
    const clock = new ManualClock(1_000_000)
    const intake = new Intake(clock)
    for (const answer of ['send', 'have', 'have', 'later'] as const) intake.offered('a', answer)
    intake.received('a', accepted, 1_500)
    intake.received('a', accepted, 500)
    for (const name of ['duplicate', 'duplicate', 'too-old', 'too-old', 'bad-date'] as const)
      intake.received('a', rejected(name), 10)
    await clock.advance(5_000)
    intake.received('a', { kind: 'deferred', reason: new Reason('no-space') }, 10)
    intake.offered('b', 'send')
    expect(intake.of('a')).to.deep.equal({
      offered: 4,
      duplicate: 2,
      putOff: 1,
      useful: 2,
      late: 2,
      deferred: 1,
      refused: new Map([
        ['too-old', 2],
        ['bad-date', 1],
      ]),
      octets: 2_000,
      rate: 2 / 60,
      since: 1_000,
      first: 1_000,
      last: 1_005,
    })
    expect(intake.of('b')).to.include({ offered: 1, useful: 0 })
    expect(intake.of('c')).to.include({ offered: 0, last: 0 })
  })

  it('goes on from what it counted before, and drops reasons that are none', async () => {
    const clock = new ManualClock(1_000_000)
    const intake = new Intake(clock)
    intake.offered('a', 'have')
    intake.received('a', accepted, 1_500)
    intake.received('a', rejected('too-old'), 1_500)
    const tally = intake.tally('a')
    await clock.advance(60_000)
    const again = new Intake(clock)
    again.begin('a', { ...tally, refused: [...tally.refused, ['no-such-reason', 3]] })
    again.received('a', rejected('too-old'), 1_500)
    expect(again.of('a')).to.deep.include({
      offered: 1,
      duplicate: 1,
      useful: 1,
      octets: 1_500,
      refused: new Map([['too-old', 2]]),
      since: 1_000,
      first: 1_000,
      last: 1_060,
    })
  })

  it('forgets peers that are not configured any more', () => {
    const intake = new Intake(new ManualClock())
    intake.offered('a', 'send')
    intake.offered('b', 'send')
    intake.keep(['b', 'c'])
    expect(intake.of('a').offered).to.equal(0)
    expect(intake.of('b').offered).to.equal(1)
  })
})
