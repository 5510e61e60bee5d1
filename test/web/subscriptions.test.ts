import { expect } from 'chai'
import { ReadingBrowser } from '../support/reading-browser.ts'
import { articleText, WebFixture } from '../support/web-fixture.ts'

async function site(): Promise<WebFixture> {
  const web = new WebFixture()
  for (const name of ['comp.lang.c', 'comp.lang.perl', 'local.a', 'local.secret']) web.reading.addGroup(name)
  web.hidden.add('local.secret')
  for (let at = 1; at <= 5; at++)
    web.reading.add(articleText(`a${at}@x.test`, { Newsgroups: 'local.a,comp.lang.c' }))
  await web.people.add('ann', 'correct horse')
  return await web.start()
}

const address = '/subscriptions/'

describe('web: subscriptions', () => {
  let web: WebFixture
  let browser: ReadingBrowser
  beforeEach(async () => {
    web = await site()
    browser = new ReadingBrowser(web)
  })
  afterEach(() => web[Symbol.asyncDispose]())

  const subscribed = async () =>
    (await browser.json('/subscriptions.json')).groups.map(({ name }: { name: string }) => name)
  const newsrc = async () => (await browser.open(`${address}newsrc`)).text

  it('go by pattern, for groups of the future too', async () => {
    const reply = await browser.send(address, { what: 'patterns', patterns: 'comp.lang.*, !comp.lang.perl' })
    expect(reply.text).to.contain('Saved.').and.contain('value="comp.lang.*,!comp.lang.perl"')
    expect(await subscribed()).to.deep.equal(['comp.lang.c'])
    web.reading.addGroup('comp.lang.zig')
    expect(await subscribed()).to.deep.equal(['comp.lang.c', 'comp.lang.zig'])
    await browser.send(address, { what: 'patterns', patterns: '' })
    expect(await subscribed()).to.deep.equal([])
  })

  it('keep patterns that cannot be read in the form, and say so', async () => {
    for (const patterns of ['a,,b', '[a-z]', '!', 'a!b']) {
      const reply = await browser.send(address, { what: 'patterns', patterns })
      expect(reply.status, patterns).to.equal(422)
      expect(reply.text).to.contain(`value="${patterns}"`).and.contain('no list of patterns')
    }
    expect(await subscribed()).to.deep.equal([])
  })

  it('come from a .newsrc with what was read, and go out as one', async () => {
    const text =
      'local.a: 1-3,900\ncomp.lang.c! 1,4\ncomp.lang.perl:\nlocal.secret: 1-9\nno.such: 1\nbroken\n'
    const { text: page } = await browser.send(address, { what: 'newsrc', newsrc: text, numbers: 'on' })
    expect(page).to.contain('3 groups imported.').and.contain('2 groups skipped')
    expect(page).to.contain('1 line could not be read.')
    expect(await newsrc()).to.equal('comp.lang.c! 1,4\ncomp.lang.perl:\nlocal.a: 1-3\n')
    const { headers } = await browser.open(`${address}newsrc`)
    expect(headers['content-type']).to.equal('text/plain; charset=utf-8')
    expect(headers['content-disposition']).to.equal('attachment; filename="newsrc"')
    // What is read is added, never taken away; numbers that do not exist yet are not read.
    await browser.send(address, { what: 'newsrc', newsrc: 'local.a! 5', numbers: 'on' })
    expect(await newsrc()).to.equal('comp.lang.c! 1,4\ncomp.lang.perl:\nlocal.a! 1-3,5\n')
  })

  it('come from the .newsrc of another server without its numbers', async () => {
    await browser.send(address, { what: 'newsrc', newsrc: 'local.a: 1-3\n' })
    expect(await newsrc()).to.equal('local.a:\n')
  })

  it('come from a feed reader, and go out to one', async () => {
    const opml = `<opml><body><outline text="x" xmlUrl="http://elsewhere.test/g/local.a/new.atom"/>
      <outline text="blog" xmlUrl="http://blog.test/feed"/><outline text="no.such"/></body></opml>`
    const { text } = await browser.send(address, { what: 'opml', opml })
    expect(text).to.contain('1 group imported.').and.contain('1 group skipped')
    const out = await browser.open(`${address}opml`)
    expect(out.text).to.contain(`xmlUrl="http://${web.host}/g/local.a/new.atom"`)
    web.config = { ...web.config, web: { ...web.config.web, base_url: 'https://news.test/' } }
    expect((await browser.open(`${address}opml`)).text).to.contain('"https://news.test/g/local.a/new.atom"')
  })

  it('of a visitor move to the account with what was read, once', async () => {
    await browser.send('/subscribe', { join: 'local.a' })
    await browser.open('/m/a1@x.test/')
    expect(browser.cookies.has('marks')).to.equal(true)
    await browser.signIn('ann')
    expect(browser.cookies.has('marks')).to.equal(false)
    expect(await newsrc()).to.equal('comp.lang.c! 1\nlocal.a: 1\n')
    const elsewhere = new ReadingBrowser(web)
    await elsewhere.signIn('ann')
    expect((await elsewhere.open(`${address}newsrc`)).text).to.equal('comp.lang.c! 1\nlocal.a: 1\n')
  })

  it('are marked as read all at once, and that is taken back', async () => {
    await browser.signIn('ann')
    await browser.send('/subscribe', { join: 'local.a' })
    await browser.open('/m/a2@x.test/')
    await browser.send('/catchup', { back: address })
    expect((await browser.json('/subscriptions.json')).groups[0].unread).to.equal(0)
    expect((await browser.open(address)).text).to.contain('Marked as read in 1 group.')
    await browser.send('/undo', { back: address })
    expect((await browser.json('/subscriptions.json')).groups[0].unread).to.equal(4)
    const { text } = await browser.open(address)
    expect(text).not.to.contain('Marked as read')
    expect((await browser.send('/undo', {})).status).to.equal(303)
  })

  it('take a very large file, and no larger one', async () => {
    const lines = Array.from({ length: 40_000 }, (_, at) => `no.such.group.number${at}: 1-${at + 1}`)
    const form = { what: 'newsrc', newsrc: `${lines.join('\n')}\nlocal.a: 1` }
    expect((await browser.send(address, form)).status).to.equal(413)
    await browser.signIn('ann')
    const taken = await browser.send(address, form)
    expect(taken.text).to.contain('1 group imported.').and.contain('40,000 groups skipped')
    const reply = await browser.send(address, { what: 'newsrc', newsrc: 'x'.repeat(4_000_000) })
    expect(reply.status).to.equal(413)
  })
})
