import { expect } from 'chai'
import { newsUri } from '../../src/web/atom/feed.ts'
import { RunningSite } from '../support/running-site.ts'
import { articleText, WebFixture } from '../support/web-fixture.ts'

const idsIn = (text: string) => [...text.matchAll(/<id>(news:[^<]*)<\/id>/g)].map(([, id]) => id)

describe('web: Atom', () => {
  it('names articles by news URIs (RFC 5538 2.2)', () => {
    const table = {
      '<a1$b@example.org>': 'news:a1$b@example.org',
      '<a/b?c#d@x.y>': 'news:a%2Fb%3Fc%23d@x.y',
      '<"a b"@[127.0.0.1]>': 'news:%22a%20b%22@%5B127.0.0.1%5D',
      '<100%@x>': 'news:100%25@x',
    }
    for (const [id, uri] of Object.entries(table)) expect(newsUri(id)).to.equal(uri)
  })

  describe('of a group', () => {
    let web: WebFixture
    before(async () => {
      web = await new WebFixture().start()
      web.reading.addGroup('local.test')
      web.reading.addGroup('local.hidden')
      web.hidden.add('local.hidden')
      for (let at = 1; at <= 30; at++)
        web.reading.add(
          articleText(`a${at}@x`, { Date: `${at > 9 ? at : `0${at}`} Nov 2026 08:00:00 +0000` }),
        )
    })
    after(() => web.close())

    it('has the newest articles with the ids, dates and texts they keep for ever', async () => {
      const { status, headers, text } = await web.ask('/g/local.test/new.atom')
      expect(status).to.equal(200)
      expect(headers['content-type']).to.equal('application/atom+xml; charset=utf-8')
      expect(headers['content-security-policy']).to.match(/^default-src 'none'/)
      expect(idsIn(text)).to.have.length(25)
      expect(idsIn(text)[0]).to.equal('news:a30@x')
      expect(text).to.contain('<updated>2026-11-30T08:00:00.000Z</updated>')
      expect(text).to.contain(`<link rel="self" href="http://${web.host}/g/local.test/new.atom"/>`)
      expect(text).to.contain(`<link href="http://${web.host}/m/a30@x/"/>`)
    })

    it('is sent again only when it has changed', async () => {
      const { headers } = await web.ask('/g/local.test/new.atom')
      const tag = String(headers.etag)
      const again = await web.ask('/g/local.test/new.atom', { headers: { 'If-None-Match': `"x", W/${tag}` } })
      expect([again.status, again.text, again.headers.etag]).to.deep.equal([304, '', tag])
      web.reading.add(articleText('more@x'))
      const changed = await web.ask('/g/local.test/new.atom', { headers: { 'If-None-Match': tag } })
      expect(changed.status).to.equal(200)
      expect(idsIn(changed.text)[0]).to.equal('news:more@x')
    })

    it('is not there for a group that may not be read', async () => {
      expect((await web.ask('/g/local.hidden/new.atom')).status).to.equal(404)
      expect((await web.ask('/g/local.none/new.atom')).status).to.equal(404)
    })

    it('says where it is as the public sees it', async () => {
      web.config = { ...web.config, web: { ...web.config.web, base_url: 'https://news.example.org/' } }
      const { text } = await web.ask('/g/local.test/new.atom')
      expect(text).to.contain('href="https://news.example.org/g/local.test/"')
    })
  })

  describe('of a hierarchy and of a thread', () => {
    let site: RunningSite
    const ask = async (path: string) => {
      const response = await fetch(`${site.web}${path}`)
      return { status: response.status, text: await response.text() }
    }
    before(async () => {
      const more = '[[group]]\nname = "other.group"\n[[access]]\nread = "*,!local.other"\npost = "*"\n'
      site = await RunningSite.start('atom.example', more, { web: true })
      await site.post('<one@x.example>')
      await site.post('<two@x.example>', { References: '<one@x.example>' })
      await site.post('<secret@x.example>', { Newsgroups: 'local.other' })
      await site.post('<else@x.example>', { Newsgroups: 'other.group' })
      await site.post('<both@x.example>', { Newsgroups: 'other.group,local.test' })
    })
    after(() => site[Symbol.asyncDispose]())

    it('has what the groups below have, each once', async () => {
      expect(idsIn((await ask('/h/local/new.atom')).text)).to.deep.equal([
        'news:both@x.example',
        'news:two@x.example',
        'news:one@x.example',
      ])
      expect((await ask('/h/none/new.atom')).status).to.equal(404)
    })

    it('of a search has what it finds now', async () => {
      for (;;) {
        const { status, text } = await ask('/search/new.atom?q=hello')
        if (status === 200 && idsIn(text).length === 4) {
          expect(text).to.contain('/search/new.atom?q=hello"').and.not.to.contain('secret@')
          break
        }
      }
      expect((await ask('/search/new.atom?q=')).status).to.equal(400)
    })

    it('has the articles of the thread, whichever of them it is asked by', async () => {
      for (const id of ['one', 'two'])
        expect(idsIn((await ask(`/m/${id}@x.example/t.atom`)).text)).to.deep.equal([
          'news:two@x.example',
          'news:one@x.example',
        ])
      expect((await ask('/m/secret@x.example/t.atom')).status).to.equal(404)
    })
  })
})
