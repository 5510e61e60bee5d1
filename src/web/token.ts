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
    const given = createHmac('sha256', this.#secret).update(token).digest()
    const expected = createHmac('sha256', this.#secret).update(this.of(cookie)).digest()
    return timingSafeEqual(given, expected)
  }

  #digest(cookie: string): Buffer {
    return createHmac('sha256', this.#secret).update('form\0').update(cookie).digest()
  }
}

export function wellFormedCookie(cookie: string): boolean {
  return /^[A-Za-z0-9_-]{22}$/.test(cookie)
}
