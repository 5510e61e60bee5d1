import { duplexPair } from 'node:stream'
import { expect } from 'chai'
import { systemClock } from '../../src/clock.ts'
import { silentLog } from '../../src/log.ts'
import { NntpServer } from '../../src/server/server.ts'
import { testConfig, testNode } from '../support/node.ts'
import { RawClient } from '../support/raw-client.ts'

const poster = '127.0.0.1'
const moderator = '127.0.0.2'

/** A node with groups of every status, a poster and a moderator. */
async function site() {
  const group = [
    { name: 'local.test' },
    { name: 'local.other' },
    { name: 'local.closed', status: 'n' },
    { name: 'local.old', status: '=local.test' },
    { name: 'local.moderated', status: 'm' },
    { name: 'local.second', status: 'm' },
    { name: 'local.orphan', status: 'm' },
    { name: 'private.test' },
  ]
  const config = testConfig({
    node: { path_identity: 'node.example', organization: 'Ours', admin: 'abuse@node.example' },
    group,
    access: [
      { from: [poster], read: '*', post: '*,!private.*' },
      { from: [moderator], read: '*', post: '*', approve: 'local.moderated' },
    ],
    moderator: [{ groups: 'local.moderated,local.second', address: '%s@mod.example' }],
    limits: { groups_posted: 5 },
  })
  const node = await testNode({ config })
  const { reading } = node.storage
  const services = { reading, feed: node.feed, clock: systemClock, config: () => config }
  const server = new NntpServer({ services, log: silentLog })
  const ends: { end(): void }[] = []
  return {
    node,
    async connect(address = poster): Promise<RawClient> {
      const [ours, theirs] = duplexPair()
      void server.accept(theirs, address)
      theirs.once('close', () => setImmediate(() => ours.destroy()))
      ends.push(ours)
      const client = new RawClient(ours)
      await client.line()
      return client
    },
    async [Symbol.asyncDispose]() {
      for (const stream of ends) stream.end()
      await server.close()
      await node[Symbol.asyncDispose]()
    },
  }
}

type Fields = Readonly<Record<string, string | readonly string[] | undefined>>

const usual: Fields = { From: 'A <a@b.example>', Newsgroups: 'local.test', Subject: 'Hello' }

/** An article of one character an octet; a field that is undefined is left out, one with two values stands twice. */
function text(fields: Fields, body = 'Body.\r\n'): string {
  const lines = Object.entries({ ...usual, ...fields }).flatMap(([name, value]) =>
    value === undefined ? [] : [value].flat().map(one => `${name}:${one === '' ? '' : ' '}${one}\r\n`),
  )
  return `${lines.join('')}\r\n${body}`
}

async function post(client: RawClient, article: string): Promise<string> {
  client.send('POST\r\n')
  expect(await client.line()).to.match(/^340 /)
  client.send(Buffer.from(`${article.replace(/(^|\r\n)\./g, '$1..')}.\r\n`, 'latin1'))
  return client.line()
}

/** Posts what must be taken, and gives it as it is served. */
async function posted(client: RawClient, article: string): Promise<string> {
  const answer = await post(client, article)
  const id = /^240 Article received (<\S+>)$/.exec(answer)?.[1]
  if (id === undefined) throw new Error(answer)
  client.send(`ARTICLE ${id}\r\n`)
  expect(await client.line()).to.equal(`220 0 ${id}`)
  return `${(await client.block()).join('\r\n')}\r\n`
}

const field = (article: string, name: string) =>
  new RegExp(`^${name}: ((?:.|\\r\\n[ \\t])*)\\r\\n`, 'im').exec(article)?.[1]

