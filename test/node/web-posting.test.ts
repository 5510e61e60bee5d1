import { expect } from 'chai'
import { FakeProcess } from '../cli/fake-process.ts'
import { FormBrowser } from '../support/form-browser.ts'
import { unescapeHtml } from '../support/markup.ts'
import { RunningSite } from '../support/running-site.ts'

const password = 'correct horse battery'

async function siteWith(...names: string[]): Promise<RunningSite> {
  const site = await RunningSite.start('web.example', '', { web: true })
  for (const name of names) {
    const around = new FakeProcess({ input: `${password}\n` })
    const { code, err } = await site.run(['user', 'add', name, '--password-stdin'], around)
    expect(code, err).to.equal(0)
  }
  return site
}

async function signedIn(site: RunningSite, name: string): Promise<FormBrowser> {
  const browser = new FormBrowser(() => new URL(site.web).host)
  const { status } = await browser.submit('/login', { name, password })
  expect(status).to.equal(303)
  return browser
}

const typed = {
  name: 'Ann Other',
  address: 'ann@example.invalid',
  newsgroups: 'local.test',
  subject: 'Greetings',
  body: 'Hello, world.',
}

/** The message-ID in the address of an article. */
const idIn = (location: unknown): string => `<${decodeURIComponent(String(location).split('/')[2] ?? '')}>`

async function posted(browser: FormBrowser, changes: Record<string, string> = {}): Promise<string> {
  const { status, headers, text } = await browser.submit('/post', { ...typed, ...changes })
  expect(status, text).to.equal(303)
  return idIn(headers.location)
}

const editPath = (id: string) => `/post?edit=${encodeURIComponent(id)}`
const articlePath = (id: string) => `/m/${id.slice(1, -1)}/`

