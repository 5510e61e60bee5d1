import { expect } from 'chai'
import { type BrowserWindow, chromiumNeed, RealBrowser } from '../support/browser.ts'
import { MailSink } from '../support/mail-sink.ts'
import { needs } from '../support/needs.ts'
import { RunningSite } from '../support/running-site.ts'
import { postSampleThreads } from '../support/sample-threads.ts'

const password = 'seven quiet boats at dawn'

describe('web in Chromium: the whole journey', function () {
  this.timeout(120_000)
  let site: RunningSite
  let mail: MailSink
  let browser: RealBrowser

  before(async function () {
    needs(this, chromiumNeed)
    mail = new MailSink()
    const smtp = await mail.listen()
    const more = `
[mail]
smtp = "${smtp}"
from = "news@journey.example"
[web]
title = "Journey"
registration = "open"
`
    site = await RunningSite.start('journey.example', more, { web: true })
    await postSampleThreads(await site.connect())
    browser = await RealBrowser.launch()
  })

  after(async () => {
    await browser?.[Symbol.asyncDispose]()
    await site?.[Symbol.asyncDispose]()
    await mail?.[Symbol.asyncDispose]()
  })

  for (const [name, scripts] of [
    ['ann', true],
    ['bea', false],
  ] as const)
    it(`from the first visit to a cancelled article, ${scripts ? 'with' : 'without'} scripts`, async () => {
      await using window = await browser.window(site.web, { scripts })
      const journey = new Journey(site, window, name)
      await journey.look()
      await journey.register(mail, scripts ? 1 : 2)
      await journey.subscribe()
      const { id, subject } = await journey.post()
      await using other = await browser.window(site.web)
      await other.page.goto(`/m/${id}/`)
      await journey.reply(id)
      await other.page.getByText('1 new article', { exact: true }).click()
      await other.page
        .getByRole('link', { name: /reply|antwort|Re:|ann|bea/i })
        .first()
        .waitFor()
      await journey.throughNntp(id)
      await journey.edit(id)
      await journey.find(subject)
      await journey.cancel()
      expect(window.complaints().filter(text => !/status of 40[04]/.test(text))).to.deep.equal([])
      expect(other.complaints()).to.deep.equal([])
    })
})

/** One person's way, a method a step. */
class Journey {
  readonly #site: RunningSite
  readonly #window: BrowserWindow
  readonly #name: string

  constructor(site: RunningSite, window: BrowserWindow, name: string) {
    this.#site = site
    this.#window = window
    this.#name = name
  }

