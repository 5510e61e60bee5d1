import { expect } from 'chai'
import fc from 'fast-check'
import { Article } from '../../../src/article.ts'
import type { Clock } from '../../../src/clock.ts'
import type { Config } from '../../../src/config/config.ts'
import type { Incoming } from '../../../src/feed/accept.ts'
import type { Poster, Verdict } from '../../../src/feed/feed.ts'
import { createInjector } from '../../../src/feed/posting/inject.ts'
import { locksIn, locksOpenedBy } from '../../../src/feed/withdraw/cancel-lock.ts'
import { silentLog } from '../../../src/log.ts'
import { parseMessageId } from '../../../src/message-id.ts'
import { Reason } from '../../../src/reason.ts'
import type { MailEntry, Outcome } from '../../../src/storage/entry.ts'
import type { Arrival } from '../../../src/storage/reading.ts'
import { config, type Fields, group, now, poster, wireOf } from '../sample.ts'

const idle = { timer: () => ({ cancel: () => {} }), sleep: async () => {} }

interface Site {
  readonly config?: Config
  readonly mail?: (entry: MailEntry) => Promise<Outcome>
  readonly accept?: () => Promise<Verdict>
}

/** An injector whose accept takes everything; what it was given is kept. */
function site({ config: given = config, mail, accept }: Site = {}) {
  const accepted: Incoming[] = []
  const mails: MailEntry[] = []
  const time = { now, monotonic: 0 }
  const clock: Clock = { now: () => time.now, monotonic: () => time.monotonic, ...idle }
  const injector = createInjector({
    config: () => given,
    clock,
    log: silentLog,
    random: octets => Buffer.alloc(octets, 0xab),
    groups: group,
    hostSecret: Buffer.alloc(32, 7),
    locking: { secrets: [Buffer.alloc(32, 9)], since: async () => 12 },
    async accept(incoming) {
      accepted.push(incoming)
      if (accept !== undefined) return await accept()
      const messageId = parseMessageId(incoming.article.header('Message-ID') ?? '')
      if (messageId === undefined) throw new Error('no message-ID')
      return { kind: 'accepted', arrival: 1 as Arrival, messageId, filings: [] }
    },
    async submit(entry) {
      if (entry.kind === 'hold') throw new Error('nothing is held here')
      mails.push(entry)
      return (await mail?.(entry)) ?? { kind: 'stored', arrival: 1 as Arrival, filings: [] }
    },
  })
  return { injector, accepted, mails, time }
}

const protoOf = (fields: Fields, body?: string) => wireOf({ Path: undefined, ...fields }, body)
const bare: Fields = { Path: undefined, Date: undefined, 'Message-ID': undefined }

async function injected(fields: Fields, who: Poster = poster, given: Config = config): Promise<Article> {
  const { injector, accepted } = site({ config: given })
  const verdict = await injector.inject(wireOf(fields), who)
  const article = accepted[0]?.article
  if (article === undefined) throw new Error(JSON.stringify(verdict))
  return article
}

async function refusal(wire: Buffer, who: Poster = poster): Promise<string> {
  const { injector, accepted, mails } = site()
  const verdict = await injector.inject(wire, who)
  expect([accepted.length, mails.length]).to.deep.equal([0, 0])
  return verdict.kind === 'rejected' ? verdict.reason.text : verdict.kind
}

