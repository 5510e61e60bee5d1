import { expect } from 'chai'
import { FakeProcess } from '../cli/fake-process.ts'
import { type BrowserWindow, chromiumNeed, RealBrowser } from '../support/browser.ts'
import { needs } from '../support/needs.ts'
import { RunningSite } from '../support/running-site.ts'

const password = 'correct horse battery'

describe('web in Chromium: posting', function () {
  this.timeout(120_000)
  let site: RunningSite
  let browser: RealBrowser

  before(async function () {
    needs(this, chromiumNeed)
    site = await RunningSite.start('posting.example', '', { web: true })
    await site.run(['user', 'add', 'ann', '--password-stdin'], new FakeProcess({ input: `${password}\n` }))
    await site.post('<root@x.test>', { Subject: 'Which tree?' })
    browser = await RealBrowser.launch()
  })

  after(async () => {
    await browser?.[Symbol.asyncDispose]()
    await site?.[Symbol.asyncDispose]()
  })

  async function signedIn(scripts: boolean): Promise<BrowserWindow> {
    const window = await browser.window(site.web, { scripts })
    const { page } = window
    await page.goto('/login')
    await page.fill('#name', 'ann')
    await page.fill('#password', password)
    await page.click('main form button')
    await page.waitForURL(`${site.web}/`)
    return window
  }

  /** Light, dark, and as narrow as a telephone. WCAG 2.2 */
  async function looks(window: BrowserWindow): Promise<void> {
    const { page } = window
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme })
      expect(await window.violations(), `${page.url()} ${colorScheme}`).to.deep.equal([])
    }
    await page.setViewportSize({ width: 390, height: 800 })
    expect(await window.violations(), `${page.url()} 390 px`).to.deep.equal([])
    await page.setViewportSize({ width: 320, height: 800 })
    expect(await window.overhang(), `${page.url()} 320 px`).to.equal(0)
    await page.setViewportSize({ width: 1200, height: 800 })
  }

  it('keeps what is typed by itself, and continues it', async () => {
    await using window = await signedIn(true)
    const { page } = window
    await page.goto('/post?group=local.test')
    await page.fill('#subject', 'Half a')
    await page.fill('#body', 'Half a text')
    await page.locator('[data-draft-status]:not(:empty)').waitFor()
    await page.goto('/drafts')
    await looks(window)
    await page.click('text=Half a')
    expect(await page.inputValue('#body')).to.equal('Half a text')
    await page.goto('/drafts')
    await page.click('.drafts button')
    expect(await page.textContent('main')).to.contain('no drafts')
    expect(window.complaints()).to.deep.equal([])
  })

  it('quotes what was selected, and all of it where nothing was', async () => {
    await using window = await signedIn(true)
    const { page } = window
    const body = () => page.inputValue('#body')
    await page.goto('/m/root@x.test/')
    await page.click('text=Reply')
    expect(await body()).to.contain('wrote:\n> Hello.\n')
    await page.goto('/m/root@x.test/')
    await page.evaluate(`(() => {
      const text = document.querySelector('article .body pre').firstChild
      getSelection().setBaseAndExtent(text, 0, text, 4)
    })()`)
    await page.click('text=Reply')
    expect(await body()).to.contain('wrote:\n> Hell\n\n')
    await page.reload()
    expect(await body()).to.contain('> Hello.\n')
    expect(window.complaints()).to.deep.equal([])
  })

  it('previews, mends, posts, edits and cancels without scripts, and every page is fit to be read', async () => {
    await using window = await signedIn(false)
    const { page } = window
    const press = (verb: string) => page.click(`button[value="${verb}"]`)
    await page.goto('/post?inreplyto=%3Croot@x.test%3E')
    await page.fill('#address', 'ann@example.invalid')
    await page.fill('#subject', 'RE: WHICH TREE?')
    await page.fill('#body', '> Hello.\n\nA *birch*.\n--\nAnn')
    await press('preview')
    expect(await page.textContent('.preview')).to.contain('*birch*')
    await press('mend bare-mark')
    await press('mend capitals')
    expect(await page.inputValue('#subject')).to.equal('Re: Which tree?')
    expect(await page.inputValue('#body')).to.contain('\n-- \nAnn')
    await page.fill('#address', 'nobody')
    await press('post')
    await page.click('.alert a')
    expect(page.url()).to.match(/#address$/)
    await page.fill('#address', 'ann@example.invalid')
    await press('post')
    await page.waitForURL(/\/m\//)
    await page.click('text=Edit')
    await page.fill('#body', 'An oak.')
    await press('post')
    await page.waitForURL(/\/m\//)
    expect(await page.textContent('.body')).to.contain('An oak.')
    await page.click('text=Cancel')
    await page.click('main form button')
    expect(await page.textContent('h1')).to.equal('Cancelled')
  })

  it('has a form, remarks, a preview and a question that axe-core finds nothing wrong with', async () => {
    await using window = await signedIn(true)
    const { page } = window
    await page.goto('/post?inreplyto=%3Croot@x.test%3E')
    await page.fill('#address', 'ann@example.invalid')
    await page.fill('#body', 'An answer.\n\n> I never\n> said this\n> at all\n\n--\nAnn')
    await page.click('button[value="preview"]')
    await page.click('.remark summary')
    await looks(window)
    await page.fill('#address', 'nobody')
    await page.click('button[value="post"]')
    await looks(window)
    await page.fill('#address', 'ann@example.invalid')
    await page.click('button[value="post"]')
    await page.waitForURL(/\/m\//)
    await page.click('text=Cancel')
    await looks(window)
    expect(window.complaints().filter(text => !/status of 422/.test(text))).to.deep.equal([])
  })
})
