/** The client's part of SCRAM-SHA-256, written from RFC 5802 apart from the server's. */
import { createHash, createHmac, pbkdf2Sync } from 'node:crypto'

export interface Proving {
  readonly name: string
  readonly nonce: string
  readonly password: string
  /** server-first-message */
  readonly challenge: string
}

export function clientProof({ name, nonce, password, challenge }: Proving) {
  const attribute = (letter: string) =>
    challenge
      .split(',')
      .find(part => part.startsWith(`${letter}=`))
      ?.slice(2) ?? ''
  const mac = (key: Buffer, text: string) => createHmac('sha256', key).update(text).digest()
  const salted = pbkdf2Sync(
    password,
    Buffer.from(attribute('s'), 'base64'),
    Number(attribute('i')),
    32,
    'sha256',
  )
  const clientKey = mac(salted, 'Client Key')
  const bare = `c=biws,r=${attribute('r')}`
  const authMessage = `n=${name},r=${nonce},${challenge},${bare}`
  const signature = mac(createHash('sha256').update(clientKey).digest(), authMessage)
  const proof = Buffer.from(clientKey.map((octet, at) => octet ^ (signature[at] ?? 0))).toString('base64')
  const serverSignature = mac(mac(salted, 'Server Key'), authMessage).toString('base64')
  return { message: `${bare},p=${proof}`, serverSignature }
}
