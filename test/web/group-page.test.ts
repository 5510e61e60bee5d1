import { expect } from 'chai'
import type { Reply } from '../support/ask-http.ts'
import { FormBrowser } from '../support/form-browser.ts'
import { auditPage } from '../support/page-audit.ts'
import { articleText, WebFixture } from '../support/web-fixture.ts'

const answering = (...ids: string[]) => ({ References: ids.map(id => `<${id}@x.test>`).join(' ') })

/** Opened by somebody in a window: what it shows is read from then on. */
const opened = { 'Sec-Fetch-Site': 'same-origin', 'Sec-Fetch-Mode': 'navigate', 'Sec-Fetch-Dest': 'document' }

function subjects({ text }: Reply): string[] {
  return [...text.matchAll(/class="subject" href="\/m\/([^"]*)@x\.test\/"/g)].map(match => match[1] ?? '')
}

describe('web: group page', () => {
  let web: WebFixture

  before(async () => {
    web = new WebFixture()
    web.reading.addGroup('local.test')
    const post = (id: string, headers: Record<string, string>) =>
      web.reading.add(articleText(`${id}@x.test`, headers))
    post('cats', { Subject: 'Cats', From: 'Ann <ann@x>' })
    post('dogs', { Subject: 'Dogs', From: 'Bob <bob@x>' })
    post('cats2', { Subject: 'Re: Cats', From: 'Cleo <cleo@x>', ...answering('cats') })
    post('birds', { Subject: '', From: 'Dora <dora@x>', Date: 'never' })
    post('cats3', { Subject: 'Lions', From: 'Ann <ann@x>', ...answering('cats', 'cats2') })
    post('cats4', { Subject: 'Re: cats', From: 'Emil <emil@x>' })
    post('cats5', { Subject: 'Re: Cats', From: 'Fred <fred@x>', ...answering('cats', 'cats2', 'cats3') })
    await web.start()
  })
  after(() => web.close())

  it('lists conversations by their newest article: how many, by whom, the last of them', async () => {
    const reply = await web.ask('/g/local.test/')
    const { faults, text } = auditPage(reply.text)
    expect(faults).to.deep.equal([])
    expect(subjects(reply)).to.deep.equal(['cats', 'birds', 'dogs'])
    expect(text).to.contain('7 articles in 3 threads').and.contain('5 articles').and.contain('(no subject)')
    const [authors = ''] = /<span class="authors">.*?<\/span>\n/.exec(reply.text) ?? []
    expect(authors).to.contain('Ann').and.contain('Cleo').and.contain('and others').and.not.contain('Emil')
    expect(reply.text).to.match(/<span class="last"><a href="\/m\/cats5@x\.test\/">.*Fred/)
  })

  it('shows them as trees, the subject again where it changes', async () => {
    const reply = await web.ask('/g/local.test/?view=tree')
    const { faults, text } = auditPage(reply.text)
    expect(faults).to.deep.equal([])
    expect(subjects(reply)).to.deep.equal(['cats', 'cats2', 'cats3', 'cats5', 'cats4', 'birds', 'dogs'])
    expect(reply.text).to.match(
      /cats@x[\s\S]*<ul>[\s\S]*cats2@x[\s\S]*<ul>[\s\S]*cats3@x[\s\S]*<\/ul>[\s\S]*<\/ul>/,
    )
    expect(text).to.contain('Lions').and.contain('Dogs')
    expect(text.match(/Re: Cats/gi)).to.have.length(1)
  })

  it('shows them as a list, newest first', async () => {
    const reply = await web.ask('/g/local.test/?view=flat')
    expect(auditPage(reply.text).faults).to.deep.equal([])
    expect(subjects(reply)).to.deep.equal(['cats5', 'cats4', 'cats3', 'birds', 'cats2', 'dogs', 'cats'])
    expect(reply.text).to.contain('aria-current="true">List</a>')
    expect(subjects(await web.ask('/g/local.test/?view=nonsense'))).to.have.length(3)
  })

  it('says what this reader has not read, and leads to the first of it', async () => {
    const cookie = await readArticles(web, ['cats', 'cats2', 'dogs'])
    const { text } = await web.ask('/g/local.test/', { headers: { Cookie: cookie } })
    expect(text).to.contain('<a class="fresh" href="/m/cats3@x.test/">3 new</a>')
    expect(text).to.match(/<li class="">\n<span class="topic"><a class="subject" href="\/m\/dogs@x/)
    const tree = await web.ask('/g/local.test/?view=tree', { headers: { Cookie: cookie } })
    expect(tree.text.match(/<span class="dot"><span class="unseen">new<\/span>/g)).to.have.length(4)
  })

  it('has a twin', async () => {
    const { threads, older } = JSON.parse((await web.ask('/g/local.test.json')).text)
    expect(threads.map((thread: { subject: string }) => thread.subject)).to.deep.equal(['Cats', '', 'Dogs'])
    expect(threads[0]).to.deep.include({
      messageId: '<cats@x.test>',
      articles: 5,
      address: '/m/cats@x.test/t/',
    })
    expect(threads[0].last).to.deep.include({
      messageId: '<cats5@x.test>',
      number: 7,
      address: '/m/cats5@x.test/',
    })
    expect([threads[1].date, older]).to.deep.equal([null, 0])
  })

  it('says so in German', async () => {
    const { text } = await web.ask('/g/local.test/', { headers: { 'Accept-Language': 'de' } })
    expect(text).to.contain('7 Artikel in 3 Themen').and.contain('und andere').and.contain('>Baum</a>')
  })
})

async function readArticles(web: WebFixture, ids: readonly string[]): Promise<string> {
  let cookie = ''
  for (const id of ids) {
    const { headers } = await web.ask(`/m/${id}@x.test/`, { headers: { ...opened, Cookie: cookie } })
    cookie = String(headers['set-cookie']?.[0] ?? cookie).replace(/;.*/, '')
  }
  return cookie
}

describe('web: group page with articles of all kinds', () => {
  let web: WebFixture

  before(async () => {
    web = new WebFixture()
    web.reading.addGroup('local.test')
    const post = (id: string, headers: Record<string, string>) =>
      web.reading.add(articleText(`${id}@x.test`, headers))
    post('a', { Subject: 'Re: Dogs', From: 'Ann <ann@x>', ...answering('gone') })
    post('b', { Subject: 'Re: Dogs', From: 'Bob <bob@x>', ...answering('gone') })
    post('he', { Subject: 'Re: שאלה על bidi', From: 'Dana <dana@x>' })
    post('ja', { Subject: 'ニュースグループ', From: 'Taro <taro@x>' })
    await web.start()
  })
  after(() => web.close())

  it('shows answers to an article that is not here as one conversation', async () => {
    const { text } = await web.ask('/g/local.test/?view=tree')
    expect(auditPage(text).faults).to.deep.equal([])
    expect(text.match(/<li class="also">/g)).to.have.length(1)
    expect(text).to.match(/a@x\.test[\s\S]*<li class="also">\s*<div class="row">\s*<a [^>]*b@x\.test/)
  })

  it('says of a subject which way it runs and in which language it is', async () => {
    for (const view of ['', '?view=tree', '?view=flat']) {
      const { text } = await web.ask(`/g/local.test/${view}`)
      expect(text).to.contain('<bdi dir="rtl" lang="">Re: שאלה על bidi</bdi>')
      expect(text).to.contain('<bdi dir="ltr" lang="ja">ニュースグループ</bdi>')
    }
    expect((await web.ask('/m/he@x.test/')).text).to.contain('<h1 dir="rtl" lang="">Re: שאלה על bidi</h1>')
  })

  it('names an author once', async () => {
    const { text } = await web.ask('/g/local.test/')
    expect(text.match(/Dana/g)).to.have.length(1)
    expect(text.match(/Bob/g)).to.have.length(2)
  })
})

describe('web: pages of a group', () => {
  let web: WebFixture

  before(async () => {
    web = new WebFixture()
    web.reading.addGroup('local.test')
    for (let at = 1; at <= 120; at++) web.reading.add(articleText(`n${at}@x.test`))
    await web.start()
  })
  after(() => web.close())

  const page = async (query: string) => {
    const reply = await web.ask(`/g/local.test/${query}`)
    return { shown: subjects(reply), text: reply.text }
  }

  it('have fifty conversations, and the next begins where the last ended, whatever comes meanwhile', async () => {
    const first = await page('')
    expect([first.shown.length, first.shown[0], first.shown[49]]).to.deep.equal([50, 'n120', 'n71'])
    expect(first.text).to.contain('?before&#x3D;71').and.not.contain('Newest')
    web.reading.add(articleText('late@x.test', answering('n60')))
    const second = await page('?before=71')
    expect([second.shown[0], second.shown.includes('n60'), second.shown[49]]).to.deep.equal([
      'n70',
      false,
      'n20',
    ])
    expect(second.text).to.contain('?after&#x3D;70').and.contain('?before&#x3D;20')
    const back = await page('?after=70')
    expect([back.shown[0], back.shown[49]]).to.deep.equal(['n120', 'n71'])
    expect((await page('')).shown[0]).to.equal('n60')
    expect((await page('?before=1')).text).to.contain('No articles here.')
  })

  it('have as many as a reader wants, in every view', async () => {
    const browser = new FormBrowser(() => web.host)
    await browser.submit('/settings', { perPage: '25' })
    for (const view of ['threads', 'flat'])
      expect(subjects(await browser.ask(`/g/local.test/?view=${view}`)), view).to.have.length(25)
    const unread = JSON.parse((await browser.ask('/g/local.test/unread.json')).text)
    expect(unread.articles).to.have.length(25)
    expect(subjects(await web.ask('/g/local.test/?view=flat'))).to.have.length(50)
  })

  it('say so where only the newest are threaded, and cut long trees', async () => {
    await using many = new WebFixture()
    many.reading.addGroup('local.test')
    for (let at = 1; at <= 100; at++)
      many.reading.add(articleText(`n${at}@x.test`, at === 1 ? {} : answering(`n${at - 1}`)))
    await many.start()
    const { text } = await many.ask('/g/local.test/?view=tree')
    expect(auditPage(text).faults).to.deep.equal([])
    expect(text.match(/class="subject"/g)).to.have.length(31)
    expect(text).to.contain('70 articles more').and.contain('href="/m/n1@x.test/t/"')
  })
})
