/** Answers of page functions as HTTP responses. RFC 9110; no page goes out without the fields that stand here. */
import type { OutgoingHttpHeaders, ServerResponse } from 'node:http'
import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response'
import type { Context } from 'hono'
import { generateCookie } from 'hono/cookie'
import { gzipped, takesGzip } from '../http/compression.ts'
import type { Cookie } from '../http/cookie.ts'
import type { Asker } from '../http/forwarded.ts'
import { bodyFor, type Whole } from '../http/whole-body.ts'
import { usualSettings } from '../people/settings.ts'
import type { Rendered } from '../render.ts'
import type { Answer, Site, Status, Visit, Visitor } from '../site.ts'
import { mainCookie } from '../visits.ts'
import { wordsFor } from '../words/words.ts'

/** What the HTTP adapter tells of the connection. */
export interface Connection {
  /** The client, whatever proxies stand between. */
  readonly asker: Asker
  /** As much as may be is under way for it already. */
  readonly crowded: boolean
  /** Our end. */
  readonly local: string
  readonly host: string
  readonly outgoing: ServerResponse
}

export type Bindings = { Bindings: Connection }
export type Ask = Context<Bindings>

const answerFields = {
  'Content-Security-Policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; " +
    "form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
  'X-Content-Type-Options': 'nosniff',
  'X-Frame-Options': 'DENY',
  // Same-origin and not no-referrer, with which browsers send `Origin: null` from our own forms.
  'Referrer-Policy': 'same-origin',
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Permissions-Policy': 'camera=(), geolocation=(), microphone=(), payment=(), usb=()',
}

/** Two years, for this name alone. RFC 6797 6.1.1 */
const strictFields = { ...answerFields, 'Strict-Transport-Security': 'max-age=63072000' }

/** What every answer says, unless it says something else of the same name. */
export function everyField({ env: { asker } }: Ask): Readonly<Record<string, string>> {
  // RFC 6797 7.2: never in the clear.
  const secure = 'client' in asker && asker.client.secure
  return secure ? strictFields : answerFields
}

/** A document of its own origin in which nothing runs, loads or is sent. */
const strangersPolicy =
  "default-src 'none'; sandbox; frame-ancestors 'none'; form-action 'none'; base-uri 'none'"

export interface Sending {
  readonly site: Site
  /** Absent where the request was turned away before anybody asked whose it is. */
  readonly visit?: Visit
  /** For a program. */
  readonly json?: boolean
  /** Cookies get their `__Host-` and `Secure`. */
  readonly secure: boolean
  /** Seconds; of trouble that passes. RFC 9110 10.2.3 */
  readonly retryAfter?: number
}

/** Whether it has gone out already, with all its fields. */
export const isSent = (response: Response): boolean => response === RESPONSE_ALREADY_SENT

export async function send(c: Ask, answer: Answer, sending: Sending): Promise<Response> {
  switch (answer.kind) {
    case 'redirect':
      for (const line of cookieLines([...marksOf(sending), ...(answer.cookies ?? [])], sending.secure))
        c.header('Set-Cookie', line, { append: true })
      return c.redirect(answer.to, answer.status)
    case 'octets':
      return c.body(new Uint8Array(answer.body), 200, {
        'Content-Type': answer.type,
        'Cache-Control': 'private, no-cache',
        'Content-Security-Policy': strangersPolicy,
        ...dispositionOf(answer),
      })
    case 'stream':
      return c.body(streamOf(chunksFor(c, answer)), 200, {
        'Content-Type': answer.type,
        'Cache-Control': answer.live ? 'no-store, no-transform' : 'private, no-cache',
        // Proxies that collect what they pass on would hold a live page back.
        ...(answer.live ? { 'X-Accel-Buffering': 'no' } : {}),
        ...dispositionOf(answer),
      })
    case 'feed':
      return sendFeed(c, answer)
    case 'trouble':
      return sendTrouble(c, answer, sending)
    case 'page':
      return sendPage(c, answer, sending)
  }
}

