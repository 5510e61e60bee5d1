/** Tokens that tie a form to the browser it was shown in: an HMAC over a cookie that other sites cannot read. */
import { createHmac, timingSafeEqual } from 'node:crypto'

export class FormTokens {
  readonly #secret: Buffer

  constructor(secret: Buffer) {
    this.#secret = secret
  }

  /** The token for forms shown to the holder of the cookie. */
  of(cookie: string): string {
    return this.#digest(cookie).toString('base64url')
  }

  matches(cookie: string | undefined, token: string): boolean {
    if (cookie === undefined || !wellFormedCookie(cookie)) return false
    return sameText(token, this.of(cookie))
  }

  #digest(cookie: string): Buffer {
    return createHmac('sha256', this.#secret).update('form\0').update(cookie).digest()
  }
}

/** In a time that does not tell where they differ, nor how long they are. */
export function sameText(one: string, other: string): boolean {
  const digest = (text: string) => createHmac('sha256', 'compare').update(text).digest()
  return timingSafeEqual(digest(one), digest(other))
}

export function wellFormedCookie(cookie: string): boolean {
  return /^[A-Za-z0-9_-]{22}$/.test(cookie)
}
