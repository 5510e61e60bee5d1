import { expect } from 'chai'
import { Network } from '../support/network.ts'

const article = (id: string, from: string) =>
  [
    `Path: ${from}!.POSTED!not-for-mail`,
    'From: a@example.org',
    'Newsgroups: local.test',
    'Subject: A test',
    'Date: Thu, 1 Jan 2026 00:00:00 +0000',
    `Message-ID: ${id}`,
    '',
    'Hello.',
    '.',
    '',
  ].join('\r\n')

const id = '<1@example.org>'

/** A site that b and c feed, and a session of each. */
async function fed(network: Network) {
  const peers = { 'b.example': { send: '' }, 'c.example': { send: '' } }
  const site = await network.site('a.example', { peers })
  return { site, b: await site.session('b.example'), c: await site.session('c.example') }
}

describe('one article from two peers', () => {
  it('is invited once, and the other peer comes again when the first is gone', async () => {
    await using network = new Network()
    const { b, c } = await fed(network)
    await b.play(`C: CHECK ${id}\nS: 238 ${id}`)
    await c.play(`C: CHECK ${id}\nS: 431 ${id}\nC: IHAVE ${id}\nS: 436 *`)
    b.end()
    await b.rest()
    await c.play(`C: IHAVE ${id}\nS: 335 *`)
  })

  it('waits a minute for the first octet, and longer while the article comes', async () => {
    await using network = new Network()
    const { site, b, c } = await fed(network)
    await b.play(`C: CHECK ${id}\nS: 238 ${id}`)
    await c.play('C: DATE\nS: 111 *')
    await network.clock.advance(59_000)
    await c.play(`C: CHECK ${id}\nS: 431 ${id}`)
    await network.clock.advance(2_000)
    await c.play(`C: CHECK ${id}\nS: 238 ${id}`)

    // Now c moves it, slowly.
    const [head = '', rest = ''] = article(id, 'c.example').split('\r\n\r\n')
    c.send(`TAKETHIS ${id}\r\n${head}\r\n`)
    for (let minute = 0; minute < 4; minute++) {
      await network.clock.advance(30_000)
      c.send('X-Padding: octets that keep it moving\r\n'.repeat(3000))
      await network.clock.advance(30_000)
      await b.play(`C: CHECK ${id}\nS: 431 ${id}`)
    }
    c.send(`\r\n${rest}`)
    // Its header is larger than is taken: for good.
    expect(await c.line()).to.match(new RegExp(`^439 ${id}`))
    await b.play(`C: CHECK ${id}\nS: 238 ${id}`)
    b.send(`TAKETHIS ${id}\r\n${article(id, 'b.example')}`)
    expect(await b.line()).to.equal(`239 ${id}`)
    await c.play(`C: CHECK ${id}\nS: 438 ${id}`)
    expect(await site.articles('local.test')).to.deep.equal([id])
  })

  it('is taken from whoever brings it first, invited or not', async () => {
    await using network = new Network()
    const { site, b, c } = await fed(network)
    await b.play(`C: IHAVE ${id}\nS: 335 *`)
    c.send(`TAKETHIS ${id}\r\n${article(id, 'c.example')}`)
    expect(await c.line()).to.equal(`239 ${id}`)
    b.send(article(id, 'b.example'))
    expect(await b.line()).to.match(/^43[57] /)
    expect(await site.articles('local.test')).to.deep.equal([id])
    expect(await site.field('Path', id)).to.match(/^a\.example!!c\.example!/)
  })

  it('is not lost by a damaged copy, whoever sends that first', async () => {
    await using network = new Network()
    const { site, b, c } = await fed(network)
    const good = article(id, 'c.example')
    const damaged = [
      good.replace('Hello.', 'Hel\0lo.'),
      good.replace('Hello.', 'Hel\rlo.'),
      good.replace('Hello.', 'Hel\nlo.'),
      good.replace('Hello.', '.Hello.'),
      good.replace('Newsgroups: local.test\r\n', ''),
      good.replace(/Date: .*/, 'Date: yesterday'),
      good.replace('Subject', 'Message-ID: <2@example.org>\r\nSubject'),
      good.replace(id, '<other@example.org>'),
      good.replace('Path: c.example', 'Path: c.example!a.example'),
      good.replace('local.test', 'local.moderated'),
    ]
    for (const copy of damaged) {
      b.send(`TAKETHIS ${id}\r\n${copy}`)
      expect(await b.line(), copy).to.match(new RegExp(`^439 ${id}`))
    }
    await c.play(`C: CHECK ${id}\nS: 238 ${id}`)
    c.send(`TAKETHIS ${id}\r\n${good}`)
    expect(await c.line()).to.equal(`239 ${id}`)
    expect(await site.articles('local.test')).to.deep.equal([id])
  })
})
