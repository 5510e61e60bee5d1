import { createHash } from 'node:crypto'
import { expect } from 'chai'
import fc from 'fast-check'
import { derivedSecret } from '../../../src/feed/posting/locking.ts'
import {
  cancelKey,
  cancelLock,
  isOpened,
  locksIn,
  locksOpenedBy,
} from '../../../src/feed/withdraw/cancel-lock.ts'
import type { MessageId } from '../../../src/message-id.ts'

const messageId = '<12345@mid.example>' as MessageId
const without = { secret: Buffer.from('ExampleSecret'), user: '', messageId }
const jane = { secret: Buffer.from('AnotherSecret'), user: 'JaneDoe', messageId }

/** RFC 8315 5.1, 5.2 */
const examples = [
  {
    locked: without,
    key: 'sha256:qv1VXHYiCGjkX/N1nhfYKcAeUn8bCVhrWhoKuBSnpMA=',
    lock: 'sha256:s/pmK/3grrz++29ce2/mQydzJuc7iqHn1nqcJiQTPMc=',
  },
  {
    locked: jane,
    key: 'sha256:yM0ep490Fzt83CLYYAytm3S2HasHhYG4LAeAlmuSEys=',
    lock: 'sha256:NSBTz7BfcQFTCen+U4lQ0VS8VIlZao2b8mxD/xJaaeE=',
  },
]

describe('a Cancel-Lock', () => {
  for (const { locked, key, lock } of examples)
    it(`is made as in the example with ${locked.user || 'no'} user`, () => {
      expect(cancelKey(locked)).to.equal(key)
      expect(cancelLock(locked)).to.equal(lock)
      expect(isOpened(locksIn(lock), locksOpenedBy(key))).to.equal(true)
    })

  it('is opened by one key among several, in any order, whatever stands between them', () => {
    const [first, second] = examples
    const field = `(made (by) \\) us) sha1:aaaBBBcccDDDeeeFFF= ${first?.lock}(old)\r\n\tmd99:x ${second?.lock} (new)`
    expect(locksIn(field)).to.deep.equal([first?.lock, second?.lock])
    for (const { key } of examples)
      expect(isOpened(locksIn(field), locksOpenedBy(`sha256:AAAA ${key}`))).to.equal(true)
  })

  it('is opened by a key of SHA-512', () => {
    const key = Buffer.from('a key of any length').toString('base64')
    const lock = `sha512:${createHash('sha512').update(key).digest('base64')}`
    expect(isOpened(locksIn(lock), locksOpenedBy(`sha512:${key}`))).to.equal(true)
    expect(isOpened(locksIn(lock), locksOpenedBy(`sha256:${key}`))).to.equal(false)
  })

  const [{ key, lock } = { key: '', lock: '' }, other] = examples
  const sha1 = `sha1:${createHash('sha1').update('a2V5').digest('base64')}`
  const shut: [string, string, string][] = [
    ['no key', lock, ''],
    ['the lock itself', lock, lock],
    ['the key of another article', lock, other?.key ?? ''],
    ['the key under another scheme', lock, key.replace('sha256', 'sha512')],
    ['SHA-1, which proves nothing', sha1, 'sha1:a2V5'],
    ['a key with a letter more', lock, `${key}A`],
    ['a key in other case', lock, key.toLowerCase().replace('sha256:q', 'sha256:Q')],
    ['the key in a comment', lock, `(${key})`],
    ['an open comment', lock, `(${key}`],
    ['a lock cut short', lock.slice(0, -4), key],
    ['an empty lock', 'sha256:', 'sha256:'],
    ['a lock that is no base64', `sha256:${'!'.repeat(44)}`, key],
  ]
  for (const [what, field, keys] of shut)
    it(`stays shut to ${what}`, () => {
      expect(isOpened(locksIn(field), locksOpenedBy(keys))).to.equal(false)
    })

  it('takes schemes in any case, as old agents wrote them', () => {
    expect(locksIn(lock.replace('sha256', 'ShA256'))).to.deep.equal([lock])
  })

  it('is looked at only so far', () => {
    expect(locksIn(`${`${other?.lock} `.repeat(8)}${lock}`)).to.not.include(lock)
    expect(locksOpenedBy('sha256:AAAA '.repeat(100_000))).to.have.length(8)
  })

  it('is never opened by chance, and never makes a fault', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (one, two) => {
        expect(isOpened(locksIn(`${one} ${lock}`), locksOpenedBy(two))).to.equal(false)
      }),
    )
  })
})

describe('the secret of Cancel-Locks', () => {
  it('is made from that of the node where there is no file', () => {
    expect(derivedSecret(Buffer.alloc(32, 1))).to.have.length(32)
    expect(derivedSecret(Buffer.alloc(32, 1))).to.not.deep.equal(derivedSecret(Buffer.alloc(32, 2)))
  })
})