  get #page() {
    return this.#window.page
  }

  /** From the list of groups to an article, and through its thread. */
  async look(): Promise<void> {
    const page = this.#page
    await page.goto('/')
    await page.getByRole('link', { name: 'local.test', exact: true }).click()
    await page.getByRole('link', { name: 'A day at the harbour' }).first().click()
    await page.getByRole('heading', { level: 1, name: 'A day at the harbour' }).waitFor()
    expect(await page.locator('.body').textContent()).to.contain('The *boats* left at _dawn_')
    await page.goto('/m/reply@sample.example/')
    await page.locator('details.quote > summary').first().click()
    await page.getByText('Line 30 of what was said before.').waitFor()
    await page.getByRole('link', { name: 'Raw' }).click()
    expect(await page.locator('body').textContent()).to.contain('Message-ID: <reply@sample.example>')
  }

  /** `letter`: which of the letters that were sent, counted from one. */
  async register(mail: MailSink, letter: number): Promise<void> {
    const page = this.#page
    await page.goto('/register')
    await page.getByLabel('Name').fill(this.#name)
    await page.getByLabel('Mail address').fill(`${this.#name}@reader.example`)
    await page.getByLabel('Password').fill(password)
    await page.getByRole('button', { name: 'Register' }).click()
    await page.getByRole('heading', { name: 'Check your mail' }).waitFor()
    const { to, octets } = await mail.mail(letter)
    expect(to).to.deep.equal([`${this.#name}@reader.example`])
    const text = octets.toString().replace(/=\r\n/g, '').replaceAll('=3D', '=')
    // As the letter has it, wherever this node is.
    const [, path = ''] = /https?:\/\/[^/\s]+(\/register\/confirm\?\S+)/.exec(text) ?? []
    await page.goto(path)
    await page.getByRole('button', { name: 'Make the account' }).click()
    await page.getByRole('heading', { name: 'Welcome' }).waitFor()
    await page.getByRole('link', { name: this.#name, exact: true }).waitFor()
  }

  async subscribe(): Promise<void> {
    const page = this.#page
    await page.goto('/')
    await page.getByRole('button', { name: 'Subscribe to local.test' }).click()
    await page.getByRole('heading', { name: 'Subscribed groups' }).waitFor()
  }

  /** Its message-ID without angle brackets, and a word that no other article has. */
  async post(): Promise<{ id: string; subject: string }> {
    const page = this.#page
    const subject = `lighthouse${this.#name}`
    await page.goto('/g/local.test/')
    await page.getByRole('link', { name: 'New article' }).last().click()
    await page.getByLabel('Your mail address').fill(`${this.#name}@reader.example`)
    await page.getByLabel('Subject').fill(subject)
    await page.getByLabel('Text', { exact: true }).fill('It burns all night.\n')
    await page.getByRole('button', { name: 'Preview' }).click()
    await page.getByRole('heading', { name: subject }).waitFor()
    await this.#send()
    return { id: this.#shownId(), subject }
  }

  async reply(id: string): Promise<void> {
    const page = this.#page
    await page.goto(`/m/${id}/`)
    await page.getByRole('link', { name: 'Reply', exact: true }).click()
    const text = page.getByLabel('Text', { exact: true })
    expect(await text.inputValue()).to.contain('> It burns all night.')
    await text.fill(`${await text.inputValue()}And all day.\n`)
    await this.#send()
    await page.getByText('And all day.').waitFor()
  }

  /** Both are there for newsreaders. */
  async throughNntp(id: string): Promise<void> {
    const client = await this.#site.connect()
    client.send(`ARTICLE <${id}>\r\n`)
    expect(await client.line()).to.match(/^220 /)
    expect(await client.block()).to.include('It burns all night.')
    client.send('GROUP local.test\r\n')
    const [, , , , last] = /^(211) (\d+) (\d+) (\d+) /.exec(await client.line()) ?? []
    client.send(`ARTICLE ${last}\r\n`)
    expect(await client.line()).to.match(/^220 /)
    const reply = await client.block()
    expect(reply).to.include(`References: <${id}>`).and.to.include('And all day.')
    client.destroy()
  }

  async edit(id: string): Promise<void> {
    const page = this.#page
    await page.goto(`/m/${id}/`)
    await page.getByRole('link', { name: 'Edit' }).click()
    await page.getByLabel('Text', { exact: true }).fill('It burns until morning.\n')
    await this.#send()
    await page.getByText('It burns until morning.').waitFor()
    const old = await page.request.get(`/m/${id}/`)
    expect(old.status()).to.equal(404)
  }

  async find(subject: string): Promise<void> {
    const page = this.#page
    await page.goto('/search')
    await page.getByLabel('Words to look for').fill(subject)
    await page.getByRole('button', { name: 'Search' }).first().click()
    await page.getByRole('link', { name: subject, exact: true }).click()
    await page.getByText('It burns until morning.').waitFor()
  }

  /** The article that is open. */
  async cancel(): Promise<void> {
    const page = this.#page
    const address = page.url()
    await page.getByRole('link', { name: 'Cancel' }).click()
    await page.getByRole('button', { name: 'Cancel the article' }).click()
    await page.getByRole('heading', { name: 'Cancelled' }).waitFor()
    expect((await page.request.get(address)).status()).to.equal(404)
  }

  async #send(): Promise<void> {
    await this.#page.getByLabel('Your mail address').fill(`${this.#name}@reader.example`)
    await this.#page.getByRole('button', { name: 'Post', exact: true }).click()
    await this.#page.waitForURL(/\/m\//)
  }

  #shownId(): string {
    return decodeURIComponent(/\/m\/([^/]+)\//.exec(this.#page.url())?.[1] ?? '')
  }
}
