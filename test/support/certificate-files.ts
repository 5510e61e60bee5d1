/** The certificates of test/fixtures/tls, made for these tests alone: names of `.example`, keys that guard nothing. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { projectFolder } from './source-tree.ts'

/** Both in PEM. */
export interface PemPair {
  readonly cert: string
  readonly key: string
}

export type CertificateName =
  | 'authority'
  /** By the authority. */
  | 'news.b.example'
  /** By the authority, for another name. */
  | 'elsewhere'
  /** By the authority, until January 2026. */
  | 'expired'
  /** For the right name, by itself. */
  | 'self-signed'
  | 'ours'

export function certificateFile(name: CertificateName): PemPair {
  const text = readFileSync(join(projectFolder, 'test/fixtures/tls', `${name}.pem`), 'utf8')
  const at = text.indexOf('-----BEGIN PRIVATE KEY')
  return { cert: text.slice(0, at), key: text.slice(at) }
}
