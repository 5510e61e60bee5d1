/**
 * TLS when we call: the other side's certificate is held against its name and our authorities, or against pinned keys.
 * RFC 4642 5; RFC 8143 3; RFC 6125 6; RFC 7469 2.4; RFC 7301
 */
import type { X509Certificate } from 'node:crypto'
import { isIP } from 'node:net'
import type { Duplex } from 'node:stream'
import { connect, rootCertificates, type TLSSocket } from 'node:tls'
import { safeText } from '../../reason.ts'
import { keyFingerprint } from '../../tls/certificate.ts'
import { contextOptions, intermediate, type KeyPair } from '../../tls/key-pair.ts'

export interface Trust {
  /** Name or address that the certificate must bear. */
  readonly name: string
  /** Authorities, PEM; those that Node brings along where absent. */
  readonly ca?: string
  /** `sha256:` and hex of public keys: one of them is enough, and with no `ca` one of them is needed. */
  readonly pins: ReadonlySet<string>
  /** Shown where the other side asks for it. */
  readonly pair?: KeyPair
}

export interface TlsReport {
  readonly protocol: string
  readonly cipher: string
  /** Names in the certificate, or its subject where it has none. */
  readonly names: readonly string[]
  readonly issuer: string
  /** As OpenSSL writes dates. */
  readonly expires: string
  /** `sha256:` and hex: what `pin` takes. */
  readonly fingerprint: string
  readonly by: 'authority' | 'pin' | 'nothing'
  /** What the authorities are missing; empty where nothing. */
  readonly complaint: string
  readonly showedOurs: boolean
}

/** No TLS, or with somebody we do not know. The report is there where the handshake came to an end. */
export class TlsFault extends Error {
  override readonly name = 'TlsFault'
  readonly report: TlsReport | undefined

  constructor(message: string, report?: TlsReport, options?: ErrorOptions) {
    super(message, options)
    this.report = report
  }
}

/**
 * Resolves when the other side has proven who it is; no octet of ours went to it before. Rejects with a `TlsFault`,
 * and then `below` is destroyed.
 */
export function secure(
  below: Duplex,
  trust: Trust,
  signal: AbortSignal,
): Promise<{ readonly stream: TLSSocket; readonly report: TlsReport }> {
  return new Promise((resolve, reject) => {
    const stream = connectOver(below, trust)
    const give = (fault: TlsFault) => {
      reject(fault)
      stream.destroy()
      below.destroy()
    }
    const abort = () => give(new TlsFault('no TLS in time'))
    signal.addEventListener('abort', abort, { once: true })
    const done = () => signal.removeEventListener('abort', abort)
    stream.once('close', done)
    stream.once('close', () => below.destroy())
    below.once('close', () => stream.destroy())
    below.on('error', error => stream.destroy(error))
    // Stays: a stream that breaks between two owners must not end the process.
    stream.on('error', error =>
      give(new TlsFault(`TLS failed: ${words(error)}`, undefined, { cause: error })),
    )
    stream.once('close', () => give(new TlsFault('the connection was closed during the TLS handshake')))
    stream.once('secureConnect', () => {
      done()
      const report = reportOf(stream, trust)
      if (report.by === 'nothing') give(new TlsFault(untrusted(report, trust), report))
      else resolve({ stream, report })
    })
    if (signal.aborted) abort()
  })
}

function connectOver(below: Duplex, { name, ca, pair }: Trust): TLSSocket {
  return connect({
    socket: below,
    host: name,
    // RFC 6066 3: an address is no server name.
    ...(isIP(name) === 0 && { servername: name }),
    ALPNProtocols: ['nntp'],
    ...(pair === undefined ? intermediate : contextOptions(pair)),
    ca: ca === undefined ? [...rootCertificates] : [ca],
    // Looked at below, where pins count too; nothing is sent before.
    rejectUnauthorized: false,
  })
}

function reportOf(stream: TLSSocket, { pins, ca, pair }: Trust): TlsReport {
  const certificate = stream.getPeerX509Certificate()
  const fingerprint = certificate === undefined ? '' : keyFingerprint(certificate)
  const pinned = pins.has(fingerprint)
  const authorized = stream.authorized && (pins.size === 0 || ca !== undefined)
  return {
    protocol: stream.getProtocol() ?? '',
    cipher: stream.getCipher().standardName ?? stream.getCipher().name,
    names: certificate === undefined ? [] : namesOf(certificate),
    issuer: safeText(certificate?.issuer.replaceAll('\n', ', ') ?? ''),
    expires: certificate?.validTo ?? '',
    fingerprint,
    by: pinned ? 'pin' : authorized ? 'authority' : 'nothing',
    complaint: stream.authorized ? '' : complaintOf(stream.authorizationError),
    showedOurs: pair !== undefined,
  }
}

function namesOf({ subjectAltName = '', subject }: X509Certificate): readonly string[] {
  const names = subjectAltName
    .split(', ')
    .filter(each => /^(DNS|IP Address):/.test(each))
    .map(each => safeText(each.replace(/^[^:]*:/, '')))
  return names.length > 0 ? names : [safeText((subject ?? '').replaceAll('\n', ', '))]
}

const complaints: Readonly<Record<string, string>> = {
  CERT_HAS_EXPIRED: 'it has expired',
  CERT_NOT_YET_VALID: 'it is not valid yet',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'it is self-signed',
  SELF_SIGNED_CERT_IN_CHAIN: 'its authority is not known here',
  UNABLE_TO_GET_ISSUER_CERT: 'its authority is not known here',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'its authority is not known here',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'its authority is not known here',
  ERR_TLS_CERT_ALTNAME_INVALID: 'it is for another name',
}

/** Node gives the code or, for the name, an error with one. */
function complaintOf(error: unknown): string {
  const code = codeOf(error)
  return complaints[code] ?? safeText(code === '' ? 'it cannot be verified' : code)
}

/** The key comes before what may be cut off: it is the line to write. */
function untrusted({ complaint, fingerprint, names }: TlsReport, { pins }: Trust): string {
  const why = pins.size > 0 ? 'has none of the keys in pin' : `is not trusted: ${complaint}`
  return `its certificate ${why}; if the key is theirs, write pin = ["${fingerprint}"]; it names ${names.join(', ')}`
}

function codeOf(error: unknown): string {
  if (typeof error === 'string') return error
  return error instanceof Error && 'code' in error ? String(error.code) : ''
}

function words(error: Error): string {
  switch (codeOf(error)) {
    case 'ERR_SSL_WRONG_VERSION_NUMBER':
    case 'ERR_SSL_PACKET_LENGTH_TOO_LONG':
      return 'what answers there speaks no TLS; see the port and tls'
    case 'ECONNRESET':
      return 'the other side closed the connection during the handshake'
    default:
      return safeText(error.message)
  }
}
