/** What a person likes: kept on the shelf of the account, and for visitors in one small signed cookie. */
import { createHmac } from 'node:crypto'
import { z } from 'zod'
import { isMailAddress } from '../../mail-address.ts'
import { Recent } from '../../recent.ts'
import { accountShelf, type Shelves } from '../../storage/state/shelves.ts'
import type { Cookie } from '../http/cookie.ts'
import { sameText } from '../http/token.ts'
import type { Person } from '../person.ts'

export const themes = ['system', 'light', 'dark', 'contrast'] as const
/** Light or dark as the browser says it, or always in one way. WCAG 2.2 1.4.3 */
export type Theme = (typeof themes)[number]
/** Threads or articles on a page of a newsgroup. */
export const pageSizes = [25, 50, 100, 200] as const
const longestSignature = 400

const line = (most: number) =>
  z
    .string()
    .max(most)
    .refine(text => !/[\0-\x1f\x7f\p{Cs}]/u.test(text))

const settingsSchema = z.object({
  /** BCP 47; empty = as the browser asks. */
  language: z.string().max(20).catch(''),
  theme: z.enum(themes).catch('system'),
  /** Whether single keys do something. WCAG 2.1.4 */
  shortcuts: z.boolean().catch(true),
  /** For From; empty = asked for each time. */
  name: line(100).catch(''),
  address: z
    .string()
    .refine(text => text === '' || isMailAddress(text))
    .catch(''),
  /** Name and address are those of an article that was sent, and nobody chose them. */
  remembered: z.boolean().catch(false),
  /** Lines end in LF. */
  signature: z
    .string()
    .max(longestSignature)
    .refine(text => !/[\0-\x09\x0b-\x1f\x7f\p{Cs}]/u.test(text))
    .catch(''),
  /** IANA; empty = UTC. */
  timeZone: z.string().max(60).refine(isTimeZone).catch(''),
  perPage: z
    .int()
    .refine(count => pageSizes.some(size => size === count))
    .catch(50),
})

export type Settings = Readonly<z.infer<typeof settingsSchema>>

export const usualSettings: Settings = settingsSchema.parse({})

function isTimeZone(text: string): boolean {
  if (text === '') return true
  try {
    return new Intl.DateTimeFormat('en', { timeZone: text }).resolvedOptions().timeZone !== ''
  } catch {
    return false
  }
}

/** Whatever it is made of; what cannot be is as usual. */
export const settingsFrom = (value: unknown): Settings =>
  settingsSchema.catch(usualSettings).parse(value ?? {})

export const settingsCookie = 'settings'
const row = 'settings'
const yearSeconds = 365 * 86_400
/** Characters; browsers take 4096. */
const longestCookie = 3500

export class SettingsShelf {
  readonly #shelves: Shelves
  readonly #secret: Buffer
  readonly #known = new Recent<string, Settings>(1000)

  /** `secret`: signs the cookies of visitors. */
  constructor(shelves: Shelves, secret: Buffer) {
    this.#shelves = shelves
    this.#secret = secret
  }

  /** Of a person, or of the browser with this settings cookie. */
  async of(person: Person | undefined, cookie: string | undefined): Promise<Settings> {
    return person === undefined ? this.fromCookie(cookie) : this.ofAccount(person.account.name)
  }

  async ofAccount(account: string): Promise<Settings> {
    const value = await this.#shelves.load(accountShelf(account), row)
    return value === undefined ? usualSettings : settingsFrom(JSON.parse(value.toString()))
  }

  /** Durable when it resolves. */
  async keep(account: string, settings: Settings): Promise<void> {
    const value = Buffer.from(JSON.stringify(settings))
    await this.#shelves.save(accountShelf(account), new Map([[row, value]]))
  }

  /** Whether the account has chosen anything. */
  async has(account: string): Promise<boolean> {
    return (await this.#shelves.load(accountShelf(account), row)) !== undefined
  }

  cookieOf(settings: Settings): Cookie {
    const text = Buffer.from(JSON.stringify(settings)).toString('base64url')
    return { name: settingsCookie, value: `${text}.${this.#mark(text)}`, maxAge: yearSeconds }
  }

  fromCookie(cookie = ''): Settings {
    if (cookie === '' || cookie.length > longestCookie) return usualSettings
    const known = this.#known.get(cookie)
    if (known !== undefined) return known
    const [text = '', mark = ''] = cookie.split('.')
    if (!sameText(mark, this.#mark(text))) return usualSettings
    const settings = settingsFrom(JSON.parse(Buffer.from(text, 'base64url').toString()))
    this.#known.set(cookie, settings)
    return settings
  }

  #mark(text: string): string {
    return createHmac('sha256', this.#secret).update('settings\0').update(text).digest('base64url')
  }
}
