import { expect } from 'chai'
import { configSchema } from '../../src/config/config.ts'
import { StoreStuck } from '../../src/storage/database/store-error.ts'
import { keyPair, pemPair } from '../support/certificates.ts'
import { FormBrowser } from '../support/form-browser.ts'
import { ManualClock } from '../support/manual-clock.ts'
import { WebFixture } from '../support/web-fixture.ts'

async function siteWith(...names: string[]): Promise<WebFixture> {
  const web = await new WebFixture().start()
  for (const name of names) await web.people.add(name, 'correct horse')
  return web
}

const browserOf = (web: WebFixture) => new FormBrowser(() => web.host)
const signIn = (browser: FormBrowser, name: string, password = 'correct horse') =>
  browser.submit('/login', { name, password })
const isIn = async (browser: FormBrowser, name: string) =>
  (await browser.ask('/')).text.includes(`>${name}</a>`)

describe('web: signing in', () => {
  it('begins a session under a new cookie, leads back, and ends it', async () => {
    await using web = await siteWith('ann')
    const browser = browserOf(web)
    const page = await browser.ask('/login?next=/g/local.test/?page=2')
    const planted = browser.cookies.get('tidings')
    const entered = await browser.send(page.text, { name: 'ann', password: 'correct horse' }, '/login')
    expect([entered.status, entered.headers.location]).to.deep.equal([303, '/g/local.test/?page=2'])
    expect(String(entered.headers['set-cookie'])).to.match(
      /^tidings=[\w-]{22}; Max-Age=7776000; Path=\/; HttpOnly; SameSite=Lax$/,
    )
    expect(browser.cookies.get('tidings')).to.not.equal(planted)
    expect(await isIn(browser, 'ann')).to.equal(true)

    const thief = browserOf(web)
    thief.cookies.set('tidings', planted ?? '')
    expect(await isIn(thief, 'ann')).to.equal(false)

    const old = browser.cookies.get('tidings') ?? ''
    const left = await browser.submit('/', {}, '/logout')
    expect([left.status, browser.cookies.size]).to.deep.equal([303, 0])
    thief.cookies.set('tidings', old)
    expect(await isIn(thief, 'ann')).to.equal(false)
    expect(web.people.records.map(({ event }) => event)).to.deep.equal(['login', 'sign-out'])
  })

  it('says what to do while the store takes no writes, and begins nothing', async () => {
    await using web = await siteWith('ann')
    const browser = browserOf(web)
    const { shelves } = web
    const { save } = shelves
    shelves.save = () => Promise.reject(new StoreStuck())
    const refused = await signIn(browser, 'ann')
    expect([refused.status, refused.headers['retry-after']]).to.deep.equal([503, '60'])
    expect(refused.text).to.contain('cannot write to its disk')
    expect(await isIn(browser, 'ann')).to.equal(false)
    shelves.save = save
    expect((await signIn(browser, 'ann')).status).to.equal(303)
    shelves.save = () => Promise.reject(new StoreStuck())
    const settings = await browser.submit('/settings', { timeZone: 'UTC' })
    expect([settings.status, settings.text.includes('cannot write to its disk')]).to.deep.equal([503, true])
  })

  it('says the same of a wrong password, of a name that nobody has, and of a disabled account', async () => {
    await using web = await siteWith('ann')
    await web.people.add('ben', 'correct horse', { disabled: true })
    const said = new Set<string>()
    for (const [name, password] of [
      ['ann', 'wrong'],
      ['nobody', 'correct horse'],
      ['ben', 'correct horse'],
      ['__proto__', 'correct horse'],
      ['\u202eann', 'correct horse'],
      ['a'.repeat(5000), 'correct horse'],
      ['ann', ''],
    ] as const) {
      const reply = await signIn(browserOf(web), name, password)
      expect(reply.status).to.equal(422)
      expect(reply.text).to.contain('do not match')
      said.add(reply.text.replace(/value="[^"]*"/g, '').replace(/\u202e/g, ''))
    }
    expect(said.size).to.equal(1)
  })

  it('holds on pages too that there are not', async () => {
    await using web = await siteWith('ann')
    const browser = browserOf(web)
    await signIn(browser, 'ann')
    const { status, text } = await browser.ask('/no/such/page')
    expect([status, text.includes('>ann</a>')]).to.deep.equal([404, true])
  })

  it('is put off after failures', async () => {
    await using web = await siteWith('ann')
    await using busy = await new WebFixture().start({
      logins: {
        password: async () => ({ kind: 'busy' }),
        stored: password => web.people.logins.stored(password),
        isPassword: async () => 'busy',
      },
    })
    const reply = await signIn(browserOf(busy), 'ann')
    expect([reply.status, reply.headers['retry-after']]).to.deep.equal([429, '30'])
  })

  it('takes no password in the clear from elsewhere', async () => {
    await using web = await siteWith('ann')
    web.config = {
      ...web.config,
      listen: { ...web.config.listen, trusted_proxies: ['127.0.0.1'] },
    }
    const browser = browserOf(web)
    browser.headers['X-Forwarded-For'] = '192.0.2.7'
    const refused = await signIn(browser, 'ann')
    expect([refused.status, refused.text.includes('by https')]).to.deep.equal([403, true])
    web.config = { ...web.config, auth: { ...web.config.auth, plaintext_from: ['192.0.2.0/24'] } }
    expect((await signIn(browser, 'ann')).status).to.equal(303)
  })

  it('leads only to our own pages', async () => {
    await using web = await siteWith('ann')
    for (const next of [
      '//evil.example/',
      '/\\evil.example',
      'https://evil.example/',
      '/..//evil.example',
      '/.//x',
      '/a\r\nB: c',
      '/logout',
      '',
    ]) {
      const browser = browserOf(web)
      const reply = await browser.submit('/login', { name: 'ann', password: 'correct horse', next })
      expect(reply.headers.location, JSON.stringify(next)).to.equal('/')
    }
  })

  it('counts no more when the account is disabled, removed or another one; roles count at once', async () => {
    await using web = await siteWith('ann')
    const browser = browserOf(web)
    await signIn(browser, 'ann')
    const ann = [...web.people.accounts.values()][0]
    if (ann === undefined) throw new Error('no account')
    const stateWith = async (change: object) => {
      web.people.accounts.set(ann.name, { ...ann, ...change })
      return isIn(browser, 'ann')
    }
    expect(await stateWith({ disabled: true })).to.equal(false)
    expect(await stateWith({ sessionStamp: 'another' })).to.equal(false)
    expect(await stateWith({ created: 5 })).to.equal(false)
    expect(await stateWith({})).to.equal(true)
    web.people.accounts.delete(ann.name)
    expect(await isIn(browser, 'ann')).to.equal(false)
  })

  it('lasts 30 days without a visit and 90 days at most, over a restart too', async () => {
    const clock = new ManualClock()
    await using web = await new WebFixture({ clock }).start()
    await web.people.add('ann', 'correct horse')
    const days = (count: number) => clock.advance(count * 86_400_000)
    const browser = browserOf(web)
    await signIn(browser, 'ann')
    const seen: boolean[] = []
    for (const wait of [29, 29, 29]) {
      await days(wait)
      seen.push(await isIn(browser, 'ann'))
      await web.close()
      await web.start()
    }
    await days(4)
    expect([...seen, await isIn(browser, 'ann')]).to.deep.equal([true, true, true, false])
    await signIn(browser, 'ann')
    await days(31)
    expect(await isIn(browser, 'ann')).to.equal(false)
  })

  it('keeps no cookie on the shelves', async () => {
    await using web = await siteWith('ann')
    const browser = browserOf(web)
    await signIn(browser, 'ann')
    const kept: string[] = []
    for (const owner of ['web', 'account:ann'])
      for await (const rows of web.shelves.list(owner))
        kept.push(...rows.map(({ name, value }) => `${name} ${value}`))
    expect(kept).to.have.length(2)
    expect(kept.join('\n')).to.contain('session:').and.not.contain(browser.cookies.get('tidings'))
  })

  it('has under TLS a cookie that no other name can set, and that never leaves in the clear', async () => {
    const pair = keyPair(pemPair({ names: ['first.example'] }))
    await using web = new WebFixture()
    web.config = configSchema.parse({
      listen: { web: ['127.0.0.1:0'], webs: ['127.0.0.1:0'] },
      tls: { cert: 'a', key: 'b' },
      node: { path_identity: 'news.test' },
    })
    await web.start({ keyPair: () => pair })
    await web.people.add('ann', 'correct horse')
    const browser = new FormBrowser(() => web.secureHost, { secure: true })
    const entered = await signIn(browser, 'ann')
    expect(String(entered.headers['set-cookie'])).to.match(
      /^__Host-tidings=[\w-]{22}; Max-Age=7776000; Path=\/; HttpOnly; Secure; SameSite=Lax$/,
    )
    expect(await isIn(browser, 'ann')).to.equal(true)
    // The same cookie without its prefix is nobody's.
    const plain = new FormBrowser(() => web.secureHost, { secure: true })
    plain.cookies.set('tidings', browser.cookies.get('__Host-tidings') ?? '')
    expect(await isIn(plain, 'ann')).to.equal(false)
  })
})
