/**
 * Addresses to page functions, and what holds for every request: who may ask, how much, and the fields of the answer.
 * The one file that meets Hono. RFC 9110; no page goes out without these fields.
 */
import { type Context, Hono } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { getCookie, setCookie } from 'hono/cookie'
import type { Client } from '../client.ts'
import type { Asset } from './assets.ts'
import type { Asker } from './forwarded.ts'
import { type HostRule, hostAllowed, namesBase, originAllowed } from './guard.ts'
import { articlePage, rawPage } from './pages/article.ts'
import { filePage } from './pages/file.ts'
import { groupPage } from './pages/group.ts'
import { hierarchyPage, homePage } from './pages/hierarchy.ts'
import { findPage, noSuchPage } from './pages/missing.ts'
import { heldPage, postArticle, postForm, sentPage } from './pages/post.ts'
import type { Answer, Page, Site, Status, Visit, WebAccess } from './site.ts'
import { wellFormedCookie } from './token.ts'

/** What the HTTP adapter tells of the connection. */
export interface Connection {
  /** The client, whatever proxies stand between. */
  readonly asker: Asker
  /** Our end. */
  readonly local: string
  readonly host: string
}

export interface RouteOptions {
  readonly site: Site
  readonly assets: ReadonlyMap<string, Asset>
  readonly access: (client: Client) => WebAccess
  readonly hostRule: () => HostRule
}

type Bindings = { Bindings: Connection }
type Ask = Context<Bindings>

/** Pages for people that have a twin for programs: the same address with `.json` for its last slash. */
const twins: readonly (readonly [string, Page])[] = [
  ['/h/:hierarchy', hierarchyPage],
  ['/g/:group', groupPage],
  ['/m/:id', articlePage],
]

const lone: readonly (readonly [string, Page])[] = [
  ['/', homePage],
  ['/m/', findPage],
  ['/m/:id/raw', rawPage],
  ['/m/:id/a/:number/:name', filePage],
  ['/post', postForm],
  ['/post/sent', sentPage],
  ['/post/held', heldPage],
]

const answerFields: readonly (readonly [string, string])[] = [
  [
    'Content-Security-Policy',
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; " +
      "form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
  ],
  ['X-Content-Type-Options', 'nosniff'],
  ['X-Frame-Options', 'DENY'],
  // Same-origin and not no-referrer, with which browsers send `Origin: null` from our own forms.
  ['Referrer-Policy', 'same-origin'],
  ['Cross-Origin-Opener-Policy', 'same-origin'],
  ['Cross-Origin-Resource-Policy', 'same-origin'],
  ['Permissions-Policy', 'camera=(), geolocation=(), microphone=(), payment=(), usb=()'],
]

/** Two years, for this name alone. RFC 6797 6.1.1 */
const strictTransport = 'max-age=63072000'

/** A document of its own origin in which nothing runs, loads or is sent. */
const strangersPolicy =
  "default-src 'none'; sandbox; frame-ancestors 'none'; form-action 'none'; base-uri 'none'"

function trouble(status: Status, heading: string, text: string): Answer {
  return { kind: 'trouble', status, heading, text }
}

const foreignHost = trouble(421, 'Not this server', 'This server does not answer to the name in the address.')
const foreignForm = trouble(
  403,
  'Not posted',
  'The form came from another site, so nothing was done with it.',
)
const notAForm = trouble(415, 'Not posted', 'This address takes the form that it shows, and nothing else.')
const tooLarge = trouble(413, 'Not posted', 'The text is larger than this server takes.')
const wrongMethod = trouble(405, 'Not possible', 'This address can only be read.')
const fault = trouble(500, 'Something went wrong', 'The fault is on this server and was written to its log.')

export function createRoutes(options: RouteOptions): Hono<Bindings> {
  const { site } = options
  const app = new Hono<Bindings>()

  app.use(async (c, next) => {
    const named = hostAllowed(c.env.host, c.env.local, options.hostRule())
    // The request line may name another host than the field. RFC 9112 3.2.2
    const asked = hostAllowed(new URL(c.req.url).host, c.env.local, options.hostRule())
    if (!named || !asked) c.res = send(site, c, foreignHost)
    else if ('unknown' in c.env.asker && !c.req.path.startsWith('/static/'))
      c.res = send(site, c, trouble(403, 'Not known who asks', c.env.asker.unknown))
    else await next()
    // What `send` said for octets of strangers is stricter and stays.
    for (const [name, value] of answerFields) if (!c.res.headers.has(name)) c.res.headers.set(name, value)
    // RFC 6797 7.2: never in the clear.
    if ('client' in c.env.asker && c.env.asker.client.secure)
      c.res.headers.set('Strict-Transport-Security', strictTransport)
  })

  app.get('/static/:name', c => {
    const asset = options.assets.get(c.req.param('name'))
    if (asset === undefined) return send(site, c, noSuchPage)
    const kept = c.req.query('v') === asset.version ? 'public, max-age=31536000, immutable' : 'no-cache'
    return c.body(new Uint8Array(asset.body), 200, { 'Content-Type': asset.type, 'Cache-Control': kept })
  })

  const show =
    (page: Page, json = false) =>
    async (c: Ask) => {
      const visit = visitOf(options, c, new URLSearchParams())
      return send(site, c, await page(site, visit), { json, visit })
    }
  for (const [path, page] of lone) app.get(path, show(page))
  app.get('/index.json', show(homePage, true))
  for (const [path, page] of twins) {
    app.get(`${path}/`, show(page))
    app.get(`${path}/index.json`, show(page, true))
    app.get(path, async c => {
      return c.req.path.endsWith('.json') ? await show(page, true)(c) : c.redirect(withSlash(c.req.url), 301)
    })
  }
  addPosting(app, options)
  for (const [path] of lone) app.all(path, c => send(site, c, wrongMethod))
  for (const [path] of twins) app.all(`${path}/`, c => send(site, c, wrongMethod))
  app.notFound(c => send(site, c, noSuchPage))
  app.onError((error, c) => {
    site.log.error({ err: error, path: c.req.path }, 'web request failed')
    return send(site, c, fault)
  })
  return app
}

