import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'chai'
import { FakeProcess } from '../cli/fake-process.ts'
import { RunningSite } from '../support/running-site.ts'

const settings = `
[auth]
plaintext_from = ["127.0.0.0/8"]
[[access]]
users = ""
read = "local.test"
[[access]]
users = "?*"
read = "*"
post = "*"
approve = "*"
`

const password = (text: string) => new FakeProcess({ input: `${text}\n` })

describe('accounts of a node', function () {
  this.timeout(30_000)

  it('are made by the program, log in, survive a start, and leave their traces in the audit log', async () => {
    await using site = await RunningSite.start('news.example', settings)
    const add = (name: string, ...more: string[]) =>
      site.run(['user', 'add', name, '--password-stdin', ...more], password('s3cret'))
    expect((await add('fred f')).code).to.equal(0)
    expect(await add('fred f')).to.include({ code: 1, err: 'tidings: there is an account fred f already\n' })
    expect(await add('ann', '--role', 'moderater')).to.include({
      code: 64,
      err: 'tidings: there is no role "moderater"; did you mean "moderator"? (roles: reader, poster, moderator, peer, admin)\n',
    })
    expect(await add('a\x07')).to.include({ code: 64 })
    expect((await site.run(['user', 'set', 'nobody', '--disable'])).err).to.contain(
      'there is no account nobody',
    )

    await site.end()
    await site.begin()
    const client = await site.connect()
    await client.play(`
      C: GROUP local.other
      S: 411 *
      C: AUTHINFO USER fred f
      S: 381 *
      C: AUTHINFO PASS wrong
      S: 481 *
      C: AUTHINFO USER fred f
      S: 381 *
      C: AUTHINFO PASS s3cret
      S: 281 *
      C: GROUP local.other
      S: 211 *
      C: POST
      S: 340 *
      C: From: a@example.org
      C: Subject: s
      C: Newsgroups: local.other
      C: Message-ID: <1@example.org>
      C:
      C: Hello.
      C: .
      S: 240 *
      C: QUIT
      S: 205 *`)
    await site.run(['reload'])
    const open = await site.connect()
    await open.play(`
      C: AUTHINFO USER fred f
      S: 381 *
      C: AUTHINFO PASS s3cret
      S: 281 *
      C: GROUP local.other
      S: 211 *`)
    await site.run(['user', 'set', 'fred f', '--role', 'peer'])
    await open.play(`
      C: GROUP local.other
      S: 502 *
      C: STAT 1
      S: 502 *`)
    await site.run(['user', 'set', 'fred f', '--role', 'reader', '--role', 'poster'])
    await site.run(['user', 'set', 'fred f', '--disable'])
    await open.play('S: 400 This account was disabled')
    const refused = await site.connect()
    await refused.play(`
      C: AUTHINFO USER fred f
      S: 381 *
      C: AUTHINFO PASS s3cret
      S: 481 *
      C: QUIT
      S: 205 *`)
    expect(await site.json('user', 'list')).to.deep.include.members([
      {
        name: 'fred f',
        roles: ['reader', 'poster'],
        groups: [],
        certificates: [],
        disabled: true,
        password: true,
        scram: false,
        created: (await site.json('user', 'list'))[0].created,
      },
    ])
    const many = (what: string, texts: readonly string[]) =>
      site.run(['user', 'set', 'fred f', ...texts.flatMap(text => [`--${what}`, text])])
    const names = Array.from({ length: 101 }, (_, at) => `g${at}`)
    expect((await many('group', [...names.slice(0, 100), 'g1'])).code).to.equal(0)
    const refused101 = await many('group', names)
    expect([refused101.code, refused101.err.trim()]).to.deep.equal([
      64,
      'tidings: an account has at most 100 groups, and 101 were given',
    ])
    expect((await many('certificate', names)).err).to.contain('at most 100 certificates')
    expect((await site.json('user', 'list'))[0].groups).to.have.length(100)
    await site.end()

    const text = readFileSync(join(site.folder, 'data', 'audit', 'audit.log'), 'utf8')
    expect(text).not.to.contain('s3cret')
    const lines = text
      .split('\n')
      .slice(0, -1)
      .map(line => JSON.parse(line))
    const said = lines.map(({ event, result, cmd, account }) =>
      [event, cmd ?? account, result].filter(Boolean).join(' '),
    )
    expect(said).to.include.members([
      'admin user.add done',
      'admin user.add refused',
      'admin user.add usage',
      'login fred f refused',
      'login fred f proven',
      'post fred f accepted',
      'admin user.set done',
      'reload',
    ])
    expect(await site.run(['audit', 'verify'])).to.deep.include({ code: 0, err: '' })
    expect((await site.run(['audit', 'verify', '/nowhere'])).code).to.equal(65)
  })
})
