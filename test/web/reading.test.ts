import { expect } from 'chai'
import type { Reply } from '../support/ask-http.ts'
import { FormBrowser, fieldsOf } from '../support/form-browser.ts'
import { auditPage } from '../support/page-audit.ts'
import { articleText, WebFixture } from '../support/web-fixture.ts'

/** Comes from pages of ours, and sends forms with the token that they show. */
class Browser {
  readonly #browser: FormBrowser

  constructor(web: WebFixture) {
    this.#browser = new FormBrowser(() => web.host)
    Object.assign(this.#browser.headers, { 'Sec-Fetch-Site': 'same-origin', 'Sec-Fetch-Mode': 'navigate' })
  }

  open(path: string): Promise<Reply> {
    return this.#browser.ask(path)
  }

  async send(path: string, form: Record<string, string>): Promise<Reply> {
    const { text } = await this.open('/')
    const { token = '' } = fieldsOf(text, '/subscribe')
    return this.#browser.ask(path, { form: { token, ...form } })
  }
}

async function site(): Promise<WebFixture> {
  const web = new WebFixture()
  for (const name of ['local.a', 'local.b', 'misc.c'])
    web.reading.addGroup(name, { description: `On ${name}` })
  web.reading.addGroup('local.secret')
  web.hidden.add('local.secret')
  for (const [id, groups] of [
    ['a1', 'local.a'],
    ['a2', 'local.a,local.secret'],
    ['a3', 'local.a,misc.c'],
    ['b1', 'local.b'],
    ['s1', 'local.secret'],
  ] as const)
    web.reading.add(articleText(`${id}@x.test`, { Newsgroups: groups }))
  return await web.start()
}

const ids = ({ text }: Reply) => [...text.matchAll(/href="\/m\/(\w+)@x\.test\/"/g)].map(([, id]) => id)

describe('web: reading', () => {
  let web: WebFixture
  let browser: Browser
  beforeEach(async () => {
    web = await site()
    browser = new Browser(web)
  })
  afterEach(() => web.close())

  it('shows groups with the age of their newest article', async () => {
    const { text } = await browser.open('/')
    expect(text).to.match(
      /local\.a[\s\S]*3 articles[\s\S]*<time class="when" datetime="2026-11-21T08:00:00Z"/,
    )
    expect(text).not.to.contain('secret').and.not.to.contain('class="unread"')
  })

  it('filters groups by name and description', async () => {
    const found = await browser.open('/?q=ON%20MISC')
    expect(found.text).to.contain('misc.c').and.not.to.contain('local.a')
    expect(found.text).to.contain('1 group found.').and.contain('value="ON MISC"')
    expect((await browser.open('/?q=local.*')).text)
      .to.contain('local.b')
      .and.not.to.contain('misc.c')
    expect((await browser.open('/h/local/?q=misc')).text).to.contain('No newsgroup has that')
    expect((await browser.open('/?q=secret')).text).to.contain('No newsgroup has that')
  })

  it('shows what was typed as text and nothing else', async () => {
    for (const typed of [
      '<script>alert(1)</script>',
      '" onfocus="x',
      "' x='",
      '\u202e\0\x1b',
      '{{this}}',
      'A'.repeat(5000),
    ])
      for (const path of ['/', '/h/local/']) {
        const asked = new URLSearchParams({ q: typed, from: typed })
        const { status, text } = await browser.open(`${path}?${asked}`)
        expect([status, auditPage(text).faults], typed).to.deep.equal([200, []])
      }
  })

  it('subscribes, shows those groups first with what is new in them, and ends it', async () => {
    const reply = await browser.send('/subscribe', { join: 'local.a', back: '/' })
    expect([reply.status, reply.headers.location]).to.deep.equal([303, '/'])
    const { text } = await browser.open('/')
    expect(text).to.match(/Subscribed groups[\s\S]*local\.a[\s\S]*3 new[\s\S]*local\.\*/)
    await browser.open('/m/a1@x.test/')
    expect((await browser.open('/')).text).to.contain('2 new')
    const twin = JSON.parse((await browser.open('/index.json')).text)
    expect(twin.subscribed).to.deep.equal(['local.a'])
    expect(twin.groups[0]).to.include({ name: 'local.a', count: 3, unread: 2 })
    await browser.send('/subscribe', { leave: 'local.a', back: '/' })
    expect((await browser.open('/')).text).not.to.contain('Subscribed groups')
  })

  it('does not subscribe to what is not there or may not be seen, and needs a form of ours', async () => {
    for (const join of ['local.secret', 'no.such', '__proto__', ''])
      expect((await browser.send('/subscribe', { join })).status, join).to.equal(404)
    expect((await browser.send('/subscribe', { join: 'local.a', token: 'x' })).status).to.equal(403)
    expect((await web.ask('/subscribe')).status).to.equal(405)
  })

  it('goes on from article to article and from group to group', async () => {
    expect((await browser.open('/next')).text).to.contain('do not subscribe to any group yet')
    await browser.send('/subscribe', { join: 'local.a' })
    await browser.send('/subscribe', { join: 'local.b' })
    const next = async (query = '') => (await browser.open(`/next${query}`)).headers.location
    expect(await next()).to.equal('/m/a1@x.test/')
    await browser.open('/m/a1@x.test/')
    await browser.open('/m/a2@x.test/')
    expect(await next('?after=a2@x.test')).to.equal('/m/a3@x.test/')
    // Also where the group that was read is at its end, and where one begins in the middle.
    expect(await next('?after=a3@x.test')).to.equal('/m/b1@x.test/')
    expect(await next('?after=b1@x.test')).to.equal('/m/a3@x.test/')
    expect(await next('?after=s1@x.test')).to.equal('/m/a3@x.test/')
    await browser.open('/m/a3@x.test/')
    await browser.open('/m/b1@x.test/')
    expect((await browser.open('/next?after=b1@x.test')).text).to.contain('Nothing unread')
  })

  it('lists what is unread in a group, and marks it to here but not what came since', async () => {
    await browser.open('/m/a2@x.test/')
    const page = await browser.open('/g/local.a/unread/')
    expect(ids(page)).to.deep.equal(['a1', 'a3'])
    expect(page.text).to.contain('2 new').and.contain('name="upto" value="3"')
    web.reading.add(articleText('a4@x.test', { Newsgroups: 'local.a' }))
    const reply = await browser.send('/catchup', { group: 'local.a', upto: '3', back: '/g/local.a/unread/' })
    expect(reply.headers.location).to.equal('/g/local.a/unread/')
    expect(ids(await browser.open('/g/local.a/unread/'))).to.deep.equal(['a4'])
    const twin = JSON.parse((await browser.open('/g/local.a/unread.json')).text)
    expect([twin.unread, twin.articles.length, twin.articles[0].messageId]).to.deep.equal([
      1,
      1,
      '<a4@x.test>',
    ])
    expect(JSON.stringify(twin)).not.to.contain('secret')
    for (const group of ['local.secret', 'no.such'])
      expect((await browser.open(`/g/${group}/unread/`)).status).to.equal(404)
  })

  it('marks a single article unread again, in all its groups', async () => {
    await browser.open('/m/a3@x.test/')
    expect(ids(await browser.open('/g/misc.c/unread/'))).to.deep.equal([])
    await browser.send('/mark', { id: 'a3@x.test', as: 'unread' })
    expect(ids(await browser.open('/g/misc.c/unread/'))).to.deep.equal(['a3'])
    expect(ids(await browser.open('/g/local.a/unread/'))).to.deep.equal(['a1', 'a2', 'a3'])
    expect((await browser.send('/mark', { id: 's1@x.test', as: 'read' })).status).to.equal(404)
  })

  it('marks all subscribed groups at once', async () => {
    await browser.send('/subscribe', { join: 'local.a' })
    await browser.send('/catchup', {})
    expect(ids(await browser.open('/g/local.a/unread/'))).to.deep.equal([])
    expect(ids(await browser.open('/g/local.b/unread/'))).to.deep.equal(['b1'])
  })

  it('goes back only to pages of its own', async () => {
    for (const back of [
      'https://evil.example/',
      '//evil.example/',
      '/\\evil.example',
      'javascript:1',
      '/a b',
      '',
    ])
      expect((await browser.send('/subscribe', { join: 'local.a', back })).headers.location, back).to.equal(
        '/g/local.a/',
      )
  })
})
