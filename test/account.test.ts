import { expect } from 'chai'
import { accountName, certificateId, isAccountGroup, preparePassword } from '../src/account.ts'
import { type Role, roles } from '../src/client.ts'
import { saslprep } from '../src/saslprep.ts'
import { rightsOf } from '../src/server/role-rights.ts'

describe('account', () => {
  it('prepares text as RFC 4013 3 shows', () => {
    for (const [text, prepared] of [
      ['I\u00adX', 'IX'],
      ['user', 'user'],
      ['USER', 'USER'],
      ['\u00aa', 'a'],
      ['\u2168', 'IX'],
      ['\u0007', undefined],
      ['a\u00a0b', 'a b'],
      ['e\u0301', '\u00e9'],
      ['\ufffd', undefined],
      ['\ud800x', undefined],
      ['\u202ea', undefined],
      ['\ue000', undefined],
      ['\u{e0041}', undefined],
      ['😀', '😀'],
    ] as const)
      expect(saslprep(text), JSON.stringify(text)).to.equal(prepared)
  })

  it('has names with blanks, of at most 256 octets', () => {
    expect(accountName('fred flint')).to.equal('fred flint')
    expect(accountName('é'.repeat(128))).to.have.length(128)
    // U+FDFA is 18 characters after NFKC: bounded before and behind.
    for (const text of [
      '',
      ' a',
      'a ',
      'é'.repeat(129),
      'a\tb',
      'a\r\nb',
      '\u00ad',
      'a\0',
      '\ufdfa'.repeat(80),
    ])
      expect(accountName(text), JSON.stringify(text)).to.equal(undefined)
    expect(preparePassword(' a ')?.toString()).to.equal(' a ')
    expect(preparePassword('x'.repeat(257))).to.equal(undefined)
  })

  it('knows groups and certificates by their form', () => {
    expect(['staff', 'a.b@c-d_e', '9'].every(isAccountGroup)).to.equal(true)
    expect(['', '-a', 'a b', 'a,b', 'x'.repeat(65)].some(isAccountGroup)).to.equal(false)
    expect(certificateId('News.Example.ORG')).to.equal('news.example.org')
    expect(certificateId(`SHA256:${'AB'.repeat(32)}`)).to.equal(`sha256:${'ab'.repeat(32)}`)
    for (const text of ['', 'sha256:ab', 'a b', 'sha1:x', '-x'])
      expect(certificateId(text), text).to.equal(undefined)
  })

  it('has rights by its roles', () => {
    const table: [Role[], string][] = [
      [[], ''],
      [['reader'], 'read'],
      [['poster'], 'read post'],
      [['moderator'], 'read approve'],
      [['peer'], 'feed'],
      [['admin'], 'read control'],
      [['reader', 'poster'], 'read post'],
      [['poster', 'moderator'], 'read post approve'],
      [['peer', 'reader'], 'read feed'],
      [[...roles], 'read post approve feed control'],
    ]
    for (const [given, expected] of table) {
      const rights = Object.entries(rightsOf(given)).flatMap(([name, has]) => (has ? [name] : []))
      expect(rights.join(' '), given.join(' ')).to.equal(expected)
    }
  })
})