describe("node: articles of one's own, by the web", function () {
  this.timeout(30_000)
  let site: RunningSite
  let ann: FormBrowser
  let bob: FormBrowser

  before(async () => {
    site = await siteWith('ann', 'bob')
    ann = await signedIn(site, 'ann')
    bob = await signedIn(site, 'bob')
  })
  after(() => site[Symbol.asyncDispose]())

  it('an edited article takes the place of the old one, in its thread, once', async () => {
    const root = await posted(ann)
    const reply = await ann.submit(
      `/post?inreplyto=${encodeURIComponent(root)}`,
      { ...typed, subject: 'Re: Greetings', body: 'Grüße!\r\n\r\n-- \r\nAnn' },
      '/post',
    )
    const old = idIn(reply.headers.location)
    const shown = await ann.ask(articlePath(old))
    expect(unescapeHtml(shown.text))
      .to.contain(editPath(old))
      .and.contain(`${articlePath(old)}cancel`)

    const form = await ann.ask(editPath(old))
    expect(form.text).to.contain('Edit article').and.contain('Grüße!\n\n-- \nAnn</textarea>')
    const change = { body: 'Schöne Grüße!' }
    const answers = await Promise.all([1, 2, 3].map(() => ann.send(form.text, change, '/post')))
    const fresh = idIn(answers[0]?.headers.location)
    expect(new Set(answers.map(({ status, headers }) => `${status} ${headers.location}`)).size).to.equal(1)
    expect((await ann.send(form.text, change, '/post')).headers.location).to.equal(articlePath(fresh))

    expect((await ann.ask(articlePath(old))).status).to.equal(404)
    const raw = await ann.ask(`${articlePath(fresh)}raw`)
    expect(raw.text).to.contain(`Supersedes: ${old}\r\n`).and.contain(`References: ${root}\r\n ${old}\r\n`)
    expect(raw.text)
      .to.contain('Schöne Grüße!\r\n')
      .and.match(/Cancel-Key: sha256:/)
    const group = JSON.parse((await ann.ask('/g/local.test.json')).text)
    expect(JSON.stringify(group)).to.contain(fresh.slice(1, -1)).and.not.contain(old.slice(1, -1))
  })

  it('an edited article stays above its answers, however often it is edited, and after a restart', async () => {
    const subject = 'Windmills'
    const answer = (id: string) =>
      ann.submit(
        `/post?inreplyto=${encodeURIComponent(id)}`,
        { ...typed, subject: `Re: ${subject}`, body: 'Yes.' },
        '/post',
      )
    const edit = async (id: string, body: string) => {
      const form = await ann.ask(editPath(id))
      return idIn((await ann.send(form.text, { body }, '/post')).headers.location)
    }
    const threads = async () => {
      const list = JSON.parse((await ann.ask('/g/local.test.json')).text)
      return list.threads.filter((each: { subject: string }) => each.subject.endsWith(subject))
    }
    const first = await posted(ann, { subject })
    const early = idIn((await answer(first)).headers.location)
    const second = await edit(first, 'Mills, moved by wind.')
    expect((await threads()).length).to.equal(1)
    const late = idIn((await answer(second)).headers.location)
    const third = await edit(second, 'Mills, moved by the wind.')

    const raw = await ann.ask(`${articlePath(third)}raw`)
    expect(raw.text).to.contain(`Supersedes: ${second}\r\n`).and.contain(`References: ${first}\r\n`)
    const one = { messageId: third, subject, articles: 3 }
    const check = async () => {
      const [thread, ...others] = await threads()
      expect(thread).to.include(one)
      expect(others).to.deep.equal([])
      const { text } = await ann.ask(`${articlePath(third)}t/`)
      for (const id of [early, late]) expect(text).to.contain(`href="${articlePath(id)}`)
      // It answers nothing, so nothing is above it.
      expect((await ann.ask(articlePath(third))).text).not.to.contain('>Parent</a>')
      expect((await ann.ask(articlePath(early))).text).to.contain('>Parent</a>')
    }
    await check()
    await site.end()
    await site.begin()
    await check()
  })

  it('a cancelled article is gone, here and over NNTP, once', async () => {
    const id = await posted(ann, { newsgroups: 'local.test, local.other', followupto: 'local.test' })
    const done = '/post/cancelled?group=local.test'
    const page = await ann.ask(`${articlePath(id)}cancel`)
    expect(page.text).to.contain('Greetings').and.contain('other servers are asked')
    const action = `${articlePath(id)}cancel`
    const answers = await Promise.all([1, 2, 3].map(() => ann.send(page.text, {}, action)))
    for (const { status, headers } of answers) expect([status, headers.location]).to.deep.equal([303, done])
    const again = await ann.send(page.text, {}, action)
    expect([again.status, again.headers.location]).to.deep.equal([303, done])
    expect((await ann.ask(done)).text)
      .to.contain('href="/g/local.test/"')
      .and.not.contain('/t/"')
    expect((await ann.ask(articlePath(id))).status).to.equal(404)
    const client = await site.connect()
    client.send(`STAT ${id}\r\n`)
    expect(await client.line()).to.match(/^430 /)
    client.end()
  })

  it('from a cancelled article the way leads back to its group and to what is left of its thread', async () => {
    const root = await posted(ann, { subject: 'Lighthouses' })
    const answering = `/post?inreplyto=${encodeURIComponent(root)}`
    const reply = await ann.submit(answering, { ...typed, subject: 'Re: Lighthouses', body: 'Yes.' }, '/post')
    const id = idIn(reply.headers.location)
    for (const [gone, left] of [
      [id, root],
      [root, ''],
    ] as const) {
      const sent = await ann.submit(`${articlePath(gone)}cancel`, {})
      const { text } = await ann.open(String(sent.headers.location))
      expect(text).to.contain('Cancelled').and.contain('href="/g/local.test/"')
      expect(text.includes('Back to the thread'), gone).to.equal(left !== '')
      if (left !== '') expect(unescapeHtml(text)).to.contain(`href="${articlePath(left)}t/"`)
    }
    const query = '/post/cancelled?group=no.such.group&near=%3Cnone@x.test%3E'
    expect((await ann.ask(query)).text)
      .to.contain('Cancelled')
      .and.not.contain('Back to')
  })

  it("nobody edits or cancels what is another's, whatever the form says", async () => {
    const visitor = new FormBrowser(() => new URL(site.web).host)
    const id = await posted(ann)
    await site.post('<nntp@x.test>')
    expect((await bob.ask(articlePath(id))).text).not.to.contain('edit=')
    for (const target of [id, '<nntp@x.test>', '<nosuch@x.test>']) {
      expect((await bob.ask(editPath(target))).status, target).to.equal(403)
      expect((await bob.ask(`${articlePath(target)}cancel`)).status, target).to.equal(403)
      const form = await bob.ask('/post')
      const sent = await bob.send(form.text, { ...typed, body: 'Mine!', edits: target }, '/post')
      expect([sent.status, sent.text.includes('Mine!')], target).to.deep.equal([422, true])
      const token = /name="token" value="([^"]*)"/.exec(form.text)?.[1] ?? ''
      const fields = { token, key: 'k'.repeat(22) }
      const cancelled = await bob.ask(`${articlePath(target)}cancel`, { form: fields })
      expect(cancelled.status, target).to.equal(403)
    }
    expect((await visitor.ask(`${articlePath(id)}cancel`)).status).to.equal(303)
    expect((await visitor.ask(editPath(id))).status).to.equal(403)
    for (const alive of [id, '<nntp@x.test>'])
      expect((await bob.ask(articlePath(alive))).status).to.equal(200)
  })

  it("nothing is cancelled, saved or deleted by a form of somebody else's page", async () => {
    const id = await posted(ann)
    const form = await ann.ask('/post')
    await ann.send(form.text, { ...typed, subject: 'Kept', do: 'save' }, '/post')
    const [, kept = ''] = /name="draft" value="([^"]*)"/.exec(form.text) ?? []
    const [, token = ''] = /name="token" value="([^"]*)"/.exec(form.text) ?? []
    const [, foreign = ''] = /name="token" value="([^"]*)"/.exec((await bob.ask('/post')).text) ?? []
    const key = 'k'.repeat(22)
    const fresh = 'f'.repeat(22)
    const forged = [{ token: '' }, { token: foreign }, { token, Origin: 'http://evil.example' }]
    for (const { token, Origin = new URL(site.web).origin } of forged) {
      const fields = { ...typed, token, key, account: 'ann' }
      const ask = (more: Record<string, string>) => ({ form: { ...fields, ...more }, headers: { Origin } })
      expect((await ann.ask(`${articlePath(id)}cancel`, ask({}))).status).to.equal(403)
      expect((await ann.ask('/drafts', ask({ draft: kept }))).status).to.equal(403)
      expect((await ann.ask('/post/draft', ask({ draft: fresh }))).status).to.equal(403)
      expect((await ann.ask('/post', ask({ draft: fresh, do: 'save' }))).status).to.equal(403)
      expect((await ann.ask('/post', ask({ edits: id }))).status).to.equal(403)
    }
    expect((await ann.ask(articlePath(id))).status).to.equal(200)
    expect((await ann.ask(`/post?draft=${kept}`)).status).to.equal(200)
    expect((await ann.ask(`/post?draft=${fresh}`)).status).to.equal(404)
    await ann.ask('/drafts', { form: { token, draft: kept } })
  })

  it('a form cannot say what only servers and moderators say', async () => {
    const more: Record<string, string> = {}
    for (const name of [
      'path',
      'xref',
      'injection-info',
      'approved',
      'control',
      'supersedes',
      'sender',
      'date',
    ])
      more[name] = 'local.test x <a@b.example>'
    const id = await posted(ann, more)
    const { text } = await ann.ask(`${articlePath(id)}raw`)
    const [head = ''] = text.split('\r\n\r\n')
    expect(head)
      .to.match(/^Path: web\.example!\.POSTED/m)
      .and.match(/^Injection-Info: web\.example;/m)
    expect(head).not.to.match(/^(?:Approved|Control|Supersedes|Sender|Xref):/im)
    expect(head).not.to.contain('a@b.example')
  })

  it('drafts live on after a restart, until they are posted or deleted, and no form is posted again', async () => {
    const form = await ann.ask('/post')
    const draft = { ...typed, subject: 'Half', body: 'Half a text\r\n  and more' }
    expect((await ann.send(form.text, { ...draft, do: 'save' }, '/post')).text).to.contain('is saved')
    const [, kept = ''] = /name="draft" value="([^"]*)"/.exec(form.text) ?? []
    const id = await posted(ann)
    const edit = await ann.ask(editPath(id))
    const fresh = await ann.send(edit.text, { body: 'Once.' }, '/post')
    await site.end()
    await site.begin()
    const again = await ann.send(edit.text, { body: 'Once.' }, '/post')
    expect([again.status, again.headers.location]).to.deep.equal([303, fresh.headers.location])
    const list = await ann.ask('/drafts')
    expect(list.text).to.contain('Half').and.contain(`/post?draft&#x3D;${kept}`)
    const twin = JSON.parse((await ann.ask('/drafts.json')).text)
    expect(twin.drafts[0]).to.include({
      subject: 'Half',
      newsgroups: 'local.test',
      address: `/post?draft=${kept}`,
    })
    const continued = await ann.ask(`/post?draft=${kept}`)
    expect(continued.text).to.contain('Half a text\r\n  and more').and.contain('value="Half"')
    expect((await ann.send(continued.text, {}, '/post')).status).to.equal(303)
    expect((await ann.ask('/drafts')).text).to.contain('no drafts')

    const other = await ann.ask('/post')
    const token = /name="token" value="([^"]*)"/.exec(other.text)?.[1] ?? ''
    const key = 'd'.repeat(22)
    const saved = await ann.ask('/post/draft', { form: { ...draft, token, draft: key, account: 'ann' } })
    expect([saved.status, saved.headers.location]).to.deep.equal([303, `/post?draft=${key}`])
    expect(
      (await ann.ask('/post/draft', { form: { ...draft, draft: key, account: 'ann' } })).status,
    ).to.equal(403)
    await ann.ask('/drafts', { form: { token, draft: key } })
    expect((await ann.ask(`/post?draft=${key}`)).status).to.equal(404)
  })

  it('who was signed out keeps the text, signs in, and posts it', async () => {
    const form = await ann.ask('/post')
    const outside = new FormBrowser(() => new URL(site.web).host)
    const out = await outside.send(form.text, typed, '/post')
    expect([out.status, out.text.includes('Hello, world.')]).to.deep.equal([403, true])
    const again = await ann.send(out.text, {}, '/post')
    expect([again.status, again.text.includes('Hello, world.')]).to.deep.equal([403, true])
    expect((await ann.send(again.text, {}, '/post')).status).to.equal(303)
  })

  it('a form begins with what its writer has settled', async () => {
    await ann.submit('/settings', { name: 'Ann O.', address: 'ann@mail.test', signature: 'Ann\r\nKöln' })
    const { text } = await ann.ask('/post')
    expect(text).to.contain('value="Ann O."').and.contain('value="ann@mail.test"')
    expect(text).to.contain('\n\n\n-- \nAnn\nKöln</textarea>')
  })
})
