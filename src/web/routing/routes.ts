/** The rows of the route table behind Hono, and what holds for every request: who may ask, and how much. RFC 9110 */
import { Hono } from 'hono'
import { getCookie } from 'hono/cookie'
import type { Client } from '../../client.ts'
import { StoreStuck } from '../../storage/database/store-error.ts'
import { IndexUnfinished } from '../../storage/index/index-unfinished.ts'
import type { Asset } from '../http/assets.ts'
import { takesGzip } from '../http/compression.ts'
import { type FormPlace, FormRoom } from '../http/form-room.ts'
import {
  type HostRule,
  hostAllowed,
  namesBase,
  openedByPerson,
  originAllowed,
  ownReferrer,
} from '../http/guard.ts'
import { noSuchPage } from '../missing.ts'
import { type Answer, type Page, type Site, trouble, type Visit, type WebAccess } from '../site.ts'
import { Abandoned } from '../slices.ts'
import { personOf, visitOf } from '../visits.ts'
import { refusalOf } from './rights.ts'
import { type Route, routeTable } from './route-table.ts'
import { type Ask, type Bindings, cookieName, everyField, isSent, send } from './send.ts'

export interface RouteOptions {
  readonly site: Site
  readonly assets: ReadonlyMap<string, Asset>
  readonly access: (client: Client) => WebAccess
  readonly hostRule: () => HostRule
}

const foreignHost = trouble(421, words => words.trouble.foreignHost)
const foreignForm = trouble(403, words => words.trouble.foreignForm)
const oldForm = trouble(403, words => words.trouble.oldForm)
const notAForm = trouble(415, words => words.trouble.notAForm)
const tooLarge = trouble(413, words => words.trouble.tooLarge)
const wrongMethod = trouble(405, words => words.trouble.wrongMethod)
const crowded = trouble(429, words => words.trouble.crowded)
const fault = trouble(500, words => words.trouble.fault)
const notYet = trouble(503, words => words.trouble.notYet)
const stuck = trouble(503, words => words.trouble.stuck)
const manyForms = trouble(503, words => words.trouble.manyForms)

/** Octets of a form that says how short it is, for which no room is looked for. */
const smallForm = 16_384
/** Octets of a form that says nothing else. */
const usualForm = 65_536
/** Octets of what is typed by hand, be it by somebody whose session has ended meanwhile. */
const typedForm = 262_144

export function createRoutes(options: RouteOptions): Hono<Bindings> {
  const { site } = options
  const forms = new FormRoom()
  const app = new Hono<Bindings>()
  const turnAway = (c: Ask, answer: Answer, more: { readonly retryAfter?: number } = {}) =>
    send(c, answer, { site, secure: isSecure(site, c), ...more })

  app.use(async (c, next) => {
    const { host, local, asker } = c.env
    // The request line may name another host than the field. RFC 9112 3.2.2
    const asked = hostIn(c.req.url)
    const rule = options.hostRule()
    if (!hostAllowed(host, local, rule) || (asked !== host && !hostAllowed(asked, local, rule)))
      c.res = await turnAway(c, foreignHost)
    else if (c.env.crowded) c.res = await turnAway(c, crowded, { retryAfter: 10 })
    else if ('unknown' in asker && !c.req.path.startsWith('/static/'))
      c.res = await turnAway(c, nobodyKnown(asker.unknown))
    else await next()
    if (isSent(c.res)) return
    // What `send` said for octets of strangers is stricter and stays.
    for (const [name, value] of Object.entries(everyField(c)))
      if (!c.res.headers.has(name)) c.res.headers.set(name, value)
  })

  app.get('/static/:name', async c => {
    const asset = options.assets.get(c.req.param('name'))
    if (asset === undefined) return turnAway(c, noSuchPage)
    const kept = c.req.query('v') === asset.version ? 'public, max-age=31536000, immutable' : 'no-cache'
    const fields = { 'Content-Type': asset.type, 'Cache-Control': kept, Vary: 'Accept-Encoding' }
    return takesGzip(c.req.header('Accept-Encoding') ?? '')
      ? c.body(new Uint8Array(asset.compressed), 200, { ...fields, 'Content-Encoding': 'gzip' })
      : c.body(new Uint8Array(asset.body), 200, fields)
  })
  for (const route of routeTable) {
    if (route.show !== undefined) addPage(app, route, { ...options, page: route.show })
    if (route.act !== undefined) addForm(app, route, { ...options, forms, page: route.act })
    app.all(route.path, c => turnAway(c, wrongMethod))
  }
  // Behind all of them: what is a page is no other spelling of one.
  for (const { path, show } of routeTable) if (show !== undefined) addOtherSpelling(app, path)
  app.notFound(async c => {
    const visit = await visitFor(options, c, new URLSearchParams())
    return send(c, noSuchPage, { site, visit, secure: isSecure(site, c) })
  })
  app.onError((error, c) => {
    if (error instanceof IndexUnfinished) return turnAway(c, notYet, { retryAfter: 5 })
    if (error instanceof StoreStuck) return turnAway(c, stuck, { retryAfter: 60 })
    if (error instanceof Abandoned) return c.body(null)
    // Whoever goes away in the middle of a form fills no log with it.
    if (error.message === 'aborted' && 'code' in error && error.code === 'ECONNRESET')
      site.log.info({ path: c.req.path }, 'a form ended before it was whole')
    else site.log.error({ err: error, path: c.req.path }, 'web request failed')
    return turnAway(c, fault)
  })
  return app
}

