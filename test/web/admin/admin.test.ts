import { expect } from 'chai'
import type { Role } from '../../../src/client.ts'
import { FakeOffice } from '../../support/fake-office.ts'
import { FormBrowser } from '../../support/form-browser.ts'
import { ManualClock } from '../../support/manual-clock.ts'
import { auditPage } from '../../support/page-audit.ts'
import { WebFixture } from '../../support/web-fixture.ts'

const pages = [
  '/admin/',
  '/admin/groups/',
  '/admin/peers/',
  '/admin/accounts/',
  '/admin/sessions/',
  '/admin/queue/',
  '/admin/refusals/',
] as const
const hostile = [
  '<script>alert(1)</script>',
  '"><img src=x onerror=alert(1)>',
  '\u202e{{x}}\x1b[31m',
  '__proto__',
]

class Desk implements AsyncDisposable {
  readonly office = new FakeOffice()
  readonly clock = new ManualClock()
  readonly web = new WebFixture({ clock: this.clock })

  static async open(): Promise<Desk> {
    const desk = new Desk()
    const { office } = desk
    await desk.web.start({
      office,
      access: ({ address, account }) => ({
        mayRead: () => true,
        poster: {
          account: account?.name ?? '',
          address,
          mayPost: () => true,
          mayApprove: group => account?.roles.has('moderator') === true && group === 'local.test',
        },
      }),
    })
    return desk
  }

  async browser(...roles: readonly Role[]): Promise<FormBrowser> {
    const name = `${roles[0] ?? 'nobody'}1`
    await this.web.people.add(name, 'correct horse', { roles })
    const browser = new FormBrowser(() => this.web.host)
    await browser.submit('/login', { name, password: 'correct horse' })
    return browser
  }

  /** What an act is recorded as. */
  get records() {
    return this.web.people.records
      .filter(({ event }) => event === 'admin')
      .map(({ fields: { cmd, args, result, account } }) => [cmd, args, result, account].join(' '))
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.web[Symbol.asyncDispose]()
  }
}

/** Sends a form of the page, with its token. */
async function send(browser: FormBrowser, path: string, fields: Readonly<Record<string, string>>) {
  const page = await browser.ask(path)
  const token = /name="token" value="([^"]+)"/.exec(page.text)?.[1] ?? ''
  return browser.ask(path.replace(/\?.*/, ''), { form: { token, ...fields } })
}

function fill({ office }: Desk, name: string): void {
  office.groupRows.push({ name, status: `=${name}`, description: name, low: 1, high: 2, count: 2 })
  const waits = { waiting: 3, deferred: 1, lag: 7200, retryIn: 60 }
  const out = { state: name, connections: 1, ...waits, rate: 0.5, lastError: name }
  office.mailRows.push({
    id: office.mailRows.length + 1,
    to: name,
    subject: name,
    letter: true,
    time: 1,
    tries: 2,
    lastError: name,
    retryIn: 90,
  })
  office.peerRows.push({ name, out, in: { rate: 0, links: [] } })
  office.accountRows.push({ name, roles: ['reader'], disabled: false, created: 1 })
  office.refused.push({ messageId: `<${name}@x>`, source: name, time: 1, reason: 'too-old', text: name })
}