function addPosting(app: Hono<Bindings>, options: RouteOptions): void {
  const { site } = options
  const limit: Parameters<typeof bodyLimit>[0] = {
    // An octet of the text may take three in the form.
    maxSize: site.config().limits.article_bytes * 3 + 65_536,
    onError: c => send(site, c, tooLarge),
  }
  app.post('/post', async (c, next) => {
    const fromUs = originAllowed(
      {
        host: c.env.host,
        origin: c.req.header('Origin'),
        fetchSite: c.req.header('Sec-Fetch-Site'),
        secure: clientOf(c).secure,
      },
      options.hostRule(),
    )
    if (!fromUs) return send(site, c, foreignForm)
    const type = (c.req.header('Content-Type') ?? '').split(';')[0]?.trim().toLowerCase()
    if (type !== 'application/x-www-form-urlencoded') return send(site, c, notAForm)
    return await next()
  })
  app.post('/post', bodyLimit(limit), async c => {
    const visit = visitOf(options, c, new URLSearchParams(await c.req.text()))
    return send(site, c, await postArticle(site, visit), { visit, json: false })
  })
}

function withSlash(address: string): string {
  const url = new URL(address)
  return `${url.pathname}/${url.search}`
}

/** Whether the browser came under TLS: on the public name by its scheme, else as the connection says. */
function isSecure(site: Site, c: Ask): boolean {
  const { base_url } = site.config().web
  return clientOf(c).secure || (base_url.startsWith('https:') && namesBase(c.env.host, base_url))
}

function cookieName(site: Site, c: Ask): string {
  return isSecure(site, c) ? '__Host-tidings' : 'tidings'
}

/** Only for requests that got past the first check. */
function clientOf(c: Ask): Client {
  if ('unknown' in c.env.asker) throw new Error('a request of nobody knows whom was let through')
  return c.env.asker.client
}

function visitOf(options: RouteOptions, c: Ask, form: URLSearchParams): Visit {
  const { site } = options
  const sent = getCookie(c, cookieName(site, c)) ?? ''
  const hadCookie = wellFormedCookie(sent)
  const twin = /^\/[^/]+\/[^/]+\.json$/.test(c.req.path)
  return {
    access: options.access(clientOf(c)),
    parameter: name => {
      const value = c.req.param(name) ?? ''
      return twin ? value.replace(/\.json$/, '') : value
    },
    query: new URL(c.req.url).searchParams,
    form,
    cookie: hadCookie ? sent : site.random(16).toString('base64url'),
    hadCookie,
  }
}

interface Sending {
  readonly json: boolean
  readonly visit: Visit
}

function send(site: Site, c: Ask, answer: Answer, sending?: Sending): Response {
  switch (answer.kind) {
    case 'redirect':
      return c.redirect(answer.to, answer.status)
    case 'octets':
      return c.body(new Uint8Array(answer.body), 200, {
        'Content-Type': answer.type,
        'Cache-Control': 'private, no-cache',
        'Content-Security-Policy': strangersPolicy,
        ...(answer.disposition === undefined ? {} : { 'Content-Disposition': answer.disposition }),
      })
    case 'trouble':
      return sendTrouble(site, c, answer, sending?.json ?? false)
    case 'page':
      return sendPage(site, c, answer, sending)
  }
}

function sendTrouble(site: Site, c: Ask, answer: Answer & { kind: 'trouble' }, json: boolean): Response {
  const { status, heading, text } = answer
  c.header('Cache-Control', 'no-store')
  if (status === 405) c.header('Allow', 'GET, HEAD')
  if (json) return c.json({ error: heading, explanation: text }, status)
  const frame = site.frame(heading, '')
  return c.html(site.render('trouble', { frame, heading, text, find: status === 404 }), status)
}

function sendPage(site: Site, c: Ask, answer: Answer & { kind: 'page' }, sending?: Sending): Response {
  const status = answer.status ?? 200
  c.header('Cache-Control', answer.keepsCookie ? 'no-store' : 'private, no-cache')
  if (answer.retryAfter !== undefined) c.header('Retry-After', String(answer.retryAfter))
  if (sending?.json) return c.json(answer.data ?? {}, status)
  if (answer.keepsCookie && sending !== undefined && !sending.visit.hadCookie) {
    const secure = isSecure(site, c)
    setCookie(c, cookieName(site, c), sending.visit.cookie, {
      httpOnly: true,
      sameSite: 'Lax',
      path: '/',
      secure,
    })
  }
  return c.html(answer.html(), status)
}
