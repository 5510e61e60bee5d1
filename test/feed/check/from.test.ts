import { expect } from 'chai'
import { hasAddresses } from '../../../src/feed/check/from.ts'

describe('hasAddresses', () => {
  const good = [
    'a@b',
    'a@b.test (Alice)',
    'Alice <a@b.test>',
    '"Alice, of B" <a@b.test>',
    '"a \\" b" <a@b.test>, c@d.test (x (y) \\) z)',
    'J\xfcrgen <j@example.invalid>',
    '=?utf-8?q?J=C3=BCrgen?= <j@example.invalid>',
    '"a b"@c.test',
    '<a@b.test>',
    'a@[192.0.2.1]',
  ]
  const bad = [
    '',
    'Alice',
    'a@',
    '@b.test',
    'a b@c.test d',
    'a@.b.test',
    'Alice <a@b.test',
    'Alice <a@b.test> x',
    'Alice <>',
    'a@b.test,',
    '(a@b.test)',
    '"a@b.test"',
    'a@b.test (Alice',
    '"Alice <a@b.test>',
    'a@b\xe9.test',
    'allegra!larry',
  ]
  for (const text of good) it(`takes ${text}`, () => expect(hasAddresses(text)).to.equal(true))
  for (const text of bad) it(`refuses ${text || 'nothing'}`, () => expect(hasAddresses(text)).to.equal(false))
})
