/** A body that is whole: told from the one the browser has, and compressed where that is wanted. RFC 9110 8.4, 8.8.3 */
import { createHash } from 'node:crypto'
import type { Context } from 'hono'
import { compressed, takesGzip } from './compression.ts'

export interface Whole {
  readonly body: Buffer
  readonly type: string
  readonly status: 200 | 400 | 403 | 404 | 405 | 409 | 413 | 415 | 421 | 422 | 429 | 500 | 503
  /** Whether the browser may keep it and ask whether it is still the same. */
  readonly kept: boolean
}

export async function sendBody(c: Context, { body, type, status, kept }: Whole): Promise<Response> {
  c.header('Vary', 'Accept-Encoding', { append: true })
  if (kept && status === 200) {
    const tag = tagOf(body)
    c.header('ETag', tag)
    if (names(c.req.header('If-None-Match'), tag)) return c.body(null, 304)
  }
  const smaller = takesGzip(c.req.header('Accept-Encoding') ?? '') ? await compressed(body) : undefined
  if (smaller !== undefined) c.header('Content-Encoding', 'gzip')
  return c.body(new Uint8Array(smaller ?? body), status, { 'Content-Type': type })
}

/** Weak, for it is the same however it is encoded. RFC 9110 8.8.1 */
function tagOf(body: Buffer): string {
  return `W/"${createHash('sha1').update(body).digest('base64url')}"`
}

/** RFC 9110 13.1.2: the weak comparison. */
function names(field: string | undefined, tag: string): boolean {
  if (field === undefined) return false
  const bare = tag.slice(2)
  return field.trim() === '*' || field.split(',').some(each => each.trim().replace(/^W\//, '') === bare)
}
