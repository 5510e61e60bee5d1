import { expect } from 'chai'
import { Site } from './fake-node.ts'
import { FakeProcess } from './fake-process.ts'

describe('tidings moderate', () => {
  const row = {
    messageId: '<1@b.example>',
    account: 'ann',
    address: '192.0.2.1',
    time: 1_795_248_000,
    newsgroups: ['local.test', 'local.other'],
    from: 'A <a@b.example>',
    subject: 'H\xc3\xa9llo \x1b[2J',
    octets: 1234,
  }

  let site: Site
  beforeEach(async () => {
    site = await Site.open()
    site.node.held.copies = [{ row, text: Buffer.from('From: A\r\n\r\nB\x9b\r\n', 'latin1') }]
    site.node.held.calls.length = 0
  })
  afterEach(() => site[Symbol.asyncDispose]())

  it('lists what is held, safely', async () => {
    expect((await site.run(['moderate', 'list'])).out).to.equal(
      '2026-11-21 08:00:00  <1@b.example>  ann (192.0.2.1)  local.test,local.other  1.2 kB  Héllo \\x1b[2J\n',
    )
    expect(await site.json('moderate', 'list')).to.deep.equal([row])
    site.node.held.copies = []
    expect((await site.run(['moderate', 'list'])).out).to.equal('no article is held for release\n')
  })

  it('shows one octet for octet', async () => {
    expect((await site.run(['moderate', 'show', '1@b.example'])).out).to.contain('From: A\r\n\r\nB')
    const terminal = await site.run(['moderate', 'show', '1@b.example'], new FakeProcess({ terminal: true }))
    expect(terminal.out)
      .to.match(/^From: A\r?\n\r?\nB/)
      .and.not.contain('\x9b')
    expect(await site.json('moderate', 'show', '1@b.example')).to.deep.equal({
      ...row,
      base64: site.node.held.copies[0]?.text.toString('base64'),
    })
    expect(await site.run(['moderate', 'show', '2@b.example'])).to.include({
      code: 1,
      err: 'tidings: no article <2@b.example> is held for release\n',
    })
  })

  it('releases and rejects several, one fault keeping none of the others back', async () => {
    expect(await site.run(['moderate', 'release', '2@b.example', '<1@b.example>'])).to.deep.equal({
      code: 1,
      out: '<1@b.example> released to local.test:5\n',
      err: 'tidings: no article <2@b.example> is held\n',
    })
    site.node.held.released = { outcome: 'mailed', filings: [] }
    expect((await site.run(['moderate', 'release', '1@b.example'])).out).to.equal(
      '<1@b.example> sent to the moderator\n',
    )
    expect(await site.run(['moderate', 'reject', '1@b.example', '--reason', 'spam'])).to.deep.equal({
      code: 0,
      out: '<1@b.example> rejected\n',
      err: '',
    })
    expect(site.node.held.calls).to.deep.equal([
      'release <1@b.example>',
      'release <1@b.example>',
      'reject <1@b.example>',
    ])
    const long = await site.run(['moderate', 'reject', '1@b.example', '--reason', 'x'.repeat(201)])
    expect(long.code).to.equal(64)
    expect((await site.run(['moderate', 'release'])).code).to.equal(64)
  })
})
