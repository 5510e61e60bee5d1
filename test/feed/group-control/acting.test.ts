import { expect } from 'chai'
import type { Received } from '../../../src/feed/group-control/acting.ts'
import { GroupControl } from '../../../src/feed/group-control/group-control.ts'
import { silentLog } from '../../../src/log.ts'
import { parseNewsgroup } from '../../../src/newsgroup.ts'
import { ControlNews } from '../../support/control-news.ts'
import { crashed, memoryParts, testConfig } from '../../support/node.ts'

const open = [{ groups: 'far.*,!far.private.*', action: 'apply', unsigned: true }]

describe('control messages about newsgroups', function () {
  this.timeout(30_000)

  it('change nothing without a rule, and are filed as before', async () => {
    await using news = await ControlNews.open([])
    await news.bring(news.fields('newgroup far.talk'))
    await news.settled()
    expect(await news.groups()).to.deep.equal([])
    expect(await news.node.storage.reading.articleById('<1@far.example>')).to.include({
      messageId: '<1@far.example>',
    })
  })

  it('create, change and remove a group where a rule lets them', async () => {
    await using news = await ControlNews.open(open)
    const body = 'For your newsgroups file:\nfar.talk\tTalk of far things\n'
    await news.bring(news.fields('newgroup far.talk'), body)
    await news.settled()
    expect(await news.groups()).to.deep.equal(['far.talk y Talk of far things'])
    const moderated = 'For your newsgroups file:\nfar.talk\t\tBetter talk (Moderated)\n'
    await news.bring(news.fields('newgroup far.talk moderated'), moderated)
    await news.settled()
    expect(await news.groups()).to.deep.equal(['far.talk m Better talk (Moderated)'])
    // RFC 5537 5.2.1: a body that says nothing takes no description away.
    await news.bring(news.fields('newgroup far.talk'))
    await news.settled()
    expect(await news.groups()).to.deep.equal(['far.talk y Better talk (Moderated)'])
    await news.bring(news.fields('rmgroup far.talk'))
    await news.settled()
    expect(await news.groups()).to.deep.equal([])
    expect(news.outcomes).to.deep.equal(Array(4).fill('applied far.talk'))
  })

  it('keep their numbers in a group that is removed and comes back', async () => {
    await using news = await ControlNews.open(open)
    for (const control of ['newgroup far.talk', 'rmgroup far.talk', 'newgroup far.talk'])
      await news.bring(news.fields(control))
    await news.settled()
    const group = await news.node.storage.reading.group('far.talk')
    expect(group).to.include({ creator: 'control@example.org', status: 'y' })
    expect(
      news.records.filter(({ event }) => event === 'control').map(({ fields }) => fields),
    ).to.have.length(3)
  })

  const refused: readonly [string, string, Readonly<Record<string, string>>, string][] = [
    ['no Approved field', 'newgroup far.a', { Approved: '' }, 'no Approved field'],
    ['a flag nobody knows', 'newgroup far.a moderatd', {}, 'a flag other than "moderated"'],
    ['two flags', 'newgroup far.a moderated moderated', {}, 'a flag other than "moderated"'],
    ['no name', 'newgroup', {}, 'no newsgroup name'],
    ['a name that is none', 'newgroup far..a', {}, 'no newsgroup name'],
    ['a shell in the name', 'newgroup far.$(id)', {}, 'no newsgroup name'],
    ['a path', 'rmgroup ../../etc', {}, 'no newsgroup name'],
    ['capitals', 'newgroup far.Talk', {}, 'no name that a message may create'],
    ['a component of a sign', 'newgroup far.-rf', {}, 'no name that a message may create'],
    ['a long component', `newgroup far.${'a'.repeat(31)}`, {}, 'no name that a message may create'],
    ['a reserved name', 'newgroup far.all', {}, 'no name that a message may create'],
    ['no sender', 'newgroup far.a', { Sender: 'nobody' }, 'no address of a sender'],
    ['an old Date', 'newgroup far.a', { Date: 'Sat, 20 Dec 2025 00:00:00 +0000' }, 'older than 10 days'],
    [
      'a Date ahead',
      'newgroup far.a',
      { Date: 'Mon, 05 Jan 2026 00:00:00 +0000' },
      'no date, or one in the future',
    ],
  ]
  for (const [what, control, more, reason] of refused)
    it(`are refused with ${what}`, async () => {
      await using news = await ControlNews.open(open)
      const injected = { 'Injection-Date': news.fields('').Date ?? '' }
      const fields = Object.entries({ ...news.fields(control), ...injected, ...more })
      await news.bring(Object.fromEntries(fields.filter(([, value]) => value !== '')))
      await news.settled()
      expect(await news.groups()).to.deep.equal([])
      expect(news.outcomes).to.deep.equal([`refused ${reason}`])
    })

  it('count by the first rule that matches type, sender and group', async () => {
    await using news = await ControlNews.open([
      { type: 'rmgroup', groups: '*', action: 'drop' },
      { from: '*@bad.example', groups: '*', action: 'drop' },
      { from: 'control@example.org', groups: 'far.*,!far.private.*', action: 'apply', unsigned: true },
      { groups: '*', action: 'log' },
    ])
    await news.bring(news.fields('newgroup far.a'))
    await news.bring(news.fields('newgroup far.b', { From: 'x@bad.example' }))
    await news.bring(news.fields('newgroup far.c', { Sender: 'x@bad.example' }))
    await news.bring(news.fields('newgroup far.private.d'))
    await news.bring(news.fields('newgroup far.e', { From: '"control@example.org" <other@far.example>' }))
    await news.bring(news.fields('rmgroup far.a'))
    await news.settled()
    expect(await news.groups()).to.deep.equal(['far.a y'])
    expect(news.outcomes).to.deep.equal(['applied far.a'])
  })

  it('are not applied after a later one about the same group', async () => {
    await using news = await ControlNews.open(open)
    await news.bring(news.fields('newgroup far.a'))
    await news.bring(news.fields('rmgroup far.a', { Date: 'Wed, 31 Dec 2025 23:59:59 +0000' }))
    await news.settled()
    expect(await news.groups()).to.deep.equal(['far.a y'])
    expect(news.outcomes).to.deep.equal(['applied far.a', 'refused older than the last one applied'])
  })

  it('are applied ten at once and ten an hour for each sender', async () => {
    await using news = await ControlNews.open(open)
    for (let at = 10; at < 30; at++) await news.bring(news.fields(`newgroup far.g${at}`))
    await news.bring(news.fields('newgroup far.other', { From: 'other@example.org' }))
    await news.settled()
    expect(await news.groups()).to.have.length(11)
    expect(news.outcomes.filter(it => it.startsWith('refused'))).to.deep.equal([
      'refused more than 10 an hour of one issuer',
    ])
    await news.clock.advance(720_000)
    for (let at = 10; at < 30; at++) await news.bring(news.fields(`newgroup far.h${at}`))
    // It rests after so long a time, on the same clock.
    await news.clock.advance(2_000)
    await news.settled()
    expect(await news.groups()).to.have.length(13)
  })

  it('are acted on by nobody where an import brings them', async () => {
    await using news = await ControlNews.open(open)
    await news.bring(news.fields('newgroup far.a'), '', { kind: 'import' })
    await news.settled()
    expect(await news.groups()).to.deep.equal([])
  })

  it('leave closed groups and aliases as this node has them', async () => {
    await using news = await ControlNews.open(open, {
      group: [
        { name: 'far.closed', status: 'x' },
        { name: 'far.alias', status: '=local.test' },
        { name: 'local.test' },
      ],
    })
    await news.bring(news.fields('newgroup far.closed moderated'))
    await news.bring(news.fields('newgroup far.alias'))
    await news.settled()
    expect(await news.groups()).to.deep.equal(['far.alias =local.test', 'far.closed x'])
  })

  const listed = 'far.a\tAll about A\nfar.b\tAbout B (Moderated)\n'

  it('make the groups of a list as it says, by its serial, and nothing outside of scope and rule', async () => {
    await using news = await ControlNews.open(open, {
      group: [
        { name: 'far.a', status: 'm' },
        { name: 'far.old' },
        { name: 'far.private.x' },
        { name: 'near.x' },
      ],
    })
    await news.bring(news.fields('checkgroups far near #7'), `${listed}near.y\tno\nfar.private.y\tno\n`)
    await news.settled()
    const after = ['far.a y All about A', 'far.b m About B (Moderated)', 'far.private.x y']
    expect(await news.groups()).to.deep.equal(after)
    expect(await news.node.storage.reading.group('near.y')).to.equal(undefined)
    expect(await news.node.storage.reading.group('near.x')).to.include({ status: 'y' })
    // RFC 5537 5.2.3: only a serial above the last one for the same scope
    await news.bring(news.fields('checkgroups near far #7'), 'far.c\tC\n')
    await news.bring(news.fields('checkgroups near far #6'), 'far.c\tC\n')
    await news.bring(
      news.fields('checkgroups far near', { Date: 'Wed, 31 Dec 2025 00:00:00 +0000' }),
      'far.c\tC\n',
    )
    await news.settled()
    expect(await news.groups()).to.deep.equal(after)
    await news.bring(news.fields('checkgroups far near #10'), `${listed}far.c\tC\n`)
    await news.settled()
    expect(await news.groups()).to.deep.equal([...after.slice(0, 2), 'far.c y C', 'far.private.x y'])
    expect(news.outcomes).to.deep.equal([
      'applied far near',
      'refused its serial is not above 7',
      'refused older than the last list applied',
      'applied far near',
    ])
  })

  it('of a list leave a group as a later message made it', async () => {
    await using news = await ControlNews.open(open)
    await news.bring(news.fields('newgroup far.a moderated'))
    await news.bring(news.fields('checkgroups far', { Date: 'Wed, 31 Dec 2025 00:00:00 +0000' }), listed)
    await news.settled()
    expect(await news.groups()).to.deep.equal(['far.a m', 'far.b m About B (Moderated)'])
  })

  it('are mailed to the administrator where a rule says so, 20 an hour, and change nothing', async () => {
    await using news = await ControlNews.open([{ groups: 'far.*', action: 'mail' }], {
      node: { path_identity: 'node.example', admin: 'admin@node.example' },
    })
    await news.bring(news.fields('checkgroups far'), 'far.a\tA; rm -rf \u001b[2J/ (Moderated)\n')
    for (let at = 0; at < 30; at++) await news.bring(news.fields(`newgroup far.g${at}`))
    await news.settled()
    expect(await news.groups()).to.deep.equal([])
    const [first, ...others] = await news.letters()
    expect(others).to.have.length(19)
    expect(first).to.include({ to: 'admin@node.example', subject: 'checkgroups from control@example.org' })
    expect(first?.message.toString()).to.contain(
      '\r\ntidings group add far.a --status m   # description: A; rm -rf  [2J/ (Moderated)\r\n',
    )
    expect(news.outcomes).to.deep.equal(['refused more than 20 mails an hour'])
  })

  it('that are lists are counted even where they change nothing: all newsgroups are gone through for each', async () => {
    await using news = await ControlNews.open(open)
    await news.bring(news.fields('newgroup far.a'))
    for (let at = 0; at < 12; at++) await news.bring(news.fields('checkgroups far'), 'far.a\n')
    await news.settled()
    expect(news.outcomes).to.deep.equal(['applied far.a', 'refused more than 10 an hour of one issuer'])
  })

  it('name no more in the log than can be read', async () => {
    await using news = await ControlNews.open(open)
    const tops = Array.from({ length: 2_000 }, (_, at) => `far${at}.a\n`).join('')
    await news.bring(news.fields('checkgroups', { Sender: 'nobody' }), `far.a\n${tops}`)
    await news.settled()
    const told = news.records.map(({ fields }) => String(fields.about).length)
    expect(told).to.deep.equal([500])
  })

  it('of a thousand strangers change nothing and leave few lines', async () => {
    await using news = await ControlNews.open([
      { from: 'control@example.org', groups: 'far.*', action: 'apply', key: 'control@example.org' },
    ])
    const signature = `GnuPG Subject,Control,Message-ID,Date,From,Sender ${'A'.repeat(64)}`
    const verbs = [
      'newgroup far.a',
      'rmgroup local.test',
      'checkgroups far',
      'checkgroups',
      'newgroup far.b moderated',
    ]
    for (let at = 0; at < 1_000; at++) {
      const more = at % 2 === 0 ? {} : { From: `a${at}@example.net`, 'X-PGP-Sig': signature }
      await news.bring(news.fields(verbs[at % 5] ?? '', more), at % 3 === 0 ? 'far.a\tA\n' : '')
    }
    await news.settled()
    expect(await news.groups()).to.deep.equal([])
    expect(await news.node.storage.reading.group('local.test')).to.include({ status: 'y' })
    expect(news.outcomes).to.deep.equal(['refused no signature', 'refused no list of newsgroups'])
  })

  it('that came while there was no rule are never acted on', async () => {
    await using news = await ControlNews.open([])
    await news.bring(news.fields('newgroup far.a'))
    await news.reload(open)
    await news.bring(news.fields('newgroup far.b'))
    await news.settled()
    await news.reload([])
    await news.bring(news.fields('newgroup far.c'))
    await news.reload(open)
    await news.bring(news.fields('newgroup far.d'))
    await news.settled()
    expect(await news.groups()).to.deep.equal(['far.b y', 'far.d y'])
  })

  it('are acted on after reloads that overtake each other', async () => {
    await using news = await ControlNews.open([])
    const { reading, notes, places } = news.node.storage
    let rules: readonly object[] = open
    let go = () => {}
    const held = new Promise<void>(resolve => {
      go = resolve
    })
    const considered: string[] = []
    const acting = {
      consider: ({ messageId }: Received) => {
        considered.push(messageId)
        return held
      },
    }
    const config = () => testConfig({ control: rules })
    const around = { config, reading, notes, epoch: places.epoch, clock: news.clock, log: silentLog }
    await using control = new GroupControl({ ...around, acting })
    await control.start()
    await news.bring(news.fields('newgroup far.a'))
    while (considered.length === 0) await new Promise(resolve => setImmediate(resolve))
    rules = []
    const ending = control.reload()
    rules = open
    await control.reload()
    go()
    await ending
    await news.bring(news.fields('newgroup far.b'))
    while (control.behind > 0) await new Promise(resolve => setImmediate(resolve))
    expect(considered).to.deep.equal(['<1@far.example>', '<2@far.example>'])
  })

  it('are acted on once, over restarts too', async () => {
    const parts = await memoryParts()
    const first = await ControlNews.open(open, {}, parts)
    await first.bring(first.fields('newgroup far.a'))
    await first.settled()
    const name = parseNewsgroup('far.a')
    if (name === undefined) throw new Error('no name')
    await first.node.storage.submit({ kind: 'group', action: 'remove', name, time: 1, source: 'admin' })
    await first[Symbol.asyncDispose]()

    await using second = await ControlNews.open(open, {}, await crashed(parts, () => 0))
    await second.settled()
    expect(await second.groups()).to.deep.equal([])
  })

  it('wait for a store that takes no change, and are acted on after a restart', async () => {
    await using news = await ControlNews.open([])
    const { reading, notes, places } = news.node.storage
    const config = () => testConfig({ control: open })
    const around = { config, reading, notes, epoch: places.epoch, clock: news.clock }
    let warned = () => {}
    const failing = new Promise<void>(resolve => {
      warned = resolve
    })
    const full = { consider: () => Promise.reject(new Error('full')) }
    const first = new GroupControl({ ...around, log: { ...silentLog, warn: () => warned() }, acting: full })
    await first.start()
    await news.bring(news.fields('newgroup far.a'))
    await failing
    await first[Symbol.asyncDispose]()

    const considered: string[] = []
    const taking = { consider: async ({ messageId }: Received) => void considered.push(messageId) }
    await using second = new GroupControl({ ...around, log: silentLog, acting: taking })
    await second.start()
    while (second.behind > 0) await new Promise(resolve => setImmediate(resolve))
    expect(considered).to.deep.equal(['<1@far.example>'])
  })
})
