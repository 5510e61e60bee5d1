import { expect } from 'chai'
import { parseNewsgroup } from '../../src/newsgroup.ts'
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

type Spoil = (good: string) => string
const field =
  (name: string, value: string): Spoil =>
  good =>
    good.replace(new RegExp(`^${name}: .*`, 'm'), `${name}: ${value}`)
const without =
  (name: string): Spoil =>
  good =>
    good.replace(new RegExp(`^${name}: .*\r\n`, 'm'), '')
const twice =
  (name: string, value: string): Spoil =>
  good =>
    good.replace('Subject:', `${name}: ${value}\r\nSubject:`)
const body =
  (text: string): Spoil =>
  good =>
    good.replace('Hello.', text)
const many = (count: number, text: string) => Array.from({ length: count }, (_, at) => `${text}${at}`)

/** What somebody may bring to keep a good article out. */
const badCopies: readonly [string, Spoil][] = [
  ['NUL in the body', body('Hel\0lo.')],
  ['bare CR in the body', body('Hel\rlo.')],
  ['bare LF in the body', body('Hel\nlo.')],
  ['a dot that is not stuffed', body('.Hello.')],
  ['NUL in the header', field('Subject', 'A\0test')],
  ['bare CR in the header', field('Subject', 'A\rtest')],
  ['bare LF in the header', field('Subject', 'A\ntest')],
  ...['From', 'Newsgroups', 'Subject', 'Date', 'Message-ID', 'Path'].map((name): [string, Spoil] => [
    `no ${name}`,
    without(name),
  ]),
  ['two From', twice('From', 'b@example.org')],
  ['two Newsgroups', twice('Newsgroups', 'local.other')],
  ['two Date', twice('Date', 'Thu, 1 Jan 2026 00:00:00 +0000')],
  ['two Message-ID', twice('Message-ID', '<other@example.org>')],
  ['another message-ID', field('Message-ID', '<other@example.org>')],
  [
    'the message-ID in other case',
    good => good.replace(/^Message-ID: .*/m, line => line.replace('example.org', 'EXAMPLE.org')),
  ],
  ['something behind the message-ID', good => good.replace(/^Message-ID: .*/m, line => `${line} (copy)`)],
  ['a date of no kind', field('Date', 'yesterday')],
  ['a date long ago', field('Date', 'Thu, 1 Jan 1987 00:00:00 +0000')],
  ['a date to come', field('Date', 'Thu, 1 Jan 2099 00:00:00 +0000')],
  ['injected long ago', twice('Injection-Date', 'Thu, 1 Jan 1987 00:00:00 +0000')],
  ['a path that is empty', field('Path', ' ')],
  ['a path through here', field('Path', 'b.example!a.example!x')],
  ['a path without end', field('Path', `${many(150, 's').join('!')}!x`)],
  ['groups of no kind', field('Newsgroups', '..,,')],
  ['groups nobody has', field('Newsgroups', 'alt.nowhere')],
  ['a moderated group, not approved', field('Newsgroups', 'local.moderated')],
  ['groups without end', field('Newsgroups', many(60, 'local.x').join(','))],
  ['no colon', field('Subject', 'x\r\nno colon here')],
  ['a blank before the colon', good => good.replace('Subject:', 'Subject :')],
  ['no blank behind the colon', good => good.replace('Subject: ', 'Subject:')],
  ['no body', good => good.replace('\r\n\r\n', '\r\n')],
  ['nothing at all', () => '.\r\n'],
  ['a field without end', field('Subject', 'x'.repeat(20_000))],
  [
    'fields without end',
    good => good.replace('Subject:', `${many(2_000, 'X-A: ').join('\r\n')}\r\nSubject:`),
  ],
  ['an octet over the limit', body(`${'x'.repeat(70)}\r\n`.repeat(15_000))],
  [
    'a header over the limit',
    good => good.replace('Subject:', `${many(200, `X-A: ${'x'.repeat(500)}`).join('\r\n')}\r\nSubject:`),
  ],
]

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

  it('is kept by nothing that was refused: forty bad copies from one peer, the good one from another', async () => {
    await using network = new Network()
    const { site, b, c } = await fed(network)
    expect(badCopies).to.have.length(40)
    for (const [at, [what, spoil]] of badCopies.entries()) {
      const own = `<${at}@example.org>`
      const good = article(own, 'c.example')
      const bad = spoil(good.replace('Path: c.example', 'Path: b.example'))
      b.send(`TAKETHIS ${own}\r\n${bad}`)
      expect(await b.line(), what).to.match(new RegExp(`^439 ${own} `))
      await c.play(`C: CHECK ${own}\nS: 238 ${own}`)
      c.send(`TAKETHIS ${own}\r\n${good}`)
      expect(await c.line(), what).to.equal(`239 ${own}`)
      expect(await site.field('Subject', own), what).to.equal('A test')
    }
    expect(await site.articles('local.test')).to.have.length(40)
  })

  it('is not asked for again from whom it was refused for its groups, until there is a new group', async () => {
    await using network = new Network()
    const { site, b, c } = await fed(network)
    const altered = article(id, 'b.example').replace('local.test', 'local.later')
    b.send(`TAKETHIS ${id}\r\n${altered}`)
    expect(await b.line()).to.equal(`439 ${id} Unwanted newsgroup "local.later"`)
    await b.play(`C: CHECK ${id}\nS: 438 ${id}\nC: IHAVE ${id}\nS: 435 *`)
    await c.play(`C: CHECK ${id}\nS: 238 ${id}`)
    c.end()
    await c.rest()
    const name = parseNewsgroup('local.later')
    if (name === undefined) throw new Error('a name')
    await site.node.storage.submit({ kind: 'group', action: 'add', name, time: 1, source: 'test' })
    await b.play(`C: CHECK ${id}\nS: 238 ${id}`)
    b.send(`TAKETHIS ${id}\r\n${altered}`)
    expect(await b.line()).to.equal(`239 ${id}`)
    expect(await site.articles('local.later')).to.deep.equal([id])
  })

  it('is asked for again after damage on the way, and when the peers are agreed anew', async () => {
    await using network = new Network()
    const { site, b } = await fed(network)
    b.send(`TAKETHIS ${id}\r\n${article(id, 'b.example').replace('Hello.', 'Hel\0lo.')}`)
    expect(await b.line()).to.match(/^439 /)
    await b.play(`C: CHECK ${id}\nS: 238 ${id}`)
    b.send(
      `TAKETHIS ${id}\r\n${article(id, 'b.example').replace('Subject', 'Distribution: nowhere\r\nSubject')}`,
    )
    expect(await b.line()).to.match(/^239 /)

    const second = '<2@example.org>'
    await site.peer({ 'b.example': { accept: 'comp.*' } })
    const taker = await site.session('b.example')
    taker.send(`TAKETHIS ${second}\r\n${article(second, 'b.example')}`)
    expect(await taker.line()).to.match(/^439 .*not accepted from this peer/)
    await taker.play(`C: CHECK ${second}\nS: 438 ${second}`)
    await site.peer({ 'b.example': {} })
    await taker.play(`C: CHECK ${second}\nS: 238 ${second}`)
  })
})