describe('web: administration', () => {
  it('is there for administrators, who gave their password within the hour', async () => {
    await using desk = await Desk.open()
    const stranger = new FormBrowser(() => desk.web.host)
    const poster = await desk.browser('reader', 'poster')
    const moderator = await desk.browser('moderator')
    const admin = await desk.browser('admin')
    for (const path of [...pages, '/admin.json', '/admin/groups.json']) {
      const led = await stranger.ask(path)
      expect([led.status, led.headers.location], path).to.deep.equal([
        303,
        `/login?next=${encodeURIComponent(path)}`,
      ])
      expect((await poster.ask(path)).status, path).to.equal(403)
      expect((await moderator.ask(path)).status, path).to.equal(403)
      expect((await admin.ask(path)).status, path).to.equal(200)
    }
    const head = async (browser: FormBrowser) => (await browser.ask('/')).text
    expect(await head(stranger)).to.not.match(/href="\/(admin|moderate)/)
    expect(await head(poster)).to.not.match(/href="\/(admin|moderate)/)
    expect(await head(moderator))
      .to.match(/href="\/moderate"/)
      .and.not.match(/href="\/admin/)
    expect(await head(admin))
      .to.match(/href="\/moderate"/)
      .and.match(/href="\/admin\/"/)

    const token = /name="token" value="([^"]+)"/.exec((await admin.ask('/admin/groups/')).text)?.[1] ?? ''
    await desk.clock.advance(3_600_001)
    for (const path of pages) expect((await admin.ask(path)).status, path).to.equal(303)
    const late = await admin.ask('/admin/groups/', { form: { token, do: 'add', group: 'a.b', status: 'y' } })
    expect([late.status, late.headers.location]).to.deep.equal([303, '/login?next=%2Fadmin%2Fgroups%2F'])
    expect(desk.office.asked).to.deep.equal([])
    await admin.submit('/login?next=/admin/', { name: 'admin1', password: 'correct horse' }, '/login')
    expect((await admin.ask('/admin/')).status).to.equal(200)
  })

  it('is not there where the node hands nothing in', async () => {
    await using web = await new WebFixture().start()
    await web.people.add('ann', 'correct horse', { roles: ['admin'] })
    const browser = new FormBrowser(() => web.host)
    await browser.submit('/login', { name: 'ann', password: 'correct horse' })
    for (const path of [...pages, '/moderate']) expect((await browser.ask(path)).status).to.equal(404)
    expect((await browser.ask('/')).text).to.not.match(/href="\/(admin|moderate)/)
  })

  it('shows the state of the node', async () => {
    await using desk = await Desk.open()
    desk.office.troubles = ['the disk is full']
    const admin = await desk.browser('admin')
    const { text } = await admin.ask('/admin/')
    expect(text).to.contain('the disk is full').and.contain('running as root').and.contain('2 hours')
    expect(text).to.contain('8 articles can be found, 4 arrivals behind').and.contain('5 MB free of 9 MB')
    expect(JSON.parse((await admin.ask('/admin.json')).text)).to.include({ articles: 12, journalBytes: 2000 })
  })

  it('says of a newsgroup without articles that it is empty', async () => {
    await using desk = await Desk.open()
    const row = { status: 'y', description: '' }
    desk.office.groupRows.push({ ...row, name: 'local.new', low: 1, high: 0, count: 0 })
    desk.office.groupRows.push({ ...row, name: 'local.over', low: 1235, high: 1234, count: 0 })
    desk.office.groupRows.push({ ...row, name: 'local.used', low: 3, high: 4, count: 1 })
    const { text } = await (await desk.browser('admin')).ask('/admin/groups/')
    for (const said of ['empty, the next is 1<', 'empty, the next is 1,235<', '3–4<'])
      expect(text).to.contain(said)
  })

  it('adds, changes and removes newsgroups, and puts each on record', async () => {
    await using desk = await Desk.open()
    fill(desk, 'local.old')
    const admin = await desk.browser('admin')
    const path = '/admin/groups/'
    const one = `${path}?group=local.old`
    const sent = [
      await send(admin, path, { do: 'add', group: 'a.b', status: 'm', description: 'Two\r\nlines' }),
      await send(admin, one, { do: 'set', group: 'local.old', status: 'n', description: '' }),
      await send(admin, one, { do: 'remove', group: 'local.old', again: 'local.new' }),
      await send(admin, one, { do: 'remove', group: 'local.old', again: 'local.old' }),
      await send(admin, path, { do: 'what' }),
    ]
    expect(sent.map(({ status }) => status)).to.deep.equal([303, 303, 422, 303, 422])
    expect(desk.office.asked).to.deep.equal(['add a.b m Two lines', 'set local.old n ', 'remove local.old'])
    expect(desk.records).to.deep.equal([
      'group.add {"name":"a.b","status":"m","description":"Two lines"} done admin1',
      'group.set {"name":"local.old","status":"n","description":""} done admin1',
      'group.remove {"name":"local.old"} done admin1',
    ])

    desk.office.refusal = 'a.b exists <b>already</b>'
    const typed = { do: 'add', group: 'a.b', status: 'n', description: 'Kept "here"' }
    const refused = await send(admin, path, typed)
    expect(refused.status).to.equal(422)
    expect(refused.text).to.contain('value="n"').and.contain('value="Kept &quot;here&quot;"')
    expect(refused.text).to.contain('a.b exists &lt;b&gt;already')
    expect(desk.records.at(-1)).to.match(/ refused admin1$/)
  })

  it('lists newsgroups in pages, those that fit', async () => {
    await using desk = await Desk.open()
    for (let at = 100; at < 250; at++) fill(desk, `g.${at}`)
    const admin = await desk.browser('admin')
    const ask = async (query: string) => JSON.parse((await admin.ask(`/admin/groups.json?${query}`)).text)
    const first = await ask('')
    expect([first.groups.length, first.next]).to.deep.equal([100, 'g.199'])
    const second = await ask('after=g.199')
    expect([second.groups.length, second.groups[0].name, second.next]).to.deep.equal([50, 'g.200', ''])
    expect((await ask('q=24')).groups.length).to.equal(12)
    expect((await ask('q=[')).groups).to.deep.equal([])
    expect((await admin.ask('/admin/groups/')).text).to.contain('href="/admin/groups/?after&#x3D;g.199"')
    const accounts = JSON.parse((await admin.ask('/admin/accounts.json?after=g.199')).text)
    expect([accounts.accounts.length, accounts.next]).to.deep.equal([50, ''])
  })

  it('starts, stops and flushes peers', async () => {
    await using desk = await Desk.open()
    fill(desk, 'other')
    const admin = await desk.browser('admin')
    for (const act of ['stop', 'start', 'flush', 'hasOwnProperty'])
      await send(admin, '/admin/peers/', { [act]: 'other' })
    expect(desk.office.asked).to.deep.equal(['stop other', 'start other', 'flush other'])
    expect(desk.records.map(record => record.split(' ')[0])).to.deep.equal([
      'peer.stop',
      'peer.start',
      'peer.flush',
    ])
  })

  it('disables and enables accounts and gives roles, but locks nobody out of their own', async () => {
    await using desk = await Desk.open()
    fill(desk, 'ben')
    fill(desk, 'admin1')
    const admin = await desk.browser('admin')
    const path = '/admin/accounts/'
    expect((await send(admin, path, { disable: 'ben' })).status).to.equal(303)
    expect((await send(admin, path, { enable: 'ben' })).status).to.equal(303)
    expect((await send(admin, `${path}?account=ben`, { roles: 'ben', 'role-poster': 'on' })).status).to.equal(
      303,
    )
    expect((await send(admin, path, { disable: 'admin1' })).status).to.equal(422)
    expect((await send(admin, path, { roles: 'admin1', 'role-reader': 'on' })).status).to.equal(422)
    expect(desk.office.asked).to.deep.equal(['user ben - true ', 'user ben - false ', 'user ben poster - '])
    const { accounts } = JSON.parse((await admin.ask('/admin/accounts.json?q=admin1')).text)
    expect(accounts[0].sessions).to.equal(1)
  })

  it('lists who is signed in, ends one session, and all of an account', async () => {
    await using desk = await Desk.open()
    await desk.web.people.add('ben b', 'correct horse', { roles: ['reader'] })
    const admin = await desk.browser('admin')
    const bens: FormBrowser[] = []
    for (const agent of ['One', '<b>Two', 'Three']) {
      await desk.clock.advance(60_000)
      const browser = new FormBrowser(() => desk.web.host)
      browser.headers['User-Agent'] = agent
      await browser.submit('/login', { name: 'ben b', password: 'correct horse' })
      bens.push(browser)
    }
    const inside = async () =>
      Promise.all(bens.map(async each => (await each.ask('/')).text.includes('/logout')))
    const path = '/admin/sessions/'
    const { text } = await admin.ask(path)
    expect(text)
      .to.contain('127.0.0.0/24')
      .and.contain('&lt;b&gt;Two')
      .and.contain('admin1 (this browser)')
      .and.contain('2 minutes ago')
    const values = [...text.matchAll(/name="end" value="([^"]+ ben b)"/g)].map(([, value = '']) => value)
    expect(values).to.have.length(3)
    const twin = JSON.parse((await admin.ask('/admin/sessions.json')).text)
    expect(twin.sessions[0]).to.deep.equal({
      account: 'ben b',
      begun: 1_767_225_780,
      seen: 1_767_225_780,
      network: '127.0.0.0/24',
      agent: 'Three',
    })
    expect(JSON.stringify(twin)).not.to.contain(values[0]?.split(' ')[0])
    expect((await send(admin, path, { end: values[1] ?? '' })).status).to.equal(303)
    expect(await inside()).to.deep.equal([true, false, true])
    for (const end of [values[1] ?? '', 'x admin1', 'ben b', '']) {
      const refused = await send(admin, path, { end })
      expect([refused.status, refused.text.includes('no such session')], end).to.deep.equal([422, true])
    }
    expect((await send(admin, path, { endAll: 'ben b' })).status).to.equal(303)
    expect(await inside()).to.deep.equal([false, false, false])
    expect(desk.records).to.deep.equal([
      'session.end {"account":"ben b","sessions":1} done admin1',
      'session.end-all {"account":"ben b","sessions":2} done admin1',
    ])
  })

  it('finds the sessions of an account, in pages', async () => {
    await using desk = await Desk.open()
    const admin = await desk.browser('admin')
    // One page is enough for any number of logins, where nobody takes the new cookie.
    const { fields, cookie } = await desk.web.openForm('/login')
    for (const [name, count] of [
      ['ann', 45],
      ['anna', 45],
      ['bea', 15],
    ] as const) {
      await desk.web.people.add(name, 'correct horse')
      const form = { ...fields, name, password: 'correct horse' }
      for (let at = 0; at < count; at++) await desk.web.ask('/login', { form, headers: { Cookie: cookie } })
    }
    const ask = async (query: string) => JSON.parse((await admin.ask(`/admin/sessions.json?${query}`)).text)
    const counts = await Promise.all(['', 'after=100', 'q=ann', 'q=an', 'q=nobody'].map(ask))
    expect(counts.map(({ sessions, next }) => [sessions.length, next])).to.deep.equal([
      [100, '100'],
      [6, ''],
      [45, ''],
      [90, ''],
      [0, ''],
    ])
  })

  it('shows what waits for peers and for the mail server, tries mails again and drops them', async () => {
    await using desk = await Desk.open()
    fill(desk, 'other.example')
    const admin = await desk.browser('admin')
    const path = '/admin/queue/'
    const { text } = await admin.ask(path)
    expect(text)
      .to.contain('3 articles, the oldest for 2 hours; 1 put off; other.example (in 1 minute)')
      .and.contain('One mail waits.')
      .and.contain('Try all now')
    for (const form of [{ retry: '1' }, { drop: '1' }, { retryAll: 'all' }])
      expect((await send(admin, path, form)).status).to.equal(303)
    for (const form of [{ retry: 'x' }, { drop: '' }, { drop: '-1' }, { what: '1' }])
      expect((await send(admin, path, form)).status).to.equal(422)
    expect(desk.office.asked).to.deep.equal(['retry 1', 'drop 1', 'retry all'])
    expect(desk.records).to.deep.equal([
      'mail.retry {"id":1} done admin1',
      'mail.drop {"id":1} done admin1',
      'mail.retry {} done admin1',
    ])
    desk.office.refusal = 'no mail 1 waits'
    expect((await send(admin, path, { drop: '1' })).text).to.contain('no mail 1 waits')
    for (const [at, mail] of desk.office.mailRows.entries())
      desk.office.mailRows[at] = { ...mail, retryIn: undefined }
    const idle = (await admin.ask(path)).text
    expect(idle).to.contain('There is no mail server').and.not.contain('name="retry"')
  })

  it('does nothing without the token of the form, nor for others', async () => {
    await using desk = await Desk.open()
    fill(desk, 'ben')
    desk.office.hold('<1@x>')
    const admin = await desk.browser('admin')
    const poster = await desk.browser('reader')
    const forms: readonly (readonly [string, Record<string, string>])[] = [
      ['/admin/groups/', { do: 'add', group: 'a.b', status: 'y' }],
      ['/admin/peers/', { stop: 'ben' }],
      ['/admin/accounts/', { disable: 'ben' }],
      ['/admin/sessions/', { endAll: 'admin1' }],
      ['/admin/queue/', { drop: '1' }],
      ['/moderate', { id: '<1@x>', do: 'release' }],
    ]
    for (const [path, form] of forms) {
      expect((await admin.ask(path, { form })).status, path).to.equal(403)
      expect((await admin.ask(path, { form: { ...form, token: 'x'.repeat(22) } })).status, path).to.equal(403)
      expect((await send(poster, path, form)).status, path).to.equal(403)
    }
    expect(desk.office.asked).to.deep.equal([])
  })

  for (const name of hostile)
    it(`shows ${JSON.stringify(name)} as text`, async () => {
      await using desk = await Desk.open()
      fill(desk, name)
      desk.office.hold('<1@x>', { subject: name, text: `${name}\r\n> ${name}\r\n`, newsgroups: [name] })
      desk.office.troubles = [name]
      const admin = await desk.browser('admin')
      const one = new URLSearchParams({ account: name })
      for (const path of [
        ...pages,
        '/moderate',
        `/admin/accounts/?${one}`,
        `/admin/groups/?q=${encodeURIComponent(name)}`,
      ]) {
        const { text, status } = await admin.ask(path)
        expect(status, path).to.equal(200)
        expect(auditPage(text).faults, path).to.deep.equal([])
      }
      expect(desk.web.errors).to.deep.equal([])
    })
})

describe('web: moderation', () => {
  it('shows each moderator what they may approve, with its text, and an administrator all', async () => {
    await using desk = await Desk.open()
    desk.office.hold('<1@x>', { subject: '=?utf-8?Q?Gr=C3=BC=C3=9Fe?=', text: '.dot\r\n> quoted\r\n' })
    desk.office.hold('<2@x>', { newsgroups: ['local.test', 'local.other'] })
    const moderator = await desk.browser('moderator')
    const { text } = await moderator.ask('/moderate')
    expect(text)
      .to.contain('Waiting for you: 1 article.')
      .and.contain('Grüße')
      .and.contain('.dot')
      .and.contain('192.0.2.7')
    expect(text).to.not.contain('2@x')
    const admin = await desk.browser('admin')
    const twin = JSON.parse((await admin.ask('/moderate.json')).text)
    expect([twin.waiting, twin.held.length]).to.deep.equal([2, 2])

    expect((await send(moderator, '/moderate', { id: '<2@x>', do: 'release' })).status).to.equal(422)
    expect((await send(moderator, '/moderate', { id: '<9@x>', do: 'release' })).status).to.equal(422)
    expect(desk.office.asked).to.deep.equal([])
    expect((await send(moderator, '/moderate', { id: '<1@x>', do: 'release' })).status).to.equal(303)
    const form = { id: '<2@x>', do: 'reject', reason: 'advertising' }
    expect((await send(admin, '/moderate', form)).status).to.equal(303)
    expect(desk.office.asked).to.deep.equal(['release <1@x>', 'reject <2@x>'])
    expect(desk.records).to.deep.equal([
      'moderate.release {"messageId":"<1@x>"} done moderator1',
      'moderate.reject {"messageId":"<2@x>","reason":"advertising"} done admin1',
    ])
  })
})
