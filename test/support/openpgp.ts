/** A throw-away OpenPGP key and what it signs, so that gpgv is tried without gpg. RFC 4880 4.2, 5.2.3, 5.5.2, 12.1 */
import { createHash, createPublicKey, generateKeyPairSync, type KeyObject, sign } from 'node:crypto'

export type Digest = 'sha1' | 'sha256'

const digestIds = { sha1: 2, sha256: 8 } as const
const rsa = 1
/** Of a text, and of a user id by its own key. */
const ofText = 0x01
const ofUser = 0x13
/** 2020-01-01: before any clock. */
const created = 1_577_836_800

const number = (value: number, octets: number): Buffer => {
  const buffer = Buffer.alloc(octets)
  buffer.writeUIntBE(value, 0, octets)
  return buffer
}

const packet = (tag: number, body: Buffer): Buffer =>
  Buffer.concat([Buffer.from([0xc0 | tag, 0xff]), number(body.length, 4), body])

/** A number with its length in bits. */
function mpi(octets: Buffer): Buffer {
  const first = octets.findIndex(octet => octet !== 0)
  const bare = octets.subarray(first)
  const bits = bare.length * 8 - Math.clz32(bare[0] ?? 0) + 24
  return Buffer.concat([number(bits, 2), bare])
}

const subpacket = (type: number, body: Buffer): Buffer =>
  Buffer.concat([Buffer.from([body.length + 1, type]), body])

export class TestKey {
  readonly user: string
  readonly fingerprint: string
  /** What `gpg --export` would write. */
  readonly exported: Buffer
  readonly #key: KeyObject
  readonly #id: Buffer

  constructor(user: string) {
    this.user = user
    this.#key = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey
    const { n = '', e = '' } = createPublicKey(this.#key).export({ format: 'jwk' })
    const numbers = [n, e].map(text => mpi(Buffer.from(text, 'base64url')))
    const body = Buffer.concat([Buffer.from([4]), number(created, 4), Buffer.from([rsa]), ...numbers])
    const hashed = Buffer.concat([Buffer.from([0x99]), number(body.length, 2), body])
    const digest = createHash('sha1').update(hashed).digest()
    this.fingerprint = digest.toString('hex').toUpperCase()
    this.#id = digest.subarray(-8)
    const name = Buffer.from(user)
    const certified = Buffer.concat([hashed, Buffer.from([0xb4]), number(name.length, 4), name])
    const self = this.#sign(certified, { type: ofUser, digest: 'sha256' })
    this.exported = Buffer.concat([packet(6, body), packet(13, name), self])
  }

  /** A detached signature of a text whose lines end in LF. */
  signText(text: string, digest: Digest = 'sha256'): Buffer {
    const canonical = Buffer.from(text.replaceAll('\n', '\r\n'), 'latin1')
    return this.#sign(canonical, { type: ofText, digest })
  }

  #sign(octets: Buffer, { type, digest }: { readonly type: number; readonly digest: Digest }): Buffer {
    // When, and for a user id that the key may sign.
    const when = subpacket(2, number(created, 4))
    const usage = type === ofUser ? subpacket(27, Buffer.from([0x03])) : Buffer.alloc(0)
    const hashed = Buffer.concat([when, usage])
    const head = Buffer.concat([
      Buffer.from([4, type, rsa, digestIds[digest]]),
      number(hashed.length, 2),
      hashed,
    ])
    const trailer = Buffer.concat([Buffer.from([4, 0xff]), number(head.length, 4)])
    const signed = Buffer.concat([octets, head, trailer])
    const issuer = subpacket(16, this.#id)
    const left = createHash(digest).update(signed).digest().subarray(0, 2)
    const value = mpi(sign(digest, signed, this.#key))
    return packet(2, Buffer.concat([head, number(issuer.length, 2), issuer, left, value]))
  }
}

const signedFields = ['Subject', 'Control', 'Message-ID', 'Date', 'From', 'Sender']

/** A control message with its X-PGP-Sig; lines end in LF. */
export function signedMessage(
  key: TestKey,
  fields: Readonly<Record<string, string>>,
  { body = '', digest = 'sha256', names = signedFields }: Signing = {},
): Readonly<Record<string, string>> {
  const head = names.map(name => `${name}: ${fields[name] ?? ''}`.trimEnd())
  const text = `X-Signed-Headers: ${names.join(',')}\n${head.join('\n')}\n\n${body}`
  const lines =
    key
      .signText(text.replace(/[ \t]+$/gm, ''), digest)
      .toString('base64')
      .match(/.{1,64}/g) ?? []
  return { ...fields, 'X-PGP-Sig': `GnuPG ${names.join(',')}\n\t${lines.join('\n\t')}\n\t=AAAA` }
}

export interface Signing {
  readonly body?: string
  readonly digest?: Digest
  /** Those that are signed. */
  readonly names?: readonly string[]
}
