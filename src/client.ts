/** Who is at the other end of a connection or request, as far as it is proven. RFC 4642 2.2.2; RFC 4643 2; RFC 5537 3.2.1 */

/** What an account may do beyond the rules of `[[access]]`, which say where. */
export const roles = ['reader', 'poster', 'moderator', 'peer', 'admin'] as const
export type Role = (typeof roles)[number]

export interface Client {
  /** As a socket gives it, or the real one behind a trusted proxy. */
  readonly address: string
  /** Under TLS, or as good as that by configuration. */
  readonly secure: boolean
  /** Version of TLS, such as TLSv1.3; absent where it ends elsewhere or there is none. */
  readonly protocol?: string
  /** After a login. */
  readonly account?: ProvenAccount
  /** Shown in the TLS handshake; its key was proven, its issuer perhaps not. */
  readonly certificate?: ClientCertificate
}

export interface ProvenAccount {
  readonly name: string
  readonly roles: ReadonlySet<Role>
  /** Groups of accounts it belongs to, for `[[access]] groups`. */
  readonly groups: readonly string[]
  /** When it was made by whoever has it, seconds since 1970; absent where an administrator did. */
  readonly registered?: number
}

export interface ClientCertificate {
  /** DNS names of subjectAltName, lower case. RFC 6125 6.4 */
  readonly names: readonly string[]
  /** `sha256:` and lower-case hex of the public key (SubjectPublicKeyInfo). */
  readonly fingerprint: string
  /** Issued by an authority this node trusts: only then do the names prove anything. */
  readonly trusted: boolean
}
