import { createServer } from 'node:net'
import { expect } from 'chai'
import { configSchema } from '../../src/config/config.ts'
import { routeTable } from '../../src/web/routing/route-table.ts'
import { articleText, portOf, WebFixture } from '../support/web-fixture.ts'

async function smallSite(): Promise<WebFixture> {
  const web = new WebFixture()
  web.reading.addGroup('comp.lang.c', { description: 'The C language' })
  web.reading.addGroup('comp.lang.c.moderated', { status: 'm' })
  web.reading.addGroup('local.test', { description: 'Tests' })
  web.reading.addGroup('local.secret')
  web.hidden.add('local.secret')
  web.reading.add(articleText('root@x.test'))
  web.reading.add(articleText('reply@x.test', { Subject: 'Re: root', References: '<root@x.test>' }))
  web.reading.add(articleText('secret@x.test', { Newsgroups: 'local.secret', Subject: 'Classified' }))
  web.reading.add(articleText('both@x.test', { Newsgroups: 'local.test,local.secret' }))
  return await web.start()
}

describe('web: pages', () => {
  let web: WebFixture
  before(async () => {
    web = await smallSite()
  })
  after(() => web.close())

  it('/ lists readable groups by hierarchy with counts and descriptions', async () => {
    const { status, text, headers } = await web.ask('/')
    expect(status).to.equal(200)
    expect(headers['content-type']).to.equal('text/html; charset=UTF-8')
    expect(text).to.contain('comp.*').and.contain('The C language').and.contain('href="/g/local.test/"')
    expect(text).to.contain('3 groups, 3 articles').and.contain('moderated')
    expect(text).not.to.contain('secret')
  })

  it('/h/ shows one hierarchy, and only whole components of names', async () => {
    const { text } = await web.ask('/h/comp.lang/')
    expect(text).to.contain('comp.lang.c.moderated').and.not.contain('local.test')
    expect((await web.ask('/h/comp.la/')).status).to.equal(404)
    expect((await web.ask('/h/local.secret/')).status).to.equal(404)
  })

  it('/g/ shows threads, replies below their parents', async () => {
    const { status, text } = await web.ask('/g/local.test/?view=tree')
    expect(status).to.equal(200)
    expect(text).to.match(/root@x\.test[\s\S]*<ul>[\s\S]*reply@x\.test[\s\S]*<\/ul>/)
    expect(text).to.contain('3 articles').and.contain('21 Nov 2026, 08:00').and.contain('Ann Other')
    expect((await web.ask('/g/local.test/?view=flat')).text).not.to.match(/<\/div>\s*<ul>/)
  })

  it('/g/ of an unknown and of a hidden group look the same', async () => {
    const [hidden, unknown] = [await web.ask('/g/local.secret/'), await web.ask('/g/local.nosuch/')]
    expect([hidden.status, unknown.status]).to.deep.equal([404, 404])
    expect(hidden.text).to.equal(unknown.text.replaceAll('nosuch', 'secret'))
  })

  it('/m/ shows an article with its headers, with or without angle brackets', async () => {
    const { status, text } = await web.ask('/m/reply@x.test/')
    expect(status).to.equal(200)
    expect(text)
      .to.contain('Re: root')
      .and.contain('ann@example.invalid')
      .and.contain('href="/m/root@x.test/"')
    const main = (page: string) => page.slice(page.indexOf('<main'))
    expect(main((await web.ask('/m/%3Creply%40x.test%3E/')).text)).to.equal(main(text))
  })

  it('/m/ of a hidden article is like that of none; a crosspost does not name the hidden group', async () => {
    expect((await web.ask('/m/secret@x.test/')).status).to.equal(404)
    expect((await web.ask('/m/secret@x.test/raw')).status).to.equal(404)
    expect((await web.ask('/m/secret@x.test.json')).status).to.equal(404)
    expect((await web.ask('/post?inreplyto=%3Csecret@x.test%3E')).status).to.equal(404)
    const { status, text } = await web.ask('/m/both@x.test/')
    expect(status).to.equal(200)
    expect(text).not.to.contain('secret')
  })

  it('/m/…/raw is the article octet for octet, without Xref and stuffing', async () => {
    const octets = Buffer.from(
      'Newsgroups: local.test\r\nMessage-ID: <raw@x.test>\r\n\r\n.dot\r\n\xe9\xff\r\n',
      'latin1',
    )
    web.reading.add(octets)
    const reply = await web.ask('/m/raw@x.test/raw')
    expect(reply.body.equals(octets)).to.equal(true)
    expect(reply.headers['content-type']).to.equal('text/plain; charset=utf-8')
    expect(reply.headers['x-content-type-options']).to.equal('nosniff')
  })

  it('message-IDs of any characters find their article', async () => {
    for (const id of [
      'a%41b@x.test',
      'a/b?c#d@x.test',
      "!$&'*+=^_`{|}~-@x.test",
      'x.json@y.json',
      '%@[::1]',
    ]) {
      web.reading.add(articleText(id))
      const { text } = await web.ask('/g/local.test/?view=flat')
      const [, address = ''] = /class="subject" href="([^"]*)"/.exec(text) ?? []
      const plain = address
        .replace(/&#x27;/g, "'")
        .replace(/&amp;/g, '&')
        .replace(/&#x3D;/g, '=')
      expect((await web.ask(plain)).status, `${id} at ${plain}`).to.equal(200)
      const twin = await web.ask(`${plain}index.json`)
      expect(JSON.parse(twin.text).messageId).to.equal(`<${id}>`)
    }
  })

  it('/robots.txt keeps programs from what is made anew at each call, and from no group and no article', async () => {
    const { status, headers, text } = await web.ask('/robots.txt')
    expect([status, headers['content-type']]).to.deep.equal([200, 'text/plain; charset=utf-8'])
    const [agent, ...rules] = text.trimEnd().split('\n')
    expect(agent).to.equal('User-agent: *')
    // RFC 9309 2.2.3: * is anything, and $ the end.
    const closed = rules.map(rule => {
      const [, path = ''] = /^Disallow: (\S+)$/.exec(rule) ?? []
      return new RegExp(`^${path.replace(/[.?]/g, '\\$&').replaceAll('*', '.*')}`)
    })
    const isClosed = (path: string) => closed.some(rule => rule.test(path))
    for (const path of ['/search?q=x', '/m/root@x.test/?rot13=1', '/m/root@x.test/raw', '/post?group=a'])
      expect(isClosed(path), path).to.equal(true)
    for (const path of ['/', '/h/comp/', '/g/local.test/?before=3', '/m/root@x.test/', '/m/search@x.test/t/'])
      expect(isClosed(path), path).to.equal(false)
  })

  it('/m/?id= leads to an article, however the id was written', async () => {
    for (const id of ['<root@x.test>', 'root@x.test', ' news:root@x.test ']) {
      const { status, headers } = await web.ask(`/m/?id=${encodeURIComponent(id)}`)
      expect([status, headers.location]).to.deep.equal([303, '/m/root@x.test/'])
    }
  })

  it('an address with a slash too many or too few leads to the one that there is', async () => {
    const { status, headers } = await web.ask('/g/local.test?before=3')
    expect([status, headers.location]).to.deep.equal([308, '/g/local.test/?before=3'])
    for (const { path, show } of routeTable) {
      if (show === undefined || path === '/') continue
      const there = path.replace(/:(\w+)/g, '$1@x')
      const other = there.endsWith('/') ? there.slice(0, -1) : `${there}/`
      const reply = await web.ask(`${other}?q=a%2Fb&next=//evil.example`)
      expect([reply.status, reply.headers.location], other).to.deep.equal([
        308,
        `${there}?q=a%2Fb&next=//evil.example`,
      ])
    }
    expect((await web.ask('/settings/', { form: {} })).status).to.equal(404)
  })

  it('no slash leads to another host', async () => {
    const hostile = [
      '//evil.example/',
      '//evil.example',
      '/\\evil.example/',
      '//evil.example/settings/',
      '/%2Fevil.example/',
      '/.//evil.example/',
    ]
    for (const path of hostile) {
      const { status, headers } = await web.ask(path)
      expect([status >= 400, headers.location], path).to.deep.equal([true, undefined])
    }
    for (const path of ['/g//evil.example', '/m/%2F%2Fevil.example', '/stats/chart//evil.example/']) {
      const { headers } = await web.ask(path)
      expect(headers.location ?? '/', path).to.match(/^\/(?!\/)/)
    }
  })

  it('has twins for programs', async () => {
    const groups = JSON.parse((await web.ask('/index.json')).text).groups
    expect(groups.map((group: { name: string }) => group.name))
      .to.include('comp.lang.c')
      .and.not.include('local.secret')
    const group = JSON.parse((await web.ask('/g/local.test.json?view=flat')).text)
    expect(group.group.name).to.equal('local.test')
    expect(group.articles.at(-1)).to.include({ number: 1, messageId: '<root@x.test>' })
    const article = JSON.parse((await web.ask('/m/root@x.test.json')).text)
    expect(article).to.include({ messageId: '<root@x.test>', body: 'Text.\n' })
    expect(article.filings).to.deep.equal([{ group: 'local.test', number: 1 }])
    const missing = await web.ask('/g/nosuch.json')
    expect([missing.status, JSON.parse(missing.text).error]).to.deep.equal([404, 'No such newsgroup'])
    expect(missing.headers['content-type']).to.contain('application/json')
  })

  it('says what is wrong in words', async () => {
    const nothing = await web.ask('/nothing/here')
    expect(nothing.status).to.equal(404)
    expect(nothing.text).to.contain('There is nothing at this address.')
    expect((await web.ask('/g/local.test/', { method: 'POST' })).status).to.equal(405)
    expect((await web.ask('/', { method: 'DELETE' })).headers.allow).to.equal('GET, HEAD')
  })

  it('hides its own faults behind a page and logs them', async () => {
    await using broken = new WebFixture()
    broken.reading.group = () => Promise.reject(new Error('disk on fire'))
    await broken.start()
    const { status, text } = await broken.ask('/g/local.test/')
    expect(status).to.equal(500)
    expect(text).to.contain('Something went wrong').and.not.contain('fire')
    expect(broken.errors).to.have.length(1)
  })

  it('puts its fields on every answer', async () => {
    const paths = [
      '/',
      '/g/local.test/',
      '/m/root@x.test/raw',
      '/static/style.css',
      '/nothing',
      '/index.json',
    ]
    for (const path of paths) {
      const { headers } = await web.ask(path)
      expect(headers['content-security-policy'], path)
        .to.contain("default-src 'none'")
        .and.contain("frame-ancestors 'none'")
      expect(headers['x-content-type-options'], path).to.equal('nosniff')
      expect(headers['referrer-policy'], path).to.equal('same-origin')
    }
  })

  it('tells of every request, so that work in the background gives way', async () => {
    let asked = 0
    await using told = await new WebFixture().start({
      asked: () => {
        asked += 1
      },
    })
    for (const path of ['/', '/static/style.css', '/nothing']) await told.ask(path)
    expect(asked).to.equal(3)
  })

  it('sends its style sheet, for ever under its version', async () => {
    const [, address = ''] = /rel="stylesheet" href="([^"]*)"/.exec((await web.ask('/')).text) ?? []
    const { status, headers } = await web.ask(address.replace('&#x3D;', '='))
    expect([status, headers['content-type']]).to.deep.equal([200, 'text/css; charset=utf-8'])
    expect(headers['cache-control']).to.contain('immutable')
    expect((await web.ask('/static/style.css?v=other')).headers['cache-control']).to.equal('no-cache')
    expect((await web.ask('/static/..%2fweb.js')).status).to.equal(404)
  })

  it('answers HEAD without a body', async () => {
    const { status, body } = await web.ask('/g/local.test/', { method: 'HEAD' })
    expect([status, body.length]).to.deep.equal([200, 0])
  })

  it('pages through a group with gaps, in both directions, without losing an article', async () => {
    await using many = new WebFixture()
    many.reading.addGroup('local.test')
    for (let at = 1; at <= 400; at++) many.reading.add(articleText(`n${at}@x.test`))
    for (let at = 30; at < 330; at++) if (at % 7 !== 0) many.reading.remove('local.test', at)
    await many.start()
    const seen: number[] = []
    let path = '/g/local.test.json?view=flat'
    for (let page = 0; page < 20 && path !== ''; page++) {
      const data = JSON.parse((await many.ask(path)).text)
      seen.push(...data.articles.map((row: { number: number }) => row.number))
      path = data.older === 0 ? '' : `/g/local.test.json?view=flat&before=${data.older}`
    }
    expect(seen)
      .to.deep.equal([...new Set(seen)].sort((a, b) => b - a))
      .and.have.length(143)
    const up = JSON.parse((await many.ask('/g/local.test.json?view=flat&after=20')).text)
    expect(up.articles.at(-1).number).to.equal(21)
    expect(up.articles).to.have.length(50)
    expect((await many.ask('/g/local.test/')).text)
      .to.contain('Older')
      .and.not.contain('Newer')
  })
})

describe('web: listening', () => {
  it('names the address and the key when a port is taken, and holds nothing', async () => {
    const other = createServer().listen(0, '127.0.0.1')
    await new Promise(resolve => other.once('listening', resolve))
    const taken = `127.0.0.1:${portOf(other.address())}`
    const web = new WebFixture()
    web.config = configSchema.parse({ listen: { web: ['127.0.0.1:0', taken] } })
    const fault = await web.start().then(
      () => undefined,
      (error: Error) => error.message,
    )
    expect(fault).to.contain('listen.web').and.contain(taken).and.contain('another program')
    expect(web.host).to.equal('')
    await new Promise(resolve => other.close(resolve))
  })
})
