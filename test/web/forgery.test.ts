import { expect } from 'chai'
import type { Ask } from '../support/ask-http.ts'
import { FormBrowser, fieldsOf } from '../support/form-browser.ts'
import { WebFixture } from '../support/web-fixture.ts'

/** A browser in which ann is signed in, and what its own form of settings sends. */
async function signedIn(web: WebFixture) {
  await web.people.add('ann', 'correct horse')
  const browser = new FormBrowser(() => web.host)
  await browser.submit('/login', { name: 'ann', password: 'correct horse' })
  const fields: Record<string, string> = {
    ...fieldsOf((await browser.ask('/settings')).text, '/settings'),
    theme: 'contrast',
  }
  return { browser, fields }
}

const isChanged = async (browser: FormBrowser) =>
  (await browser.ask('/settings')).text.includes('data-theme="contrast"')

describe('web: forged requests', () => {
  it('from other sites change nothing, in twelve shapes', async () => {
    await using web = await new WebFixture().start()
    const { browser, fields } = await signedIn(web)
    const stranger = await new FormBrowser(() => web.host).ask('/settings')
    const body = (form: Readonly<Record<string, string>>) => new URLSearchParams(form).toString()
    const { token: _, ...untold } = fields
    const form = fields
    const shapes: Readonly<
      Record<string, { readonly path?: string; readonly ask: Ask; readonly status: number }>
    > = {
      'another origin': { ask: { form, headers: { Origin: 'https://evil.example' } }, status: 403 },
      'no origin at all': { ask: { form, headers: { Origin: 'null' } }, status: 403 },
      'another port of this host': { ask: { form, headers: { Origin: 'http://127.0.0.1:1' } }, status: 403 },
      'another scheme': { ask: { form, headers: { Origin: `https://${web.host}` } }, status: 403 },
      'cross-site': { ask: { form, headers: { 'Sec-Fetch-Site': 'cross-site' } }, status: 403 },
      'same-site': { ask: { form, headers: { 'Sec-Fetch-Site': 'same-site' } }, status: 403 },
      'a bookmark': { ask: { form, headers: { 'Sec-Fetch-Site': 'none' } }, status: 403 },
      'no token': { ask: { form: untold }, status: 403 },
      "another browser's token": {
        ask: { form: { ...fields, token: fieldsOf(stranger.text, '/settings').token ?? '' } },
        status: 403,
      },
      'plain text': { ask: { form, headers: { 'Content-Type': 'text/plain' } }, status: 415 },
      'a form with files': { ask: { form, headers: { 'Content-Type': 'multipart/form-data' } }, status: 415 },
      GET: { path: `/settings?${body(fields)}`, ask: {}, status: 200 },
      "another host's name": { ask: { form, headers: { Host: 'evil.example' } }, status: 421 },
    }
    expect(Object.keys(shapes).length).to.be.at.least(12)
    for (const [name, { path = '/settings', ask, status }] of Object.entries(shapes)) {
      expect((await browser.ask(path, ask)).status, name).to.equal(status)
      expect(await isChanged(browser), name).to.equal(false)
      const out = await browser.ask(path.replace('/settings', '/logout'), ask)
      expect(out.headers['set-cookie'], name).to.equal(undefined)
    }
    expect((await browser.ask('/settings', { form })).status).to.equal(303)
    expect(await isChanged(browser)).to.equal(true)
  })

  it('of settings cookies count for nothing', async () => {
    await using web = await new WebFixture().start()
    const browser = new FormBrowser(() => web.host)
    await browser.submit('/settings', { theme: 'dark', signature: 'Ann\nOther', shortcuts: '' })
    const page = await browser.ask('/settings')
    expect(page.text).to.contain('data-theme="dark" data-keys="off"').and.contain('Ann\nOther</textarea>')
    const good = browser.cookies.get('settings') ?? ''
    const [text = '', mark = ''] = good.split('.')
    const other = Buffer.from(JSON.stringify({ theme: 'contrast' })).toString('base64url')
    for (const forged of [`${other}.${mark}`, other, `${text}.`, `.${mark}`, '.', '%00', 'x'.repeat(4000)]) {
      browser.cookies.set('settings', forged)
      expect((await browser.ask('/')).text, forged).to.contain('data-theme="system"')
    }
    expect(web.errors).to.deep.equal([])
  })

  it('of what no form offers is taken for the usual, or refused where it was typed', async () => {
    await using web = await new WebFixture().start()
    const { browser } = await signedIn(web)
    const odd = { theme: '"><script>', language: 'tlh', perPage: '1e9', shortcuts: 'on' }
    expect((await browser.submit('/settings', odd)).status).to.equal(303)
    expect((await browser.ask('/settings')).text).to.contain('data-theme="system"')
    const wrong = {
      timeZone: 'Mars/Base',
      name: 'a\nb',
      address: 'a@b\r\nBcc: c@d',
      signature: 'x'.repeat(500),
    }
    const refused = await browser.submit('/settings', wrong)
    expect(refused.status).to.equal(422)
    for (const id of ['timeZone', 'address', 'signature'])
      expect(refused.text, id).to.match(new RegExp(`id="${id}-problem">[^<]`))
  })

  it('of pages for people lead to where one signs in', async () => {
    await using web = await new WebFixture().start()
    const browser = new FormBrowser(() => web.host)
    const asked = await browser.ask('/settings/password')
    expect([asked.status, asked.headers.location]).to.deep.equal([303, '/login?next=%2Fsettings%2Fpassword'])
  })
})
