import { expect } from 'chai'
import { moderatorFor, submission } from '../../../src/feed/posting/moderation.ts'
import { Reason } from '../../../src/reason.ts'
import { articleOf, config, group } from '../sample.ts'

describe('moderatorFor', () => {
  const moderator = [
    { groups: 'comp.lang.*,!comp.lang.c', address: 'lang@m.test' },
    { groups: 'comp.*', address: '%s@m.test' },
    { groups: 'odd.*', address: '100%%-%s%x@m.test' },
    { groups: 'bad.*', address: 'a@m.test, b@m.test' },
    { groups: 'bad[', address: 'never@m.test' },
    { groups: 'late.*', address: 'late@m.test' },
  ]
  const table: [string, string | undefined][] = [
    ['comp.lang.ada', 'lang@m.test'],
    ['comp.lang.c', 'comp-lang-c@m.test'],
    ['comp.os.linux-x', 'comp-os-linux-x@m.test'],
    ['odd.one', '100%-odd-one%x@m.test'],
    ['bad.one', undefined],
    ['late.one', 'late@m.test'],
    ['rec.x', undefined],
  ]
  for (const [name, address] of table) {
    it(`${name}: ${address ?? 'nobody'}`, () => {
      expect(moderatorFor({ moderator }, name)).to.equal(address)
    })
  }
})

describe('submission', () => {
  const site = { config, group }

  it('has a subject of one line, whatever the article says', () => {
    const subject = 'a\x07b\x85c \u202e'.replace('\u202e', '\xe2\x80\xae') + 'x'.repeat(400)
    const mail = submission(articleOf({ Newsgroups: 'mod.one', Subject: subject }), site)
    if (mail instanceof Reason) throw new Error(mail.text)
    expect(mail.subject).to.match(/^\[mod\.one\] a\?b\?c \?x{180,}$/)
    expect(Array.from(mail.subject)).to.have.length(200)
  })

  it('is not made where no group is moderated', () => {
    expect(submission(articleOf({ Newsgroups: 'test.a' }), site)).to.have.property('name', 'unapproved')
  })
})
