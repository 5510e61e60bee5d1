/** Certificates made for one test, and what reads them. */
import { randomBytes } from 'node:crypto'
import type { KeyPair } from '../../src/tls/key-pair.ts'
import { type CertificateRequest, issueCertificate, type PemPair } from '../../src/tls/self-signed.ts'

/** Good for an hour ago and the next days, for `localhost` unless names are given. */
export function pemPair(request: Partial<CertificateRequest> = {}): PemPair {
  return issueCertificate({
    names: ['localhost', '127.0.0.1'],
    from: Date.now() - 3_600_000,
    days: 30,
    serial: randomBytes(16),
    ...request,
  })
}

/** As a listener takes it. */
export function keyPair({ cert, key }: PemPair, authorities?: string): KeyPair {
  return {
    cert: Buffer.from(cert),
    key: Buffer.from(key),
    ...(authorities !== undefined && { authorities: Buffer.from(authorities) }),
  }
}
