/** A browser that comes from pages of ours, and sends forms with the token that they show. */
import type { Reply } from './ask-http.ts'
import { FormBrowser, fieldsOf } from './form-browser.ts'
import type { WebFixture } from './web-fixture.ts'

export class ReadingBrowser {
  readonly #browser: FormBrowser

  constructor(web: WebFixture) {
    this.#browser = new FormBrowser(() => web.host)
    Object.assign(this.#browser.headers, { 'Sec-Fetch-Site': 'same-origin', 'Sec-Fetch-Mode': 'navigate' })
  }

  get cookies(): Map<string, string> {
    return this.#browser.cookies
  }

  /** Redirects are not followed. */
  open(path: string): Promise<Reply> {
    return this.#browser.ask(path)
  }

  async json(path: string) {
    return JSON.parse((await this.open(path)).text)
  }

  /** Sends these fields and the token of this browser. */
  async send(path: string, form: Record<string, string>): Promise<Reply> {
    const { text } = await this.open('/')
    const { token = '' } = fieldsOf(text, '/subscribe')
    return this.#browser.ask(path, { form: { token, ...form } })
  }

  signIn(name: string, password = 'correct horse'): Promise<Reply> {
    return this.#browser.submit('/login', { name, password })
  }
}

/** Message-IDs that a page links to, without what stands behind the `@`. */
export const linkedIds = ({ text }: Reply): string[] =>
  [...text.matchAll(/href="\/m\/(\w+)@x\.test\/"/g)].map(([, id = '']) => id)
