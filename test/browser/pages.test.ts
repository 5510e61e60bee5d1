import { expect } from 'chai'
import { routeTable } from '../../src/web/routing/route-table.ts'
import { FakeProcess } from '../cli/fake-process.ts'
import { type BrowserWindow, chromiumNeed, RealBrowser } from '../support/browser.ts'
import { needs } from '../support/needs.ts'
import { RunningSite } from '../support/running-site.ts'
import { postSampleThreads } from '../support/sample-threads.ts'

/** Addresses that show what a row of the route table shows, or why there is no page to look at. */
const visits: Readonly<Record<string, readonly string[] | string>> = {
  '/': ['/'],
  '/h/:hierarchy/': ['/h/local/'],
  '/g/:group/': ['/g/local.test/', '/g/local.test/?view=flat', '/g/local.empty/'],
  '/g/:group/unread/': ['/g/local.test/unread/'],
  '/next': ['/next'],
  '/robots.txt': 'a file',
  '/subscriptions/': ['/subscriptions/'],
  '/subscriptions/newsrc': 'a file',
  '/subscriptions/opml': 'a file',
  '/saved/': ['/saved/'],
  '/settings/scores/': ['/settings/scores/'],
  '/search/new.atom': 'a feed',
  '/stats/': ['/stats/'],
  '/stats/chart/:name': 'a picture',
  '/search': ['/search', '/search?q=harbour', '/search?q=nothingatall'],
  '/m/': ['/m/'],
  '/m/:id/': [
    '/m/root@sample.example/',
    '/m/reply@sample.example/?headers=all',
    '/m/hebrew@sample.example/',
    '/m/files@sample.example/',
    '/m/html@sample.example/?rot13=1',
    '/m/none@sample.example/',
  ],
  '/m/:id/raw': 'octets of strangers',
  '/m/:id/a/:number/:name': 'octets of strangers',
  '/events': 'a stream',
  '/g/:group/new.atom': 'a feed',
  '/h/:hierarchy/new.atom': 'a feed',
  '/m/:id/t.atom': 'a feed',
  '/post': ['/post?group=local.test', '/post?inreplyto=<reply@sample.example>'],
  '/post/sent': ['/post/sent'],
  '/post/held': ['/post/held'],
  '/m/:id/cancel': ['/m/root@sample.example/cancel'],
  '/post/cancelled': ['/post/cancelled'],
  '/m/:id/t/': ['/m/root@sample.example/t/'],
  '/m/:id/T/': ['/m/root@sample.example/T/'],
  '/m/:id/t.mbox.gz': 'a file',
  '/register': ['/register'],
  '/register/sent': ['/register/sent'],
  '/register/confirm': ['/register/confirm?t=none'],
  '/register/done': ['/register/done'],
  '/first': ['/first'],
  '/settings/password': ['/settings/password'],
  '/settings/mail': ['/settings/mail'],
  '/settings/mail/confirm': ['/settings/mail/confirm'],
  '/settings/sessions': ['/settings/sessions'],
  '/settings/invites': ['/settings/invites'],
  '/settings/export': 'a file',
  '/settings/delete': ['/settings/delete'],
  '/deleted': ['/deleted'],
  '/reset': ['/reset'],
  '/reset/sent': ['/reset/sent'],
  '/reset/confirm': ['/reset/confirm'],
  '/login': ['/login?next=/post'],
  '/logout': 'leads to /login',
  '/settings': ['/settings'],
  '/drafts': ['/drafts'],
  '/moderate': ['/moderate'],
  '/admin/': ['/admin/'],
  '/admin/groups/': ['/admin/groups/', '/admin/groups/?group=local.test'],
  '/admin/peers/': ['/admin/peers/'],
  '/admin/accounts/': ['/admin/accounts/', '/admin/accounts/?account=ann'],
  '/admin/sessions/': ['/admin/sessions/'],
  '/admin/queue/': ['/admin/queue/'],
  '/admin/refusals/': ['/admin/refusals/'],
}

const more = `[[group]]
name = "local.empty"
[[group]]
name = "local.moderated"
status = "m"
[[moderator]]
groups = "local.moderated"
address = "moderator@example.org"
[[peer]]
name = "silent.example"
to = "127.0.0.1:9"
send = "*"
`

const pages = Object.entries(visits).flatMap(([path, addresses]) => {
  const needs = routeTable.some(row => row.path === path && row.needs !== undefined)
  return typeof addresses === 'string' ? [] : addresses.map(address => ({ address, needs }))
})

describe('web in Chromium: pages', function () {
  this.timeout(120_000)
  let site: RunningSite
  let browser: RealBrowser
  let window: BrowserWindow
  /** Of somebody who is signed in and may do everything. */
  let member: BrowserWindow

  before(async function () {
    needs(this, chromiumNeed)
    site = await RunningSite.start('pages.example', more, { web: true })
    await postSampleThreads(await site.connect())
    // A mail that waits.
    await site.post('<mailed@pages.example>', { Newsgroups: 'local.moderated' })
    browser = await RealBrowser.launch()
    window = await browser.window(site.web)
    const password = 'correct horse battery'
    const { code } = await site.run(
      ['user', 'add', 'ann', '--role', 'admin', '--password-stdin'],
      new FakeProcess({ input: `${password}\n` }),
    )
    expect(code).to.equal(0)
    member = await browser.window(site.web)
    await member.signIn('ann', password)
  })

  after(async () => {
    await browser?.[Symbol.asyncDispose]()
    await site?.[Symbol.asyncDispose]()
  })

  it('are visited, one for each row of the route table', () => {
    const shown = routeTable.filter(({ show }) => show !== undefined).map(({ path }) => path)
    expect(Object.keys(visits).sort()).to.deep.equal(shown.sort())
  })

  it('are looked at by something that sees', async () => {
    const { page } = window
    await page.goto('/')
    const bad = `<pre>${'w'.repeat(999)}</pre><input type="text">`
    await page.evaluate(`document.querySelector('main').insertAdjacentHTML('beforeend', '${bad}')`)
    expect((await window.violations()).join()).to.match(/^label: /)
    expect(await window.overhang()).to.be.greaterThan(0)
    await page.emulateMedia({ colorScheme: 'dark' })
    expect((await window.violations('colours')).join()).to.equal('')
    await page.evaluate("document.querySelector('main pre').style.color = 'rgb(90 90 90)'")
    expect((await window.violations('colours')).join()).to.match(/^color-contrast: /)
    await page.goto('/static/none.js')
    expect(window.complaints().join()).to.match(/404/)
  })

  for (const { address, needs } of pages)
    it(`${address}: axe-core finds nothing in light, dark and at 390 px; 320 px hold it`, async () => {
      const who = needs ? member : window
      const { page } = who
      await page.setViewportSize({ width: 1200, height: 800 })
      await page.emulateMedia({ colorScheme: 'light' })
      await page.goto(address)
      expect(await who.violations(), 'light').to.deep.equal([])
      const light = await who.shape()
      await page.emulateMedia({ colorScheme: 'dark' })
      expect(await who.shape(), 'dark, but for its colours').to.equal(light)
      expect(await who.violations('colours'), 'dark').to.deep.equal([])
      await page.setViewportSize({ width: 390, height: 800 })
      expect(await who.violations(), '390 px').to.deep.equal([])
      await page.setViewportSize({ width: 320, height: 800 })
      expect(await who.overhang(), '320 px').to.equal(0)
      const complaints = who.complaints().filter(text => !/status of 40[034]/.test(text))
      expect(complaints).to.deep.equal([])
    })
})
