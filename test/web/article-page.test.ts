import { expect } from 'chai'
import { auditPage } from '../support/page-audit.ts'
import { articleText, WebFixture } from '../support/web-fixture.ts'

const gif = Buffer.from('R0lGODlhAQABAAAAACw=', 'base64')

describe('web: article page', () => {
  let web: WebFixture

  before(async () => {
    web = new WebFixture()
    web.reading.addGroup('local.test')
    web.reading.addGroup('local.secret')
    web.hidden.add('local.secret')
    const files = { 'Content-Type': 'multipart/mixed; boundary=b', 'X-Two': 'first' }
    const base64 = 'Content-Transfer-Encoding: base64'
    const parts = [
      '--b\nContent-Type: text/plain; format=flowed\n\nOne \nparagraph.\n',
      `--b\nContent-Type: image/gif; name=dot.gif\n${base64}\n\n${gif.toString('base64')}\n`,
      `--b\nContent-Type: image/png; name=page.html\n${base64}\n\n${Buffer.from('<script>').toString('base64')}\n`,
      '--b\nContent-Type: text/html; name=page.html\nContent-Disposition: attachment\n\n<script>\n--b--\n',
    ]
    web.reading.add(articleText('files@x.test', files, parts.join('')))
    const quote = '> quoted\n'.repeat(20)
    const body = `Hello,\n\nIn article <12345@x.test> Ann wrote:\n${quote}See http://a.test/ *now*.\n\n\f\nUryyb\n-- \nBob\n`
    web.reading.add(articleText('text@x.test', { Newsgroups: 'local.test,local.secret' }, body))
    const russian = { Subject: '', 'Content-Type': 'text/plain; charset=koi8-r' }
    const raw = articleText('koi8@x.test', russian, '')
    const word = Buffer.from([0xf0, 0xd2, 0xc9])
    const subject = raw.indexOf('Subject: ') + 9
    web.reading.add(
      Buffer.concat([Buffer.from(raw.slice(0, subject)), word, Buffer.from(raw.slice(subject)), word]),
    )
    web.reading.add(
      articleText('piece@x.test', {}, '=ybegin part=1 total=2 line=128 size=9 name=a.jpg\nk\n=yend size=1\n'),
    )
    await web.start()
  })
  after(() => web.close())

  it('has flowed paragraphs in one, and files below', async () => {
    const { text } = await web.ask('/m/files@x.test/')
    expect(auditPage(text).faults).to.deep.equal([])
    expect(text).to.contain('One paragraph.').and.contain('href="/m/files@x.test/a/1/dot.gif"')
    const twin = JSON.parse((await web.ask('/m/files@x.test.json')).text)
    expect(twin.body).to.equal('One paragraph.')
    expect(twin.files[0]).to.deep.include({
      name: 'dot.gif',
      type: 'image/gif',
      address: '/m/files@x.test/a/1/dot.gif',
    })
  })

  it('says of a piece that it is not the whole file', async () => {
    const { text } = await web.ask('/m/piece@x.test/')
    expect(text).to.match(/a\.jpg<\/bdi><\/a> <span class="about">[^<]*, only part 1 of 2 of this file</)
    expect((await web.ask('/m/files@x.test/')).text).not.to.contain('only part')
  })

  it('sends pictures to look at, all else to save, and runs neither', async () => {
    const answers = await Promise.all([1, 2, 3].map(at => web.ask(`/m/files@x.test/a/${at}/any`)))
    expect(answers[0]?.body).to.deep.equal(gif)
    const kinds = answers.map(({ headers }) => [
      headers['content-type'],
      String(headers['content-disposition']).replace(/;.*/, ''),
    ])
    expect(kinds).to.deep.equal([
      ['image/gif', 'inline'],
      ['application/octet-stream', 'attachment'],
      ['text/plain', 'attachment'],
    ])
    for (const { headers } of [...answers, await web.ask('/m/files@x.test/raw')]) {
      expect(headers['content-security-policy']).to.contain("default-src 'none'; sandbox;")
      expect(headers['x-content-type-options']).to.equal('nosniff')
    }
    for (const at of ['0', '4', '-1', '1e0', '01', 'x', '99999'])
      expect((await web.ask(`/m/files@x.test/a/${at}/x`)).status, at).to.equal(404)
    expect((await web.ask('/m/none@x.test/a/1/x')).status).to.equal(404)
  })

  it('folds quotes and spoilers without any script', async () => {
    const { text } = await web.ask('/m/text@x.test/')
    expect(auditPage(text).faults).to.deep.equal([])
    expect(text).to.match(/<details class="quote">\s*<summary>20 lines quoted<\/summary>/)
    expect(text).to.match(/<details class="spoiler">\s*<summary>Spoiler: 1 line hidden<\/summary>/)
    expect(text).to.contain('<pre class="signature">\n-- \nBob\n</pre>')
    expect(text).to.contain('<a href="/m/12345@x.test/" rel="nofollow noopener ugc">&lt;12345@x.test&gt;</a>')
    expect(text).to.contain('<a href="http://a.test/" rel="nofollow noopener ugc">http://a.test/</a>')
    expect(text).to.contain('<span class="bold">*now*</span>')
  })

  it('loses no empty line between blocks', async () => {
    const { text } = await web.ask('/m/text@x.test/')
    // HTML 13.2.6.4.7: a line feed at the beginning does not count; CSS Text 3 4.1.3: nor does one at the end.
    expect(text).to.contain('<pre class="own">\nHello,\n\n</pre>')
  })

  it('turns letters by ROT13 when asked', async () => {
    const { text } = await web.ask('/m/text@x.test/?rot13=1')
    expect(text).to.contain('Hello').and.contain('href="/m/text@x.test/">Plain</a>')
  })

  it('shows all headers when asked, but no group that may not be read', async () => {
    const { text } = await web.ask('/m/files@x.test/?headers=all')
    expect(text).to.contain('<dt>X-Two</dt>').and.contain('<dt>Path</dt>').and.contain('Fewer headers')
    const { text: other } = await web.ask('/m/text@x.test/?headers=all')
    expect(other).to.contain('local.test').and.not.contain('local.secret')
  })

  it('reads raw octets of a header as what the body is said to be', async () => {
    const { text } = await web.ask('/m/koi8@x.test/')
    expect(auditPage(text).text).to.match(/При[\s\S]*При/)
  })

  it('keeps the end of an identifier that looks like a twin', async () => {
    web.reading.add(articleText('x@y.json'))
    expect((await web.ask('/m/x@y.json/raw')).status).to.equal(200)
  })
})