describe('posting to a node', () => {
  // RFC 5537 3.2.1, 3.5.5, 3.5.8-12
  it('adds what an injecting agent adds, and nothing else', async () => {
    await using here = await site()
    const client = await here.connect()
    const article = text({ 'X-One': 'a\r\n\t folded', References: '<1@x.example>' }, '.dot\r\nna\xefve\r\n')
    const shown = await posted(client, article)
    const [head = '', body] = article.split('\r\n\r\n')
    expect(shown).to.include(`\r\n${head}\r\n`)
    expect(shown.endsWith(`\r\n\r\n${body}`)).to.equal(true)
    expect(
      shown.startsWith(
        'Xref: node.example local.test:1\r\nPath: node.example!.POSTED.127.0.0.1!not-for-mail\r\n',
      ),
    ).to.equal(true)
    const names = (shown.split('\r\n\r\n')[0] ?? '').match(/^[\w-]+(?=:)/gm)
    expect(names).to.deep.equal([
      'Xref',
      'Path',
      'From',
      'Newsgroups',
      'Subject',
      'X-One',
      'References',
      'Date',
      'Message-ID',
      'Cancel-Lock',
      'Organization',
      'Injection-Date',
      'Injection-Info',
    ])
    expect(field(shown, 'Injection-Info')).to.match(
      /^node\.example;\s+posting-host="127\.0\.0\.1";\s+mail-complaints-to="abuse@node\.example"$/,
    )
    expect(field(shown, 'Date')).to.match(/ \+0000$/)
  })

  // RFC 5537 3.5.11
  it('adds Injection-Date where Message-ID or Date was missing, and never alters one', async () => {
    await using here = await site()
    const client = await here.connect()
    const date = { Date: new Date(Date.now() - 3_600_000).toUTCString() }
    const id = (name: string) => ({ 'Message-ID': `<${name}@x.example>` })
    const added = async (fields: Fields) => field(await posted(client, text(fields)), 'Injection-Date')
    expect(await added(id('1'))).to.be.a('string')
    expect(await added(date)).to.be.a('string')
    expect(await added({ ...id('2'), ...date })).to.equal(undefined)
    const own = { 'Injection-Date': date.Date }
    expect(await added({ ...id('3'), ...own })).to.equal(date.Date)
  })

  // RFC 5537 3.2.1, 3.5.9
  it('keeps the tail of the poster’s Path', async () => {
    await using here = await site()
    const client = await here.connect()
    const path = async (value: string) => field(await posted(client, text({ Path: value })), 'Path')
    expect(await path('mine')).to.equal('node.example!.POSTED.127.0.0.1!mine')
    expect(await path('other.example!mine')).to.equal('node.example!.POSTED.127.0.0.1!other.example!mine')
  })

  // RFC 5536 2.2, 3.1.4, 3.2.14; RFC 5537 3.5.4
  it('takes what may be taken: folds, white space, crossposts, raw octets, an empty body', async () => {
    await using here = await site()
    const client = await here.connect()
    const crosspost = await posted(client, text({ Newsgroups: 'local.test, local.other ,\r\n no.such' }))
    expect(field(crosspost, 'Xref')).to.equal('node.example local.test:1 local.other:1')
    expect(field(crosspost, 'Newsgroups')).to.equal('local.test, local.other ,\r\n no.such')
    const folds = Array.from({ length: 30 }, (_, n) => `\r\n\t${n} ${'x'.repeat(40)}`).join('')
    expect(field(await posted(client, text({ 'X-Long': `a${folds}` })), 'X-Long')).to.equal(`a${folds}`)
    expect(field(await posted(client, text({ Subject: 'na\xefve \xff' })), 'Subject')).to.equal(
      'na\xefve \xff',
    )
    expect(await posted(client, text({}, ''))).to.match(/\r\n\r\n$/)
    for (const fields of [
      { 'Followup-To': 'poster' },
      { 'Followup-To': 'local.other,no.such' },
      { Distribution: 'LOCAL' },
      { Distribution: 'world, local' },
      { Expires: new Date(Date.now() + 1e9).toUTCString() },
      { 'content-transfer-encoding': 'x-strange' },
      { Archive: 'no' },
    ])
      await posted(client, text(fields))
    client.send('GROUP local.other\r\n')
    expect(await client.line()).to.equal('211 1 1 1 local.other')
  })

  const long = 'x'.repeat(990)
  const future = new Date(Date.now() + 25 * 3_600_000).toUTCString()
  const past = new Date(Date.now() - 15 * 86_400_000).toUTCString()
  const twice = ['a', 'b']
  const single = [
    'Date',
    'From',
    'Message-ID',
    'Newsgroups',
    'Path',
    'Subject',
    'Approved',
    'Control',
    'Distribution',
  ]
  single.push('Expires', 'Followup-To', 'Injection-Date', 'Organization', 'References', 'Supersedes')

  const refused: readonly (readonly [string, string, string])[] = [
    // RFC 5537 3.5.2, RFC 5536 3.3
    ...['Injection-Info', 'Xref'].map(
      name => [name, text({ [name]: 'x' }), `Can't set system ${name} header field`] as const,
    ),
    ['See-Also', text({ 'See-Also': 'x' }), 'Obsolete See-Also header field'],
    [
      'a Path that was injected',
      text({ Path: 'a.example!.POSTED!x' }),
      'Path header field shows a previous injection of the article',
    ],
    // RFC 5536 2.2
    ['no colon and blank', `A:b\r\n${text({})}`, 'Bad header: A:b'],
    ['no colon', `A b\r\n${text({})}`, 'Bad header: A b'],
    ['a blank before the colon', `A : b\r\n${text({})}`, 'Bad header: A : b'],
    ['a fold of blanks alone', text({ Subject: 'a\r\n \t\r\n b' }), 'Bad header: Subject: a'],
    ['an empty field', text({ Summary: '' }), 'Header field has no content: Summary'],
    ['a line of 999 octets', text({ 'X-Eight': `${long}x` }), 'Header line too long'],
    // RFC 5536 3
    ...single.map(
      name => [`two ${name}`, text({ [name]: twice }), `Duplicate ${name} header field`] as const,
    ),
    ...['From', 'Newsgroups', 'Subject'].map(
      name => [`no ${name}`, text({ [name]: undefined }), `Missing required ${name} header field`] as const,
    ),
    // RFC 5536 3.1.1-3.1.6
    [
      'an address that is none',
      text({ From: 'nobody' }),
      'Address in From header field not in Internet syntax: nobody',
    ],
    ['a Message-ID without @', text({ 'Message-ID': '<a>' }), 'Bad Message-ID: <a>'],
    [
      'a Message-ID that is too long',
      text({ 'Message-ID': `<${'a'.repeat(248)}@x>` }),
      'Bad Message-ID: <aaa*',
    ],
    ['a Date that is none', text({ Date: 'soon' }), 'Bad Date: soon'],
    ['a Date in the future', text({ Date: future }), 'Article posted in the future'],
    ['a Date of long ago', text({ Date: past }), 'Too old'],
    ['an Injection-Date in the future', text({ 'Injection-Date': future }), 'Article posted in the future'],
    ['a group name that is none', text({ Newsgroups: 'local.test,a..b' }), 'Bad Newsgroups: a..b'],
    ...['poster', 'to.x', 'control.cancel', 'example.x', 'a.all.b', 'a.ctl', 'junk'].map(
      name => [`to ${name}`, text({ Newsgroups: `local.test,${name}` }), `Bad Newsgroups: ${name}`] as const,
    ),
    ['six groups', text({ Newsgroups: 'local.test,a,b,c,d,e' }), 'Too many newsgroups: 5'],
    ['no known group', text({ Newsgroups: 'no.such,nor.this' }), 'No valid newsgroups in "no.such,nor.this"'],
    [
      'a closed group',
      text({ Newsgroups: 'local.closed' }),
      'Postings to "local.closed" are not allowed here',
    ],
    [
      'a renamed group',
      text({ Newsgroups: 'local.old' }),
      'The newsgroup "local.old" has been renamed to "local.test"',
    ],
    [
      'a group for others',
      text({ Newsgroups: 'local.test,private.test' }),
      'You are not allowed to post to private.test',
    ],
    // RFC 5536 3.2.4-3.2.6
    ['a Distribution that is none', text({ Distribution: 'a b' }), 'Bad Distribution: a b'],
    ['an Expires that is none', text({ Expires: 'never' }), "Can't parse Expires header field: never"],
    [
      'a Followup-To that is none',
      text({ 'Followup-To': 'poster,local.test' }),
      'Bad Followup-To: poster,local.test',
    ],
    // RFC 5537 3.7.5, 5
    ['Approved by somebody', text({ Approved: 'a@b.example' }), 'You are not allowed to approve postings'],
    ['Control', text({ Control: 'cancel <1@x.example>' }), 'You are not allowed to post control messages'],
    [
      'a group without a moderator',
      text({ Newsgroups: 'local.orphan' }),
      'No mailing address for "local.orphan" -- *',
    ],
    // RFC 3977 3.6
    ['NUL', text({}, 'a\0b\r\n'), 'NUL octet in article'],
    ['a bare CR', text({}, 'a\rb\r\n'), 'Bare CR in article'],
    ['a bare LF', text({}, 'a\nb\r\n'), 'Bare LF in article'],
    ['no blank line', 'From: a@b.example\r\nSubject: x\r\n', 'No body'],
    ['nothing', '', 'No body'],
  ]

  describe('refuses', () => {
    for (const [title, article, reason] of refused)
      it(title, async () => {
        await using here = await site()
        const client = await here.connect()
        const answer = await post(client, article)
        if (reason.endsWith('*'))
          expect(answer.startsWith(`441 ${reason.slice(0, -1)}`), answer).to.equal(true)
        else expect(answer).to.equal(`441 ${reason}`)
        await client.play('C: DATE\nS: 111 *\nC: GROUP local.test\nS: 211 0 1 0 local.test')
      })

    it('the same message-ID a second time', async () => {
      await using here = await site()
      const client = await here.connect()
      const article = text({ 'Message-ID': '<Same@x.example>' })
      await posted(client, article)
      expect(await post(client, article)).to.equal('441 Duplicate')
      await posted(client, text({ 'Message-ID': '<same@x.example>' })) // RFC 5536 3.1.3: case counts
    })
  })

  // RFC 5537 3.5.1, 3.5.7
  describe('where it is moderated', () => {
    it('mails to the moderator of the leftmost group, with Message-ID and Date and without Path', async () => {
      await using here = await site()
      const client = await here.connect()
      const groups = 'local.test,local.second,local.moderated'
      const answer = await post(client, text({ Newsgroups: groups, Path: 'mine' }))
      const id = /^240 Article mailed to the moderator (<\S+@node\.example>)$/.exec(answer)?.[1]
      expect(id, answer).to.be.a('string')
      const [mail, ...more] = await here.node.storage.mails(9)
      expect(more).to.deep.equal([])
      expect(mail).to.include({
        to: 'local-second@mod.example',
        messageId: id,
        subject: '[local.second] Hello',
      })
      const message = mail?.message.toString('latin1') ?? ''
      expect(message).to.match(
        /^From: .*\r\nNewsgroups: .*\r\nSubject: Hello\r\nPath: mine\r\nDate: .*\r\nMessage-ID: <\S+>\r\n\r\nBody\.\r\n$/,
      )
      await client.play(`
        C: STAT ${id}
        S: 430 *
        C: GROUP local.test
        S: 211 0 1 0 local.test`)
    })

    it('takes what its moderator approves, and only there', async () => {
      await using here = await site()
      const client = await here.connect(moderator)
      const approved = { Approved: 'm@mod.example' }
      const shown = await posted(client, text({ Newsgroups: 'local.test,local.moderated', ...approved }))
      expect(field(shown, 'Xref')).to.equal('node.example local.test:1 local.moderated:1')
      const refusal = '441 You are not allowed to approve postings'
      expect(await post(client, text({ Newsgroups: 'local.second', ...approved }))).to.equal(refusal)
      expect(await post(client, text({ Newsgroups: 'local.moderated,local.second', ...approved }))).to.equal(
        refusal,
      )
    })
  })
})
