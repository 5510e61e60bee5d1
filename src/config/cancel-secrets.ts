/** The secrets that Cancel-Locks are made with, as a file has them. RFC 8315 4 */

/** Octets of one. RFC 8315 4: at least as many as the hash has */
const leastSecret = 32

/** One a line: that for new locks, then the one before. A text says why they cannot be used. */
export function cancelSecretsIn(text: string): readonly Buffer[] | string {
  const secrets = text
    .split(/\r?\n/)
    .map(line => Buffer.from(line.trim()))
    .filter(({ length }) => length > 0)
  if (secrets.length === 0) return 'there is no secret'
  if (secrets.length > 2) return 'there are more than two lines: the secret for new locks, and the one before'
  const short = secrets.some(({ length }) => length < leastSecret)
  return short ? `a secret has at least ${leastSecret} octets` : secrets
}
