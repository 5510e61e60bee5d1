/** AUTHINFO USER and PASS. A name alone gives no right to anything. RFC 4643 2.3 */
import { type Command, line, type Response } from '../command.ts'
import { answerLogin, encryptFirst, loginPossible, loginRefusal, passwordAllowed } from '../login-state.ts'
import type { ClaimedName, Session } from '../session.ts'

function user(session: Session, [name = '']: readonly string[]): Response {
  const refusal = loginRefusal(session)
  if (refusal !== undefined) return refusal
  if (!passwordAllowed(session)) return encryptFirst()
  session.claimed = name as ClaimedName
  return line(381)
}

async function pass(session: Session, [password = '']: readonly string[]): Promise<Response> {
  const refusal = loginRefusal(session)
  if (refusal !== undefined) return refusal
  if (!passwordAllowed(session)) return encryptFirst()
  const { claimed, services, client, signal } = session
  const { logins } = services
  if (claimed === undefined || logins === undefined) return line(482)
  return answerLogin(
    session,
    await logins.password({ name: claimed, password, address: client.address }, signal),
  )
}

/** RFC 4643 2.1: without argument where there are accounts, but no password may be sent now. */
function capability(session: Session): string | undefined {
  if (!loginPossible(session)) return undefined
  return passwordAllowed(session) ? 'AUTHINFO USER' : 'AUTHINFO'
}

export const authCommands: readonly Command[] = [
  {
    name: 'AUTHINFO USER',
    args: [1, 1],
    verbatim: true,
    syntax: 'AUTHINFO USER name',
    rfc: 'RFC 4643 2.3',
    capability,
    run: user,
  },
  {
    name: 'AUTHINFO PASS',
    args: [1, 1],
    verbatim: true,
    syntax: 'AUTHINFO PASS password',
    rfc: 'RFC 4643 2.3',
    run: pass,
  },
]
