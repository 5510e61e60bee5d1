/** Mail addresses we are willing to hand to a mail server. RFC 5321 4.1.2, without quoted local parts and literals. */

const atom = "[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
const label = '[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?'
const local = new RegExp(`^${atom}(?:\\.${atom})*$`)
const domain = new RegExp(`^${label}(?:\\.${label})*$`)

/** Strict: nothing that an SMTP server, or a library in front of it, could read as two addresses. */
export function isMailAddress(text: string): boolean {
  const at = text.indexOf('@')
  if (at < 1 || at > 64 || text.length > 254) return false // RFC 5321 4.5.3.1
  return local.test(text.slice(0, at)) && domain.test(text.slice(at + 1))
}
