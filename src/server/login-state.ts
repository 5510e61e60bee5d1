/** Whether and how this session can log in now, and what a login changes. RFC 4643 2.1, 2.2, 2.3.2; RFC 8054 2.2.2 */

import { isWithin } from '../address-blocks.ts'
import type { ProvenAccount } from '../client.ts'
import type { LoginOutcome } from '../login/login.ts'
import { line, type Response } from './command.ts'
import type { Session } from './session.ts'

/** There is something to log in with, nobody has logged in, and nothing is compressed. */
export function loginPossible({ services, client, transports }: Session): boolean {
  return services.logins?.available === true && client.account === undefined && !transports.has('deflate')
}

/** RFC 4643 2.3.2: a password goes over an encrypted line, or over one that the configuration calls safe. */
export function passwordAllowed({ client, services }: Session): boolean {
  return client.secure || isWithin(services.config().auth.plaintext_from, client.address)
}

/** Names of SASL mechanisms that work now, the strongest first. */
export function mechanisms(session: Session): readonly string[] {
  if (!loginPossible(session)) return []
  const { client, services } = session
  return [
    ...(client.certificate === undefined ? [] : ['EXTERNAL']),
    ...(services.logins?.scram ? ['SCRAM-SHA-256'] : []),
    ...(passwordAllowed(session) ? ['PLAIN'] : []),
  ]
}

/** What is answered where no login can be begun; undefined where it can. RFC 4643 2.2, 2.3.1 */
export function loginRefusal(session: Session): Response | undefined {
  if (session.client.account !== undefined) return line(502, 'Already authenticated')
  if (session.transports.has('deflate')) return line(502, 'Not under compression') // RFC 8054 2.2.2
  return loginPossible(session) ? undefined : line(502, 'No accounts here')
}

export const encryptFirst = (): Response => line(483, 'Encryption or stronger authentication required')

/** The answer to an attempt, and on success another session. `done` is the line for it. */
export function answerLogin(session: Session, outcome: LoginOutcome, done: Response = line(281)): Response {
  session.claimed = undefined
  switch (outcome.kind) {
    case 'proven':
      return becomes(session, outcome.account) ? done : line(403, 'Too many connections of this account')
    case 'refused':
      return line(481)
    case 'busy':
      return line(403, 'Too many logins, try again later')
  }
}

/** False where the account has too many connections, and then nothing has changed. */
function becomes(session: Session, account: ProvenAccount): boolean {
  const client = { ...session.client, account }
  if (session.countFor?.(client) === false) return false
  session.client = client
  session.access = session.authorize(session.client)
  session.log.info({ account: account.name }, 'logged in')
  // A group that this account may not read does not exist for it.
  if (session.group === undefined || session.access.mayRead(session.group.name)) return true
  session.group = undefined
  session.number = undefined
  return true
}
