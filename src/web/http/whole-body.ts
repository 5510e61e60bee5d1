/** A body that is whole: told from the one the browser has, and compressed where that is wanted. RFC 9110 8.4, 8.8.3 */
import { hash } from 'node:crypto'
import { compressed, takesGzip } from './compression.ts'

export interface Asked {
  /** Fields of the request; undefined where it has none such. */
  readonly field: (name: string) => string | undefined
}

export interface Whole {
  readonly body: Buffer
  readonly type: string
  /** Whether the browser may keep it and ask whether it is still the same. */
  readonly kept: boolean
}

export interface Made {
  /** Undefined where the browser has it. */
  readonly body: Buffer | undefined
  readonly fields: Readonly<Record<string, string>>
}

export async function bodyFor({ field }: Asked, { body, type, kept }: Whole): Promise<Made> {
  const tag = kept ? { ETag: tagOf(body) } : {}
  if (tag.ETag !== undefined && names(field('If-None-Match'), tag.ETag))
    return { body: undefined, fields: tag }
  const fields = { 'Content-Type': type, ...tag }
  const smaller = takesGzip(field('Accept-Encoding') ?? '') ? await compressed(body) : undefined
  if (smaller === undefined) return { body, fields }
  return { body: smaller, fields: { ...fields, 'Content-Encoding': 'gzip' } }
}

/** Weak, for it is the same however it is encoded. RFC 9110 8.8.1 */
function tagOf(body: Buffer): string {
  return `W/"${hash('sha1', body, 'base64url')}"`
}

/** RFC 9110 13.1.2: the weak comparison. */
function names(field: string | undefined, tag: string): boolean {
  if (field === undefined) return false
  const bare = tag.slice(2)
  return field.trim() === '*' || field.split(',').some(each => each.trim().replace(/^W\//, '') === bare)
}
