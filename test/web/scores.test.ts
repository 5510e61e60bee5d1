import { expect } from 'chai'
import { linkedIds, ReadingBrowser } from '../support/reading-browser.ts'
import { articleText, WebFixture } from '../support/web-fixture.ts'

async function site(): Promise<WebFixture> {
  const web = new WebFixture()
  for (const name of ['local.a', 'local.b']) web.reading.addGroup(name)
  const add = (id: string, fields: Record<string, string> = {}) =>
    web.reading.add(articleText(`${id}@x.test`, { Newsgroups: 'local.a', ...fields }))
  add('root', { Subject: 'Cheap <b>watches</b>' })
  add('child', { Subject: 'Re: x', References: '<root@x.test>', From: 'Bob <bob@y.test>' })
  add('other', { Subject: 'Weather', From: 'bob@y.test (Bob)' })
  await web.people.add('ann', 'correct horse')
  return await web.start()
}

const scores = '/settings/scores/'
const rule = { field: 'subject', test: 'contains', value: 'weather', groups: '', score: '-5', days: '' }

describe('web: scores', () => {
  let web: WebFixture
  let browser: ReadingBrowser
  beforeEach(async () => {
    web = await site()
    browser = new ReadingBrowser(web)
    await browser.signIn('ann')
  })
  afterEach(() => web[Symbol.asyncDispose]())

  const shown = async () => linkedIds(await browser.open('/g/local.a/unread/'))
  const rules = async () => (await browser.json('/settings/scores.json')).rules
  const add = (fields: Partial<typeof rule> = {}) => browser.send(scores, { ...rule, ...fields })

  it('are only for who is signed in', async () => {
    const visitor = new ReadingBrowser(web)
    for (const path of [scores, '/saved/']) {
      const reply = await visitor.open(path)
      expect([reply.status, String(reply.headers.location).replace(/\?.*/, '')]).to.deep.equal([
        303,
        '/login',
      ])
    }
    for (const path of [scores, '/taste', '/save'])
      expect((await visitor.send(path, { id: 'root@x.test' })).status, path).to.equal(303)
  })

  it('hide articles, count them, show them when asked, and come to an end', async () => {
    expect(await shown()).to.deep.equal(['root', 'child', 'other'])
    expect((await add()).status).to.equal(303)
    const { text } = await browser.open('/g/local.a/unread/')
    expect(text).to.contain('1 article hidden by your rules.')
    expect(await shown()).to.deep.equal(['root', 'child'])
    expect(linkedIds(await browser.open('/g/local.a/unread/?hidden=1'))).to.deep.equal([
      'root',
      'child',
      'other',
    ])
    expect((await browser.open('/g/local.a/unread/?hidden=1')).text).to.contain(
      'Hidden by: subject contains “weather” (−5)',
    )
    const page = await browser.open(scores)
    expect(page.text).to.contain('subject contains “weather”').and.contain('−5')
    await browser.send(scores, { remove: (await rules())[0].id })
    expect(await rules()).to.deep.equal([])
    expect(await shown()).to.deep.equal(['root', 'child', 'other'])
  })

  it('hide conversations and articles of the list of a group, counted, with the reason on their page', async () => {
    await add({ value: 'watches' })
    await add({ field: 'from', value: 'bob', score: '7' })
    for (const [view, left] of [
      ['', ['other']],
      ['?view=tree', ['other']],
      ['?view=flat', ['other', 'child']],
    ] as const) {
      const reply = await browser.open(`/g/local.a/${view}`)
      expect(new Set(linkedIds(reply)), view).to.deep.equal(new Set(left))
      expect(reply.text, view).to.contain('1 hidden on this page by your rules.')
      const all = await browser.open(`/g/local.a/${view}${view === '' ? '?' : '&'}hidden=1`)
      expect(linkedIds(all), view).to.contain('root')
    }
    expect((await browser.open('/g/local.a/')).text).to.contain('<li class="watched">')
    expect((await browser.json('/g/local.a.json')).hidden).to.equal(1)
    expect((await browser.open('/m/root@x.test/')).text).to.contain(
      'Hidden by: subject contains “watches” (−5)',
    )
    expect((await browser.open('/m/other@x.test/')).text).to.contain(
      '+7 points by: author contains “bob” (+7)',
    )
  })

  it('say beside the field what is wrong, and keep what was typed', async () => {
    const table: readonly (readonly [Partial<typeof rule>, string])[] = [
      [{ field: 'nothing' }, 'Texts are contained'],
      [{ test: 'over' }, 'Texts are contained'],
      [{ field: 'lines', test: 'over', value: 'many' }, 'Give a whole number.'],
      [{ field: 'lines', test: 'contains', value: '5' }, 'Texts are contained'],
      [{ value: '' }, 'at most 300'],
      [{ value: 'x'.repeat(301) }, 'at most 300'],
      [{ groups: '[' }, 'no list of patterns'],
      [{ score: '0' }, 'not zero'],
      [{ score: '99999' }, 'not zero'],
      [{ score: 'low' }, 'not zero'],
      [{ days: '0' }, 'from 1 to 3650'],
      [{ days: '1.5' }, 'from 1 to 3650'],
    ]
    for (const [fields, problem] of table) {
      const reply = await add(fields)
      expect(reply.status, JSON.stringify(fields)).to.equal(422)
      expect(reply.text, JSON.stringify(fields)).to.contain(problem)
    }
    expect((await add({ groups: '[', value: '"><b>' })).text).to.contain('value="&quot;&gt;&lt;b&gt;"')
    expect(await rules()).to.deep.equal([])
  })

  it('are made by a button for a thread or an author, the last one counts', async () => {
    await browser.send('/taste', { id: 'child@x.test', as: 'ignore-thread' })
    expect(await shown()).to.deep.equal(['other'])
    const [made] = await rules()
    expect(made).to.include({ field: 'thread', value: '<root@x.test>', score: -1000 })
    expect(made.expires).to.be.greaterThan(0)
    await browser.send('/taste', { id: 'root@x.test', as: 'watch-thread' })
    expect((await rules()).length).to.equal(1)
    await browser.send('/taste', { id: 'child@x.test', as: 'ignore-author' })
    // Watched and from somebody who is ignored: the two outweigh each other.
    expect(await shown()).to.deep.equal(['root', 'child'])
    expect((await rules())[1]).to.include({ field: 'from', test: 'contains', value: 'bob@y.test' })
    for (const form of [
      { id: 'no@x.test', as: 'ignore-thread' },
      { id: 'root@x.test', as: 'burn' },
    ])
      expect((await browser.send('/taste', form)).status).to.equal(404)
  })

  it('stay over a restart', async () => {
    await add()
    await web.close()
    await web.start()
    expect((await rules()).length).to.equal(1)
  })
})

