import { expect } from 'chai'
import { FakeProcess } from '../cli/fake-process.ts'
import { type FormBrowser, fieldsOf } from '../support/form-browser.ts'
import { browserOf, linkIn, registered, siteWithMail } from '../support/letters.ts'
import { MailSink } from '../support/mail-sink.ts'
import { RunningSite } from '../support/running-site.ts'

const typed = { name: 'ann', address: 'ann@example.org', password: 'a horse that writes' }
const isIn = async (browser: FormBrowser) => (await browser.ask('/')).text.includes('action="/logout"')
const signIn = (browser: FormBrowser, password = typed.password) =>
  browser.submit('/login', { name: typed.name, password })

describe('the pages of an account, on a whole node', function () {
  this.timeout(60_000)

  it('change the password, which ends all other sessions; the program does so too', async () => {
    await using sink = new MailSink()
    await using site = await siteWithMail(sink)
    const browser = await registered(site, { sink, count: 1, typed })
    const other = browserOf(site)
    await signIn(other)
    const wrong = await browser.submit('/settings/password', {
      password: 'wrong',
      chosen: 'quite another thing',
    })
    expect([wrong.status, wrong.text.includes('not your password')]).to.deep.equal([422, true])
    const chosen = 'quite another thing'
    const done = await browser.submit('/settings/password', { password: typed.password, chosen })
    expect([done.status, await isIn(browser), await isIn(other)]).to.deep.equal([303, true, false])
    expect((await signIn(other)).status).to.equal(422)
    expect((await signIn(other, chosen)).status).to.equal(303)

    await site.run(['user', 'set', 'ann', '--password-stdin'], new FakeProcess({ input: 'by the program\n' }))
    expect([await isIn(browser), await isIn(other)]).to.deep.equal([false, false])
    await signIn(other, 'by the program')
    await site.run(['user', 'set', 'ann', '--disable'])
    expect(await isIn(other)).to.equal(false)
    await site.run(['user', 'set', 'ann', '--enable'])
    expect(await isIn(other)).to.equal(true)
    await site.run(['user', 'remove', 'ann'])
    await site.run(['user', 'add', 'ann', '--password-stdin'], new FakeProcess({ input: 'by the program\n' }))
    expect(await isIn(other)).to.equal(false)
  })

  it('show and end sessions, which a restart does not', async () => {
    await using sink = new MailSink()
    await using site = await siteWithMail(sink)
    const one = await registered(site, { sink, count: 1, typed })
    const two = browserOf(site)
    two.headers['User-Agent'] = 'Second <b>browser'
    await signIn(two)
    await site.end()
    await site.begin()
    const page = await one.ask('/settings/sessions')
    expect(page.text)
      .to.contain('Second &lt;b&gt;browser')
      .and.contain('this browser')
      .and.not.contain('\u202e')
    await one.submit('/settings/sessions', {}, '/settings/sessions/all')
    expect([await isIn(one), await isIn(two)]).to.deep.equal([true, false])
    const session =
      /name="session" value="([^"]+)"/.exec((await one.ask('/settings/sessions')).text)?.[1] ?? ''
    await one.submit('/settings/sessions', { session })
    expect(await isIn(one)).to.equal(false)
  })

  it('give a new password by a letter, once, and the same answer for whom nobody knows', async () => {
    await using sink = new MailSink()
    await using site = await siteWithMail(sink)
    const inside = await registered(site, { sink, count: 1, typed })
    const browser = browserOf(site)
    const answers: unknown[] = []
    for (const who of [
      'nobody',
      'nobody@example.org',
      'ann',
      'ANN@example.org',
      '__proto__',
      'a\r\nBcc: x@y.example',
    ]) {
      const { status, headers } = await browser.submit('/reset', { who })
      answers.push(`${status} ${headers.location}`)
    }
    expect(new Set(answers)).to.deep.equal(new Set(['303 /reset/sent']))
    const letters = [await sink.mail(2), await sink.mail(3)]
    expect(letters.map(({ to }) => to)).to.deep.equal([['ann@example.org'], ['ann@example.org']])
    const page = await browser.ask(linkIn(letters[0] ?? (await sink.mail(2))))
    expect(page.text).to.contain('For the account ann')
    const weak = await browser.send(page.text, { chosen: 'ann12345' }, '/reset/confirm')
    expect(weak.status).to.equal(422)
    const replies = await Promise.all(
      ['one thing or another', 'another thing or one'].map(chosen =>
        browser.send(page.text, { chosen }, '/reset/confirm'),
      ),
    )
    expect(replies.map(({ status }) => status).sort()).to.deep.equal([303, 404])
    const after = replies.find(({ status }) => status === 303)?.headers.location ?? ''
    expect((await browser.ask(String(after))).text).to.contain('The new password is saved')
    expect(await isIn(inside)).to.equal(false)
    // The other letter was asked for before: it is of no use either.
    expect((await browser.ask(linkIn(letters[1] ?? (await sink.mail(3))))).status).to.equal(404)
    expect((await signIn(browser)).status).to.equal(422)
  })

  it('change the mail address when a letter to the new one is opened', async () => {
    await using sink = new MailSink()
    await using site = await siteWithMail(sink)
    const browser = await registered(site, { sink, count: 1, typed })
    await registered(site, { sink, count: 2, typed: { ...typed, name: 'ben', address: 'ben@example.org' } })
    const change = (address: string) =>
      browser.submit('/settings/mail', { address, password: typed.password })
    const asked = '/settings/mail?sent'
    expect((await change('new@example.org')).headers.location).to.equal(asked)
    expect((await browser.ask(asked)).text).to.contain('a letter is on its way to it')
    expect((await browser.ask('/settings/mail')).text).to.contain('is ann@example.org')
    const letter = await sink.mail(3)
    expect(letter.to).to.deep.equal(['new@example.org'])
    expect((await browser.submit(linkIn(letter), {})).status).to.equal(303)
    expect((await browser.ask('/settings/mail')).text).to.contain('is new@example.org')
    // Somebody else's: the same answer, and its owner is told.
    expect((await change('ben@example.org')).headers.location).to.equal(asked)
    expect((await sink.mail(4)).octets.toString()).to.contain('has an account already')
    await browser.submit('/reset', { who: 'ann@example.org' })
    await browser.submit('/reset', { who: 'new@example.org' })
    expect((await sink.mail(5)).to).to.deep.equal(['new@example.org'])
  })

  it('say of an address that was never confirmed that no new password is sent there', async () => {
    await using site = await RunningSite.start('site.example', '', { web: true })
    const browser = browserOf(site)
    await browser.submit('/register', typed)
    const before = (await browser.ask('/settings/mail')).text
    site.write('[mail]\nsmtp = "smtp://127.0.0.1:9"\nfrom = "news@site.example"\n')
    await site.end()
    await site.begin()
    const { text } = await browser.ask('/settings/mail')
    expect([before, text].map(each => each.includes('It is not confirmed'))).to.deep.equal([false, true])
  })

  it('let in by invitation alone, as many as it says, and tell who came', async () => {
    await using sink = new MailSink()
    await using site = await siteWithMail(sink, 'registration = "invite"')
    await site.run(
      ['user', 'add', 'ann', '--password-stdin', '--role', 'poster'],
      new FakeProcess({ input: `${typed.password}\n` }),
    )
    const host = browserOf(site)
    await signIn(host)
    expect((await browserOf(site).ask('/register')).text).to.contain('Only those with an invitation')
    const made = await host.submit('/settings/invites', { guests: '1', days: '7' })
    const [, invite = ''] = /register\?invite(?:=|&#x3D;)([\w-]+)/.exec(made.text) ?? []
    const guests = ['ben', 'carl'].map(name => ({ name, browser: browserOf(site) }))
    const pages: string[] = []
    for (const [at, { name, browser }] of guests.entries()) {
      const page = await browser.ask(`/register?invite=${invite}`)
      expect(page.text).to.contain('invited by ann')
      await browser.send(page.text, { ...typed, name, address: `${name}@example.org` }, '/register')
      pages.push((await browser.ask(linkIn(await sink.mail(at + 1)))).text)
    }
    const replies = await Promise.all(
      guests.map(({ browser }, at) => browser.send(pages[at] ?? '', {}, '/register/confirm')),
    )
    expect(replies.map(({ status }) => status).sort()).to.deep.equal([303, 403])
    expect((await host.ask('/settings/invites')).text).to.match(/1 of 1 came\. (?:ben|carl)\./)
    expect((await browserOf(site).ask(`/register?invite=${invite}`)).text).to.contain('Only those with')

    const second = await host.submit('/settings/invites', { guests: '2', days: '7' })
    const [, other = ''] = /register\?invite(?:=|&#x3D;)([\w-]+)/.exec(second.text) ?? []
    await host.submit('/settings/invites', {}, '/settings/invites/revoke')
    expect((await browserOf(site).ask(`/register?invite=${other}`)).text).to.contain('Only those with')
  })

  it('hand nothing down to a later account of the same name, and invitations end with the account', async () => {
    await using sink = new MailSink()
    await using site = await siteWithMail(sink, 'registration = "invite"')
    const add = () =>
      site.run(['user', 'add', 'ann', '--password-stdin'], new FakeProcess({ input: `${typed.password}\n` }))
    await add()
    const first = browserOf(site)
    await signIn(first)
    const address = '/subscriptions/'
    const { token = '' } = fieldsOf((await first.ask(address)).text, address)
    await first.ask(address, { form: { token, what: 'patterns', patterns: 'local.test' } })
    expect((await first.ask('/subscriptions.json')).text).to.contain('"patterns":"local.test"')
    const made = await first.submit('/settings/invites', { guests: '1', days: '7' })
    const [, invite = ''] = /register\?invite(?:=|&#x3D;)([\w-]+)/.exec(made.text) ?? []
    const invited = async () =>
      (await browserOf(site).ask(`/register?invite=${invite}`)).text.includes('invited by ann')
    expect(await invited()).to.equal(true)
    await site.run(['user', 'set', 'ann', '--disable'])
    expect(await invited(), 'of one who may not log in').to.equal(false)
    await site.run(['user', 'set', 'ann', '--enable'])
    expect(await invited()).to.equal(true)

    await site.run(['user', 'remove', 'ann'])
    await add()
    expect(await invited(), 'of an earlier one of that name').to.equal(false)
    const second = browserOf(site)
    await signIn(second)
    expect((await second.ask('/subscriptions.json')).text).to.contain('"patterns":""')
  })

  it('give everything away, and take the account away with it; articles stay', async () => {
    await using site = await RunningSite.start('site.example', '', { web: true })
    const browser = browserOf(site)
    await browser.submit('/register', typed)
    await browser.submit('/settings', { name: 'Ann Other', theme: 'dark' })
    const article = { ...typed, newsgroups: 'local.test', subject: 'Here to stay', body: 'Hello.' }
    const posted = await browser.submit('/post', article)
    expect(posted.status, posted.text.slice(0, 3000)).to.equal(303)
    const copy = await browser.ask('/settings/export')
    const lines = copy.text
      .trim()
      .split('\n')
      .map(line => JSON.parse(line))
    expect(copy.headers['content-disposition']).to.equal('attachment; filename="account.jsonl"')
    expect(lines[0]).to.deep.include({ kind: 'account', name: 'ann', roles: ['reader', 'poster'] })
    expect(copy.text).not.to.match(/scrypt|sessionStamp/)
    expect(copy.text).to.contain('"theme":"dark"').and.contain('ann@example.org')
    expect(lines.filter(({ kind }) => kind === 'article')).to.have.length(1)

    expect((await browser.submit('/settings/delete', { password: 'wrong' })).status).to.equal(422)
    const gone = await browser.submit('/settings/delete', { password: typed.password })
    expect([gone.headers.location, browser.cookies.has('tidings')]).to.deep.equal(['/deleted', false])
    expect((await browser.ask(String(posted.headers.location))).text).to.contain('Here to stay')
    expect(await site.json('user', 'list')).to.deep.equal([])
    // Who comes next under that name finds nothing of it.
    const next = browserOf(site)
    await next.submit('/register', { ...typed, address: 'next@example.org' })
    expect((await next.ask('/settings')).text).to.contain('data-theme="system"')
    expect((await next.ask('/settings/export')).text).not.to.contain('ann@example.org')
  })
})
