import { expect } from 'chai'
import { fieldsOf } from '../support/form-browser.ts'
import { browserOf, linkIn, siteWithMail } from '../support/letters.ts'
import { MailSink } from '../support/mail-sink.ts'
import { RunningSite } from '../support/running-site.ts'

const good = { name: 'ann', address: 'ann@example.org', password: 'a horse that writes' }

describe('registration on a whole node', function () {
  this.timeout(60_000)

  it('is completed by the link in the letter, once, and survives a restart meanwhile', async () => {
    await using sink = new MailSink()
    await using site = await siteWithMail(sink)
    const browser = browserOf(site)
    const sent = await browser.submit('/register', good)
    expect([sent.status, sent.headers.location]).to.deep.equal([303, '/register/sent'])
    const letter = await sink.mail(1)
    expect([letter.from, ...letter.to]).to.deep.equal(['news@site.example', good.address])
    expect(letter.octets.toString()).to.contain('Subject: Our news: your account')
    expect((await site.json('user', 'list')).length, 'before the link is opened').to.equal(0)

    await site.end()
    await site.begin()
    const link = linkIn(letter)
    // Whoever looks at it first, be it a mail scanner, makes nothing by it.
    expect((await browserOf(site).ask(link)).status).to.equal(200)
    const page = await browser.ask(link)
    const made = await browser.send(page.text, {}, '/register/confirm')
    expect([made.status, made.headers.location]).to.deep.equal([303, '/register/done'])
    expect((await browser.open('/register/done')).text)
      .to.contain('>ann</a>')
      .and.contain('Welcome')
    expect(await site.json('user', 'list'))
      .to.have.nested.property('[0].roles')
      .deep.equal(['reader', 'poster'])

    // With a form that fits the new session.
    const { token = '' } = fieldsOf((await browser.ask('/register')).text, '/register')
    const again = await browser.send(page.text, { token }, '/register/confirm')
    expect([again.status, (await browser.ask(link)).status]).to.deep.equal([404, 404])
  })

  it('wants the password in another browser than the one where it was typed', async () => {
    await using sink = new MailSink()
    await using site = await siteWithMail(sink)
    await browserOf(site).submit('/register', good)
    const other = browserOf(site)
    const link = linkIn(await sink.mail(1))
    for (const password of ['', 'another horse that writes']) {
      const refused = await other.submit(link, { password })
      expect([refused.status, refused.text.includes('not your password')]).to.deep.equal([422, true])
    }
    expect(await site.json('user', 'list')).to.deep.equal([])
    const made = await other.submit(link, { password: good.password })
    expect([made.status, made.headers.location]).to.deep.equal([303, '/register/done'])
    expect((await other.ask('/')).text).to.contain('>ann</a>')
  })

  it('answers the same whether name and address are known, and tells the owner', async () => {
    await using sink = new MailSink()
    await using site = await siteWithMail(sink)
    const first = browserOf(site)
    await first.submit('/register', good)
    await first.submit(linkIn(await sink.mail(1)), {})
    const answers: unknown[] = []
    const bodies: string[] = []
    for (const typed of [
      { ...good, address: 'other@example.org' },
      { ...good, name: 'ben', address: 'ANN@example.org' },
      { ...good, name: 'carl', address: 'carl@example.org' },
    ]) {
      const browser = browserOf(site)
      const reply = await browser.submit('/register', typed)
      answers.push([reply.status, reply.headers.location, reply.headers['set-cookie']])
      bodies.push((await browser.ask('/register/sent')).text)
    }
    expect(new Set(answers.map(answer => JSON.stringify(answer))).size).to.equal(1)
    expect(new Set(bodies).size).to.equal(1)
    expect((await sink.mail(3)).to).to.deep.equal(['ANN@example.org'])
    expect((await sink.mail(3)).octets.toString())
      .to.contain('/reset')
      .and.contain('ann')

    // The name was taken: another one is chosen behind the link.
    const browser = browserOf(site)
    const page = await browser.ask(linkIn(await sink.mail(2)))
    expect([page.status, page.text.includes('has this name already')]).to.deep.equal([422, true])
    const { password } = good
    expect((await browser.send(page.text, { password }, '/register/confirm')).status).to.equal(422)
    const chosen = await browser.send(page.text, { name: 'dora', password }, '/register/confirm')
    expect(chosen.status).to.equal(303)
    const names = (await site.json('user', 'list')).map(({ name }: { name: string }) => name)
    expect(names).to.deep.equal(['ann', 'dora'])
  })

  it('gives no names where they are given elsewhere', async () => {
    await using sink = new MailSink()
    await using site = await siteWithMail(sink, '[auth]\nurl = "http://127.0.0.1:9/"')
    const browser = browserOf(site)
    const page = await browser.ask('/register')
    expect(page.text).to.contain('Nobody can register here').and.not.contain('name="password"')
    const { token = '' } = fieldsOf((await browser.ask('/login')).text, '/login')
    await browser.ask('/register', { form: { token, ...good } })
    expect(await site.json('user', 'list')).to.deep.equal([])
  })

  it('gives a name once, however many want it at the same time', async () => {
    await using sink = new MailSink()
    await using site = await siteWithMail(sink)
    const browsers = [browserOf(site), browserOf(site), browserOf(site)]
    const pages: string[] = []
    for (const [at, browser] of browsers.entries()) {
      await browser.submit('/register', { ...good, address: `a${at}@example.org` })
      pages.push((await browser.ask(linkIn(await sink.mail(at + 1)))).text)
    }
    const replies = await Promise.all(
      browsers.map((browser, at) => browser.send(pages[at] ?? '', {}, '/register/confirm')),
    )
    expect(replies.map(({ status }) => status).sort()).to.deep.equal([303, 422, 422])
  })

  it('makes one account by one link, however often its button is pressed', async () => {
    await using sink = new MailSink()
    await using site = await siteWithMail(sink)
    const browser = browserOf(site)
    await browser.submit('/register', good)
    const page = await browser.ask(linkIn(await sink.mail(1)))
    const replies = await Promise.all(
      ['ann', 'ben', 'carl'].map(name => browser.send(page.text, { name }, '/register/confirm')),
    )
    expect(replies.map(({ status }) => status).sort()).to.deep.equal([303, 404, 404])
    expect(await site.json('user', 'list')).to.have.length(1)
  })

  it('sends letters to one address alone, whatever is typed', async () => {
    await using sink = new MailSink()
    await using site = await siteWithMail(sink)
    for (const address of [
      'm@x.example\r\nBcc: v@evil.example',
      'm@x.example, v@evil.example',
      'm@x.example;v@evil.example',
      '<m@x.example>',
      '"m@x.example v"@evil.example',
      'm@x.example\0',
      'm@[127.0.0.1]',
      'm@x.example>',
      `${'m'.repeat(65)}@x.example`,
      '',
    ]) {
      const reply = await browserOf(site).submit('/register', { ...good, address })
      expect(reply.status, JSON.stringify(address)).to.equal(422)
    }
    await browserOf(site).submit('/register', good)
    expect((await sink.mail(1)).to).to.deep.equal([good.address])
    expect(sink.received).to.have.length(1)
  })

  it('sends three letters an hour to an address, and says nothing of it to anybody else', async () => {
    await using sink = new MailSink()
    await using site = await siteWithMail(sink)
    const statuses: number[] = []
    for (let at = 0; at < 5; at++) statuses.push((await browserOf(site).submit('/register', good)).status)
    expect(statuses).to.deep.equal([303, 303, 303, 429, 429])
  })

  it('is completed at once on loopback without a mail server, and not from elsewhere', async () => {
    await using site = await RunningSite.start('site.example', '', {
      web: true,
    })
    const browser = browserOf(site)
    expect((await browser.ask('/register')).text).to.contain('made at once')
    const made = await browser.submit('/register', good)
    expect(made.headers.location).to.equal('/register/done?strength=strong')
    expect((await browser.open('/register/done?strength=strong')).text)
      .to.contain('not checked')
      .and.contain('password is strong')
    const taken = await browserOf(site).submit('/register', good)
    expect([taken.status, taken.text.includes('has this name already')]).to.deep.equal([422, true])
    const weak = await browserOf(site).submit('/register', { ...good, name: 'ben', password: 'ben12345' })
    expect([weak.status, weak.text.includes('is weak')]).to.deep.equal([422, true])
  })

  it('makes its opener the administrator by the printed link, once', async () => {
    await using site = await RunningSite.start('site.example', '', { web: true })
    const link = new URL(site.firstLink ?? 'none:')
    const path = link.pathname + link.search
    expect(link.host).to.equal(new URL(site.web).host)
    const [one, other] = [browserOf(site), browserOf(site)]
    const pages = [await one.ask(path), await other.ask(path)]
    const forged = path.replace(/.$/, last => (last === 'x' ? 'y' : 'x'))
    expect((await one.ask(forged)).status).to.equal(404)
    const typed = { name: 'admin', password: 'a horse that writes' }
    const replies = await Promise.all([
      one.send(pages[0]?.text ?? '', typed, '/first'),
      other.send(pages[1]?.text ?? '', { ...typed, name: 'mallory' }, '/first'),
    ])
    expect(replies.map(({ status }) => status).sort()).to.deep.equal([303, 404])
    expect((await one.ask(path)).status).to.equal(404)
    expect(site.firstLink).to.equal(undefined)
    const [account, ...more] = await site.json('user', 'list')
    expect([account.roles, more]).to.deep.equal([['admin', 'moderator', 'reader', 'poster'], []])
  })
})
