/** What is new: NEWGROUPS, NEWNEWS. RFC 3977 7.3, 7.4 */
import { parseNntpDate } from '../../date.ts'
import type { Arrival, ArrivalRow, Group, GroupId } from '../../storage/reading.ts'
import type { Wildmat } from '../../wildmat.ts'
import { body, type Command } from '../command.ts'
import { NntpError } from '../nntp-error.ts'
import { linesOf } from '../pace.ts'
import type { Session } from '../session.ts'
import { isWildmat, wildmat } from '../syntax.ts'
import { activeLine } from './list.ts'

export const newsCommands: readonly Command[] = [
  {
    name: 'NEWGROUPS',
    args: [2, 3],
    needs: ['reader'],
    syntax: 'NEWGROUPS [yy]yymmdd hhmmss [GMT]',
    rfc: 'RFC 3977 7.3',
    capability: 'READER',
    valid: ([, , zone]) => isZone(zone),
    run(session, [date = '', time = '']) {
      const since = seconds(session, date, time)
      const render = (group: Group) =>
        group.created >= since && session.access.mayRead(group.name) ? activeLine(group, session) : undefined
      return body(231, undefined, linesOf(session, session.services.reading.groups(), { render }))
    },
  },
  {
    name: 'NEWNEWS',
    args: [3, 4],
    needs: ['reader'],
    syntax: 'NEWNEWS wildmat [yy]yymmdd hhmmss [GMT]',
    rfc: 'RFC 3977 7.4',
    capability: 'NEWNEWS',
    valid: ([pattern = '', , , zone]) => isWildmat(pattern) && isZone(zone),
    async run(session, [pattern = '', date = '', time = '']) {
      const since = seconds(session, date, time)
      const wants = groupFilter(session, wildmat(pattern))
      const arrivals = rowsAfter(session, await session.services.reading.arrivalBefore(since))
      return body(
        230,
        undefined,
        linesOf(session, arrivals, { render: row => announce(session, row, wants) }),
      )
    },
  },
]

const rowsAtOnce = 256

function isZone(zone: string | undefined): boolean {
  return zone === undefined || zone.toUpperCase() === 'GMT'
}

/** RFC is silent on which zone a server without GMT in the command is in: ours is always UTC. */
function seconds(session: Session, date: string, time: string): number {
  const since = parseNntpDate(date, time, session.services.clock.now())
  if (since === undefined) throw new NntpError(501, 'Bad date or time')
  return since
}

async function* rowsAfter(session: Session, arrival: Arrival): AsyncIterable<readonly ArrivalRow[]> {
  const { reading } = session.services
  const last = reading.newest // what comes while we answer is for the next NEWNEWS
  while (arrival < last) {
    const rows = await reading.arrivals(arrival, rowsAtOnce)
    const end = rows.at(-1)
    if (end === undefined) return
    yield rows
    await session.examined?.(rows.length)
    if (session.signal.aborted) return
    arrival = end.arrival
  }
}

type GroupFilter = (group: GroupId) => boolean | Promise<boolean>

/** Whether the wildmat matches a group that the session may read; asked once a group. */
function groupFilter(session: Session, matching: Wildmat): GroupFilter {
  const known = new Map<GroupId, boolean>()
  const look = async (id: GroupId) => {
    const group = await session.services.reading.groupById(id)
    const wanted = group !== undefined && matching.matches(group.name) && session.access.mayRead(group.name)
    known.set(id, wanted)
    return wanted
  }
  return id => known.get(id) ?? look(id)
}

/** The message-ID of an article that is still there: no 430 for an ID that was just announced. */
async function announce(session: Session, row: ArrivalRow, wants: GroupFilter): Promise<string | undefined> {
  if (row.kind !== 'article' || row.messageId === '') return undefined
  for (const { group } of row.filings) {
    if (!(await wants(group))) continue
    return (await session.services.reading.locateId(row.messageId)) && row.messageId
  }
  return undefined
}
