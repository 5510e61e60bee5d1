import { request } from 'node:http'
import { gunzipSync } from 'node:zlib'
import { expect } from 'chai'
import { auditPage } from '../support/page-audit.ts'
import { articleText, WebFixture } from '../support/web-fixture.ts'

const answering = (...ids: string[]) => ({ References: ids.map(id => `<${id}@x.test>`).join(' ') })
const opened = { 'Sec-Fetch-Site': 'same-origin', 'Sec-Fetch-Mode': 'navigate', 'Sec-Fetch-Dest': 'document' }

async function audited(web: WebFixture, path: string, headers: Record<string, string> = {}) {
  const { status, text } = await web.ask(path, { headers })
  const audit = auditPage(text)
  expect([status, ...audit.faults], path).to.deep.equal([200])
  return { html: text, text: audit.text }
}

const bodies = (html: string) => [...html.matchAll(/<article id="a(\d+)"/g)].map(match => Number(match[1]))

describe('web: an article in its thread', () => {
  let web: WebFixture

  before(async () => {
    web = new WebFixture()
    web.reading.addGroup('local.test')
    web.reading.addGroup('local.secret')
    web.hidden.add('local.secret')
    const post = (id: string, headers: Record<string, string>, body = `Text of ${id}.\n`) =>
      web.reading.add(articleText(`${id}@x.test`, { Subject: 'Re: Cats', ...headers }, body))
    post('root', { Subject: 'Cats', From: 'Ann <ann@x>' })
    post('b', { From: 'Bob <bob@x>', ...answering('root') })
    post('alone', { Subject: 'Dogs' })
    post('c', { From: 'Cleo <cleo@x>', ...answering('root', 'b') }, 'From here\n>From there\n')
    post('d', { From: 'Dora <dora@x>', Subject: 'Lions (was: Cats)', ...answering('root') })
    post('e', { From: 'Emil <emil@x>', ...answering('gone') })
    post('f', { From: 'Fred <fred@x>', ...answering('gone') })
    post('secret', { Newsgroups: 'local.secret' })
    await web.start()
  })
  after(() => web.close())

  it('has its tree with the article marked, and leads back, on and up', async () => {
    const { html, text } = await audited(web, '/m/b@x.test/')
    expect(html.match(/aria-current="true"/g)).to.have.length(1)
    expect(html).to.match(/href="\/m\/b@x\.test\/" aria-current="true"><bdi>Bob/)
    expect(html)
      .to.contain('href="/m/root@x.test/" data-key="k"')
      .and.contain('href="/m/c@x.test/" data-key="j"')
    expect(html).to.contain('<a class="button" href="/m/root@x.test/">Parent</a>')
    expect(text).to.contain('4 articles').and.contain('Lions (was: Cats)')
    expect(html).to.contain('href="/m/root@x.test/t/"').and.contain('/T/"').and.contain('/t.mbox.gz"')
  })

  it('leads to the next that is not read', async () => {
    let cookie = ''
    for (const id of ['root', 'b', 'c']) {
      const { headers } = await web.ask(`/m/${id}@x.test/`, { headers: { ...opened, Cookie: cookie } })
      cookie = String(headers['set-cookie']?.[0] ?? cookie).replace(/;.*/, '')
    }
    const { html } = await audited(web, '/m/root@x.test/', { Cookie: cookie })
    expect(html).to.contain('<a href="/m/d@x.test/" data-key="Space">Next new')
    expect(html.match(/<span class="dot">/g)).to.have.length(1)
  })

  it('stands alone with its neighbours in the group', async () => {
    const { html } = await audited(web, '/m/alone@x.test/')
    expect(html).not.to.contain('class="conversation"')
    expect(html)
      .to.contain('href="/m/b@x.test/" data-key="k"')
      .and.contain('href="/m/c@x.test/" data-key="j"')
  })

  it('says that what all of them answer is not here', async () => {
    const { html } = await audited(web, '/m/f@x.test/')
    expect(html).to.contain('<a href="/m/gone@x.test/">An article that is not here</a>')
    const missing = await web.ask('/m/gone@x.test/')
    expect([missing.status, auditPage(missing.text).faults]).to.deep.equal([404, []])
    expect(missing.text).to.contain('href="/search?q&#x3D;thread%3A%3Cgone%40x.test%3E"')
  })

  it('/t/ has the tree and the texts below each other', async () => {
    const { html, text } = await audited(web, '/m/c@x.test/t/')
    expect(bodies(html)).to.deep.equal([1, 2, 4, 5])
    expect(html).to.contain('class="deep2"').and.contain('href="/m/root@x.test/t/#a4"')
    expect(text).to.contain('Text of root.').and.contain('in answer to')
    expect(JSON.parse((await web.ask('/m/c@x.test/t.json')).text)).to.deep.include({ articles: 4, pages: 1 })
    expect(JSON.parse((await web.ask('/m/c@x.test/t/index.json')).text).told[2]).to.deep.include({
      messageId: '<c@x.test>',
      depth: 2,
      body: 'From here\n>From there\n',
    })
  })

  it('/t/ marks what it shows as read, where somebody opened it', async () => {
    const { headers } = await web.ask('/m/root@x.test/t/', { headers: opened })
    const cookie = String(headers['set-cookie']?.[0]).replace(/;.*/, '')
    const { html } = await audited(web, '/g/local.test/?view=flat', { Cookie: cookie })
    expect(html.match(/<span class="dot">/g)).to.have.length(3)
  })

  it('/T/ has all texts as they came', async () => {
    const { html, text } = await audited(web, '/m/c@x.test/T/')
    expect(bodies(html)).to.deep.equal([1, 2, 4, 5])
    expect(html).to.match(/<\/html>\s*$/)
    expect(text).to.contain('Text of b.')
    const { headers } = await web.ask('/m/c@x.test/T/')
    expect(headers['content-type']).to.equal('text/html; charset=UTF-8')
    expect(headers['content-security-policy']).to.contain("script-src 'self'")
  })

  it('/t.mbox.gz has all articles as they came, and gives every line back', async () => {
    const { status, headers, body } = await web.ask('/m/root@x.test/t.mbox.gz')
    expect([status, headers['content-type']]).to.deep.equal([200, 'application/gzip'])
    expect(headers['content-disposition']).to.equal('attachment; filename="thread.mbox.gz"')
    const mailbox = gunzipSync(body).toString()
    expect(mailbox.match(/^From .*$/gm)).to.deep.equal(
      Array(4).fill('From tidings@localhost Sat Nov 21 08:00:00 2026'),
    )
    expect(mailbox).to.contain('\n\n>From here\n>>From there\n\nFrom tidings')
  })

  it('what is hidden has no thread either', async () => {
    for (const path of ['t/', 'T/', 't.mbox.gz', 't.json']) {
      expect((await web.ask(`/m/secret@x.test/${path}`)).status, path).to.equal(404)
      expect((await web.ask(`/m/none@x.test/${path}`)).status, path).to.equal(404)
    }
  })
})

