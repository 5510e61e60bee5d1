/** Whose signature a control message bears: gpgv says, and nothing but its status lines counts. RFC 4880 5.2 */
import type { Clock } from '../../clock.ts'
import { runProgram } from '../../run-program.ts'
import type { SignedText } from './signed-text.ts'

export interface Signer {
  /** Of the key that signed and of its primary key, upper case. */
  readonly fingerprints: readonly string[]
  /** The first user id of the primary key. */
  readonly user: string
  /** The digest is SHA-1, which can be forged with effort. */
  readonly isOld: boolean
}

export interface Verifying {
  /** Absolute paths. */
  readonly gpgv: string
  readonly keyring: string
  readonly clock: Clock
}

/** Milliseconds. */
const deadline = 20_000
const mostOctets = 64 * 1024
/** It ends with 1 or 2 where a signature is not good. */
const takes = (code: number): boolean => code === 1 || code === 2

/** A sentence where the signature proves nothing. Rejects where gpgv could not be run. */
export async function verifySignature(
  { text, signature }: SignedText,
  { gpgv, keyring, clock }: Verifying,
): Promise<Signer | string> {
  // Text and signature go through pipes: no octet of an article becomes a file or an argument.
  const files = ['--keyring', keyring, '--', '-&3', '-']
  const command = [gpgv, '--quiet', '--enable-special-filenames', '--status-fd', '1', ...files]
  const status = await runProgram({
    command,
    input: text,
    further: signature,
    clock,
    deadline,
    most: mostOctets,
    takes,
  })
  return readStatus(status)
}

/** Words of failures: of one signature the first that applies. */
const failures: readonly (readonly [keyword: string, sentence: string])[] = [
  ['BADSIG', 'the signature is not of this text'],
  ['REVKEYSIG', 'the key that signed was revoked'],
  ['EXPKEYSIG', 'the key that signed has expired'],
  ['EXPSIG', 'the signature has expired'],
  ['NO_PUBKEY', 'the key that signed is not in pgp.keyring'],
  ['ERRSIG', 'gpgv cannot verify such a signature: its key or digest may be too old'],
]

/** RFC 4880 9.4 */
const sha1 = '2'
const md5 = '1'

/** The lines of --status-fd: one good signature and nothing else, or what is wrong. */
export function readStatus(status: string): Signer | string {
  const lines = status.split('\n').flatMap(line => {
    const [mark, keyword = '', ...words] = line.trimEnd().split(' ')
    return mark === '[GNUPG:]' ? [{ keyword, words }] : []
  })
  const of = (keyword: string) => lines.filter(line => line.keyword === keyword)
  const failure = failures.find(([keyword]) => of(keyword).length > 0)
  if (failure !== undefined) return failure[1]
  const [good, ...others] = of('GOODSIG')
  const [valid, ...more] = of('VALIDSIG')
  if (good === undefined || valid === undefined || others.length + more.length > 0)
    return 'X-PGP-Sig holds no signature'
  const [, ...user] = good.words
  const [fingerprint = '', , , , , , , digest, , primary = fingerprint] = valid.words
  if (digest === md5) return 'the signature is made with MD5'
  return { fingerprints: [fingerprint, primary], user: user.join(' '), isOld: digest === sha1 }
}

const mailboxOf = /<([^<>]+)>$/

/** Whether `key` of a rule means this signer: a fingerprint, the whole user id, or the address in it. */
export function isKeyOf({ fingerprints, user }: Signer, key: string): boolean {
  const hex = key.replaceAll(' ', '').replace(/^0x/i, '').toUpperCase()
  if (/^(?:[0-9A-F]{40}|[0-9A-F]{64})$/.test(hex)) return fingerprints.includes(hex)
  return key === user || key === mailboxOf.exec(user)?.[1]
}
