import { expect } from 'chai'
import { FormBrowser } from '../../support/form-browser.ts'
import { hostileTexts } from '../../support/hostile-texts.ts'
import { auditPage } from '../../support/page-audit.ts'
import { articleText, goodForm, WebFixture } from '../../support/web-fixture.ts'

/** What a browser would send of it. */
const line = (text: string) => text.replace(/[\0\r\n]+/g, '')

describe('web: hostile forms', () => {
  let web: WebFixture

  before(async () => {
    web = new WebFixture()
    web.reading.addGroup('local.test')
    web.reading.add(articleText('old@x.test', { Date: 'Sat, 21 Nov 2020 08:00:00 +0000' }))
    await web.start()
  })
  after(() => web.close())

  it('are shown again as text, with remarks and preview, and nothing is posted', async () => {
    const { fields, cookie } = await web.openForm('/post?inreplyto=%3Cold@x.test%3E')
    let previews = 0
    for (const text of hostileTexts.filter((_, at) => at % 6 === 0)) {
      const plain = line(text)
      const body = `> ${plain} ${plain} ${plain}\n${text}\n<p>${text}</p>\n--\n${text}`
      const all = { name: plain, subject: `AW: ${plain}`, body, followupto: plain, inreplyto: plain }
      for (const typed of [{ name: plain, subject: `AW: ${plain}`, body }, all]) {
        const form = { ...goodForm, ...fields, ...typed, do: 'preview' }
        const shown = await web.ask('/post', { form, headers: { Cookie: cookie } })
        expect(auditPage(shown.text).faults, text).to.deep.equal([])
        if (shown.status === 200) previews++
        expect(shown.text, text).to.contain('id="remarks"')
      }
    }
    expect(previews).to.be.greaterThan(25)
    expect(web.feed.injected).to.have.length(0)
    expect(web.errors).to.deep.equal([])
  }).timeout(60_000)

  it('of articles to be edited or cancelled are text as well', async () => {
    await web.people.add('ann', 'correct horse')
    const browser = new FormBrowser(() => web.host)
    await browser.submit('/login', { name: 'ann', password: 'correct horse' })
    for (const [at, text] of hostileTexts.filter((_, each) => each % 5 === 0).entries()) {
      const value = line(text).slice(0, 900)
      const id = `<own${at}@x.test>`
      const headers = { From: `${value} <a@x.test>`, Subject: value, 'Followup-To': value, References: value }
      web.reading.add(articleText(id.slice(1, -1), headers, `${text}\n`))
      web.reading.sources.set(id, 'post:ann')
      for (const path of [`/m/own${at}@x.test/cancel`, `/post?edit=${encodeURIComponent(id)}`]) {
        const shown = await browser.ask(path)
        expect([shown.status, auditPage(shown.text).faults], `${path} ${text}`).to.deep.equal([200, []])
      }
    }
    expect(web.errors).to.deep.equal([])
  }).timeout(60_000)

  it('of any names mend, continue and delete nothing', async () => {
    const { fields, cookie } = await web.openForm()
    for (const text of hostileTexts.filter((_, at) => at % 20 === 0)) {
      const form = { ...goodForm, ...fields, do: text, key: text, draft: text, seen: text, edits: text }
      const { text: html } = await web.ask('/post', {
        form: { ...form, subject: '' },
        headers: { Cookie: cookie },
      })
      expect(auditPage(html).faults, text).to.deep.equal([])
      const asked = await web.ask(`/post?draft=${encodeURIComponent(text)}`)
      expect([asked.status, auditPage(asked.text).faults.length], text).to.deep.equal([404, 0])
    }
    expect(web.errors).to.deep.equal([])
  }).timeout(60_000)
})