describe('inject', () => {
  it('adds what is missing and leaves the rest as it came', async () => {
    const article = await injected(bare)
    expect(article.wire.toString('latin1').split('\r\n')).to.deep.equal([
      'Path: news.here.test!.POSTED.192.0.2.7!not-for-mail',
      'From: Alice <alice@example.org>',
      'Newsgroups: test.a',
      'Subject: Hello',
      'Date: Sat, 21 Nov 2026 08:00:00 +0000',
      `Message-ID: <${now.toString(36)}.${'ab'.repeat(10)}@news.here.test>`,
      ...`Cancel-Lock: ${article.header('Cancel-Lock')}`.replace('\t', '\n\t').split('\n'),
      'Organization: Here',
      'Injection-Date: Sat, 21 Nov 2026 08:00:00 +0000',
      'Injection-Info: news.here.test;',
      '\tposting-host="192.0.2.7";',
      article.header('Injection-Info')?.match(/\tposting-account="[\w-]{22}";/)?.[0],
      '\tmail-complaints-to="usenet@here.test"',
      '',
      'Hello',
      '',
    ])
  })

  it('adds a lock to every article, and the key to what takes an earlier one of the same account away', async () => {
    const locks = (article: Article) => locksIn(article.header('Cancel-Lock') ?? '')
    const keys = (article: Article) => locksOpenedBy(article.header('Cancel-Key') ?? '')
    const id = { Path: undefined, 'Message-ID': '<1@a.test>' }
    const first = await injected(id)
    expect(locks(first)).to.have.length(2)
    expect(keys(first)).to.deep.equal([])
    const [own, operators] = locks(first)
    const next = { Path: undefined, 'Message-ID': '<2@a.test>', Supersedes: '<1@a.test>' }
    expect(keys(await injected(next))).to.deep.equal([own])
    const cancel = {
      Path: undefined,
      'Message-ID': '<3@a.test>',
      Control: 'cancel <1@a.test>',
      Subject: 'cmsg cancel <1@a.test>',
    }
    expect(keys(await injected(cancel))).to.deep.equal([own])
    expect(locks(await injected(cancel))).to.deep.equal([])
    const carol = { ...poster, account: 'carol' }
    expect(locks(first)).to.not.include(keys(await injected(cancel, carol))[0])
    const stranger = { ...poster, account: '' }
    expect(locks(await injected(id, stranger))).to.deep.equal([operators])
    expect(keys(await injected(next, stranger))).to.deep.equal([])
    const operator = { ...stranger, operator: true, mayApprove: () => true }
    expect(keys(await injected(cancel, operator))).to.deep.equal([operators])
  })

  it('leaves the locks and keys of the posting agent in front of its own', async () => {
    const own = `sha256:${'A'.repeat(43)}=`
    const article = await injected({
      Path: undefined,
      'Message-ID': '<1@a.test>',
      Supersedes: '<0@a.test>',
      'Cancel-Lock': own,
      'Cancel-Key': own,
    })
    expect(article.header('Cancel-Lock')).to.match(/^sha256:A{43}=(\tsha256:[\w+/]{43}=){2}$/)
    expect(article.header('Cancel-Key')).to.match(/^sha256:A{43}=\tsha256:[\w+/]{43}=$/)
  })

  it('adds Injection-Date only where Message-ID or Date was missing, and never replaces one', async () => {
    const dates: [Fields, string | undefined][] = [
      [{ Path: undefined }, undefined],
      [{ ...bare, Date: 'Sat, 21 Nov 2026 07:00:00 +0000' }, 'Sat, 21 Nov 2026 08:00:00 +0000'],
      [{ ...bare, 'Message-ID': '<x@a.test>' }, 'Sat, 21 Nov 2026 08:00:00 +0000'],
      [{ ...bare, 'Injection-Date': 'Fri, 20 Nov 2026 08:00:00 +0000' }, 'Fri, 20 Nov 2026 08:00:00 +0000'],
    ]
    for (const [fields, expected] of dates) {
      const article = await injected(fields)
      expect(article.all('Injection-Date')).to.deep.equal(expected === undefined ? [] : [expected])
    }
  })

  it('keeps Path of the poster behind the mark', async () => {
    const paths: [string | undefined, string][] = [
      ['somebody', 'somebody'],
      ['a.test!b.test!me', 'a.test!b.test!me'],
      [undefined, 'not-for-mail'],
      ['alice@example.org', 'not-for-mail'],
    ]
    for (const [path, kept] of paths) {
      const article = await injected({ ...bare, Path: path })
      expect(article.all('Path')).to.deep.equal([`news.here.test!.POSTED.192.0.2.7!${kept}`])
    }
  })

  it('shows a host only where it is one, and an account only as the same opaque word', async () => {
    const first = await injected(bare, { ...poster, address: '2001:db8::1' })
    expect(first.header('Path')).to.equal('news.here.test!.POSTED.2001:db8::1!not-for-mail')
    const again = await injected(bare, { ...poster, address: '"; posting-account="bob' })
    expect(again.header('Path')).to.equal('news.here.test!.POSTED!not-for-mail')
    expect(again.header('Injection-Info')).to.not.match(/bob|posting-host/)
    const account = (article: Article) =>
      /posting-account="([^"]+)"/.exec(article.header('Injection-Info') ?? '')?.[1]
    expect(account(again)).to.equal(account(first)).and.not.include('alice')
    expect(account(await injected(bare, { ...poster, account: 'carol' }))).to.not.equal(account(first))
    expect(account(await injected(bare, { ...poster, account: '' }))).to.equal(undefined)
  })

  it('writes an Organization in ASCII and keeps that of the poster', async () => {
    const organization = 'Bücherei von Ålesund, 図書館 der vielen langen Wörter und Sätze'
    const named: Config = { ...config, node: { ...config.node, organization } }
    const article = await injected(bare, poster, named)
    const words = (article.header('Organization') ?? '').split(' ')
    const decoded = words.map(word => Buffer.from(word.slice('=?UTF-8?B?'.length, -2), 'base64').toString())
    expect(decoded.join('')).to.equal(organization)
    expect(Math.max(...words.map(word => word.length))).to.be.at.most(75)
    expect((await injected({ ...bare, Organization: 'Mine' })).all('Organization')).to.deep.equal(['Mine'])
  })

  it('never alters body, order of fields, or folds', async () => {
    const octets = fc
      .uint8Array({ maxLength: 300 })
      .map(bytes => Buffer.from(bytes.filter(byte => byte > 13)))
    await fc.assert(
      fc.asyncProperty(fc.array(octets, { maxLength: 5 }), async lines => {
        const body = lines
          .map(line => `${line[0] === 0x2e ? '.' : ''}${line.toString('latin1')}\r\n`)
          .join('')
        const wire = wireOf(
          { ...bare, 'X-Fold': 'one\r\n\t two', References: '<1@a.test>\r\n <2@a.test>' },
          body,
        )
        const { injector, accepted } = site()
        await injector.inject(wire, poster)
        const out = accepted[0]?.article.wire.toString('latin1') ?? ''
        const head = wire.toString('latin1').split('\r\n\r\n')[0] ?? ''
        expect(out).to.include(head)
        expect(out.endsWith(`\r\n\r\n${body}`)).to.equal(true)
      }),
      { numRuns: 50 },
    )
  })

  const table: readonly (readonly [string, Buffer, string | RegExp])[] = [
    ...['Injection-Info', 'Xref', 'NNTP-Posting-Host', 'X-Trace', 'xREF'].map(
      name => [name, protoOf({ [name]: 'x' }), `Can't set system ${name} header field`] as const,
    ),
    ['Also-Control', protoOf({ 'Also-Control': 'x' }), 'Obsolete Also-Control header field'],
    [
      'a Path already marked',
      protoOf({ Path: 'a.test!.POSTED!x' }),
      'Path header field shows a previous injection of the article',
    ],
    ['a Path that is none', protoOf({ Path: 'alice@a.test!x y!z' }), /^Bad Path/],
    ['our own mail to a moderator', protoOf({ 'X-Tidings-Loop': 'News.Here.test' }), /^Can't set system/],
    ['no Subject', protoOf({ Subject: undefined }), 'Missing required Subject header field'],
    ['no From', protoOf({ From: undefined }), 'Missing required From header field'],
    ['no Newsgroups', protoOf({ Newsgroups: undefined }), 'Missing required Newsgroups header field'],
    ['an empty field', protoOf({ Keywords: ' ' }), 'Header field has no content: Keywords'],
    ['two Subjects', protoOf({ Subject: ['a', 'b'] }), 'Duplicate Subject header field'],
    ['NUL', protoOf({}, 'a\0b\r\n'), 'NUL octet in article'],
    ['a bare CR', protoOf({}, 'a\rb\r\n'), 'Bare CR in article'],
    ['a bare LF', protoOf({}, 'a\nb\r\n'), 'Bare LF in article'],
    ['a lone dot', protoOf({}, '.\r\n'), 'Line begins with an unstuffed dot'],
    ['no blank line', Buffer.from('Subject: x\r\n'), 'No body'],
    ['no header', Buffer.from('hello world\r\n\r\n'), /^Bad header/],
    ['nothing', Buffer.alloc(0), 'No body'],
    ['too much', protoOf({}, 'x\r\n'.repeat(400_000)), 'Article exceeds local limit'],
    ['an unknown group', protoOf({ Newsgroups: 'no.such' }), 'No valid newsgroups in "no.such"'],
    [
      'a group not for posting',
      protoOf({ Newsgroups: 'test.local' }),
      'Postings to "test.local" are not allowed here',
    ],
    [
      'a group not for this poster',
      protoOf({ Newsgroups: 'test.a,private.x' }),
      'You are not allowed to post to private.x',
    ],
    ['Approved', protoOf({ Approved: 'me@a.test' }), 'You are not allowed to approve postings'],
    ['Control', protoOf({ Control: 'newgroup a.b' }), 'You are not allowed to post control messages'],
    ['a cancel of nothing', protoOf({ Control: 'cancel' }), 'Bad Control header field'],
    [
      'a group without moderator',
      protoOf({ Newsgroups: 'closed.mod' }),
      /^No mailing address for "closed.mod"/,
    ],
    [
      'a moderator without address',
      protoOf({ Newsgroups: 'mod.nobody' }),
      /^No mailing address for "mod.nobody"/,
    ],
  ]
  for (const [title, wire, text] of table) {
    it(`refuses ${title}`, async () => {
      const given = await refusal(wire)
      if (typeof text === 'string') expect(given).to.equal(text)
      else expect(given).to.match(text)
    })
  }

  it('takes no header line from inside a value, whatever the client sends', async () => {
    const hostile = fc.string({
      unit: fc.constantFrom(
        '\r',
        '\n',
        '\0',
        ' ',
        '\t',
        ':',
        '.',
        'Approved: x',
        'Xref: y',
        '\x85',
        'a',
        '!',
      ),
      maxLength: 12,
    })
    await fc.assert(
      fc.asyncProperty(hostile, hostile, async (subject, organization) => {
        const { injector, accepted } = site()
        const wire = wireOf({ ...bare, Subject: subject, Organization: organization })
        const verdict = await injector.inject(wire, poster)
        expect(verdict.kind).to.be.oneOf(['accepted', 'rejected'])
        const names = accepted[0]?.article.names ?? []
        expect(names).to.not.include.members(['Xref'])
        if (accepted.length === 0) return
        const again = Article.parse(accepted[0]?.article.wire ?? Buffer.alloc(0), config.limits)
        expect(again instanceof Reason ? again.text : again.names).to.deep.equal(names)
      }),
      { numRuns: 500 },
    )
  })

  describe('to a moderated group', () => {
    const moderated = { ...bare, Newsgroups: 'test.a,mod.two,mod.one', Subject: 'H\xc3\xa9llo' }

    it('mails to the moderator of the leftmost one, before Path and Injection-*', async () => {
      const { injector, accepted, mails } = site()
      const verdict = await injector.inject(wireOf(moderated, '..dot\r\n'), poster)
      expect(accepted).to.have.length(0)
      const id = `<${now.toString(36)}.${'ab'.repeat(10)}@news.here.test>`
      expect(verdict).to.deep.equal({ kind: 'mailed', messageId: id })
      expect(mails).to.deep.equal([
        {
          kind: 'mail',
          time: now / 1000,
          source: 'post:alice',
          to: 'mod-two@moderators.test',
          subject: '[mod.two] Héllo',
          messageId: id,
          message: mails[0]?.message,
        },
      ])
      expect(mails[0]?.message.toString('latin1').split('\r\n')).to.deep.equal([
        'From: Alice <alice@example.org>',
        'Newsgroups: test.a,mod.two,mod.one',
        'Subject: H\xc3\xa9llo',
        'Date: Sat, 21 Nov 2026 08:00:00 +0000',
        `Message-ID: ${id}`,
        '',
        '.dot',
        '',
      ])
    })

    it('is accepted with Approved by its moderator', async () => {
      const { injector, accepted, mails } = site()
      const moderator = { ...poster, mayApprove: (name: string) => name.startsWith('mod.') }
      const verdict = await injector.inject(wireOf({ ...moderated, Approved: 'm@here.test' }), moderator)
      expect(verdict.kind).to.equal('accepted')
      expect([accepted.length, mails.length]).to.deep.equal([1, 0])
    })

    it('answers what becomes of the mail', async () => {
      const busy = new Reason('no-space')
      const outcomes: [Outcome, Verdict['kind'], string][] = [
        [{ kind: 'duplicate' }, 'rejected', 'duplicate'],
        [{ kind: 'refused', reason: new Reason('unwanted-newsgroup') }, 'rejected', 'unwanted-newsgroup'],
        [{ kind: 'deferred', reason: busy }, 'deferred', 'no-space'],
      ]
      for (const [outcome, kind, name] of outcomes) {
        const verdict = await site({ mail: async () => outcome }).injector.inject(wireOf(moderated), poster)
        expect(verdict).to.have.property('kind', kind)
        expect(verdict).to.have.nested.property('reason.name', name)
      }
    })

    it('takes 60 mails an hour for each group', async () => {
      const { injector, mails, time } = site()
      const post = async (name: string) => (await injector.inject(protoOf({ Newsgroups: name }), poster)).kind
      for (let i = 0; i < 60; i++) expect(await post('mod.one')).to.equal('mailed')
      expect(await post('mod.one')).to.equal('deferred')
      expect(await post('mod.two')).to.equal('mailed')
      time.monotonic = 3_600_000
      expect(await post('mod.one')).to.equal('mailed')
      expect(mails).to.have.length(62)
    })
  })

  it('defers when something unexpected fails', async () => {
    const failing = site({ accept: () => Promise.reject(new Error('disk')) })
    const verdict = await failing.injector.inject(wireOf(bare), poster)
    expect(verdict).to.have.property('kind', 'deferred')
    expect(verdict).to.have.nested.property('reason.name', 'fault')
  })

  it('recommends a message-ID of this site', () => {
    expect(site().injector.recommendMessageId()).to.match(/^<[a-z0-9.]+@news\.here\.test>$/)
  })
})
