import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'chai'
import { contentsOf } from '../support/auditor/contents.ts'
import { RunningSite } from '../support/running-site.ts'

const settings = `
[[group]]
name = "local.moderated"
status = "m"
[[moderator]]
groups = "*"
address = "mod@example.org"
[[access]]
from = ["127.0.0.0/8"]
read = "*"
post = "*"
hold = "local.other,local.moderated"
`

const posting = (id: string, groups: string, ...more: string[]) => `
  C: POST
  S: 340 *
  C: From: Ann <a@example.org>
  C: Subject: About ${groups}
  C: Newsgroups: ${groups}
  C: Message-ID: ${id}${more.map(line => `\n  C: ${line}`).join('')}
  C:
  C: ..dot
  C: .`

describe('articles held for release', function () {
  this.timeout(30_000)

  it('are released or rejected, also after a start, and until then nobody sees them', async () => {
    await using site = await RunningSite.start('news.example', settings)
    const client = await site.connect()
    await client.play(`${posting('<free@x.example>', 'local.test')}
      S: 240 Article received <free@x.example>
      ${posting('<1@x.example>', 'local.test,local.other')}
      S: 240 Article held for release <1@x.example>
      ${posting('<2@x.example>', 'local.other')}
      S: 240 Article held for release <2@x.example>
      ${posting('<2@x.example>', 'local.other')}
      S: 441 Article is held for release already
      ${posting('<free@x.example>', 'local.other')}
      S: 441 Duplicate
      ${posting('<3@x.example>', 'local.moderated')}
      S: 240 Article held for release <3@x.example>
      ${posting('<4@x.example>', 'local.other', 'Date: Mon, 05 Apr 1993 10:00:00 +0000')}
      S: 441 Too old
      C: ARTICLE <1@x.example>
      S: 430 *
      C: GROUP local.test
      S: 211 1 1 1 local.test
      C: QUIT
      S: 205 *`)
    expect(await site.json('status')).to.include({ held: 3 })
    expect((await site.run(['status'])).out).to.contain(
      'held         3 for release: see "tidings moderate list"\n',
    )
    await site.end()
    const { held, faults } = await contentsOf(join(site.folder, 'data'))
    expect([...held].sort()).to.deep.equal(['<1@x.example>', '<2@x.example>', '<3@x.example>'])
    expect(faults).to.deep.equal([])
    await site.begin()

    expect(await site.json('status')).to.include({ held: 3 })
    const rows = await site.json('moderate', 'list')
    expect(rows.map((row: { messageId: string }) => row.messageId)).to.have.members([
      '<1@x.example>',
      '<2@x.example>',
      '<3@x.example>',
    ])
    expect(rows.find((row: { messageId: string }) => row.messageId === '<1@x.example>')).to.deep.include({
      account: '',
      address: '127.0.0.1',
      newsgroups: ['local.test', 'local.other'],
      from: 'Ann <a@example.org>',
      subject: 'About local.test,local.other',
    })
    const shown = await site.run(['moderate', 'show', '1@x.example'])
    expect(shown.out).to.match(/^From: Ann <a@example.org>\r\n(?:.+\r\n)+Date: .*\r\n\r\n\.dot\r\n$/)

    expect(await site.run(['moderate', 'release', '1@x.example', '9@x.example'])).to.deep.equal({
      code: 1,
      out: '<1@x.example> released to local.test:2 local.other:1\n',
      err: 'tidings: no article <9@x.example> is held for release\n',
    })
    expect(await site.run(['moderate', 'release', '1@x.example'])).to.include({
      code: 1,
      err: 'tidings: no article <1@x.example> is held for release\n',
    })
    expect(await site.run(['moderate', 'reject', '2@x.example', '--reason', 'advertising'])).to.deep.equal({
      code: 0,
      out: '<2@x.example> rejected\n',
      err: '',
    })
    expect((await site.run(['moderate', 'release', '3@x.example'])).out).to.equal(
      '<3@x.example> sent to the moderator\n',
    )
    expect(await site.run(['moderate', 'list'])).to.deep.equal({
      code: 0,
      out: 'no article is held for release\n',
      err: '',
    })
    expect(await site.json('status')).to.include({ held: 0 })

    const reader = await site.connect()
    await reader.play(`
      C: STAT <2@x.example>
      S: 430 *
      C: GROUP local.test
      S: 211 2 1 2 local.test
      C: HEAD 2
      S: 221 2 <1@x.example>
      S: Xref: news.example local.test:2 local.other:1
      S: Path: news.example!.POSTED.127.0.0.1!not-for-mail
      S: From: Ann <a@example.org>
      S: Subject: About local.test,local.other
      S: Newsgroups: local.test,local.other
      S: Message-ID: <1@x.example>
      S: Date: *
      S: Cancel-Lock: sha256:*
      S: Injection-Date: *
      S: Injection-Info: news.example;
      S: *posting-host="127.0.0.1"
      S: .
      ${posting('<2@x.example>', 'local.other')}
      S: 240 Article held for release <2@x.example>
      C: QUIT
      S: 205 *`)
    await site.end()
    const audit = readFileSync(join(site.folder, 'data', 'audit', 'audit.log'), 'utf8')
    expect(audit).to.match(/"post".*"<1@x.example>".*"held"/)
    expect(audit).to.match(/moderate\.reject.*advertising.*done/)
  })
})
