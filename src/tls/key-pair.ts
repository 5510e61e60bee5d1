/** The certificate and key of the node: read from PEM files, and refused with the reason. RFC 7468, RFC 8446 4.4.2 */
import { constants, createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto'
import { readFileSync, statSync } from 'node:fs'
import type { SecureContextOptions } from 'node:tls'

/** The files of `[tls]`; empty where none is named. */
interface TlsFiles {
  readonly cert: string
  readonly key: string
  readonly client_ca: string
}

/** What a listener shows, and what we show when we call, in PEM. */
export interface KeyPair {
  readonly cert: Buffer
  readonly key: Buffer
  /** Authorities whose client certificates count; none where absent. */
  readonly authorities?: Buffer
}

/** A file of `[tls]` cannot be used; the message names it and says why. */
export class UnusableKeyPair extends Error {
  override readonly name = 'UnusableKeyPair'
  /** Of `[tls]`. */
  readonly key: 'cert' | 'key' | 'client_ca'

  constructor(key: 'cert' | 'key' | 'client_ca', message: string) {
    super(message)
    this.key = key
  }
}

/** Undefined where `[tls]` names no certificate. Throws `UnusableKeyPair`. */
export function readKeyPair(tls: TlsFiles): KeyPair | undefined {
  if (tls.cert === '') {
    if (tls.key !== '') throw new UnusableKeyPair('cert', 'is missing; name the certificate of the key')
    if (tls.client_ca !== '') throw new UnusableKeyPair('client_ca', 'is of no use without cert and key')
    return undefined
  }
  if (tls.key === '') throw new UnusableKeyPair('key', 'is missing; name the key of the certificate')
  const cert = readPem('cert', tls.cert)
  const [leaf] = certificates('cert', { path: tls.cert, pem: cert })
  const key = readPem('key', tls.key)
  if (leaf?.checkPrivateKey(privateKey(tls.key, key)) !== true)
    throw new UnusableKeyPair('key', `${tls.key} is not the key of the certificate in ${tls.cert}`)
  if (tls.client_ca === '') return { cert, key }
  const authorities = readPem('client_ca', tls.client_ca)
  certificates('client_ca', { path: tls.client_ca, pem: authorities })
  return { cert, key, authorities }
}

export function samePair(one: KeyPair | undefined, other: KeyPair | undefined): boolean {
  if (one === undefined || other === undefined) return one === other
  const none = Buffer.alloc(0)
  return (
    one.cert.equals(other.cert) &&
    one.key.equals(other.key) &&
    (one.authorities ?? none).equals(other.authorities ?? none)
  )
}

/** What an administrator should know of a pair that works; `now` in milliseconds since 1970. */
export function pairWarnings({ cert }: KeyPair, { now, path }: { now: number; path: string }): string[] {
  const leaf = new X509Certificate(cert)
  const [from, to] = [Date.parse(leaf.validFrom), Date.parse(leaf.validTo)]
  const day = (time: number) => new Date(time).toISOString().slice(0, 10)
  if (now > to) return [`the certificate in ${path} expired on ${day(to)}: clients will refuse it`]
  if (now < from)
    return [`the certificate in ${path} is not valid before ${day(from)}: clients will refuse it`]
  const soon = Math.min(14 * 24 * 60 * 60 * 1000, (to - from) / 3)
  return to - now < soon ? [`the certificate in ${path} expires on ${day(to)}`] : []
}

/**
 * What handshakes are made with: Mozilla's "intermediate" of version 5.7, without the two DHE suites, which cost us
 * more than any client that needs them.
 */
export function contextOptions({ cert, key }: KeyPair): SecureContextOptions {
  return { cert, key, ...intermediate }
}

/** TLS from 1.2 on; clients choose among equals. No tickets: a stolen key of theirs would open what was recorded. */
export const intermediate = {
  minVersion: 'TLSv1.2',
  ciphers: [
    'TLS_AES_128_GCM_SHA256',
    'TLS_AES_256_GCM_SHA384',
    'TLS_CHACHA20_POLY1305_SHA256',
    'ECDHE-ECDSA-AES128-GCM-SHA256',
    'ECDHE-RSA-AES128-GCM-SHA256',
    'ECDHE-ECDSA-AES256-GCM-SHA384',
    'ECDHE-RSA-AES256-GCM-SHA384',
    'ECDHE-ECDSA-CHACHA20-POLY1305',
    'ECDHE-RSA-CHACHA20-POLY1305',
  ].join(':'),
  ecdhCurve: 'X25519:prime256v1:secp384r1',
  honorCipherOrder: false,
  secureOptions:
    constants.SSL_OP_NO_TICKET | constants.SSL_OP_NO_RENEGOTIATION | constants.SSL_OP_NO_COMPRESSION,
} as const satisfies SecureContextOptions

function readPem(name: UnusableKeyPair['key'], path: string): Buffer {
  try {
    // systemd shows credentials as readable by a group that is none.
    if (name === 'key' && process.platform !== 'win32' && (statSync(path).mode & 0o007) !== 0)
      throw new UnusableKeyPair('key', `others may read ${path}; run: chmod o-rwx ${path}`)
    return readFileSync(path)
  } catch (error) {
    if (error instanceof UnusableKeyPair) throw error
    const code = error instanceof Error && 'code' in error ? error.code : undefined
    throw new UnusableKeyPair(name, unreadable(path, code ?? error))
  }
}

function unreadable(path: string, why: unknown): string {
  if (why === 'ENOENT') return `there is no file ${path}`
  const hint = why === 'EACCES' ? ': run this as the user of the node, or let this one read it' : ''
  return `cannot read ${path}: ${String(why)}${hint}`
}

function certificates(
  name: 'cert' | 'client_ca',
  { path, pem }: { readonly path: string; readonly pem: Buffer },
): X509Certificate[] {
  const blocks = pem.toString('latin1').match(/-----BEGIN CERTIFICATE-----[^-]*-----END CERTIFICATE-----/g)
  if (blocks === null) throw new UnusableKeyPair(name, `${path} holds no certificate in PEM`)
  return blocks.map((block, index) => {
    try {
      return new X509Certificate(block)
    } catch {
      throw new UnusableKeyPair(name, `certificate ${index + 1} in ${path} is damaged`)
    }
  })
}

function privateKey(path: string, pem: Buffer): KeyObject {
  if (/-----BEGIN ENCRYPTED|^Proc-Type:.*ENCRYPTED/m.test(pem.toString('latin1')))
    throw new UnusableKeyPair('key', `${path} is locked with a passphrase; write it without one`)
  try {
    return createPrivateKey(pem)
  } catch {
    throw new UnusableKeyPair('key', `${path} holds no private key in PEM`)
  }
}
