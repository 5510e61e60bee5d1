/** PEM files of sites that know each other by their certificates. */
import { X509Certificate } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { keyFingerprint } from '../../src/tls/certificate.ts'
import type { CertificateRequest, PemPair } from '../../src/tls/self-signed.ts'
import { pemPair } from './certificates.ts'
import { type TemporaryDirectory, temporaryDirectory } from './temporary-directory.ts'

/** The files of one certificate. */
export interface Identity extends PemPair {
  /** What `pin` and `certificate` take. */
  readonly fingerprint: string
  /** For `[tls]`. */
  readonly section: string
}

export class CertificateFolder implements AsyncDisposable {
  readonly #folder: TemporaryDirectory
  readonly #authority = pemPair({ names: ['An authority of ours'] })
  readonly authorityFile: string

  private constructor(folder: TemporaryDirectory) {
    this.#folder = folder
    this.authorityFile = this.file('ca.pem', this.#authority.cert)
  }

  static async make(): Promise<CertificateFolder> {
    return new CertificateFolder(await temporaryDirectory())
  }

  /** By the authority of the folder where `certified`, by itself otherwise. Overwrites what had that name. */
  issue(
    name: string,
    { certified = false, ...request }: Partial<CertificateRequest> & { certified?: boolean } = {},
  ): Identity {
    const made = pemPair({ names: [name], ...(certified && { issuer: this.#authority }), ...request })
    const cert = this.file(`${name}.crt`, made.cert)
    const key = this.file(`${name}.key`, made.key)
    const fingerprint = keyFingerprint(new X509Certificate(made.cert))
    return { ...made, fingerprint, section: `[tls]\ncert = "${cert}"\nkey = "${key}"\n` }
  }

  /** Its path; only the owner may read it. */
  file(name: string, text: string): string {
    const path = join(this.#folder.path, name)
    writeFileSync(path, text, { mode: 0o600 })
    return path
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#folder[Symbol.asyncDispose]()
  }
}
