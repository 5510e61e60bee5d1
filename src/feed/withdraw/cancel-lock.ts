/**
 * Cancel-Lock and Cancel-Key: who posted an article shows later that it was he. Pure functions of header fields and
 * secrets. RFC 8315 2, 3, 4
 */
import { createHash, createHmac, timingSafeEqual } from 'node:crypto'
import type { MessageId } from '../../message-id.ts'

/** Octets of the hash of each scheme that proves anything. RFC 8315 2.1, 7: SHA-1 does not any more */
const schemes: ReadonlyMap<string, number> = new Map([
  ['sha256', 32],
  ['sha512', 64],
])

/** Elements of one field that are looked at, and characters of the whole field: nobody needs more. */
const mostElements = 8
const longestField = 8192

interface Element {
  /** Lower case. */
  readonly scheme: string
  readonly text: string
}

/** `scheme:text` among blanks and comments; schemes nobody here knows are passed over. RFC 8315 2.1, 2.2 */
function elementsOf(field: string): Element[] {
  const elements: Element[] = []
  for (const word of withoutComments(field.slice(0, longestField)).split(/[ \t\r\n]+/)) {
    const colon = word.indexOf(':')
    // RFC 8315 6: old agents wrote schemes in any case.
    const scheme = word.slice(0, Math.max(0, colon)).toLowerCase()
    const text = word.slice(colon + 1)
    if (!schemes.has(scheme) || !/^[A-Za-z0-9+/]+={0,2}$/.test(text)) continue
    elements.push({ scheme, text })
    if (elements.length === mostElements) break
  }
  return elements
}

/** RFC 5322 3.2.2: comments nest, and a backslash quotes what follows it. */
function withoutComments(field: string): string {
  if (!field.includes('(')) return field
  let plain = ''
  let depth = 0
  for (let at = 0; at < field.length; at++) {
    const character = field.charAt(at)
    if (character === '\\' && depth > 0) at++
    else if (character === '(') depth++
    else if (character === ')' && depth > 0) depth--
    else if (depth === 0) plain += character
    // What stands on both sides of a comment are two words.
    if (depth === 0 && character === ')') plain += ' '
  }
  return plain
}

/** The locks of a Cancel-Lock field in one form each, so that two of them can be compared. RFC 8315 2.1 */
export function locksIn(field: string): string[] {
  return elementsOf(field).flatMap(({ scheme, text }) => {
    const digest = Buffer.from(text, 'base64')
    return digest.length === schemes.get(scheme) ? [lockText(scheme, digest)] : []
  })
}

/** The locks that the keys of a Cancel-Key field open. RFC 8315 2.2: the hash is that of the key as it is written */
export function locksOpenedBy(field: string): string[] {
  return elementsOf(field).map(({ scheme, text }) => opened(scheme, text))
}

const opened = (scheme: string, key: string): string =>
  lockText(scheme, createHash(scheme).update(key, 'latin1').digest())

const lockText = (scheme: string, digest: Buffer): string => `${scheme}:${digest.toString('base64')}`

/** Whether one of them is among the locks. RFC 8315 3.5: one is enough. How long it takes tells nothing of either. */
export function isOpened(locks: readonly string[], keys: readonly string[]): boolean {
  const opening = keys.map(key => Buffer.from(key))
  let open = false
  for (const lock of locks.map(each => Buffer.from(each)))
    for (const key of opening) if (lock.length === key.length && timingSafeEqual(lock, key)) open = true
  return open
}

/** Whose article it is; the same user has the same key for the same article, and nobody can work out another's. */
export interface Locked {
  readonly secret: Buffer
  /** Without angle brackets, so that it cannot run into the message-ID; empty for none. RFC 8315 4 */
  readonly user: string
  readonly messageId: MessageId
}

/** An element for Cancel-Key. RFC 8315 4: K = HMAC(secret, user and message-ID) */
export function cancelKey({ secret, user, messageId }: Locked): string {
  return `sha256:${createHmac('sha256', secret).update(`${user}${messageId}`).digest('base64')}`
}

/** The element for Cancel-Lock that this key opens. */
export function cancelLock(locked: Locked): string {
  const [lock = ''] = locksOpenedBy(cancelKey(locked))
  return lock
}
