import { expect } from 'chai'
import { isMailAddress } from '../src/mail-address.ts'

describe('isMailAddress', () => {
  const good = [
    'a@b',
    'moderator@example.org',
    "o'neil+news@m-1.example.org",
    'comp-lang-c@moderators.isc.org',
    // A pattern for the moderators of many groups.
    '%s@moderators.example',
  ]
  const bad = [
    '',
    'a',
    '@b.test',
    'a@',
    'a@b.test ',
    'a@b.test\r\nBcc: v@evil.test',
    'a@b.test,v@evil.test',
    'a@b@c.test',
    '"a b"@c.test',
    '<a@b.test>',
    'a@[127.0.0.1]',
    'a..b@c.test',
    '.a@c.test',
    'a@-c.test',
    'a@c..test',
    'é@c.test',
    `${'a'.repeat(65)}@c.test`,
    `a@${'b.'.repeat(130)}test`,
  ]
  for (const text of good) it(`takes ${text}`, () => expect(isMailAddress(text)).to.equal(true))
  for (const text of bad) {
    it(`refuses ${JSON.stringify(text).slice(0, 40)}`, () => expect(isMailAddress(text)).to.equal(false))
  }
})
