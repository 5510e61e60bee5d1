/** The server's part of SCRAM-SHA-256, without channel binding. RFC 5802, RFC 5803, RFC 7677 */
import { createHash, createHmac, timingSafeEqual } from 'node:crypto'
import { type AccountName, accountName } from '../account.ts'

export interface ScramKeys {
  readonly iterations: number
  readonly salt: Buffer
  readonly storedKey: Buffer
  readonly serverKey: Buffer
}

/** RFC 7677 4: at least 4,096. */
export const scramIterations = 16_384

/** RFC 5802 3: from the salted password, which PBKDF2 makes. */
export function scramKeys(
  salted: Buffer,
  { salt, iterations }: { salt: Buffer; iterations: number },
): ScramKeys {
  const storedKey = sha256(hmac(salted, 'Client Key'))
  return { iterations, salt, storedKey, serverKey: hmac(salted, 'Server Key') }
}

/** RFC 5803 2 */
export function formatScram({ iterations, salt, storedKey, serverKey }: ScramKeys): string {
  const text = (octets: Buffer) => octets.toString('base64')
  return `SCRAM-SHA-256$${iterations}:${text(salt)}$${text(storedKey)}:${text(serverKey)}`
}

export function parseScram(text: string): ScramKeys | undefined {
  const match = /^SCRAM-SHA-256\$(\d{4,7}):([^$:]+)\$([^$:]{44}):([^$:]{44})$/.exec(text)
  if (match === null) return undefined
  const octets = (part = '') => Buffer.from(part, 'base64')
  const [, iterations, salt, storedKey, serverKey] = match
  return {
    iterations: Number(iterations),
    salt: octets(salt),
    storedKey: octets(storedKey),
    serverKey: octets(serverKey),
  }
}

export interface ClientFirst {
  readonly name: AccountName
  readonly nonce: string
  /** RFC 5802 7: gs2-header, to be repeated in base64. */
  readonly header: string
  readonly bare: string
}

/** Undefined where it is no client-first-message that we can answer. RFC 5802 7 */
export function parseClientFirst(text: string): ClientFirst | undefined {
  // "p=" wants channel binding, which SCRAM-SHA-256 alone does not have; "m=" is an extension that must be known.
  const match = /^([ny],(?:a=([^,]+))?,)(n=([^,]+),r=([\x21-\x2b\x2d-\x7e]{1,256})(?:,.*)?)$/.exec(text)
  if (match === null) return undefined
  const [, header = '', wanted, bare = '', encoded = '', nonce = ''] = match
  const name = saslName(encoded)
  if (name === undefined) return undefined
  // Nobody acts as another.
  if (wanted !== undefined && saslName(wanted) !== name) return undefined
  return { name, nonce, header, bare }
}

/** RFC 5802 5.1: `,` and `=` are written =2C and =3D. */
function saslName(text: string): AccountName | undefined {
  if (/=(?!2C|3D)/.test(text)) return undefined
  return accountName(text.replaceAll('=2C', ',').replaceAll('=3D', '='))
}

/** One exchange, from the client's first message on. */
export class ScramExchange {
  readonly #keys: ScramKeys
  readonly #first: ClientFirst
  readonly #nonce: string
  /** server-first-message */
  readonly challenge: string

  /** `nonce`: ours, printable without comma. */
  constructor(first: ClientFirst, keys: ScramKeys, nonce: string) {
    this.#keys = keys
    this.#first = first
    this.#nonce = first.nonce + nonce
    this.challenge = `r=${this.#nonce},s=${keys.salt.toString('base64')},i=${keys.iterations}`
  }

  /** The server-final-message for a right proof, or which of the two is the matter. RFC 5802 3, 5.1 */
  finish(text: string): { readonly verdict: string } | 'wrong' | 'malformed' {
    const match = /^(c=([A-Za-z0-9+/=]+),r=([^,]+)(?:,[^p].*)?),p=([A-Za-z0-9+/]{43}=)$/.exec(text)
    if (match === null) return 'malformed'
    const [, withoutProof = '', binding = '', nonce = '', proofText = ''] = match
    if (binding !== Buffer.from(this.#first.header).toString('base64')) return 'wrong'
    if (nonce !== this.#nonce) return 'wrong'
    const message = `${this.#first.bare},${this.challenge},${withoutProof}`
    const signature = hmac(this.#keys.storedKey, message)
    const proof = Buffer.from(proofText, 'base64')
    const clientKey = Buffer.from(proof.map((octet, at) => octet ^ (signature[at] ?? 0)))
    if (!timingSafeEqual(sha256(clientKey), this.#keys.storedKey)) return 'wrong'
    return { verdict: `v=${hmac(this.#keys.serverKey, message).toString('base64')}` }
  }
}

const hmac = (key: Buffer, text: string): Buffer => createHmac('sha256', key).update(text).digest()
const sha256 = (octets: Buffer): Buffer => createHash('sha256').update(octets).digest()
