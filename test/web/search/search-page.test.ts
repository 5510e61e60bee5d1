import { expect } from 'chai'
import type { Node } from '../../../src/feed/node.ts'
import { articleEntry } from '../../support/entries.ts'
import { unescapeHtml } from '../../support/markup.ts'
import { anyone, proto, testNode } from '../../support/node.ts'
import { WebFixture } from '../../support/web-fixture.ts'

async function reader(posts: readonly Record<string, string>[], body = 'Some words of it.\n') {
  const node = await testNode()
  for (const headers of posts) {
    const all = { From: 'Ann Lee <ann@example.org>', Newsgroups: 'local.test', ...headers }
    const verdict = await node.feed.inject(proto(all, body), anyone)
    expect(verdict.kind).to.equal('accepted')
  }
  const web = new WebFixture()
  await web.start({
    reading: node.storage.reading,
    feed: node.feed,
    search: node.search,
    shelves: node.storage.shelves,
  })
  await indexed(node)
  return {
    node,
    web,
    get: (query: string) => web.ask(`/search${query}`),
    async [Symbol.asyncDispose]() {
      await web.close()
      await node[Symbol.asyncDispose]()
    },
  }
}

const indexed = ({ search, storage }: Node): Promise<void> =>
  search.reached(storage.reading.newest, AbortSignal.timeout(60_000))

const posts = [
  { Subject: 'First plan', 'Message-ID': '<one@x>' },
  { Subject: 'Second plan', 'Message-ID': '<two@x>', Newsgroups: 'local.other' },
  {
    Subject: 'Third plan',
    'Message-ID': '<three@x>',
    Newsgroups: 'local.other,local.test',
    References: '<one@x>',
  },
]

describe('web/pages/search', () => {
  it('shows what is found, the newest first, with what was looked for marked', async () => {
    await using site = await reader(posts)
    const { status, text } = await site.get('?q=plan+words')
    expect(status).to.equal(200)
    expect(text.match(/href="\/m\/[^"]*"/g)).to.deep.equal([
      'href="/m/three@x/"',
      'href="/m/two@x/"',
      'href="/m/one@x/"',
    ])
    expect(text).to.include('Third <mark>plan</mark>').and.to.include('Some <mark>words</mark> of it.')
    expect(text).to.include('href="/g/local.other/"').and.to.include('value="plan words"')
  })

  it('gives the same to programs', async () => {
    await using site = await reader(posts)
    const { text, headers } = await site.get('.json?q=from:lee+third')
    expect(headers['content-type']).to.match(/^application\/json/)
    expect(JSON.parse(text)).to.deep.equal({
      query: 'from:lee third',
      articles: [
        {
          messageId: '<three@x>',
          address: '/m/three@x/',
          subject: 'Third plan',
          from: 'Ann Lee <ann@example.org>',
          date: JSON.parse(text).articles[0].date,
          groups: ['local.other', 'local.test'],
          references: ['<one@x>'],
        },
      ],
      next: '',
      stopped: false,
    })
  })

  it('puts the fields of the form into one query', async () => {
    await using site = await reader([])
    const fields = new URLSearchParams({
      q: 'plan',
      subject: 'big day',
      from: 'ann',
      phrase: 'two "words',
      without: 'x y',
      group: 'local.* alt.x',
      after: '2020-01-01',
      before: '',
    })
    const { status, headers } = await site.get(`?${fields}`)
    expect(status).to.equal(303)
    expect(new URLSearchParams(String(headers.location).replace('/search?', '')).get('q')).to.equal(
      'plan subject:big subject:day from:ann "two  words" -x -y group:local.*,alt.x after:2020-01-01',
    )
  })

  it('shows the form alone where nothing is asked, and in the group it was opened for', async () => {
    await using site = await reader(posts)
    const { status, text } = await site.get('?in=local.test')
    expect(status).to.equal(200)
    expect(text).to.include('name="group" type="text"').and.to.include('value="local.test"')
    expect(text).to.not.include('class="found"')
  })

  it('says what is wrong with a query beside it, and keeps the text', async () => {
    await using site = await reader([])
    const { status, text } = await site.get('?q=plan+before:noon')
    expect(status).to.equal(400)
    expect(text).to.include('before:noon: Write dates as').and.to.include('value="plan before:noon"')
    expect(JSON.parse((await site.get('.json?q=before:noon')).text)).to.deep.equal({
      query: 'before:noon',
      problem: 'bad-date',
      part: 'before:noon',
    })
    expect((await site.get('?q=nothing')).text).to.include('Nothing was found')
  })

  it('shows nothing of what may not be read', async () => {
    await using site = await reader(posts)
    site.web.hidden.add('local.other')
    const { text } = await site.get('?q=plan')
    expect(text).to.include('/m/three@x/').and.to.not.include('/m/two@x/').and.to.not.include('local.other')
    expect((await site.get('?q=group:local.other')).text).to.include('Nothing was found')
    expect((await site.get('?q=mid:%3Ctwo@x%3E')).text).to.include('Nothing was found')
  })

  it('goes on page by page', async () => {
    await using site = await reader([])
    const { storage } = site.node
    const ids = Array.from({ length: 60 }, (_, at) => `<row${at}@x>`)
    await Promise.all(ids.map(id => storage.submit(articleEntry({ id, groups: ['local.test'] }))))
    await indexed(site.node)
    const seen: string[] = []
    let address = '.json?q=about'
    for (let pages = 0; pages < 5 && address !== ''; pages++) {
      const { articles, next } = JSON.parse((await site.get(address)).text)
      seen.push(...articles.map((each: { messageId: string }) => each.messageId))
      address = next.replace('/search', '')
    }
    expect(seen).to.deep.equal([...ids].reverse())
    const { text } = await site.get('?q=about')
    expect(unescapeHtml(text)).to.match(/<a href="\/search\?q=about&p=\d+-\d+">Older/)
    // A place of another store is as if there were none.
    expect((await site.get('?q=about&p=9-9')).text).to.include('/m/row59@x/')
  })

  it('is offered for the thread of an article that is not here', async () => {
    await using site = await reader([{ Subject: 'An answer', References: '<gone@x>' }])
    const { status, text } = await site.web.ask('/m/gone@x/')
    expect(status).to.equal(404)
    const [, address = ''] = /href="([^"]*thread[^"]*)"/.exec(unescapeHtml(text)) ?? []
    expect(address).to.equal('/search?q=thread%3A%3Cgone%40x%3E')
    expect((await site.web.ask(address)).text).to.include('An answer')
  })

  it('takes no markup from articles or queries', async () => {
    const evil = '"><script>alert(1)</script><mark>'
    await using site = await reader(
      [{ Subject: `plan ${evil}`, From: `"${'<b>evil</b>'}" <ann@example.org>` }],
      `plan ${evil}\n`,
    )
    for (const query of ['plan', 'script', evil, `from:${evil}`, 'alert 1', `group:${evil}`]) {
      const { text } = await site.get(`?q=${encodeURIComponent(query)}&in=${encodeURIComponent(evil)}`)
      const bare = text.replace(/<script src="[^"]*" type="module"><\/script>/, '')
      expect(bare, query).to.not.match(/<script|<b>/i)
    }
    const { text } = await site.get('?q=script')
    expect(text).to.include('&lt;<mark>script</mark>&gt;')
  })

  it('says so where there is no search', async () => {
    await using web = await new WebFixture().start()
    const { status, text } = await web.ask('/search?q=plan')
    expect(status).to.equal(503)
    expect(text).to.include('switched off')
  })
})
