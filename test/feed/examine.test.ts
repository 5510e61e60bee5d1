import { expect } from 'chai'
import fc from 'fast-check'
import type { Facts } from '../../src/feed/check/check.ts'
import { examine } from '../../src/feed/examine.ts'
import type { Origin } from '../../src/feed/origin.ts'
import { Reason, type ReasonName } from '../../src/reason.ts'
import { articleOf, type Fields, facts, origins, poster, source } from './sample.ts'

type Kind = Origin['kind']
const stranger: Origin = { kind: 'post', poster: { ...poster, account: '', mayApprove: () => false } }
const moderator: Origin = { kind: 'post', poster: { ...poster, mayApprove: name => name === 'mod.one' } }
const groups = (count: number) => Array.from({ length: count }, (_, i) => `test.x${i}`).join(',')
const sites = (count: number) => Array.from({ length: count }, (_, i) => `s${i}.test`).join('!')

/** Fields that differ from a good article, and what each kind of origin gets: a reason, or '' where it passes. */
const table: readonly [string, Fields, Partial<Record<Kind, ReasonName | ''>>][] = [
  ['a good article', {}, { peer: '', post: '', import: '' }],
  ...['Date', 'From', 'Message-ID', 'Newsgroups', 'Subject'].map(
    name =>
      [`no ${name}`, { [name]: undefined }, all('missing-header')] as [
        string,
        Fields,
        Record<Kind, ReasonName>,
      ],
  ),
  ['no Path', { Path: undefined }, { peer: 'missing-header', post: 'missing-header', import: '' }],
  ['an empty Path', { Path: ' ' }, { peer: 'bad-path', post: 'empty-header', import: '' }],
  ['two From', { From: ['a@b.test', 'c@d.test'] }, { ...both('duplicate-header'), import: '' }],
  ['two Xref', { Xref: ['x a:1', 'x a:1'] }, { ...both('duplicate-header'), import: '' }],
  [
    'two Injection-Date',
    twice('Injection-Date', 'Sat, 21 Nov 2026 07:00:00 +0000'),
    both('duplicate-header'),
  ],
  [
    'the same Message-ID twice',
    twice('Message-ID', '<1@a.test>'),
    { ...both('duplicate-header'), import: '' },
  ],
  ['two Message-IDs', { 'Message-ID': ['<1@a.test>', '<2@a.test>'] }, all('duplicate-header')],
  ['two Control', { Control: ['cancel <1@a>', 'cancel <2@a>'] }, all('duplicate-header')],
  [
    'two Content-Type',
    twice('Content-Type', 'text/plain'),
    { peer: '', post: 'duplicate-header', import: '' },
  ],
  ...['Organization', 'References', 'Followup-To', 'Injection-Info'].map(
    name =>
      [`two ${name}`, twice(name, 'x'), { peer: '', post: 'duplicate-header', import: '' }] as [
        string,
        Fields,
        Record<Kind, ReasonName | ''>,
      ],
  ),
  ['two X-Any', twice('X-Any', 'x'), { peer: '', post: '', import: '' }],
  ['an empty field', { Keywords: '' }, { peer: '', post: 'empty-header', import: '' }],
  ['a line of 998', { 'X-A': 'y'.repeat(993) }, { peer: '', post: '', import: '' }],
  ['a line of 999', { 'X-A': 'y'.repeat(994) }, { peer: '', post: 'line-too-long', import: '' }],
  ['a Message-ID without @', { 'Message-ID': '<1.test>' }, { ...both('bad-message-id'), import: '' }],
  ['a Message-ID with a blank', { 'Message-ID': '<1 2@test>' }, all('bad-message-id')],
  ['a date of no kind', { Date: 'yesterday' }, { ...both('bad-date'), import: '' }],
  ['an Injection-Date of no kind', { 'Injection-Date': 'now' }, both('bad-date')],
  ['a date 25 h ahead', { Date: 'Sun, 22 Nov 2026 09:00:01 +0000' }, { ...both('future'), import: '' }],
  ['a date 24 h ahead', { Date: 'Sun, 22 Nov 2026 08:00:00 +0000' }, { peer: '', post: '' }],
  ['a date of 1993', { Date: 'Thu, 15 Apr 93 12:00:00 PDT' }, { ...both('too-old'), import: '' }],
  [
    'an old date injected today',
    { Date: 'Thu, 15 Apr 93 12:00:00 PDT', 'Injection-Date': 'Sat, 21 Nov 2026 07:00:00 +0000' },
    { peer: '', post: 'too-old' },
  ],
  [
    'a good date injected long ago',
    { 'Injection-Date': 'Sat, 1 Nov 2025 07:00:00 +0000' },
    { peer: 'too-old', post: 'too-old' },
  ],
  ['an Expires of no kind', { Expires: 'soon' }, { peer: '', post: 'bad-expires', import: '' }],
  ['a From without address', { From: 'Alice' }, { peer: '', post: 'bad-from', import: '' }],
  [
    'our own identity in Path',
    { Path: 'peer.test!News.Here.Test!not-for-mail' },
    { peer: 'path-loop', import: '' },
  ],
  ['our own identity right of .POSTED', { Path: 'peer.test!.POSTED!news.here.test!x' }, { peer: '' }],
  ['our own identity as the tail', { Path: 'peer.test!news.here.test' }, { peer: '' }],
  ['a Path of 100 sites', { Path: `${sites(99)}!not-for-mail` }, { peer: '', post: '', import: '' }],
  ['a Path of 101 sites', { Path: `${sites(100)}!not-for-mail` }, { ...both('path-too-long'), import: '' }],
  [
    'a distribution nobody agreed on',
    { Distribution: 'na' },
    { peer: 'unwanted-distribution', post: '', import: '' },
  ],
  ['one distribution of two', { Distribution: 'na, EU' }, { peer: '' }],
  [
    'a distribution with a slash',
    { Distribution: 'a/b' },
    { peer: 'unwanted-distribution', post: 'bad-distribution' },
  ],
  ['a Newsgroups of blanks and commas', { Newsgroups: ' , ' }, all('bad-newsgroups')],
  [
    'a bad name beside a good one',
    { Newsgroups: 'test.a,te$t' },
    { peer: '', post: 'bad-newsgroups', import: '' },
  ],
  ['a reserved name', { Newsgroups: 'test.a,control' }, { peer: '', post: 'bad-newsgroups', import: '' }],
  ['21 groups', { Newsgroups: `test.a,${groups(20)}` }, { peer: '', post: 'too-many-groups', import: '' }],
  ['51 groups', { Newsgroups: `test.a,${groups(50)}` }, { ...both('too-many-groups'), import: '' }],
  ['51 bad names', { Newsgroups: `test.a${',$'.repeat(50)}` }, { peer: 'too-many-groups' }],
  ['one group 4,000 times', { Newsgroups: `${'a,'.repeat(4000)}test.a` }, { peer: '' }],
  [
    'an unknown group',
    { Newsgroups: 'no.such' },
    { peer: 'unwanted-newsgroup', post: 'no-valid-newsgroup', import: '' },
  ],
  [
    'a group called constructor',
    { Newsgroups: 'constructor' },
    { peer: 'unwanted-newsgroup', post: 'no-valid-newsgroup' },
  ],
  ['an unknown group beside a known one', { Newsgroups: 'no.such,test.a' }, { peer: '', post: '' }],
  ['a group with status n', { Newsgroups: 'test.local' }, { peer: '', post: 'group-closed', import: '' }],
  [
    'a group with status x',
    { Newsgroups: 'test.none' },
    { peer: 'unwanted-newsgroup', post: 'group-closed' },
  ],
  ['a group with status j', { Newsgroups: 'test.junk' }, { peer: '', post: 'group-closed', import: '' }],
  ['an alias', { Newsgroups: 'test.alias' }, { peer: '', post: 'group-renamed', import: '' }],
  ['an alias of nothing', { Newsgroups: 'test.dead' }, { peer: 'unwanted-newsgroup', post: 'group-renamed' }],
  ['an alias of a moderated group', { Newsgroups: 'test.mod-alias' }, { peer: 'unapproved' }],
  [
    'a group that is not for this one',
    { Newsgroups: 'private.x' },
    { peer: 'unwanted-by-peer-rule', post: 'posting-forbidden', import: '' },
  ],
  ['no Approved where moderated', { Newsgroups: 'test.a,mod.one' }, { ...both('unapproved'), import: '' }],
  [
    'Approved where moderated',
    { Newsgroups: 'mod.one', Approved: 'me@here.test' },
    { peer: '', post: 'approved-forbidden', import: '' },
  ],
  ['Approved where not moderated', { Approved: 'me@here.test' }, { peer: '', post: 'approved-forbidden' }],
  ['a control message', { Control: 'newgroup new.one' }, { peer: '', post: 'control-forbidden', import: '' }],
  ['a cancel', { Control: 'cancel <2@a.test>' }, { peer: '', post: '', import: '' }],
  ['a cancel in capitals', { Control: 'CANCEL  <2@a.test>' }, { peer: '', post: '' }],
  ['a cancel of nothing', { Control: 'cancel' }, { peer: '', post: 'bad-target', import: '' }],
  ['a cancel of two', { Control: 'cancel <2@a.test> <3@a.test>' }, { peer: '', post: 'bad-target' }],
  ['a cancel of itself', { Control: 'cancel <1@example.org>' }, { peer: '', post: 'bad-target' }],
  [
    'a cancel for an unknown group',
    { Newsgroups: 'no.such', Control: 'cancel <2@a.test>' },
    { peer: 'unwanted-newsgroup' },
  ],
  ['Supersedes', { Supersedes: '<2@a.test>' }, { peer: '', post: '', import: '' }],
  ['Supersedes of nothing', { Supersedes: '2@a.test' }, { peer: '', post: 'bad-target', import: '' }],
  [
    'a cancel with Supersedes',
    { Control: 'cancel <2@a.test>', Supersedes: '<2@a.test>' },
    { peer: '', post: 'bad-target' },
  ],
  ['two Cancel-Locks', twice('Cancel-Lock', 'sha256:x'), { peer: '', post: 'duplicate-header', import: '' }],
  ['a newgroup for a new group', { Newsgroups: 'new.one', Control: 'newgroup new.one' }, { peer: '' }],
  [
    'a newgroup for a group that the peer may not feed',
    { Newsgroups: 'private.y', Control: 'newgroup private.y' },
    { peer: 'unwanted-by-peer-rule' },
  ],
  ['Followup-To poster', { 'Followup-To': 'poster' }, { peer: '', post: '' }],
  [
    'Followup-To a group and poster',
    { 'Followup-To': 'test.a, poster@x' },
    { peer: '', post: 'bad-followup-to' },
  ],
]

