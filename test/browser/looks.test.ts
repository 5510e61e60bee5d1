import { expect } from 'chai'
import { FakeProcess } from '../cli/fake-process.ts'
import { type BrowserWindow, chromiumNeed, RealBrowser } from '../support/browser.ts'
import { needs } from '../support/needs.ts'
import { RunningSite } from '../support/running-site.ts'
import { postSampleThreads } from '../support/sample-threads.ts'

/** Articles of one thread, each answering the one before. */
const depth = 50
const deep = (at: number): string => `<deep${at}@looks.example>`

describe('web in Chromium: looks', function () {
  this.timeout(60_000)
  let site: RunningSite
  let browser: RealBrowser
  let window: BrowserWindow

  before(async function () {
    needs(this, chromiumNeed)
    site = await RunningSite.start('looks.example', '[[peer]]\nname = "news.peer.example"\n', { web: true })
    await postSampleThreads(await site.connect())
    for (let at = 0; at < depth; at++) {
      const References = Array.from({ length: Math.min(at, 10) }, (_, back) => deep(at - back - 1)).reverse()
      await site.post(deep(at), {
        Subject: 'How deep is it?',
        ...(at > 0 && { References: References.join(' ') }),
      })
    }
    browser = await RealBrowser.launch()
  })

  after(async () => {
    await browser?.[Symbol.asyncDispose]()
    await site?.[Symbol.asyncDispose]()
  })

  beforeEach(async () => {
    window = await browser.window(site.web, { width: 1300, height: 800 })
  })

  afterEach(async () => {
    await window[Symbol.asyncDispose]()
  })

  const boxOf = async (selector: string) => {
    const box = await window.page.locator(selector).first().boundingBox()
    if (box === null) throw new Error(`${selector} is not shown`)
    return box
  }

  const sizes = (selector: string, which: string) =>
    window.page.evaluate<number[]>(
      `[...document.querySelectorAll('${selector}')].map(element => element.${which})`,
    )

  it('the thread stands beside its article, shows where that is, and pushes nothing apart', async () => {
    await window.page.goto(`/m/deep${depth - 5}@looks.example/`)
    const article = await boxOf('main > article')
    const actions = await boxOf('main > .actions')
    const tree = await boxOf('main > .conversation')
    expect(tree.x).to.be.greaterThan(article.x + article.width)
    expect(actions.y - article.y - article.height).to.be.within(0, 40)
    expect((await boxOf('main > .tools')).y - actions.y - actions.height).to.be.within(0, 40)
    const line = await boxOf('.thread-tree [aria-current="true"]')
    expect(line.y).to.be.within(tree.y, tree.y + tree.height)
  })

  it('a deep thread leaves room for its names', async () => {
    const { page } = window
    await page.setViewportSize({ width: 320, height: 700 })
    await page.goto(`/m/deep${depth - 5}@looks.example/`)
    expect(Math.min(...(await sizes('.thread-tree .subject', 'offsetWidth')))).to.be.greaterThan(50)
    expect(await window.overhang()).to.equal(0)
  })

  it('lists of newsgroups fit at any width, marks and all', async () => {
    await site.run(['group', 'add', 'local.admin', '--status', 'm', '--description', 'Of this site'])
    for (const width of [704, 768, 832, 833, 1000]) {
      await window.page.setViewportSize({ width, height: 700 })
      await window.page.goto('/h/local/')
      expect(await window.overhang(), `${width} px`).to.equal(0)
    }
  })

  it('a subject runs its own way, behind its Re: too', async () => {
    await window.page.goto('/m/hebrew@sample.example/')
    const direction = await window.page.evaluate<string>(
      "getComputedStyle(document.querySelector('h1')).direction",
    )
    expect(direction).to.equal('rtl')
  })

  it('paper is white, and has the text and no buttons', async () => {
    const { page } = window
    await page.goto('/m/reply@sample.example/')
    await page.emulateMedia({ media: 'print', colorScheme: 'dark' })
    const paper = await page.evaluate<string>('getComputedStyle(document.body).backgroundColor')
    expect(paper).to.equal('rgb(255, 255, 255)')
    for (const selector of ['header.site', '.actions', '.tools', '.conversation', 'footer.site'])
      expect(await page.locator(selector).isVisible(), selector).to.equal(false)
    expect(await page.locator('article h1').isVisible()).to.equal(true)
  })

  it('words of tables stay whole on a telephone', async () => {
    const password = 'correct horse battery'
    await site.run(
      ['user', 'add', 'ann', '--role', 'admin', '--password-stdin'],
      new FakeProcess({ input: `${password}\n` }),
    )
    const { page } = window
    await window.signIn('ann', password)
    await page.setViewportSize({ width: 390, height: 800 })
    await page.goto('/admin/peers/')
    const heights = await sizes('thead th', 'offsetHeight')
    expect(heights.length).to.be.greaterThan(5)
    expect(Math.max(...heights)).to.be.lessThan(40)
    expect(await window.overhang()).to.equal(0)
  })

  it('keys walk through what a search found, and mark a list as read', async () => {
    const { page } = window
    // The cookie that buttons are tied to.
    await page.goto('/')
    await page.goto('/search?q=harbour')
    await page.keyboard.press('j')
    const first = await page.locator('.found .subject').first().getAttribute('href')
    expect(await page.evaluate<string>("document.activeElement.getAttribute('href')")).to.equal(first)
    await page.goto('/g/local.test/')
    expect(await page.locator('strong.unread').count()).to.equal(1)
    await Promise.all([page.waitForEvent('load'), page.keyboard.press('c')])
    expect(await page.locator('strong.unread').count()).to.equal(0)
  })
})
