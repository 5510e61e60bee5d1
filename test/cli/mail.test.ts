import { expect } from 'chai'
import { Site } from './fake-node.ts'

describe('tidings mail', () => {
  let site: Site
  beforeEach(async () => {
    site = await Site.open()
  })
  afterEach(() => site[Symbol.asyncDispose]())

  const row = {
    id: 7,
    to: 'mod@b.example',
    subject: 'Hello \x1b[2J',
    messageId: '<1@b.example>',
    letter: false,
    time: 1_795_248_000,
    octets: 1234,
    tries: 1,
    lastError: '451 \x1b no',
    retryIn: 90,
  }

  it('lists what waits, safely', async () => {
    expect((await site.run(['mail', 'list'])).out).to.equal('no mail waits\n')
    const { retryIn: _, ...unsent } = row
    site.node.mail.rows = [row, { ...unsent, id: 8, tries: 0, lastError: '' }, { ...row, id: 9, retryIn: 0 }]
    const { out } = await site.run(['mail', 'list'])
    expect(out.split('\n').map(line => line.split(/ {2,}/))).to.deep.equal([
      ...[
        ['7', '1 try', 'in 1 min 30 s', '451 \\x1b no'],
        ['8', '0 tries', 'no mail server'],
        ['9', '1 try', 'now', '451 \\x1b no'],
      ].map(([id, ...rest]) => [id, '2026-11-21 08:00:00', 'mod@b.example', 'Hello \\x1b[2J', ...rest]),
      [''],
    ])
    expect(await site.json('mail', 'list')).to.deep.equal(site.node.mail.rows)
  })

  it('shows one, octet for octet', async () => {
    site.node.mail.rows = [row]
    expect((await site.run(['mail', 'show', '7'])).out).to.equal('Subject: s\r\n\r\n\x1b[2J\r\n')
    expect(await site.run(['mail', 'show', '8'])).to.include({ code: 1, err: 'tidings: no mail 8 waits\n' })
  })

  it('tries again and drops', async () => {
    site.node.mail.rows = [row]
    expect((await site.run(['mail', 'retry'])).out).to.equal('all are tried again\n')
    expect((await site.run(['mail', 'retry', '7'])).out).to.equal('mail 7 is tried again\n')
    expect((await site.run(['mail', 'drop', '7'])).out).to.equal('mail 7 dropped\n')
    expect(await site.run(['mail', 'drop', '8'])).to.include({ code: 1, err: 'tidings: no mail 8 waits\n' })
    expect((await site.run(['mail', 'drop', '-1'])).code).to.equal(64)
    expect((await site.run(['mail', 'drop', 'x'])).code).to.equal(64)
    expect(site.node.mail.calls).to.deep.equal(['retry all', 'retry 7', 'drop 7'])
  })
})
