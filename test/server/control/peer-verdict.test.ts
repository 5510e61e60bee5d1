import { expect } from 'chai'
import { peerSchema } from '../../../src/config/sections/exchange.ts'
import type { CallResult, Permission } from '../../../src/feed/peers/peer-test.ts'
import { peerVerdict, through } from '../../../src/server/control/peer-verdict.ts'

const names = ['comp.a', 'comp.b', 'local.test']
const call = (permission: Permission, said = 'x'): CallResult => ({
  permission,
  said,
  address: 'b:119',
  local: '192.0.2.1',
  remote: '192.0.2.7',
})

function verdict(section: object, result: CallResult | undefined) {
  const peer = peerSchema.parse({ name: 'b.example', ...section })
  return peerVerdict({ peer, call: result, out: through(peer.send, names), in: through(peer.accept, names) })
}
const both = { to: 'b:119', from: ['192.0.2.7'], send: '*' }

describe('verdict of a test', () => {
  it('lets groups through as the feed does', () => {
    expect(through('comp.*,!comp.b', names)).to.deep.equal({ all: 3, groups: ['comp.a'] })
    expect(through('*,@comp.*', names).groups).to.deep.equal(['local.test'])
    expect(through(undefined, names).groups).to.deep.equal([])
  })

  for (const [section, result, ok, sentence] of [
    [
      both,
      call('streaming'),
      true,
      'takes our articles by streaming: we send it 3 of our 3 groups; it may feed us 2 of our 3 groups from 192.0.2.7.',
    ],
    [
      { ...both, from: [], send: 'comp.a' },
      call('ihave', 'why'),
      true,
      'by IHAVE, one at a time (why): we send it 1 of',
    ],
    [
      { ...both, send: 'alt.*' },
      call('streaming'),
      false,
      'streaming, but send lets none of our 3 groups through;',
    ],
    [{ ...both, send: undefined }, call('streaming'), false, 'but is sent nothing, because it has no send;'],
    [
      both,
      call('reader', '480 no'),
      false,
      'not as a peer (480 no): its administrator must list 192.0.2.1 as ours',
    ],
    [both, call('refused', 'it says no'), false, 'answers at b:119, but it says no.'],
    [
      both,
      call('insecure', 'its key is new'),
      false,
      'answers at b:119, but not with the TLS that is asked for: its key is new.',
    ],
    [
      both,
      call('unreachable', 'no route'),
      false,
      'cannot be reached at b:119: no route; see whether to is right.',
    ],
    [
      { from: ['::1'] },
      undefined,
      true,
      'is not called, because it has no to; it may feed us 2 of our 3 groups from ::1.',
    ],
    [
      {},
      undefined,
      false,
      'is not called, because it has no to; it feeds us nothing, because it has no from, certificate or account.',
    ],
  ] as const) {
    it(`${ok ? 'good' : 'bad'}: ${sentence}`, () => {
      const found = verdict(section, result)
      expect(found.ok).to.equal(ok)
      expect(found.sentence).to.match(/^b\.example .*\.\)?\.?$/)
      expect(found.sentence).to.contain(sentence)
    })
  }
})
