/** Tokens that tie a form to the browser it was shown in: an HMAC over a cookie that other sites cannot read. */
import { createHmac, timingSafeEqual } from 'node:crypto'

const octets = 32

export class FormTokens {
  readonly #secret: Buffer
  readonly #random: (octets: number) => Buffer

  constructor(secret: Buffer, random: (octets: number) => Buffer) {
    this.#secret = secret
    this.#random = random
  }

  /**
   * The token for forms shown to the holder of the cookie. Another one each time, behind a mask that goes with it, so
   * that the size of a compressed page tells nothing of it.
   */
  of(cookie: string): string {
    const mask = this.#random(octets)
    return Buffer.concat([mask, masked(this.#digest(cookie), mask)]).toString('base64url')
  }

  matches(cookie: string | undefined, token: string): boolean {
    if (cookie === undefined || !wellFormedCookie(cookie)) return false
    const given = Buffer.from(token.slice(0, 4 * octets), 'base64url')
    if (given.length !== 2 * octets) return false
    return timingSafeEqual(masked(given.subarray(octets), given.subarray(0, octets)), this.#digest(cookie))
  }

  #digest(cookie: string): Buffer {
    return createHmac('sha256', this.#secret).update('form\0').update(cookie).digest()
  }
}

function masked(digest: Buffer, mask: Buffer): Buffer {
  return Buffer.from(digest.map((octet, at) => octet ^ (mask[at] ?? 0)))
}

/** In a time that does not tell where they differ, nor how long they are. */
export function sameText(one: string, other: string): boolean {
  const digest = (text: string) => createHmac('sha256', 'compare').update(text).digest()
  return timingSafeEqual(digest(one), digest(other))
}

export function wellFormedCookie(cookie: string): boolean {
  return /^[A-Za-z0-9_-]{22}$/.test(cookie)
}
