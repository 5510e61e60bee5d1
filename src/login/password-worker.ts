/** The thread that hashes passwords, one at a time: on the shared pool eight logins would hold up every read. RFC 7914, RFC 8018 5.2 */
import { pbkdf2Sync, scryptSync } from 'node:crypto'
import { parentPort } from 'node:worker_threads'
import type { Work } from './hasher.ts'

const keyOctets = 32
/** scrypt needs 128 N r octets, and says so only by failing. */
const memoryFor = (ln: number, r: number) => 256 * 2 ** ln * r + 1024 * 1024

function derive({ secret, salt, how }: Work): Uint8Array {
  if (how.kind === 'pbkdf2') return pbkdf2Sync(secret, salt, how.iterations, keyOctets, 'sha256')
  const { ln, r, p } = how.cost
  return scryptSync(secret, salt, keyOctets, { N: 2 ** ln, r, p, maxmem: memoryFor(ln, r) })
}

parentPort?.on('message', (work: Work) => parentPort?.postMessage(derive(work)))
