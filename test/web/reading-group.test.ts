import { expect } from 'chai'
import { inGroup } from '../../src/web/addresses.ts'
import { groupAsked } from '../../src/web/reading-group.ts'
import { auditPage } from '../support/page-audit.ts'
import { articleText, WebFixture } from '../support/web-fixture.ts'

describe('web: the group that a crosspost is read in', () => {
  let web: WebFixture
  before(async () => {
    web = new WebFixture()
    for (const name of ['local.a', 'local.b', 'local.c+']) web.reading.addGroup(name)
    web.reading.addGroup('local.secret')
    web.hidden.add('local.secret')
    const both = { Newsgroups: 'local.a,local.b,local.c+,local.secret' }
    web.reading.add(articleText('root@x.test', both))
    web.reading.add(articleText('reply@x.test', { ...both, References: '<root@x.test>' }))
    web.reading.add(articleText('alone@x.test', both))
    web.reading.add(articleText('plain@x.test', { Newsgroups: 'local.b' }))
    await web.start()
  })
  after(() => web.close())

  const open = async (path: string, from = '') => {
    const headers = from === '' ? {} : { Referer: `http://${web.host}${from}` }
    const { status, text } = await web.ask(path, { headers })
    expect([status, auditPage(text).faults]).to.deep.equal([200, []])
    return text.replaceAll('&#x3D;', '=')
  }
  const trailOf = (text: string) => /<nav class="trail"[\s\S]*?<\/nav>/.exec(text)?.[0] ?? ''

  it('is that of the page it was opened from, and stays so from article to article', async () => {
    const root = await open('/m/root@x.test/', '/g/local.b/?view=tree')
    expect(trailOf(root)).to.contain('href="/g/local.b/"').and.not.to.contain('local.a')
    expect(root).to.contain('href="/m/reply@x.test/?group=local.b"')
    expect(root).to.contain('href="/next?after=root%40x.test&amp;group=local.b"')
    expect(root).to.contain('href="/m/root@x.test/t/?group=local.b"')
    expect(root).to.contain('href="/m/root@x.test/?headers=all&amp;group=local.b"')
    const reply = await open('/m/reply@x.test/?group=local.b')
    expect(trailOf(reply)).to.contain('local.b')
    expect(reply).to.contain('href="/m/root@x.test/?group=local.b"')
    const thread = await open('/m/reply@x.test/t/?group=local.b')
    expect(trailOf(thread)).to.contain('local.b')
    expect(await open('/m/alone@x.test/', '/m/reply@x.test/?group=local.b')).to.contain(
      'href="/m/plain@x.test/?group=local.b"',
    )
    expect(trailOf(await open('/m/root@x.test/', '/g/local.c%2B/unread/'))).to.contain('local.c')
  })

  it('is the first where nothing better is known, and is not written into addresses then', async () => {
    const froms = ['', '/', '/g/local.a/', '/g/local.secret/', '/g/no.such/', '/g/%ff/', '/?group=x']
    for (const from of froms) {
      const text = await open('/m/root@x.test/', from)
      expect(trailOf(text), from).to.contain('href="/g/local.a/"')
      expect(text, from).not.to.contain('group=local').and.not.to.contain('secret')
    }
    expect(trailOf(await open('/m/root@x.test/?group=local.secret'))).to.contain('local.a')
    const { text } = await web.ask('/m/root@x.test/', {
      headers: { Referer: 'http://elsewhere.example/g/local.b/' },
    })
    expect(trailOf(text)).to.contain('local.a')
  })

  it('goes before what is unread elsewhere', async () => {
    const next = async (query: string) => (await web.ask(`/next?${query}`)).headers.location
    expect(await next('after=reply%40x.test&group=local.b')).to.equal('/m/alone@x.test/?group=local.b')
    expect(await next('after=alone%40x.test&group=local.b')).to.equal('/m/plain@x.test/')
    expect(await next('after=root%40x.test')).to.equal('/m/reply@x.test/')
    expect(await next('after=root%40x.test&group=local.secret')).to.equal('/m/reply@x.test/')
  })

  it('is read from an address and put into one', () => {
    expect(groupAsked(new URLSearchParams('group=a.b'), 'http://x/g/c.d/')).to.equal('a.b')
    expect(groupAsked(new URLSearchParams(), 'no address')).to.equal('')
    expect(inGroup('/m/a@b/t/?page=2#n7', 'c.d+')).to.equal('/m/a@b/t/?page=2&group=c.d%2B#n7')
    expect(inGroup('/m/a@b/#n7', '')).to.equal('/m/a@b/#n7')
  })
})