function all(reason: ReasonName): Record<Kind, ReasonName> {
  return { peer: reason, post: reason, import: reason }
}

function both(reason: ReasonName): { peer: ReasonName; post: ReasonName } {
  return { peer: reason, post: reason }
}

function twice(name: string, value: string): Fields {
  return { [name]: [value, value] }
}

function reasonOf(fields: Fields, origin: Origin, given: Facts = facts): ReasonName | '' {
  const result = examine(articleOf(fields), origin, given)
  return result instanceof Reason ? result.name : ''
}

describe('examine', () => {
  for (const [title, fields, expected] of table) {
    for (const kind of Object.keys(expected) as Kind[]) {
      it(`${title} from ${kind}: ${expected[kind] || 'passes'}`, () => {
        expect(reasonOf(fields, origins[kind])).to.equal(expected[kind])
      })
    }
  }

  it('lets a moderator approve in the groups of that moderator alone', () => {
    const approved = { Approved: 'me@here.test' }
    expect(reasonOf({ ...approved, Newsgroups: 'test.a,mod.one' }, moderator)).to.equal('')
    expect(reasonOf({ ...approved, Newsgroups: 'mod.one,mod.two' }, moderator)).to.equal('approved-forbidden')
    expect(reasonOf({ Newsgroups: 'mod.one', Control: 'cancel <2@a.test>' }, moderator)).to.equal(
      'unapproved',
    )
  })

  it('lets nobody cancel who cannot be told from others', () => {
    const cancel = { Control: 'cancel <2@a.test>' }
    expect(reasonOf(cancel, stranger)).to.equal('control-forbidden')
    expect(reasonOf({ ...cancel, 'Cancel-Key': 'sha256:AAAA' }, stranger)).to.equal('')
  })

  it('tells what the parts after it need', () => {
    const article = articleOf({
      Newsgroups: 'test.b, test.a,te$t,test.b, private.x',
      Distribution: 'World,eu',
      Path: 'Peer.Test!!b.test!.POSTED.1.2.3.4!c.test!not-for-mail',
    })
    expect(examine(article, origins.peer, facts)).to.deep.equal({
      messageId: '<1@example.org>',
      newsgroups: ['test.b', 'test.a'],
      distributions: ['world', 'eu'],
      path: ['peer.test', 'b.test'],
      control: false,
      withdrawn: undefined,
      private: false,
      date: Date.UTC(2026, 10, 21, 7) / 1000,
      injectionDate: undefined,
    })
    expect(examine(article, origins.import, facts)).to.have.deep.property('newsgroups', [
      'test.b',
      'test.a',
      'private.x',
    ])
  })

  it('refuses an unapproved article although the peer may not feed the moderated group', () => {
    const narrow: Origin = { kind: 'peer', source: { ...source, accepts: name => name === 'test.a' } }
    expect(reasonOf({ Newsgroups: 'test.a,mod.one' }, narrow)).to.equal('unapproved')
  })

  it('takes any age without a horizon', () => {
    const date = { Date: 'Thu, 15 Apr 1993 12:00:00 GMT' }
    expect(reasonOf(date, origins.peer, { ...facts, horizon: 0 })).to.equal('')
  })

  it('asks no distribution of a peer without such a rule', () => {
    const other: Origin = { kind: 'peer', source: { ...source, peer: 'other.test' } }
    expect(reasonOf({ Distribution: 'na' }, other)).to.equal('')
  })

  it('takes from a peer exactly the dates inside the window', () => {
    const horizon = facts.now / 1000 - 86_400
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 2_000_000_000 }), seconds => {
        const date = new Date(seconds * 1000).toUTCString()
        const expected = seconds < horizon ? 'too-old' : seconds > facts.now / 1000 + 86_400 ? 'future' : ''
        expect(reasonOf({ Date: date }, origins.peer, { ...facts, horizon })).to.equal(expected)
      }),
    )
  })

  it('never throws, whatever stands in the fields', () => {
    const octets = fc.string({
      unit: fc.integer({ min: 1, max: 255 }).map(code => String.fromCharCode(code)),
    })
    const value = octets.map(text => text.replace(/[\r\n]/g, '?'))
    const names = [
      'Path',
      'From',
      'Newsgroups',
      'Date',
      'Message-ID',
      'Distribution',
      'Followup-To',
      'Expires',
    ]
    fc.assert(
      fc.property(fc.dictionary(fc.constantFrom(...names), value), fields => {
        for (const origin of Object.values(origins)) {
          const result = examine(articleOf(fields), origin, facts)
          if (result instanceof Reason) expect(result.text).to.match(/^[ -~]{1,200}$/)
        }
      }),
    )
  })
})

