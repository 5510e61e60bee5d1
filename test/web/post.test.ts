import { expect } from 'chai'
import type { Verdict } from '../../src/feed/feed.ts'
import type { MessageId } from '../../src/message-id.ts'
import { Reason } from '../../src/reason.ts'
import { FormBrowser, fieldsOf } from '../support/form-browser.ts'
import { unescapeHtml } from '../support/markup.ts'
import { articleText, goodForm, WebFixture } from '../support/web-fixture.ts'

async function localTest(): Promise<WebFixture> {
  const web = new WebFixture()
  web.reading.addGroup('local.test')
  return await web.start()
}

const refused = (name: 'group-closed' | 'duplicate' | 'held-already') => async (): Promise<Verdict> => ({
  kind: 'rejected',
  reason: new Reason(name),
})

const idOf = (wire: Buffer) => (/^Message-ID: (\S+)/m.exec(wire.toString())?.[1] ?? '') as MessageId

describe('web: posting', () => {
  it('posts once, leads to the article, and shows it', async () => {
    await using web = await localTest()
    const posted = await web.postForm({ ...goodForm, subject: 'Grüße', body: 'Zeile\n.\n.eins' })
    expect(posted.status).to.equal(303)
    const shown = await web.ask(String(posted.headers.location))
    expect(shown.text).to.contain('Grüße').and.contain('Zeile\n.\n.eins').and.contain('Ann Other')
    expect(web.feed.injected).to.have.length(1)
    expect(web.feed.injected[0]?.wire.toString()).to.contain('User-Agent: Tidings-Web/1.2.3\r\n')
    expect(web.feed.injected[0]?.poster.address).to.equal('127.0.0.1')
  })

  it('a form sent again leads to the same article, at once or after a restart', async () => {
    await using web = await localTest()
    const { fields, cookie } = await web.openForm()
    const ask = { form: { ...goodForm, ...fields }, headers: { Cookie: cookie } }
    const first = await web.ask('/post', ask)
    const again = await web.ask('/post', ask)
    expect([again.status, again.headers.location]).to.deep.equal([303, first.headers.location])
    expect(web.feed.injected).to.have.length(1)

    await web.close()
    await web.start()
    const fresh = await web.openForm()
    const form = { ...goodForm, ...fresh.fields, key: fields.key ?? '' }
    const later = await web.ask('/post', { form, headers: { Cookie: fresh.cookie } })
    expect([later.status, later.headers.location]).to.deep.equal([303, first.headers.location])
    expect(JSON.parse((await web.ask('/g/local.test.json')).text).group.count).to.equal(1)
  })

  it('a form sent twice at the same time posts once', async () => {
    await using web = await localTest()
    const { fields, cookie } = await web.openForm()
    const ask = { form: { ...goodForm, ...fields }, headers: { Cookie: cookie } }
    const replies = await Promise.all([web.ask('/post', ask), web.ask('/post', ask), web.ask('/post', ask)])
    expect(new Set(replies.map(reply => `${reply.status} ${reply.headers.location}`)).size).to.equal(1)
    expect(web.feed.injected).to.have.length(1)
  })

  it('a form sent again with another text is not lost and not posted unasked', async () => {
    await using web = await localTest()
    const { fields, cookie } = await web.openForm()
    const headers = { Cookie: cookie }
    await web.ask('/post', { form: { ...goodForm, ...fields }, headers })
    const changed = await web.ask('/post', {
      form: { ...goodForm, ...fields, body: 'Second thoughts' },
      headers,
    })
    expect(changed.status).to.equal(422)
    expect(changed.text).to.contain('Second thoughts').and.contain('posted before')
    const [, key = ''] = /name="key" value="([^"]*)"/.exec(changed.text) ?? []
    const posted = await web.ask('/post', {
      form: { ...goodForm, ...fields, key, body: 'Second thoughts' },
      headers,
    })
    expect(posted.status).to.equal(303)
    expect(web.feed.injected).to.have.length(2)
  })

  it('a refused article says why and keeps every field', async () => {
    await using web = await localTest()
    web.feed.says = refused('group-closed')
    const typed = {
      name: 'A "B" <C>',
      address: 'ann@example.invalid',
      newsgroups: 'local.test',
      subject: 'S & T',
      body: '\n\nLine <1>\n',
    }
    const { status, text } = await web.postForm(typed)
    expect(status).to.equal(422)
    expect(text).to.contain('Nobody can post to')
    const kept = [...text.matchAll(/<input id="\w+" [^>]*?value="([^"]*)"/g)].map(match =>
      unescapeHtml(match[1] ?? ''),
    )
    expect(kept).to.deep.equal([typed.name, typed.address, typed.newsgroups, '', typed.subject])
    // A browser drops one line end behind the tag. HTML: textarea.
    const [, body = ''] = /<textarea[^>]*>\n([\s\S]*)<\/textarea>/.exec(text) ?? []
    expect(unescapeHtml(body).replace(/\r\n/g, '\n')).to.equal(typed.body)
  })

  it('our own trouble is 503 with Retry-After, and the same form posts later', async () => {
    await using web = await localTest()
    web.feed.says = async () => ({ kind: 'deferred', reason: new Reason('no-space') })
    const { fields, cookie } = await web.openForm()
    const ask = { form: { ...goodForm, ...fields }, headers: { Cookie: cookie } }
    const deferred = await web.ask('/post', ask)
    expect([deferred.status, deferred.headers['retry-after']]).to.deep.equal([503, '600'])
    expect(deferred.text).to.contain('try again later').and.contain('Hello, world.').and.contain(fields.key)
    web.feed.says = async () => ({ kind: 'deferred', reason: new Reason('too-fast'), seconds: 1201 })
    const late = await web.ask('/post', ask)
    expect([late.status, late.headers['retry-after']]).to.deep.equal([503, '1201'])
    expect(late.text).to.contain('You can try again in 21 minutes.')
    web.feed.says = undefined
    expect((await web.ask('/post', ask)).status).to.equal(303)
  })

  it('says that the session has ended meanwhile, keeps the text, and goes on with it', async () => {
    await using web = await localTest()
    await web.people.add('ann', 'correct horse')
    const signIn = (on: FormBrowser) => on.submit('/login', { name: 'ann', password: 'correct horse' })
    for (const anyonePosts of [true, false]) {
      web.mayPost = account => anyonePosts || account !== ''
      const browser = new FormBrowser(() => web.host)
      await signIn(browser)
      const { text } = await browser.ask('/post')
      const typed = { ...goodForm, subject: `S ${anyonePosts}`, body: 'Three pages.' }
      await browser.submit('/settings/sessions', {}, '/logout')
      const over = await browser.send(text, typed, '/post')
      expect(over.status).to.equal(403)
      expect(over.text).to.contain('Your session has ended').and.contain('Three pages.')
      expect(fieldsOf(over.text, '/post').account, 'who may not post without waits').to.equal(
        anyonePosts ? '' : 'ann',
      )
      if (!anyonePosts) await signIn(browser)
      const again = await browser.send(over.text, {}, '/post')
      if (!anyonePosts) expect([again.status, again.text.includes('Three pages.')]).to.deep.equal([403, true])
      const posted = anyonePosts ? again : await browser.send(again.text, {}, '/post')
      expect(posted.status).to.equal(303)
      expect(web.feed.injected.at(-1)?.poster.account).to.equal(anyonePosts ? '' : 'ann')
    }
  })

  it('takes much text only from who may post it', async () => {
    await using web = await localTest()
    await web.people.add('ann', 'correct horse')
    web.mayPost = account => account !== ''
    const visitor = new FormBrowser(() => web.host)
    const ann = new FormBrowser(() => web.host)
    await ann.submit('/login', { name: 'ann', password: 'correct horse' })
    const send = async (browser: FormBrowser, octets: number) => {
      const { text } = await browser.ask('/post')
      return (await browser.send(text, { ...goodForm, body: 'Words. '.repeat(octets / 7) }, '/post')).status
    }
    expect([await send(ann, 400_000), await send(visitor, 400_000)]).to.deep.equal([303, 413])
    // As much as anybody types is shown again.
    expect(await send(visitor, 100_000)).to.equal(422)
    const newsrc = 'comp.lang.c: 1-3\n'.repeat(30_000)
    const take = async (browser: FormBrowser) => {
      const { text } = await browser.ask('/subscriptions/')
      return (await browser.send(text, { what: 'newsrc', newsrc }, '/subscriptions/')).status
    }
    expect([await take(ann), await take(visitor)]).to.deep.equal([200, 413])
  })

  it('name and address are kept once an article was sent, and not before', async () => {
    await using web = await localTest()
    await web.people.add('ann', 'correct horse')
    const visitor = new FormBrowser(() => web.host)
    const ann = new FormBrowser(() => web.host)
    await ann.submit('/login', { name: 'ann', password: 'correct horse' })
    const author = async (browser: FormBrowser) => {
      const { name, address } = fieldsOf((await browser.ask('/post')).text, '/post')
      return [name, address]
    }
    const { name, address } = goodForm
    for (const browser of [visitor, ann]) {
      await browser.submit('/post', { ...goodForm, do: 'preview' })
      await browser.submit('/post', { ...goodForm, subject: '' })
      web.feed.says = refused('group-closed')
      expect((await browser.submit('/post', goodForm)).status).to.equal(422)
      expect(await author(browser)).to.deep.equal(['', ''])
      web.feed.says = undefined
      expect((await browser.submit('/post', goodForm)).status).to.equal(303)
      expect(await author(browser)).to.deep.equal([name, address])
      // Another one that is used once changes nothing.
      await browser.submit('/post', { ...goodForm, name: 'A. N.', address: 'other@example.invalid' })
      expect(await author(browser)).to.deep.equal([name, address])
    }
    expect(await author(new FormBrowser(() => web.host))).to.deep.equal(['', ''])
  })

  it('whose name a browser remembers is not for whoever signs in there next', async () => {
    await using web = await localTest()
    await web.people.add('ann', 'correct horse')
    await web.people.add('bob', 'correct horse')
    const author = async (browser: FormBrowser) => fieldsOf((await browser.ask('/post')).text, '/post').name
    const shared = new FormBrowser(() => web.host)
    await shared.submit('/post', goodForm)
    expect(await author(shared)).to.equal(goodForm.name)
    await shared.submit('/login', { name: 'ann', password: 'correct horse' })
    expect(await author(shared)).to.equal('')
    // What was chosen goes along.
    const own = new FormBrowser(() => web.host)
    await own.submit('/settings', { name: 'Bob', address: 'bob@example.invalid' })
    await own.submit('/login', { name: 'bob', password: 'correct horse' })
    expect(await author(own)).to.equal('Bob')
  })

  it('an article that was sent is said to be there, though nothing else can be kept any more', async () => {
    await using web = await localTest()
    await web.people.add('ann', 'correct horse')
    const ann = new FormBrowser(() => web.host)
    await ann.submit('/login', { name: 'ann', password: 'correct horse' })
    const { text } = await ann.ask('/post')
    web.shelves.save = () => Promise.reject(new Error('no space left'))
    const sent = await ann.send(text, goodForm, '/post')
    expect([sent.status, web.feed.injected.length]).to.deep.equal([303, 1])
    expect(web.errors).to.deep.equal([])
  })

  it('an article for the moderator is said to be there, and mailed once', async () => {
    await using web = await localTest()
    web.feed.says = async wire => ({ kind: 'mailed', messageId: idOf(wire) })
    const { fields, cookie } = await web.openForm()
    const ask = { form: { ...goodForm, ...fields }, headers: { Cookie: cookie } }
    const sent = await web.ask('/post', ask)
    expect([sent.status, sent.headers.location]).to.deep.equal([303, '/post/sent?group=local.test'])
    await web.ask('/post', ask)
    expect(web.feed.injected).to.have.length(1)
    expect((await web.ask('/post/sent')).text).to.contain('moderator')
    await web.close()
    await web.start()
    const fresh = await web.openForm('/post', { headers: { Cookie: cookie } })
    const late = { ...ask, form: { ...ask.form, token: fresh.fields.token ?? '' } }
    expect((await web.ask('/post', late)).headers.location).to.equal('/post/sent?group=local.test')
    expect(web.feed.injected).to.have.length(1)
  })

  it('an article that is held is said to be, and sent again it waits once', async () => {
    await using web = await localTest()
    const { fields, cookie } = await web.openForm()
    const ask = { form: { ...goodForm, ...fields }, headers: { Cookie: cookie } }
    web.feed.says = async () => ({ kind: 'held', messageId: '<m@x.test>' as MessageId })
    const held = await web.ask('/post', ask)
    expect([held.status, held.headers.location]).to.deep.equal([303, '/post/held?group=local.test'])
    await web.ask('/post', ask)
    expect(web.feed.injected).to.have.length(1)
    const page = await web.ask('/post/held')
    expect(page.text).to.contain('Held for release').and.contain('an administrator has released it')
    // After a start nobody remembers the form, but the store does.
    web.feed.says = refused('held-already')
    const again = await web.postForm(goodForm)
    expect([again.status, again.headers.location]).to.deep.equal([303, '/post/held?group=local.test'])
  })

  it('shows a duplicate that is no article of ours as refused', async () => {
    await using web = await localTest()
    web.feed.says = refused('duplicate')
    const { status, text } = await web.postForm(goodForm)
    expect(status).to.equal(422)
    expect(text).to.contain('which is another one').and.contain('Hello, world.')
  })

  it('names each field that is wrong, beside it', async () => {
    await using web = await localTest()
    const { status, text } = await web.postForm({
      name: '',
      address: 'nobody',
      newsgroups: '',
      subject: '',
      body: ' ',
    })
    expect(status).to.equal(422)
    for (const field of ['address', 'newsgroups', 'subject', 'body'])
      expect(text).to.match(new RegExp(`id="${field}-problem">[A-Z]`))
    expect(text).to.contain('id="name-problem"></span>')
    expect(web.feed.injected).to.have.length(0)
  })

  it('a reply has groups, subject, references and a quotation from its parent', async () => {
    await using web = await localTest()
    const headers = { Subject: 'Why?', References: '<a@x.test> <b@x.test>', From: 'ann@x.test (Ann)' }
    web.reading.add(articleText('c@x.test', headers, 'One\n> Two\n-- \nsig\n'))
    const path = '/post?inreplyto=%3Cc@x.test%3E'
    const { text } = await web.ask(path)
    expect(text).to.contain('value="Re: Why?"').and.contain('value="local.test"')
    expect(text).to.contain('Ann wrote:\n&gt; One\n&gt;&gt; Two\n\n</textarea>')
    await web.postForm({ ...goodForm, subject: 'Re: Why?' }, path)
    const wire = web.feed.injected[0]?.wire.toString() ?? ''
    expect(wire).to.contain('References: <a@x.test>\r\n <b@x.test>\r\n <c@x.test>\r\n')
  })

  it('a reply goes where the author wants it', async () => {
    await using web = await localTest()
    web.reading.add(articleText('p@x.test', { 'Followup-To': 'poster', 'Reply-To': 'ann@mail.test' }))
    web.reading.add(articleText('g@x.test', { 'Followup-To': 'local.other' }))
    const byMail = await web.ask('/post?inreplyto=%3Cp@x.test%3E')
    expect(byMail.text)
      .to.contain('replies by mail')
      .and.contain('The address is ann@mail.test')
      .and.match(/name="newsgroups"[^>]*value=""/)
    expect(byMail.text).not.to.contain('mailto:')
    expect((await web.ask('/post?inreplyto=%3Cg@x.test%3E')).text).to.contain('value="local.other"')
  })

  it('a reply has its quotation in one form, or none', async () => {
    await using web = await localTest()
    const body = '\nJD> > deep\n|> bar\n >spaced\nown\n\n\n-- \nsig\n'
    web.reading.add(articleText('q@x.test', { Subject: 'AW: Re: Why' }, body))
    const { text } = await web.ask('/post?inreplyto=%3Cq@x.test%3E')
    expect(text).to.contain(
      'wrote:\n&gt;&gt;&gt; deep\n&gt;&gt; bar\n&gt;&gt; spaced\n&gt; own\n\n</textarea>',
    )
    expect(text).to.contain('value="Re: Why"')
    const [, other = ''] = /href="(\/post\?[^"]*)"[^>]*>Reply without/.exec(text) ?? []
    const bare = await web.ask(unescapeHtml(other))
    expect(bare.text)
      .to.match(/<textarea[^>]*>\s*<\/textarea>/)
      .and.contain('value="Re: Why"')
  })

  it('tells who may not post before anything is typed', async () => {
    await using web = new WebFixture()
    web.reading.addGroup('local.test')
    const poster = { account: '', address: '127.0.0.1', mayPost: () => false, mayApprove: () => false }
    await web.start({ access: () => ({ mayRead: () => true, poster }) })
    const { text } = await web.ask('/post?group=local.test')
    expect(text).to.contain('You may not post to local.test').and.contain('You are not signed in')
    const refused = await web.postForm(goodForm)
    expect([refused.status, refused.text.split('You may not post').length]).to.deep.equal([422, 3])
    expect(web.feed.injected).to.have.length(0)
  })

  it('a subject loses what no form can send', async () => {
    await using web = await localTest()
    web.reading.add(articleText('ctrl@x.test', { Subject: '\x10A\x1b[31m problem' }))
    const path = '/post?inreplyto=%3Cctrl@x.test%3E'
    expect((await web.ask(path)).text).to.contain('value="Re: A [31m problem"')
    expect((await web.postForm({ ...goodForm, subject: 'Re: A [31m problem' }, path)).status).to.equal(303)
  })

  it('says of every group what would become of the article there', async () => {
    await using web = await localTest()
    web.reading.addGroup('local.moderated', { status: 'm' })
    web.reading.addGroup('local.shut', { status: 'n' })
    web.reading.addGroup('local.old', { status: '=local.test' })
    web.reading.addGroup('local.secret')
    web.hidden.add('local.secret')
    const form = (groups: string) => web.ask(`/post?group=${encodeURIComponent(groups)}`)
    expect((await form('local.moderated')).text).to.contain('local.moderated is moderated')
    expect((await form('local.shut')).text).to.contain('Nobody can post to local.shut')
    expect((await form('local.test, local.none')).text).to.contain('This server does not have local.none')
    const answers: readonly (readonly [string, string])[] = [
      ['local.test local.shut', 'Nobody can post to local.shut'],
      ['local.old', 'local.old → local.test'],
      ['local.secret', 'none of these newsgroups: local.secret'],
      ['a.b;c.d', 'none of these newsgroups: a.b, c.d'],
    ]
    for (const [newsgroups, said] of answers) {
      const { status, text } = await web.postForm({ ...goodForm, newsgroups })
      expect([status, text.includes(`id="newsgroups-problem">`)]).to.deep.equal([422, true])
      expect(text, newsgroups).to.contain(said).and.contain('href="#newsgroups"')
    }
    expect(web.feed.injected).to.have.length(0)
  })

  it('a wide crosspost says where it goes on, and may say poster', async () => {
    await using web = await localTest()
    for (const name of ['a', 'b', 'c']) web.reading.addGroup(`local.${name}`)
    const newsgroups = 'local.test, local.a, local.b local.c'
    const without = await web.postForm({ ...goodForm, newsgroups })
    expect([without.status, without.text.includes('more than 3 newsgroups')]).to.deep.equal([422, true])
    const elsewhere = await web.postForm({ ...goodForm, newsgroups, followupto: 'local.d' })
    expect(elsewhere.text).to.match(/id="followupto-problem">Name one/)
    for (const followupto of ['local.a', 'poster']) {
      expect(
        (await web.postForm({ ...goodForm, newsgroups, followupto, seen: 'many-groups' })).status,
      ).to.equal(303)
      const wire = web.feed.injected.at(-1)?.wire.toString() ?? ''
      expect(wire).to.contain('Newsgroups: local.test,local.a,local.b,local.c\r\n')
      expect(wire).to.contain(`Followup-To: ${followupto}\r\n`)
    }
  })

  it('refusals are in the language of who posts', async () => {
    await using web = await localTest()
    web.feed.says = async () => ({ kind: 'rejected', reason: new Reason('no-moderator', 'local.test') })
    const german = { headers: { 'Accept-Language': 'de' } }
    const { fields, cookie } = await web.openForm('/post', german)
    const ask = { form: { ...goodForm, ...fields }, headers: { ...german.headers, Cookie: cookie } }
    expect((await web.ask('/post', ask)).text).to.contain('local.test ist moderiert')
    web.feed.says = async () => ({ kind: 'rejected', reason: new Reason('bad-header', 'X') })
    expect((await web.ask('/post', ask)).text).to.contain('Der Server sagt: Bad header: X.')
  })

  it('a preview shows the article as it will be read, and posts nothing', async () => {
    await using web = await localTest()
    const body = `Grüße *sehr* https://x.test/\n${'word '.repeat(40)}\n-- \nAnn`
    const { status, text } = await web.postForm({ ...goodForm, subject: 'Grüße', body, do: 'preview' })
    expect([status, web.feed.injected.length]).to.deep.equal([200, 0])
    expect(text).to.contain('Nothing has been posted yet').and.contain('<h3><bdi>Grüße</bdi></h3>')
    expect(text).to.contain('<span class="bold">*sehr*</span>').and.contain('<pre class="signature">')
    expect(text)
      .to.contain(`${'word '.repeat(39)}word`)
      .and.contain('format&#x3D;flowed')
    expect(text).to.contain('value="Grüße"')
    const wrong = await web.postForm({ ...goodForm, subject: '', do: 'preview' })
    expect([wrong.status, wrong.text.includes('href="#subject"')]).to.deep.equal([422, true])
  })

  it('the form of a preview is still the same form', async () => {
    await using web = await localTest()
    const { fields, cookie } = await web.openForm()
    const headers = { Cookie: cookie }
    const shown = await web.ask('/post', { form: { ...goodForm, ...fields, do: 'preview' }, headers })
    expect(shown.text).to.contain(`name="key" value="${fields.key}"`)
    await web.ask('/post', { form: { ...goodForm, ...fields, do: 'post' }, headers })
    await web.ask('/post', { form: { ...goodForm, ...fields }, headers })
    expect(web.feed.injected).to.have.length(1)
  })

  it('remarks are shown once, and the second time the text is posted as it is', async () => {
    await using web = await localTest()
    const typed = { ...goodForm, subject: 'WHERE IS EVERYBODY', body: 'Hello.\r\n--\r\nAnn' }
    const shown = await web.postForm(typed)
    expect([shown.status, web.feed.injected.length]).to.deep.equal([422, 0])
    expect(shown.text).to.contain('in capital letters').and.contain('value="mend capitals"')
    expect(shown.text).to.contain('name="seen" value="capitals bare-mark"')
    const cookie = String(shown.headers['set-cookie']?.[0] ?? '').replace(/;.*$/, '')
    expect(cookie).to.equal('')
    const again = await web.postForm({ ...typed, seen: 'capitals bare-mark' })
    expect([again.status, web.feed.injected.length]).to.deep.equal([303, 1])
  })

  it('a remark is mended by its button, and no other is touched', async () => {
    await using web = await localTest()
    const typed = { ...goodForm, subject: 'WHERE IS EVERYBODY', body: 'Hello.\r\n--\r\nAnn' }
    const { status, text } = await web.postForm({ ...typed, do: 'mend capitals' })
    expect([status, web.feed.injected.length]).to.deep.equal([200, 0])
    expect(text).to.contain('value="Where is everybody"').and.contain('Hello.\n--\nAnn')
    expect(text).not.to.contain('value="mend capitals"')
    expect(text).to.contain('value="mend bare-mark"').and.contain('name="seen" value="bare-mark"')
    for (const name of ['nothing', '__proto__', 'old-parent'])
      expect((await web.postForm({ ...typed, do: `mend ${name}` })).text).to.contain('WHERE IS EVERYBODY')
  })

  it("a draft is nobody else's, and visitors have none", async () => {
    await using web = await localTest()
    expect((await web.ask('/drafts')).headers.location).to.equal('/login?next=%2Fdrafts')
    expect((await web.ask(`/post?draft=${'a'.repeat(22)}`)).status).to.equal(404)
    const { fields, cookie } = await web.openForm()
    const ask = { form: { ...goodForm, ...fields }, headers: { Cookie: cookie } }
    expect((await web.ask('/post/draft', ask)).status).to.equal(403)
    expect((await web.postForm({ ...goodForm, do: 'save' })).status).to.equal(200)
    expect(fields.account).to.equal('')
    expect(await web.shelves.load('account:', `draft/${fields.draft}`)).to.equal(undefined)
  })

  it('who is not signed in any more loses no text', async () => {
    await using web = await localTest()
    const { status, text } = await web.postForm({ ...goodForm, account: 'ann' })
    expect([status, web.feed.injected.length]).to.deep.equal([403, 0])
    expect(text).to.contain('Hello, world.').and.contain('href="/login"')
  })

  it('takes no text above the limit and nothing but a form', async () => {
    await using web = new WebFixture()
    web.config = { ...web.config, limits: { ...web.config.limits, article_bytes: 1000 } }
    await web.start()
    expect((await web.ask('/post', { form: { body: 'x'.repeat(100_000) } })).status).to.equal(413)
    const json = await web.ask('/post', { method: 'POST', headers: { 'Content-Type': 'application/json' } })
    expect(json.status).to.equal(415)
  })

  it('takes a form whose length is not said before, and not more of it than of others', async () => {
    await using web = new WebFixture()
    web.config = { ...web.config, limits: { ...web.config.limits, article_bytes: 1000 } }
    web.reading.addGroup('local.test')
    await web.start()
    const { fields, cookie } = await web.openForm()
    const send = (body: string) =>
      web.ask('/post', {
        form: { ...fields, ...goodForm, body },
        headers: { Cookie: cookie },
        chunked: true,
      })
    expect((await send('x'.repeat(100_000))).status).to.equal(413)
    const sent = await send('Grüße.')
    expect([sent.status, web.feed.injected.length]).to.deep.equal([303, 1])
    expect(web.errors).to.deep.equal([])
  })
})

