import { gunzipSync } from 'node:zlib'
import { expect } from 'chai'
import { takesGzip } from '../../../src/web/http/compression.ts'
import { articleText, WebFixture } from '../../support/web-fixture.ts'

const gzip = { 'Accept-Encoding': 'gzip, deflate, br' }

describe('web: what browsers say of gzip', () => {
  const table: readonly (readonly [string, boolean])[] = [
    ['gzip, deflate, br, zstd', true],
    ['br;q=1.0, gzip;q=0.8', true],
    ['deflate,x-gzip', true],
    ['gzip;q=0', false],
    ['gzip; q=0.000 , br', false],
    ['br, deflate', false],
    ['notgzip', false],
    ['gzip-like', false],
    ['', false],
  ]
  for (const [field, takes] of table)
    it(`${JSON.stringify(field)}: ${takes ? 'yes' : 'no'}`, () => expect(takesGzip(field)).to.equal(takes))
})

describe('web: answers made smaller', () => {
  let web: WebFixture

  before(async () => {
    web = new WebFixture()
    web.reading.addGroup('local.test')
    for (let at = 0; at < 60; at++)
      web.reading.add(articleText(`n${at}@x.test`, at === 0 ? {} : { References: '<n0@x.test>' }))
    await web.start()
  })
  after(() => web.close())

  it('are the same, for those who take them', async () => {
    for (const path of [
      '/g/local.test/?view=flat',
      '/g/local.test.json?view=flat',
      '/m/n0@x.test/T/',
      '/nothing',
      '/static/style.css',
    ]) {
      const plain = await web.ask(path)
      const small = await web.ask(path, { headers: gzip })
      expect([plain.headers['content-encoding'], small.headers['content-encoding']], path).to.deep.equal([
        undefined,
        'gzip',
      ])
      expect(gunzipSync(small.body).toString(), path).to.equal(plain.text)
      expect(small.headers.vary, path).to.contain('Accept-Encoding')
      expect(small.body.length, path).to.be.lessThan(plain.body.length)
    }
  })

  it('are left alone where they are small, compressed before, or of strangers', async () => {
    for (const path of ['/m/n0@x.test/t.mbox.gz', '/m/n0@x.test/raw'])
      expect((await web.ask(path, { headers: gzip })).headers['content-encoding'], path).to.equal(undefined)
  })

  it('hold a token that is another each time, and counts each time', async () => {
    const first = await web.openForm()
    const second = await web.openForm('/post', { headers: { Cookie: first.cookie } })
    expect(first.fields.token).to.have.length(86).and.not.equal(second.fields.token)
    const shared = [...(first.fields.token ?? '')].filter(
      (character, at) => character === second.fields.token?.[at],
    )
    expect(shared.length).to.be.lessThan(20)
  })
})

describe('web: pages that a browser has already', () => {
  it('are not sent again until they have changed', async () => {
    await using web = new WebFixture()
    web.reading.addGroup('local.test')
    web.reading.add(articleText('a@x.test', { Date: '1 Jan 1993 00:00:00 +0000' }))
    await web.start()
    for (const path of ['/g/local.test/', '/m/a@x.test/', '/m/a@x.test/t/', '/m/a@x.test.json']) {
      const { headers, text } = await web.ask(path)
      const tag = String(headers.etag)
      expect(tag, path).to.match(/^W\/"[\w-]{27}"$/)
      for (const field of [tag, `"x", ${tag}`, tag.slice(2), '*']) {
        const again = await web.ask(path, { headers: { 'If-None-Match': field } })
        expect([again.status, again.text, again.headers.etag], path).to.deep.equal([304, '', tag])
        expect(again.headers['content-security-policy'], path).to.contain("default-src 'none'")
      }
      const other = await web.ask(path, { headers: { 'If-None-Match': 'W/"other"' } })
      expect([other.status, other.text], path).to.deep.equal([200, text])
    }
    const { headers } = await web.ask('/m/a@x.test/')
    web.reading.add(articleText('b@x.test', { References: '<a@x.test>' }))
    const changed = await web.ask('/m/a@x.test/', { headers: { 'If-None-Match': String(headers.etag) } })
    expect(changed.status).to.equal(200)
  })

  it('are always sent where they hold a form', async () => {
    await using web = new WebFixture()
    await web.start()
    const { headers } = await web.ask('/post', { headers: { 'If-None-Match': '*' } })
    expect([headers.etag, headers['cache-control']]).to.deep.equal([undefined, 'no-store'])
  })
})