describe('feed/examine of private groups', () => {
  const privately: Facts = { ...facts, isPrivate: name => name === 'test.b' || name.startsWith('int.') }
  const examined = (newsgroups: string, origin: Origin) => {
    const found = examine(articleOf({ Newsgroups: newsgroups }), origin, privately)
    return found instanceof Reason ? found.text : { private: found.private, newsgroups: found.newsgroups }
  }
  const refusal = 'Crosspost between the private newsgroup "test.b" and others'

  it('keeps them apart from the others, whether those are here or not', () => {
    for (const origin of [origins.post, origins.peer]) {
      expect(examined('test.a,test.b', origin)).to.equal(refusal)
      expect(examined('test.b,no.such', origin)).to.equal(refusal)
      expect(examined('test.b', origin)).to.deep.equal({ private: true, newsgroups: ['test.b'] })
      expect(examined('test.a', origin)).to.deep.equal({ private: false, newsgroups: ['test.a'] })
    }
    expect(examined('test.b,int.x', origins.post)).to.deep.include({ private: true })
  })

  it('counts the groups that a peer may not feed too', () => {
    const origin: Origin = { kind: 'peer', source: { ...source, accepts: name => name === 'test.b' } }
    expect(examined('test.a,test.b', origin)).to.equal(refusal)
  })

  it('takes an import as it is, and keeps it here', () => {
    expect(examined('test.a,test.b', origins.import)).to.deep.include({ private: true })
    expect(examined('test.a', origins.import)).to.deep.include({ private: false })
  })
})

describe('feed/examine of groups that are hidden from the poster', () => {
  const hidden = { ...poster, mayPost: () => false, maySee: (name: string) => name !== 'test.b' }
  const origin: Origin = { kind: 'post', poster: { ...hidden, mayPost: name => name !== 'test.b' } }
  const examined = (newsgroups: string) => examine(articleOf({ Newsgroups: newsgroups }), origin, facts)

  it('is as of groups that are not here', () => {
    const [unknown, unseen] = [examined('no.such'), examined('test.b')]
    expect(unknown).to.deep.equal(new Reason('no-valid-newsgroup', 'no.such'))
    expect(unseen).to.deep.equal(new Reason('no-valid-newsgroup', 'test.b'))
    expect(examined('test.a,test.b')).to.deep.include({ newsgroups: ['test.a'] })
  })

  it('says which group is closed to him where he can see it', () => {
    expect(examine(articleOf(), { kind: 'post', poster: hidden }, facts)).to.deep.equal(
      new Reason('posting-forbidden', 'test.a'),
    )
  })
})
