/** One request as page functions see it: who asks, in which language, and what came with it. */
import type { Client } from '../client.ts'
import { wellFormedCookie } from './http/token.ts'
import { type Settings, settingsCookie } from './people/settings.ts'
import type { Person } from './person.ts'
import { groupAsked } from './reading-group.ts'
import type { Site, Visit, WebAccess } from './site.ts'
import { tasteOf } from './taste/taste.ts'
import type { Words } from './words/english.ts'
import { languages, wordsFor } from './words/words.ts'

/** What is read from a request, without the library it came by. */
export interface Asked {
  readonly client: Client
  readonly path: string
  readonly origin: string
  /** Value of Last-Event-ID; empty where there is none. */
  readonly lastEvent: string
  /** Whether the browser came under TLS, to us or to a proxy of ours. */
  readonly secure: boolean
  readonly acceptLanguage: string
  readonly agent: string
  /** The page of ours that led here; empty where that is not known. */
  readonly referrer: string
  /** Path and query. */
  readonly here: string
  readonly query: URLSearchParams
  readonly form: URLSearchParams
  readonly parameter: (name: string) => string
  /** Value of a cookie; undefined where there is none. */
  readonly cookie: (name: string) => string | undefined
  /** See `Visit`. */
  readonly opened: boolean
  readonly gone: () => boolean
}

/** The cookie of forms and sessions. */
export const mainCookie = 'tidings'

export interface VisitParts {
  readonly site: Site
  readonly access: (client: Client) => WebAccess
}

/** Who is signed in in this browser. */
export async function personOf(
  { people }: Pick<Site, 'people'>,
  kept: Asked['cookie'],
): Promise<Person | undefined> {
  const cookie = kept(mainCookie) ?? ''
  return wellFormedCookie(cookie) ? await people.who(cookie) : undefined
}

export async function visitOf({ site, access }: VisitParts, asked: Asked): Promise<Visit> {
  const { query, form, parameter, cookie: kept, secure, agent, here } = asked
  const sent = kept(mainCookie) ?? ''
  const hadCookie = wellFormedCookie(sent)
  let cookie = hadCookie ? sent : ''
  const person = await personOf(site, kept)
  const reads = await site.readers.of(person?.account.name, kept)
  const client = person === undefined ? asked.client : { ...asked.client, account: person.account }
  const settings = await site.settings.of(person, kept(settingsCookie))
  // Last, and nobody is waited for behind it: what begins here may do what may be done now.
  const allowed = access(client)
  return {
    words: wordsOf(settings, asked.acceptLanguage),
    path: asked.path,
    comingFrom: groupAsked(query, asked.referrer),
    lastEvent: asked.lastEvent,
    origin: asked.origin,
    person,
    settings,
    client,
    secure,
    agent,
    here,
    access: allowed,
    reader: reads.reader,
    taste: tasteOf(reads.taste, allowed.mayRead),
    readerCookies: reads.cookies,
    opened: asked.opened,
    parameter,
    query,
    form,
    trusted: hadCookie && site.tokens.matches(cookie, form.get('token') ?? ''),
    // Most pages hold no form and need none.
    get cookie() {
      cookie ||= site.random(16).toString('base64url')
      return cookie
    },
    hadCookie,
    gone: asked.gone,
    kept,
  }
}

/** As the settings say, else as the browser does. */
function wordsOf({ language, timeZone }: Settings, accepted: string): Words {
  const words = languages.get(language) ?? wordsFor(accepted)
  return timeZone === '' ? words : { ...words, ...words.inZone(timeZone) }
}
