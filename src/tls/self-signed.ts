/** Makes certificates for new nodes, the demo and tests, which Node has no way to write. RFC 5280 4.1, RFC 5480, RFC 5758 3.2 */
import { createPrivateKey, generateKeyPairSync, sign, X509Certificate } from 'node:crypto'
import { isIP } from 'node:net'

/** Both in PEM. */
export interface PemPair {
  readonly cert: string
  readonly key: string
}

export interface CertificateRequest {
  /** Host names and addresses; the first is the subject too. */
  readonly names: readonly [string, ...string[]]
  /** Milliseconds since 1970. */
  readonly from: number
  readonly days: number
  /** 16 random octets. */
  readonly serial: Buffer
  /** Who signs; the key itself where absent. */
  readonly issuer?: PemPair
}

/** A new P-256 key and its certificate. One that signs itself may sign others. */
export function issueCertificate(request: CertificateRequest): PemPair {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'prime256v1' })
  const { issuer } = request
  const signer = issuer === undefined ? privateKey : createPrivateKey(issuer.key)
  const subject = nameOf(request.names[0])
  const body = sequence(
    tagged(0xa0, integer(Buffer.from([2]))), // v3
    integer(request.serial),
    ecdsaWithSha256,
    issuer === undefined ? subject : subjectOf(issuer),
    validity(request),
    subject,
    publicKey.export({ type: 'spki', format: 'der' }),
    tagged(0xa3, sequence(...extensions(request))),
  )
  const signature = sign('sha256', body, signer)
  const der = sequence(body, ecdsaWithSha256, bitString(signature))
  return {
    cert: new X509Certificate(der).toString(),
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
  }
}

function tagged(tag: number, ...parts: readonly Buffer[]): Buffer {
  const content = Buffer.concat(parts)
  const { length } = content
  const size = length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff]
  return Buffer.concat([Buffer.from([tag, ...size]), content])
}

const sequence = (...parts: readonly Buffer[]) => tagged(0x30, ...parts)
const identifier = (hex: string) => tagged(0x06, Buffer.from(hex, 'hex'))
const octetString = (...parts: readonly Buffer[]) => tagged(0x04, ...parts)
const bitString = (octets: Buffer) => tagged(0x03, Buffer.from([0]), octets)
const truth = tagged(0x01, Buffer.from([0xff]))

/** A positive one. */
function integer(octets: Buffer): Buffer {
  const head = octets.findIndex(octet => octet !== 0)
  const digits = octets.subarray(head < 0 ? octets.length - 1 : head)
  return tagged(0x02, (digits[0] ?? 0) > 0x7f ? Buffer.concat([Buffer.from([0]), digits]) : digits)
}

/** 1.2.840.10045.4.3.2 */
const ecdsaWithSha256 = sequence(identifier('2a8648ce3d040302'))

/** commonName alone. */
const nameOf = (name: string) =>
  sequence(tagged(0x31, sequence(identifier('550403'), tagged(0x0c, Buffer.from(name.slice(0, 64))))))

function subjectOf({ cert }: PemPair): Buffer {
  const [, name = ''] = /^CN=(.*)$/m.exec(new X509Certificate(cert).subject) ?? []
  return nameOf(name)
}

/** RFC 5280 4.1.2.5: two digits of the year before 2050, four from then on. */
function time(milliseconds: number): Buffer {
  const digits = `${new Date(milliseconds).toISOString().replace(/\D/g, '').slice(0, 14)}Z`
  return digits < '2050' ? tagged(0x17, Buffer.from(digits.slice(2))) : tagged(0x18, Buffer.from(digits))
}

const validity = ({ from, days }: CertificateRequest) =>
  sequence(time(from), time(from + days * 24 * 60 * 60 * 1000))

/** basicConstraints, subjectAltName. RFC 5280 4.2.1.6, 4.2.1.9 */
function extensions({ names, issuer }: CertificateRequest): Buffer[] {
  const authority = issuer === undefined ? sequence(truth) : sequence()
  return [
    sequence(identifier('551d13'), truth, octetString(authority)),
    sequence(identifier('551d11'), octetString(sequence(...names.map(alternativeName)))),
  ]
}

function alternativeName(name: string): Buffer {
  const family = isIP(name)
  return family === 0 ? tagged(0x82, Buffer.from(name)) : tagged(0x87, addressOctets(name, family))
}

function addressOctets(address: string, family: number): Buffer {
  if (family === 4) return Buffer.from(address.split('.').map(Number))
  const [head = '', tail] = address.split('::')
  const words = (text: string) => (text === '' ? [] : text.split(':').map(word => Number.parseInt(word, 16)))
  const [before, after] = [words(head), words(tail ?? '')]
  const all =
    tail === undefined ? before : [...before, ...Array(8 - before.length - after.length).fill(0), ...after]
  return Buffer.from(all.flatMap(word => [word >> 8, word & 0xff]))
}