/** The host that an absolute address names. RFC 3986 3.2 */
function hostIn(address: string): string {
  const from = address.indexOf('//') + 2
  return address.slice(from, address.indexOf('/', from))
}

const nobodyKnown = (why: string): Answer => trouble(403, words => words.trouble.nobody(why))

interface PageOptions extends RouteOptions {
  readonly page: Page
}

function addPage(app: Hono<Bindings>, route: Route, options: PageOptions): void {
  const { site, page } = options
  const show = (json: boolean) => async (c: Ask) => {
    const visit = await visitFor(options, c, new URLSearchParams())
    const answer = refusalOf(route, visit, site) ?? (await page(site, visit))
    return send(c, answer, { site, visit, json, secure: isSecure(site, c) })
  }
  app.get(route.path, show(false))
  if (route.twin !== true) return
  if (!route.path.endsWith('/')) {
    app.get(`${route.path}.json`, show(true))
    return
  }
  app.get(`${route.path}index.json`, show(true))
  const bare = route.path.replace(/\/$/, '')
  if (bare === '') return
  if (!bare.replace(/^.*\//, '').startsWith(':')) app.get(`${bare}.json`, show(true))
  app.get(bare, (c, next) => (c.req.path.endsWith('.json') ? show(true)(c) : next()))
}

/**
 * The address with a slash at its end where it has none, or without: it leads to the page. Only the path is written
 * down, and its beginning is that of a row. RFC 9110 15.4.9, CWE-601
 */
function addOtherSpelling(app: Hono<Bindings>, path: string): void {
  if (path === '/') return
  const other = path.endsWith('/') ? path.slice(0, -1) : `${path}/`
  app.get(other, c => {
    const { pathname, search } = new URL(c.req.url)
    return c.redirect((other.endsWith('/') ? pathname.slice(0, -1) : `${pathname}/`) + search, 308)
  })
}

interface FormOptions extends PageOptions {
  readonly forms: FormRoom
}

function addForm(app: Hono<Bindings>, route: Route, options: FormOptions): void {
  const { site, page, forms } = options
  app.post(route.path, async c => {
    const most = await longestForm(route, c, options)
    if (Number(c.req.header('Content-Length') ?? 0) > most)
      return send(c, tooLarge, { site, secure: isSecure(site, c) })
    const secure = isSecure(site, c)
    const fromUs = originAllowed(
      {
        host: c.env.host,
        origin: c.req.header('Origin'),
        fetchSite: c.req.header('Sec-Fetch-Site'),
        secure: clientOf(c).secure,
      },
      options.hostRule(),
    )
    if (!fromUs) return send(c, foreignForm, { site, secure })
    const type = (c.req.header('Content-Type') ?? '').split(';')[0]?.trim().toLowerCase()
    if (type !== 'application/x-www-form-urlencoded') return send(c, notAForm, { site, secure })
    const place = forms.begin(clientOf(c).address)
    const text = await formText(c, most, place).finally(place.free)
    if (typeof text !== 'string')
      return send(c, text, { site, secure, ...(text === manyForms ? { retryAfter: 60 } : {}) })
    const visit = await visitFor(options, c, new URLSearchParams(text))
    const stale = visit.trusted || route.keepsForm === true ? undefined : oldForm
    const answer = refusalOf(route, visit, site) ?? stale ?? (await page(site, visit))
    return send(c, answer, { site, visit, secure })
  })
}

/** What was sent, or why no more of it is read. RFC 9112 6.3 */
async function formText(c: Ask, most: number, place: FormPlace): Promise<string | Answer> {
  // Nearly all; a proxy that does not wait for the end of a form cannot say how long it is.
  if (Number(c.req.header('Content-Length') ?? most) <= smallForm) return c.req.text()
  const chunks: Uint8Array[] = []
  let octets = 0
  const reader = c.req.raw.body?.getReader()
  for (let read = await reader?.read(); read?.value !== undefined; read = await reader?.read()) {
    octets += read.value.length
    if (octets > most) return tooLarge
    if (!place.take(read.value.length)) return manyForms
    chunks.push(read.value)
  }
  return Buffer.concat(chunks).toString()
}

/** Octets that are read of a form, of this browser. */
async function longestForm(
  { longest = usualForm }: Route,
  c: Ask,
  { site, access }: RouteOptions,
): Promise<number> {
  // An octet of the text may take three in the form.
  const most = longest === 'article' ? site.config().limits.article_bytes * 3 + usualForm : longest
  if (most <= typedForm) return most
  const client = clientOf(c)
  const person = await personOf(site, cookiesOf(c, isSecure(site, c)))
  const asks = person === undefined ? client : { ...client, account: person.account }
  const needsIt = longest === 'article' ? access(asks).postsSomewhere !== false : person !== undefined
  return needsIt ? most : typedForm
}

const cookiesOf =
  (c: Ask, secure: boolean) =>
  (name: string): string | undefined =>
    getCookie(c, cookieName(name, secure))

/** Whether the browser came under TLS: on the public name by its scheme, else as the connection says. */
function isSecure(site: Site, c: Ask): boolean {
  const { base_url } = site.config().web
  const secure = 'client' in c.env.asker && c.env.asker.client.secure
  return secure || (base_url.startsWith('https:') && namesBase(c.env.host, base_url))
}

/** As `[web] base_url` says, else as the browser asked; its Host was found to be ours. */
function originOf(site: Site, c: Ask): string {
  const { base_url } = site.config().web
  if (base_url !== '' && URL.canParse(base_url)) return new URL(base_url).origin
  return `${isSecure(site, c) ? 'https' : 'http'}://${c.env.host}`
}

/** Only for requests that got past the first check. */
function clientOf(c: Ask): Client {
  if ('unknown' in c.env.asker) throw new Error('a request of nobody knows whom was let through')
  return c.env.asker.client
}

function visitFor(options: RouteOptions, c: Ask, form: URLSearchParams): Promise<Visit> {
  const secure = isSecure(options.site, c)
  const twin = /^\/[^/]+\/[^/]+\.json$/.test(c.req.path)
  const opened = c.req.method === 'GET' && !twin && openedByPerson(name => c.req.header(name), c.env.host)
  const { pathname, search, searchParams } = new URL(c.req.url)
  return visitOf(options, {
    client: clientOf(c),
    path: c.req.path,
    origin: originOf(options.site, c),
    lastEvent: c.req.header('Last-Event-ID') ?? '',
    secure,
    agent: c.req.header('User-Agent') ?? '',
    referrer: ownReferrer(name => c.req.header(name), c.env.host),
    here: pathname + search,
    acceptLanguage: c.req.header('Accept-Language') ?? '',
    query: searchParams,
    form,
    parameter: name => {
      const value = c.req.param(name) ?? ''
      return twin ? value.replace(/\.json$/, '') : value
    },
    cookie: cookiesOf(c, secure),
    opened,
    gone: () => c.env.outgoing.destroyed,
  })
}
