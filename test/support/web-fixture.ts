/** A web reader on a free port over storage in memory, and a plain HTTP client that can say anything. */
import { randomBytes } from 'node:crypto'
import type { AddressInfo } from 'node:net'
import { type Clock, systemClock } from '../../src/clock.ts'
import { type Config, configSchema } from '../../src/config/config.ts'
import { AccountBook } from '../../src/feed/account-book.ts'
import { silentLog } from '../../src/log.ts'
import { createWeb, type WebOptions, type WebServer } from '../../src/web/web.ts'
import { type Ask, askHttp, type Reply } from './ask-http.ts'
import { FakeFeed, FakeReading } from './fake-reading.ts'
import { TestLogins } from './logins.ts'
import { unescapeHtml } from './markup.ts'
import { memoryAccounts } from './memory-accounts.ts'
import { MemoryShelves } from './memory-shelves.ts'

export class WebFixture implements AsyncDisposable {
  readonly reading = new FakeReading()
  readonly feed = new FakeFeed(this.reading)
  readonly shelves = new MemoryShelves()
  readonly people: TestLogins
  clock: Clock
  /** Groups that may not be read. */
  readonly hidden = new Set<string>()
  /** Whether the account, empty for a visitor, may post anywhere. */
  mayPost: (account: string) => boolean = () => true
  readonly errors: string[] = []
  config: Config = configSchema.parse({
    listen: { web: ['127.0.0.1:0'] },
    node: { path_identity: 'news.test' },
  })
  readonly #secret = randomBytes(32)
  #web: WebServer | undefined

  constructor({ clock = systemClock }: { readonly clock?: Clock } = {}) {
    this.clock = clock
    this.people = new TestLogins({ clock })
  }

  async start(options: Partial<WebOptions> = {}): Promise<this> {
    this.#web = createWeb({
      reading: this.reading,
      feed: this.feed,
      shelves: this.shelves,
      clock: this.clock,
      logins: this.people.logins,
      accounts: new AccountBook({
        storage: memoryAccounts(this.people.accounts, this.shelves),
        clock: this.clock,
        logins: this.people.logins,
        random: randomBytes,
        changed: () => {},
      }),
      audit: this.people.audit,
      secret: this.#secret,
      log: { ...silentLog, error: (fields, event) => this.errors.push(`${event} ${JSON.stringify(fields)}`) },
      config: () => this.config,
      version: '1.2.3',
      access: ({ address, account }) => ({
        mayRead: group => !this.hidden.has(group),
        poster: {
          account: account?.name ?? '',
          address,
          mayPost: group => this.mayPost(account?.name ?? '') && !this.hidden.has(group),
          mayApprove: () => false,
        },
        postsSomewhere: this.mayPost(account?.name ?? ''),
      }),
      ...options,
    })
    await this.#web.listen()
    return this
  }

  /** `host:port`; empty when it does not listen. */
  get host(): string {
    return this.#web?.addresses[0] ?? ''
  }

  /** As `host`, under TLS. */
  get secureHost(): string {
    return this.#web?.secureAddresses[0] ?? ''
  }

  /** The next handshake shows the pair as it is now. */
  reload(): void {
    this.#web?.reload()
  }

  ask(path: string, ask: Ask = {}): Promise<Reply> {
    return askHttp(ask.secure ? this.secureHost : this.host, path, ask)
  }

  /** The form as a browser has it: its hidden fields and the cookie that came with it. */
  async openForm(path = '/post', ask: Ask = {}): Promise<{ fields: Record<string, string>; cookie: string }> {
    const reply = await this.ask(path, ask)
    const fields: Record<string, string> = {}
    for (const match of reply.text.matchAll(/<input type="hidden" name="(\w+)" value="([^"]*)">/g))
      fields[match[1] ?? ''] = unescapeHtml(match[2] ?? '')
    const cookie = String(reply.headers['set-cookie']?.[0] ?? '').replace(/;.*$/, '')
    return { fields, cookie }
  }

  /** Opens the form, fills it in and sends it. */
  async postForm(typed: Readonly<Record<string, string>>, path = '/post'): Promise<Reply> {
    const { fields, cookie } = await this.openForm(path)
    return this.ask('/post', { form: { ...fields, ...typed }, headers: { Cookie: cookie } })
  }

  async close(): Promise<void> {
    await this.#web?.close()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close()
    await this.people[Symbol.asyncDispose]()
  }
}

/** A port of this machine that is taken, until it is closed. */
export function portOf(address: AddressInfo | string | null): number {
  return typeof address === 'object' && address !== null ? address.port : 0
}

export const goodForm = {
  name: 'Ann Other',
  address: 'ann@example.invalid',
  newsgroups: 'local.test',
  subject: 'Greetings',
  body: 'Hello, world.\n',
} as const

/** An article with the usual headers, some of them replaced. */
export function articleText(
  id: string,
  headers: Readonly<Record<string, string>> = {},
  body = 'Text.\n',
): string {
  const fields: Record<string, string> = {
    Path: 'not-for-mail',
    From: 'Ann Other <ann@example.invalid>',
    Newsgroups: 'local.test',
    Subject: `Subject of ${id}`,
    Date: 'Sat, 21 Nov 2026 08:00:00 +0000',
    'Message-ID': `<${id}>`,
    ...headers,
  }
  const lines = Object.entries(fields).map(([name, value]) => `${name}: ${value}`)
  return `${lines.join('\n')}\n\n${body}`
}