describe('web: long threads and long texts', () => {
  let web: WebFixture
  const count = 130

  before(async () => {
    web = new WebFixture()
    web.reading.addGroup('local.test')
    web.reading.addGroup('local.deep')
    for (let at = 1; at <= count; at++)
      web.reading.add(articleText(`n${at}@x.test`, at === 1 ? {} : answering('n1')))
    for (let at = 1; at <= 3000; at++)
      web.reading.add(
        articleText(`d${at}@x.test`, {
          Newsgroups: 'local.deep',
          ...(at === 1 ? {} : answering(`d${at - 1}`)),
        }),
      )
    const lines = Array.from({ length: 4000 }, (_, at) => `line ${at + 1} of many`).join('\n')
    web.reading.add(articleText('long@x.test', answering('n1'), `${lines}\n-- \nAnn\n`))
    await web.start()
  })
  after(() => web.close())

  it('have twenty texts a page, and the tree around them', async () => {
    const first = await audited(web, '/m/n77@x.test/t/')
    expect(bodies(first.html)).to.deep.equal(Array.from({ length: 20 }, (_, at) => at + 1))
    expect(first.html).to.contain('href="/m/n1@x.test/t/?page&#x3D;2" data-key="Space">Next page › (1 of 7)')
    const last = await audited(web, '/m/n77@x.test/t/?page=99')
    expect(bodies(last.html)).to.have.length(11)
    expect(last.html).to.contain('href="/m/n1@x.test/t/?page&#x3D;6"').and.not.contain('Next page')
    expect(last.html).to.contain('href="/m/long@x.test/">The whole article</a>')
  })

  it('show a window of a tree', async () => {
    const { html, text } = await audited(web, '/m/n77@x.test/')
    expect(html.match(/class="subject"/g)).to.have.length(120)
    expect(text).to.contain('12–131 / 131 articles')
  })

  it('are never nested deeper than a page can show', async () => {
    const { html } = await audited(web, '/m/d1500@x.test/')
    expect(html).to.contain('aria-current="true"')
    expect((html.match(/<ul>/g) ?? []).length).to.be.at.most(120)
    let [deepest, depth] = [0, 0]
    for (const tag of html.match(/<\/?ul\b/g) ?? []) {
      depth += tag === '<ul' ? 1 : -1
      deepest = Math.max(deepest, depth)
    }
    expect(deepest).to.equal(25)
    expect(bodies((await audited(web, '/m/d1@x.test/T/')).html)).to.have.length(3000)
  }).timeout(20_000)

  it('have parts', async () => {
    const first = await audited(web, '/m/long@x.test/')
    expect(first.text).to.contain('line 1500 of').and.not.contain('line 1501 of')
    expect(first.html).to.contain('href="/m/long@x.test/?part&#x3D;3" aria-current="">Part 3</a>')
    const last = await audited(web, '/m/long@x.test/?part=3')
    expect(last.text).to.contain('line 3001 of').and.contain('line 4000 of').and.not.contain('line 3000 of')
    expect(last.html).to.contain('<pre class="signature">')
  })

  it('stop when the browser goes away', async () => {
    let read = 0
    const { articleByNumber } = web.reading
    web.reading.articleByNumber = (group, number) => {
      read += 1
      return articleByNumber.call(web.reading, group, number)
    }
    for (const path of ['/m/d1@x.test/T/', '/m/d1@x.test/t.mbox.gz']) {
      read = 0
      await leave(web, path)
      const before = read
      // What follows goes through the same server and takes longer than what is left in its pipes.
      for (let time = 0; time < 20; time++) await web.ask('/m/n1@x.test/raw')
      const after = read
      for (let time = 0; time < 20; time++) await web.ask('/m/n1@x.test/raw')
      expect(read, path).to.equal(after)
      expect(before, path).to.be.lessThan(3000)
    }
    web.reading.articleByNumber = articleByNumber
    expect(web.errors).to.deep.equal([])
  }).timeout(20_000)
})

/** Asks, takes the first octets of the answer, and closes the connection. */
function leave(web: WebFixture, path: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const asking = request(`http://${web.host}${path}`, { agent: false }, incoming => {
      incoming.once('readable', () => {
        incoming.once('close', resolve)
        asking.destroy()
      })
      incoming.on('error', () => undefined)
    })
    asking.on('error', reject)
    asking.end()
  })
}
