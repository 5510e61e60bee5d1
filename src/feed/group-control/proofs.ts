/** Whether a control message bears the signature that its rule asks for, at a cost that nobody can run up. RFC 5537 5.1 */
import { Allowances } from '../../allowance.ts'
import type { Article } from '../../article.ts'
import type { Clock } from '../../clock.ts'
import type { Config } from '../../config/config.ts'
import type { Log } from '../../log.ts'
import type { CompiledRule } from './rules.ts'
import { isKeyOf, type Signer, verifySignature } from './signature.ts'
import { type SignedText, signedText } from './signed-text.ts'

export interface ProofsParts {
  readonly config: () => Config
  readonly clock: Clock
  readonly log: Log
}

export interface Proof {
  /** Who is known to have issued it: a fingerprint, or empty where no signature is asked for. */
  readonly issuer: string
  /** For people. */
  readonly words: string
}

interface Proving {
  readonly rule: CompiledRule
  /** See `Entry`. */
  readonly source: string
  readonly isList: boolean
}

/**
 * Bad signatures of one source at once, and in a second: gpgv takes some 10 ms of processor. What is not tried is lost,
 * so fewer would let whoever forges a little keep every true message away.
 */
const mostBad = 60
const badPerSecond = 1

export class Proofs {
  readonly #parts: ProofsParts
  readonly #bad: Allowances

  constructor(parts: ProofsParts) {
    this.#parts = parts
    this.#bad = new Allowances(parts.clock)
  }

  /** A sentence where it is not proven. Never rejects. */
  async of(article: Article, { rule, source, isList }: Proving): Promise<Proof | string> {
    if (rule.key === '') return { issuer: '', words: 'No signature was looked for.' }
    if (article.count('X-PGP-Sig') === 0) return 'no signature'
    const bad = this.#bad.of(source)
    if (bad.over(mostBad, badPerSecond) > -1) return 'too many bad signatures of one source'
    const proof = await this.#look(article, rule, isList)
    if (typeof proof === 'string') bad.use(1, badPerSecond)
    return proof
  }

  async #look(article: Article, rule: CompiledRule, isList: boolean): Promise<Proof | string> {
    const signed = signedText(article)
    if (typeof signed === 'string') return signed
    const open = unsignedField(article, { fields: signed.fields, isList })
    if (open !== undefined) return `${open} is not signed`
    const signer = await this.#verify(signed)
    return typeof signer === 'string' ? signer : this.#judge(signer, rule)
  }

  #judge(signer: Signer, { key, old_keys }: CompiledRule): Proof | string {
    const { user, isOld, fingerprints } = signer
    const issuer = fingerprints.at(-1) ?? ''
    if (!isKeyOf(signer, key)) return 'signed by another key than that of the rule'
    if (isOld && !old_keys) return 'the signature is made with SHA-1: see old_keys'
    if (isOld) this.#parts.log.warn({ user, key: issuer }, 'a control message is signed with SHA-1')
    return { issuer, words: `It is signed by ${user} (${issuer}).` }
  }

  async #verify(signed: SignedText): Promise<Signer | string> {
    const { config, clock, log } = this.#parts
    const { gpgv, keyring } = config().pgp
    try {
      return await verifySignature(signed, { gpgv, keyring, clock })
    } catch (error) {
      // Whatever a signature does to gpgv holds up no other message.
      log.warn({ err: error }, 'gpgv could not verify a signature')
      return 'gpgv could not be run'
    }
  }
}

/** The transfer encodings that leave octets as they are. RFC 2045 6.2 */
const plainEncoding = /^(?:7bit|8bit|binary)?$/i

/** A field that something is decided by and that anybody could have changed. */
function unsignedField(
  article: Article,
  { fields, isList }: { readonly fields: ReadonlySet<string>; readonly isList: boolean },
): string | undefined {
  const sender = article.count('Sender') > 0 ? 'Sender' : 'From'
  const needed = ['Control', 'Date', 'Message-ID', sender]
  // Of a list every line counts: no other reading of the same octets may leave some out.
  if (isList && /^multipart\//i.test(article.header('Content-Type') ?? '')) needed.push('Content-Type')
  const encoding = 'Content-Transfer-Encoding'
  if (isList && !plainEncoding.test(article.header(encoding) ?? '')) needed.push(encoding)
  return needed.find(name => !fields.has(name.toLowerCase()))
}
