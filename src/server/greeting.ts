/** The first line of a connection, and the same line after MODE READER. RFC 3977 5.1, 5.3 */
import { line, type Response } from './command.ts'
import { has } from './engine.ts'
import type { Session } from './session.ts'

/** RFC 3977 5.1.1: 200 or 201, or 502 where nothing is allowed, which closes. */
export function greeting(session: Session): Response {
  const identity = session.services.config().node.path_identity
  if (!has(session, 'reader') && !has(session, 'peer') && !session.access.loginHelps) {
    return { kind: 'line', code: 502, text: `${identity}: no access from your address`, close: true }
  }
  return readerLine(session, `${identity} Tidings ready`)
}

/** RFC 3977 5.1.1: 200 where posting may be allowed, 201 where it never is. */
export function readerLine(session: Session, text: string): Response {
  const posting = has(session, 'poster')
  return line(posting ? 200 : 201, `${text}, posting ${posting ? 'allowed' : 'prohibited'}`)
}