describe('web: saved articles', () => {
  it('are listed, the last first, and stay listed when the article is gone', async () => {
    await using web = await site()
    const browser = new ReadingBrowser(web)
    await browser.signIn('ann')
    for (const save of ['root@x.test', 'other@x.test']) await browser.send('/save', { save })
    expect((await browser.open('/saved/')).text).to.contain('Cheap &lt;b&gt;watches&lt;/b&gt;')
    expect(linkedIds(await browser.open('/saved/')).sort()).to.deep.equal(['other', 'root'])
    expect((await browser.json('/saved.json')).articles[0]).to.include.keys('messageId', 'subject', 'at')
    const article = await browser.open('/m/root@x.test/')
    expect(article.text)
      .to.contain('name="forget"')
      .and.contain('Ignore thread')
      .and.contain('Mark as unread')
    web.reading.remove('local.a', 1)
    expect(linkedIds(await browser.open('/saved/')).sort()).to.deep.equal(['other', 'root'])
    await browser.send('/save', { forget: '<root@x.test>' })
    expect(linkedIds(await browser.open('/saved/'))).to.deep.equal(['other'])
    expect((await browser.send('/save', { save: 'no@x.test' })).status).to.equal(404)
    await browser.send('/save', { forget: '<never@x.test>' })
    await browser.send('/save', { forget: 'x'.repeat(1000) })
    const other = new ReadingBrowser(web)
    await web.people.add('ben', 'correct horse')
    await other.signIn('ben')
    expect(linkedIds(await other.open('/saved/'))).to.deep.equal([])
  })
})
