/** What the server holds: LIST with its keywords, and XGTITLE. RFC 3977 7.6, 8.4, 8.6; RFC 6048; RFC 2980 2.7 */
import type { Group } from '../../storage/reading.ts'
import { body, type Command, type Response } from '../command.ts'
import { linesOf } from '../pace.ts'
import type { Session } from '../session.ts'
import { isWildmat, wildmat } from '../syntax.ts'

type GroupLine = (group: Group, session: Session) => string | undefined

/** RFC 3977 7.6.3: high before low. */
export const activeLine: GroupLine = ({ name, high, low, status }, session) =>
  `${name} ${high} ${low} ${statusFor(session, status)}`

/** RFC 6048 3.1: `=other.group` is not said to who may not know of the other group. */
function statusFor({ access }: Session, status: string): string {
  return status.startsWith('=') && !access.mayRead(status.slice(1)) ? 'x' : status
}

/** RFC 3977 7.6.6: a group without a description is left out. */
const newsgroupsLine: GroupLine = ({ name, description }) =>
  description === '' ? undefined : `${name}\t${description.replace(/[\0\r\n]+/g, ' ')}`

export const groupListCommands: readonly Command[] = [
  {
    name: 'LIST',
    args: [0, 0],
    needs: ['reader'],
    syntax: 'LIST',
    rfc: 'RFC 3977 7.6.1',
    run: session => groups(session, undefined, { show: activeLine }),
  },
  list('ACTIVE', 'RFC 3977 7.6.3', activeLine),
  list('ACTIVE.TIMES', 'RFC 3977 7.6.4', ({ name, created, creator }, session) => {
    const { admin, path_identity } = session.services.config().node
    return `${name} ${created} ${creator || admin || `usenet@${path_identity}`}`
  }),
  list(
    'COUNTS',
    'RFC 6048 2.2',
    ({ name, high, low, count, status }, session) =>
      `${name} ${high} ${low} ${count} ${statusFor(session, status)}`,
  ),
  list('NEWSGROUPS', 'RFC 3977 7.6.6', newsgroupsLine),
  {
    name: 'XGTITLE',
    args: [0, 1],
    needs: ['reader'],
    syntax: 'XGTITLE [wildmat]',
    rfc: 'RFC 2980 2.7',
    valid: ([pattern]) => pattern === undefined || isWildmat(pattern),
    // RFC 2980 2.7: without a pattern the selected group.
    run: (session, [pattern]) =>
      groups(session, pattern ?? session.group?.name ?? '*', { show: newsgroupsLine, code: 282 }),
  },
]

function list(keyword: string, rfc: string, show: GroupLine): Command {
  return {
    name: `LIST ${keyword}`,
    args: [0, 1],
    needs: ['reader'],
    syntax: `LIST ${keyword} [wildmat]`,
    rfc,
    capability: `LIST ${keyword}`,
    valid: ([pattern]) => pattern === undefined || isWildmat(pattern),
    run: (session, [pattern]) => groups(session, pattern, { show }),
  }
}

function groups(
  session: Session,
  pattern: string | undefined,
  { show, code = 215 }: { readonly show: GroupLine; readonly code?: 215 | 282 },
): Response {
  const matching = pattern === undefined ? undefined : wildmat(pattern)
  const { mayRead, readsAll } = session.access
  const render = (group: Group) => {
    if (matching !== undefined && !matching.matches(group.name)) return undefined
    return readsAll || mayRead(group.name) ? show(group, session) : undefined
  }
  const batches = isName(pattern) ? named(session, pattern) : session.services.reading.groups()
  return body(code, undefined, linesOf(session, batches, { render }))
}

/** A wildmat that is simply a name: no need to walk through all groups. */
function isName(pattern: string | undefined): pattern is string {
  return pattern !== undefined && !/[*?!,]/.test(pattern)
}

async function* named(session: Session, name: string): AsyncIterable<readonly Group[]> {
  const group = await session.services.reading.group(name)
  if (group !== undefined) yield [group]
}
