import { statSync } from 'node:fs'
import { expect } from 'chai'
import { type BrowserWindow, chromiumNeed, RealBrowser } from '../support/browser.ts'
import { needs } from '../support/needs.ts'
import { RunningSite } from '../support/running-site.ts'
import { postSampleThreads } from '../support/sample-threads.ts'

const script = new URL('../../src/web/static/reader.js', import.meta.url)

describe('web in Chromium: the script', function () {
  this.timeout(60_000)
  let site: RunningSite
  let browser: RealBrowser
  let window: BrowserWindow

  before(async function () {
    needs(this, chromiumNeed)
    site = await RunningSite.start('script.example', '', { web: true })
    await postSampleThreads(await site.connect())
    browser = await RealBrowser.launch()
  })

  after(async () => {
    await browser?.[Symbol.asyncDispose]()
    await site?.[Symbol.asyncDispose]()
  })

  beforeEach(async () => {
    window = await browser.window(site.web)
  })

  afterEach(async () => {
    await window[Symbol.asyncDispose]()
  })

  const pressed = async (...keys: string[]) => {
    for (const key of keys) await window.page.keyboard.press(key)
  }
  const focused = () => window.page.evaluate<string>("document.activeElement.textContent.trim() || ''")

  it('is small', () => expect(statSync(script).size).to.be.lessThan(15_000))

  it('walks through a list, opens what is marked, and goes back to all groups', async () => {
    const { page } = window
    await page.goto('/g/local.test/')
    const subjects = await page.locator('.threads .subject').allTextContents()
    await pressed('j', 'j', 'j', 'k')
    expect(await focused()).to.equal(subjects[1]?.trim())
    await pressed('Enter')
    await page.waitForURL(/\/m\//)
    await pressed('g', 'i')
    await page.waitForURL(`${site.web}/`)
    expect(window.complaints()).to.deep.equal([])
  })

  it('begins an article and a reply, and takes no key from a field', async () => {
    const { page } = window
    await page.goto('/g/local.test/')
    await pressed('n')
    await page.waitForURL(/\/post\?group=local\.test/)
    await page.locator('#subject').focus()
    await page.keyboard.type('jk?nr /')
    expect(await page.locator('#subject').inputValue()).to.equal('jk?nr /')
    await page.goto('/m/reply@sample.example/')
    await pressed('n')
    await page.waitForURL(/\/post\?group=local\.test/)
    await page.goto('/settings')
    await pressed('n')
    await page.waitForURL(/\/post$/)
    await page.goto('/m/reply@sample.example/')
    await pressed('r')
    await page.waitForURL(/\/post\?inreplyto=/)
    // What is missing comes first.
    await page.keyboard.type('me@example.org')
    expect(await page.locator('#address').inputValue()).to.equal('me@example.org')
  })

  it('lists the keys, and closes the list', async () => {
    const { page } = window
    await page.goto('/')
    await pressed('?')
    expect(await page.locator('dialog#keys').isVisible()).to.equal(true)
    expect(await window.violations()).to.deep.equal([])
    await pressed('Escape')
    expect(await page.locator('dialog#keys').isVisible()).to.equal(false)
    await page.getByRole('button', { name: 'Keyboard shortcuts' }).click()
    await page.getByRole('button', { name: 'Close' }).click()
    expect(await page.locator('dialog#keys').isVisible()).to.equal(false)
  })

  it('leaves keys with others, and all of them where the reader wants none', async () => {
    const { page } = window
    await page.goto('/g/local.test/')
    await pressed('Control+j', 'Alt+k')
    expect(await focused()).not.to.equal((await page.locator('.subject').first().textContent())?.trim())
    await page.route('**/g/**', async route => {
      const response = await route.fetch()
      const body = (await response.text()).replace('data-keys="on"', 'data-keys="off"')
      await route.fulfill({ response, body })
    })
    await page.reload()
    await pressed('?', 'j')
    expect(await page.locator('dialog#keys').isVisible()).to.equal(false)
    expect(await page.evaluate<string>('document.activeElement.tagName')).to.equal('BODY')
  })

  it('folds and unfolds all quotes', async () => {
    const { page } = window
    await page.goto('/m/reply@sample.example/')
    const open = () => page.locator('details.quote[open]').count()
    expect(await open()).to.equal(0)
    await pressed('f')
    expect(await open()).to.be.greaterThan(0)
    await pressed('f')
    expect(await open()).to.equal(0)
    await page.getByRole('button', { name: 'Fold or unfold quotes' }).click()
    expect(await open()).to.be.greaterThan(0)
    await page.goto('/m/deep@sample.example/')
    expect(await page.getByRole('button', { name: 'Fold or unfold quotes' }).isVisible()).to.equal(false)
  })

  it('counts what comes in meanwhile, and moves nothing until it is asked to', async () => {
    const { page } = window
    await page.setViewportSize({ width: 900, height: 320 })
    await page.goto('/g/local.test/')
    await page.evaluate('scrollTo(0, 60)')
    const where = () => page.locator('.subject').last().boundingBox()
    const before = await where()
    const bar = page.getByRole('status')
    await site.post('<live1@script.example>')
    await page.getByText('1 new article', { exact: true }).waitFor()
    await site.post('<live2@script.example>')
    await site.post('<elsewhere@script.example>', { Newsgroups: 'local.other' })
    await page.getByText('2 new articles').waitFor()
    expect(await where()).to.deep.equal(before)
    expect(await window.violations()).to.deep.equal([])
    await Promise.all([page.waitForEvent('load'), bar.getByRole('link').click()])
    expect(await bar.textContent()).to.equal('')
    expect(await page.locator('a[href="/m/live2@script.example/"]').count()).to.be.greaterThan(0)
  })

  it('reads on at the end of an article, and marks it as unread again', async () => {
    const { page } = window
    await page.goto('/')
    await page.getByRole('button', { name: 'Subscribe to local.test' }).click()
    await page.goto('/m/root@sample.example/')
    await Promise.all([page.waitForEvent('load'), pressed('u')])
    await page.goto('/g/local.test/unread/')
    expect(await page.locator('a[href="/m/root@sample.example/"]').count()).to.equal(1)
    await page.goto('/m/root@sample.example/')
    await page.evaluate('scrollTo(0, document.documentElement.scrollHeight)')
    await pressed('Space')
    await page.waitForURL(/\/m\/(?!root)/)
  })

  it('has nothing to do with pages in a browser that runs none', async () => {
    await using plain = await browser.window(site.web, { scripts: false })
    await plain.page.goto('/g/local.test/')
    expect(await plain.page.getByRole('button', { name: 'Keyboard shortcuts' }).isVisible()).to.equal(false)
    expect(await plain.page.locator('.subject').count()).to.be.greaterThan(3)
  })
})
