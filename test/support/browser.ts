/** A real Chromium, and what may not happen in it: errors of scripts, refusals by the policy, requests that fail. */
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core'
import type { Need } from './needs.ts'

const program = '/usr/bin/chromium'

export const chromiumNeed: Need = { probe: [program, '--version'], debian: 'chromium' }

const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

export interface WindowOptions {
  readonly scripts?: boolean
  readonly locale?: string
  readonly width?: number
  readonly height?: number
}

export class RealBrowser implements AsyncDisposable {
  readonly #browser: Browser

  private constructor(browser: Browser) {
    this.#browser = browser
  }

  static async launch(): Promise<RealBrowser> {
    return new RealBrowser(await chromium.launch({ executablePath: program }))
  }

  /** Cookies and storage of its own, as another person's browser. */
  async window(base: string, options: WindowOptions = {}): Promise<BrowserWindow> {
    const context = await this.#browser.newContext({
      baseURL: base,
      javaScriptEnabled: options.scripts ?? true,
      locale: options.locale ?? 'en-GB',
      viewport: { width: options.width ?? 1200, height: options.height ?? 800 },
      colorScheme: 'light',
      reducedMotion: 'reduce',
    })
    return new BrowserWindow(context, await context.newPage())
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#browser.close()
  }
}

export class BrowserWindow implements AsyncDisposable {
  readonly context: BrowserContext
  readonly page: Page
  /** What went wrong since the last look. */
  readonly #complaints: string[] = []

  constructor(context: BrowserContext, page: Page) {
    this.context = context
    this.page = page
    page.on('pageerror', error => this.#complaints.push(`script: ${error.message}`))
    page.on('console', message => {
      if (message.type() === 'error') this.#complaints.push(`console: ${message.text()}`)
    })
    page.on('request', request => {
      const { origin } = new URL(request.url())
      if (origin !== new URL(page.url() === 'about:blank' ? request.url() : page.url()).origin)
        this.#complaints.push(`asked elsewhere: ${request.url()}`)
    })
  }

  async signIn(account: string, password: string): Promise<void> {
    await this.page.goto('/login')
    await this.page.locator('#name').fill(account)
    await this.page.locator('#password').fill(password)
    await this.page.locator('main button[type="submit"]').click()
    await this.page.getByRole('link', { name: account }).waitFor()
  }

  /** And forgets them. */
  complaints(): string[] {
    return this.#complaints.splice(0)
  }

  /** What axe-core finds wrong with the page, a line each; empty for a good page. `colours`: with its colours alone. */
  async violations(what: 'all' | 'colours' = 'all'): Promise<string[]> {
    if (!(await this.page.evaluate<boolean>("'axe' in window"))) await this.page.evaluate(axeSource)
    const only = what === 'colours' ? "runOnly: ['cat.color'], " : ''
    const { violations } = await this.page.evaluate<Findings>(
      `axe.run(document, { ${only}resultTypes: ['violations'], rules: { 'color-contrast-enhanced': { enabled: false } } })`,
    )
    return violations.map(
      ({ id, help, nodes }) =>
        `${id}: ${help}: ${nodes.map(({ target, failureSummary }) => `${target} (${failureSummary})`).join('; ')}`,
    )
  }

  /** The elements of the page, and the boxes they fill. */
  shape(): Promise<string> {
    return this.page.evaluate<string>(`JSON.stringify([
      document.documentElement.outerHTML,
      [...document.querySelectorAll('*')].map(element => element.getBoundingClientRect()),
    ])`)
  }

  /** CSS pixels that the page is wider than the window. */
  overhang(): Promise<number> {
    return this.page.evaluate<number>('document.documentElement.scrollWidth - innerWidth')
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.context.close()
  }
}

interface Findings {
  readonly violations: readonly {
    readonly id: string
    readonly help: string
    readonly nodes: readonly { readonly target: readonly string[]; readonly failureSummary: string }[]
  }[]
}