describe('web: forged forms', () => {
  const evil = 'http://evil.example'
  const shapes: Readonly<
    Record<string, (web: WebFixture) => Promise<[Record<string, string>, Record<string, string>]>>
  > = {
    'no cookie, no token': async () => [{}, {}],
    'cookie without token': async web => [{ token: '' }, { Cookie: (await web.openForm()).cookie }],
    'token without cookie': async web => [(await web.openForm()).fields, {}],
    'token of another cookie': async web => [
      (await web.openForm()).fields,
      { Cookie: (await web.openForm()).cookie },
    ],
    'cookie that was not made here': async web => [
      (await web.openForm()).fields,
      { Cookie: 'tidings=AAAAAAAAAAAAAAAAAAAAAA' },
    ],
    'malformed cookie': async web => [(await web.openForm()).fields, { Cookie: 'tidings=%00' }],
    'foreign Origin': async web => own(web, { Origin: evil }),
    'Origin null': async web => own(web, { Origin: 'null' }),
    'Origin of another port': async web => own(web, { Origin: 'http://127.0.0.1:1' }),
    'Sec-Fetch-Site cross-site': async web => own(web, { 'Sec-Fetch-Site': 'cross-site' }),
    'Sec-Fetch-Site same-site': async web => own(web, { 'Sec-Fetch-Site': 'same-site' }),
    'Sec-Fetch-Site none': async web => own(web, { 'Sec-Fetch-Site': 'none' }),
    'good Origin, foreign site': async web =>
      own(web, { Origin: `http://${web.host}`, 'Sec-Fetch-Site': 'cross-site' }),
    'as plain text': async web => own(web, { 'Content-Type': 'text/plain' }),
    'as multipart': async web => own(web, { 'Content-Type': 'multipart/form-data; boundary=b' }),
    'foreign Host': async web => own(web, { Host: 'evil.example' }),
  }

  async function own(
    web: WebFixture,
    headers: Record<string, string>,
  ): Promise<[Record<string, string>, Record<string, string>]> {
    const { fields, cookie } = await web.openForm()
    return [fields, { Cookie: cookie, ...headers }]
  }

  for (const [name, shape] of Object.entries(shapes)) {
    it(`does nothing: ${name}`, async () => {
      await using web = await localTest()
      const [fields, headers] = await shape(web)
      const reply = await web.ask('/post', { form: { ...goodForm, ...fields }, headers })
      expect(reply.status).to.be.oneOf([403, 415, 421])
      expect(web.feed.injected).to.have.length(0)
    })
  }

  it('does nothing on GET', async () => {
    await using web = await localTest()
    await web.ask(`/post?${new URLSearchParams(goodForm)}`)
    expect(web.feed.injected).to.have.length(0)
  })

  it('takes the form of our own page from a browser', async () => {
    await using web = await localTest()
    const [fields, headers] = await own(web, {
      Origin: `http://${web.host}`,
      'Sec-Fetch-Site': 'same-origin',
    })
    const reply = await web.ask('/post', { form: { ...goodForm, ...fields }, headers })
    expect(reply.status).to.equal(303)
  })

  it('a form that came too late keeps its text and goes through the second time', async () => {
    await using web = await localTest()
    const late = await web.ask('/post', { form: { ...goodForm, token: 'old' } })
    expect(late.status).to.equal(403)
    expect(late.text).to.contain('Hello, world.')
    const cookie = String(late.headers['set-cookie']?.[0])
    expect(cookie).to.contain('HttpOnly').and.contain('SameSite=Lax').and.contain('Path=/')
    const [, token = ''] = /name="token" value="([^"]*)"/.exec(late.text) ?? []
    const again = await web.ask('/post', {
      form: { ...goodForm, token },
      headers: { Cookie: cookie.replace(/;.*$/, '') },
    })
    expect(again.status).to.equal(303)
  })

  it('the cookie is a __Host- cookie where the site has TLS in front', async () => {
    await using web = new WebFixture()
    web.config = { ...web.config, web: { ...web.config.web, base_url: 'https://news.example' } }
    await web.start()
    const reply = await web.ask('/post', { headers: { Host: 'news.example' } })
    expect(String(reply.headers['set-cookie'])).to.match(/^__Host-tidings=[\w-]{22}; .*Secure/)
  })
})
