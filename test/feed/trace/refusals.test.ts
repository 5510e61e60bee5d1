import { expect } from 'chai'
import { Refusals } from '../../../src/feed/trace/refusals.ts'
import { Reason } from '../../../src/reason.ts'
import { ManualClock } from '../../support/manual-clock.ts'

describe('refusals', () => {
  it('are remembered by message-ID, the last ones', () => {
    const refusals = new Refusals(new ManualClock(5_000), 3)
    refusals.add('<1@x>', 'peer:a', new Reason('too-old'))
    refusals.add('<2@x>', 'peer:a', new Reason('bad-date', '\x1b'))
    refusals.add('<1@x>', 'peer:b', new Reason('bare-cr'))
    expect(refusals.of('<1@x>')).to.deep.equal([
      { messageId: '<1@x>', source: 'peer:a', time: 5, reason: 'too-old', text: 'Too old' },
      { messageId: '<1@x>', source: 'peer:b', time: 5, reason: 'bare-cr', text: 'Bare CR in article' },
    ])
    expect(refusals.of('<2@x>')[0]?.text).to.equal('Bad Date: ?')
    for (const source of ['peer:c', 'peer:d']) refusals.add('<1@x>', source, new Reason('nul'))
    expect(refusals.of('<1@x>').map(({ source }) => source)).to.deep.equal(['peer:b', 'peer:c', 'peer:d'])
    expect(refusals.latest(2).map(({ source }) => source)).to.deep.equal(['peer:d', 'peer:c'])
  })

  it('are none where the article is here', () => {
    const refusals = new Refusals(new ManualClock())
    refusals.add('<1@x>', 'peer:a', new Reason('duplicate'))
    expect(refusals.of('<1@x>')).to.deep.equal([])
  })
})
