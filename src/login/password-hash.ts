/** Passwords as they are kept: `$scrypt$ln=15,r=8,p=3$salt$hash`, so that another function can come later. RFC 7914 */
import { timingSafeEqual } from 'node:crypto'

export interface Cost {
  /** N = 2^ln. */
  readonly ln: number
  readonly r: number
  readonly p: number
}

export interface PasswordHash {
  readonly cost: Cost
  readonly salt: Buffer
  readonly key: Buffer
}

/** OWASP's: 32 MiB and about a quarter of a second. */
export const usualCost: Cost = { ln: 15, r: 8, p: 3 }
export const saltOctets = 16
export const keyOctets = 32

const base64 = (octets: Buffer) => octets.toString('base64').replace(/=+$/, '')

export function formatHash({ cost: { ln, r, p }, salt, key }: PasswordHash): string {
  return `$scrypt$ln=${ln},r=${r},p=${p}$${base64(salt)}$${base64(key)}`
}

/** Undefined where it is none of ours, or would cost more than any we make. */
export function parseHash(text: string): PasswordHash | undefined {
  const match =
    /^\$scrypt\$ln=(\d{1,2}),r=(\d{1,2}),p=(\d{1,2})\$([A-Za-z0-9+/]{22})\$([A-Za-z0-9+/]{43})$/.exec(text)
  if (match === null) return undefined
  const [, ln, r, p, salt = '', key = ''] = match
  const cost = { ln: Number(ln), r: Number(r), p: Number(p) }
  if (cost.ln < 1 || cost.ln > 20 || cost.r < 1 || cost.p < 1) return undefined
  return { cost, salt: Buffer.from(salt, 'base64'), key: Buffer.from(key, 'base64') }
}

/** Whether a hash of cost `old` should be made anew. */
export const isWeaker = (old: Cost, wanted: Cost): boolean =>
  old.ln < wanted.ln || old.r < wanted.r || old.p < wanted.p

/** In a time that does not tell where they differ; both are of one fixed length. */
export const sameOctets = (one: Buffer, other: Buffer): boolean =>
  one.length === other.length && timingSafeEqual(one, other)