/** RFC 9110 13.1.2, 15.4.5 */
async function sendFeed(c: Ask, { etag, text }: Answer & { kind: 'feed' }): Promise<Response> {
  const fields = { ETag: etag, 'Cache-Control': 'private, no-cache', Vary: 'Accept-Language, Cookie' }
  const has = (c.req.header('If-None-Match') ?? '').split(',').map(tag => tag.trim().replace(/^W\//, ''))
  if (has.includes(etag)) return c.body(null, 304, fields)
  return c.body(await text(), 200, { ...fields, 'Content-Type': 'application/atom+xml; charset=utf-8' })
}

function dispositionOf({ disposition }: { readonly disposition?: string }): Record<string, string> {
  return disposition === undefined ? {} : { 'Content-Disposition': disposition }
}

/** What is told live goes out as it is: a packet each, and small. */
function chunksFor(c: Ask, answer: Answer & { kind: 'stream' }): AsyncIterable<Buffer | string> {
  if (!answer.type.startsWith('text/') || answer.live === true) return answer.chunks
  c.header('Vary', 'Accept-Encoding')
  if (c.req.method === 'HEAD' || !takesGzip(c.req.header('Accept-Encoding') ?? '')) return answer.chunks
  c.header('Content-Encoding', 'gzip')
  return gzipped(answer.chunks, { flushing: true })
}

/** Read on only as fast as the browser takes it; the source ends where the browser goes away. */
function streamOf(chunks: AsyncIterable<Buffer | string>): ReadableStream<Uint8Array> {
  const source = chunks[Symbol.asyncIterator]()
  return new ReadableStream(
    {
      async pull(controller) {
        const { done, value } = await source.next()
        if (done) controller.close()
        else controller.enqueue(typeof value === 'string' ? new TextEncoder().encode(value) : value)
      },
      async cancel() {
        await source.return?.()
      },
    },
    // Nothing is made for HEAD, which reads nothing and never says that it has gone.
    { highWaterMark: 0 },
  )
}

const marksOf = ({ visit }: Sending): readonly Cookie[] => visit?.readerCookies() ?? []

/** RFC 6265 4.1 */
function cookieLines(cookies: readonly Cookie[], secure: boolean): string[] {
  return cookies.map(({ name, value, maxAge }) =>
    generateCookie(cookieName(name, secure), value, {
      httpOnly: true,
      sameSite: 'Lax',
      path: '/',
      secure,
      ...(value === '' ? { maxAge: 0 } : maxAge === undefined ? {} : { maxAge }),
    }),
  )
}

/** RFC 6265bis 4.1.3.2: with this prefix no other host and no plain page can set it. */
export const cookieName = (name: string, secure: boolean): string => (secure ? `__Host-${name}` : name)

function sendTrouble(c: Ask, answer: Answer & { kind: 'trouble' }, sending: Sending): Promise<Response> {
  const { site, json = false } = sending
  const visitor: Visitor = sending.visit ?? {
    words: wordsFor(c.req.header('Accept-Language') ?? ''),
    path: c.req.path,
    person: undefined,
    settings: usualSettings,
    cookie: '',
    here: '',
  }
  const { status, say } = answer
  const { heading, text, link } = say(visitor.words)
  const fields = {
    'Cache-Control': 'no-store',
    ...(status === 405 ? { Allow: 'GET, HEAD' } : {}),
    ...retryFields(sending),
  }
  if (json)
    return sendWhole(c, status, { ...asJson({ error: heading, explanation: text }), kept: false, fields })
  const frame = site.frame(visitor, heading, '')
  const find = status === 404
  const html = site.render(
    'trouble',
    { frame, heading, text, find, links: link === undefined ? [] : [link] },
    visitor.words,
  )
  return sendWhole(c, status, { ...asHtml(html), kept: false, fields })
}

/** RFC 9110 10.2.3 */
function retryFields({ retryAfter }: { readonly retryAfter?: number | undefined }): OutgoingHttpHeaders {
  return retryAfter === undefined ? {} : { 'Retry-After': String(retryAfter) }
}

function dataOf({ data = {} }: Answer & { kind: 'page' }): object {
  return typeof data === 'function' ? data() : data
}

async function sendPage(c: Ask, answer: Answer & { kind: 'page' }, sending: Sending): Promise<Response> {
  const { visit, json = false, secure } = sending
  const { status = 200, cookies = [], keepsCookie = false } = answer
  const kept = !keepsCookie && status === 200
  const fields = {
    'Cache-Control': keepsCookie ? 'no-store' : 'private, no-cache',
    ...retryFields(answer),
    // A page is not the same for all: it is in their language.
    Vary: 'Accept-Language, Cookie',
  }
  if (json) return sendWhole(c, status, { ...asJson(dataOf(answer)), kept, fields })
  const marks = marksOf(sending)
  const fresh = keepsCookie && visit !== undefined && !visit.hadCookie
  const lines = cookieLines(
    [...(fresh ? [{ name: mainCookie, value: visit.cookie }] : []), ...marks, ...cookies],
    secure,
  )
  const set = lines.length === 0 ? {} : { 'Set-Cookie': lines }
  return sendWhole(c, status, { ...asHtml(await answer.html()), kept, fields: { ...fields, ...set } })
}

interface Sent extends Whole {
  readonly fields: OutgoingHttpHeaders & { readonly Vary?: string }
}

/** Past the objects of the Fetch API, which take their time for each answer. RFC 9110 8.6 */
async function sendWhole(c: Ask, status: Status, whole: Sent): Promise<Response> {
  const { outgoing } = c.env
  const { body, fields } = await bodyFor({ field: name => c.req.header(name) }, whole)
  const { Vary } = whole.fields
  outgoing.writeHead(body === undefined ? 304 : status, {
    ...everyField(c),
    ...whole.fields,
    ...fields,
    Vary: Vary === undefined ? 'Accept-Encoding' : `${Vary}, Accept-Encoding`,
    ...(body === undefined ? {} : { 'Content-Length': body.length }),
  })
  outgoing.end(body)
  return RESPONSE_ALREADY_SENT
}

function asHtml(html: Rendered) {
  return { body: Buffer.from(html), type: 'text/html; charset=UTF-8' }
}

function asJson(data: object) {
  return { body: Buffer.from(JSON.stringify(data)), type: 'application/json' }
}
