import { expect } from 'chai'
import { visibleText } from '../../src/article-text/visible.ts'
import { atomFeed } from '../../src/web/atom/feed.ts'
import { type BrowserWindow, chromiumNeed, RealBrowser } from '../support/browser.ts'
import { hostileTexts } from '../support/hostile-texts.ts'
import { needs } from '../support/needs.ts'

/** As an XML parser of a browser reads it; undefined where it is not well-formed. */
interface Parsed {
  readonly title: string
  readonly entries: readonly {
    readonly id: string
    readonly title: string
    readonly author: string
    readonly content: string
    readonly elements: number
  }[]
}

const parse = `text => {
  const document = new DOMParser().parseFromString(text, 'application/xml')
  if (document.querySelector('parsererror')) throw new Error(document.querySelector('parsererror').textContent)
  const html = text => new DOMParser().parseFromString(text, 'text/html')
  const of = (entry, name) => entry.querySelector(name).textContent
  return {
    title: of(document, 'feed > title'),
    entries: [...document.querySelectorAll('entry')].map(entry => ({
      id: of(entry, 'id'),
      title: html(of(entry, 'title')).body.textContent,
      author: of(entry, 'author > name'),
      content: html('<div>' + of(entry, 'content') + '</div>').querySelector('pre').textContent,
      elements: html(of(entry, 'title') + of(entry, 'content')).body.querySelectorAll('*').length,
    })),
  }
}`

describe('web in Chromium: Atom', function () {
  this.timeout(60_000)
  let browser: RealBrowser
  let window: BrowserWindow

  before(async function () {
    needs(this, chromiumNeed)
    browser = await RealBrowser.launch()
    window = await browser.window('http://127.0.0.1')
  })
  after(async () => {
    await browser?.[Symbol.asyncDispose]()
  })

  it('stays well-formed, and gives back every text as it is, whatever the articles say', async () => {
    const more = [
      ']]>',
      ']]&gt;<![CDATA[',
      '&amp;amp; &lt;',
      '<!--',
      '\ufffe\uffff\u0000\u0008',
      '\ud800x',
      '<?xml?>',
    ]
    const texts = [...hostileTexts, ...more].map(text => text.replace(/[\r\n\t]+/g, ' ').trim())
    const entries = texts.map((text, at) => ({
      messageId: `<${at}.${encodeURIComponent(text.slice(0, 5).replace(/\p{Cs}/gu, ''))}"&@x>`,
      to: '/m/x/',
      title: text,
      author: text,
      text,
      written: 1_000_000_000_000,
    }))
    const feed = {
      title: '<b>&amp;]]>',
      origin: 'http://127.0.0.1',
      page: '/',
      self: '/new.atom',
      generator: 'x',
    }
    const text = atomFeed({ ...feed, entries })
    const parsed = await window.page.evaluate<Parsed>(`(${parse})(${JSON.stringify(text)})`)
    expect(parsed.title).to.equal(feed.title)
    expect(parsed.entries).to.have.length(texts.length)
    for (const [at, entry] of parsed.entries.entries()) {
      const shown = visibleText(texts[at] ?? '').replace(/[\ufffe\uffff]/g, '\ufffd')
      expect(entry.title).to.equal(shown)
      expect(entry.author).to.equal(shown)
      expect(entry.content).to.equal(shown)
      expect(entry.elements, 'only the pre of ours').to.equal(1)
      expect(entry.id).to.match(/^news:/)
    }
  })
})
