/** As much of a browser as forms need: cookies, hidden fields, and the way that a redirect leads. */
import { type Ask, askHttp, type Reply } from './ask-http.ts'
import { unescapeHtml } from './markup.ts'

export class FormBrowser {
  readonly cookies = new Map<string, string>()
  /** What comes with every request. */
  readonly headers: Record<string, string> = {}
  readonly #host: () => string
  readonly #secure: boolean

  /** `host` gives `host:port`; `secure`: over TLS. */
  constructor(host: () => string, { secure = false } = {}) {
    this.#host = host
    this.#secure = secure
  }

  /** One request; redirects are not followed. */
  async ask(path: string, ask: Ask = {}): Promise<Reply> {
    const cookie = [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ')
    const headers = { ...(cookie !== '' && { Cookie: cookie }), ...this.headers, ...ask.headers }
    const reply = await askHttp(this.#host(), path, { ...ask, headers, secure: this.#secure })
    for (const line of reply.headers['set-cookie'] ?? []) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? []
      if (value === '') this.cookies.delete(name)
      else this.cookies.set(name, value)
    }
    return reply
  }

  /** The page at this address, or where that leads. */
  async open(path: string): Promise<Reply> {
    let reply = await this.ask(path)
    for (let hops = 0; reply.status === 303 && hops < 5; hops++)
      reply = await this.ask(String(reply.headers.location))
    return reply
  }

  /** Opens the page, fills in the form that goes to `action`, and sends it. */
  async submit(path: string, typed: Readonly<Record<string, string>>, action = path): Promise<Reply> {
    const page = await this.ask(path)
    return this.send(page.text, typed, action.replace(/\?.*/, ''))
  }

  /** Sends the form of a page that goes to `action`. */
  async send(html: string, typed: Readonly<Record<string, string>>, action: string): Promise<Reply> {
    return this.ask(action, { form: { ...fieldsOf(html, action), ...typed } })
  }
}

/** What a browser would send of the form that goes to `action`, as it was shown. */
export function fieldsOf(html: string, action: string): Record<string, string> {
  const form = html.split('<form ').find(each => each.includes(` action="${action}"`))
  if (form === undefined) throw new Error(`no form for ${action} on the page: ${html.slice(0, 3000)}`)
  const fields: Record<string, string> = {}
  const inside = form.split('</form>')[0] ?? ''
  for (const [tag] of inside.matchAll(/<input [^>]*>/g)) {
    const attribute = (name: string) => unescapeHtml(new RegExp(` ${name}="([^"]*)"`).exec(tag)?.[1] ?? '')
    if (attribute('type') === 'checkbox' && !tag.includes(' checked')) continue
    fields[attribute('name')] = attribute('value')
  }
  for (const [, name = '', text = ''] of inside.matchAll(/<textarea [^>]*name="(\w+)"[^>]*>\n?([^<]*)</g))
    fields[name] = unescapeHtml(text)
  for (const [, name = '', options = ''] of inside.matchAll(
    /<select [^>]*name="(\w+)"[^>]*>([\s\S]*?)<\/select>/g,
  ))
    fields[name] = /value="([^"]*)" selected/.exec(options)?.[1] ?? ''
  return fields
}
