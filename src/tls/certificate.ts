/** What a certificate says of its owner. RFC 5280 4.2.1.6, RFC 6125 6.4, RFC 7469 2.4 */
import { createHash, type X509Certificate } from 'node:crypto'
import { isHostName } from '../host.ts'

/** `sha256:` and lower-case hex of the public key (SubjectPublicKeyInfo): as `pin` and `certificate` take it. */
export function keyFingerprint({ publicKey }: X509Certificate): string {
  const octets = publicKey.export({ type: 'spki', format: 'der' })
  return `sha256:${createHash('sha256').update(octets).digest('hex')}`
}

/** DNS names of subjectAltName, lower case. Names that need quotes are none of hosts. */
export function hostNames({ subjectAltName = '' }: X509Certificate): readonly string[] {
  const entries = subjectAltName.matchAll(/([A-Za-z ]+):("(?:[^"\\]|\\.)*"|[^,]*)(?:, |$)/g)
  return [...entries]
    .filter(([, kind, name = '']) => kind === 'DNS' && isHostName(name))
    .map(([, , name = '']) => name.toLowerCase())
}
