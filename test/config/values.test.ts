import { expect } from 'chai'
import { isAddressOrCidr, isGroupName, isGroupStatus, isPathIdentity } from '../../src/config/values.ts'

function table(test: (text: string) => boolean, good: readonly string[], bad: readonly string[]): void {
  for (const text of good) it(`takes ${JSON.stringify(text)}`, () => expect(test(text)).to.equal(true))
  for (const text of bad) it(`refuses ${JSON.stringify(text)}`, () => expect(test(text)).to.equal(false))
}

describe('configuration values', () => {
  describe('address or CIDR', () => {
    table(
      isAddressOrCidr,
      ['192.0.2.7', '::1', '127.0.0.0/8', '0.0.0.0/0', '::/0', '2001:db8::/128'],
      [
        '',
        'news.b',
        '192.0.2.7/33',
        '::/129',
        '1.2.3.4/',
        '1.2.3.4/08',
        '1.2.3.4/8/8',
        'fe80::1%eth0',
        '1.2.3',
      ],
    )
  })
  describe('path identity, RFC 5536 3.1.5', () => {
    table(
      isPathIdentity,
      ['news.example.org', 'localhost', 'old_name', 'a-b.c', '1.2.example'],
      [
        '',
        'a.b_c',
        'a..b',
        '.a',
        'a.',
        'a!b',
        'a b',
        '127.0.0.1',
        'a.-b',
        'ü.example',
        `${'a.'.repeat(128)}a`,
      ],
    )
  })
  describe('group name, RFC 5536 3.1.4', () => {
    table(
      isGroupName,
      ['local.test', 'comp.lang.c++', 'alt.a_b-c', 'toys', 'controls.x', 'control', 'control.cancel'],
      ['', 'a..b', '.a', 'a.', 'a b', 'poster', 'to.x', 'to', 'example.x', 'all', 'ctl', 'junk', 'ä.b'],
    )
  })
  describe('status', () => {
    table(isGroupStatus, ['y', 'n', 'm', 'j', 'x', '=local.test'], ['', 'Y', 'yn', '=', '=a b', 'z'])
  })
})
