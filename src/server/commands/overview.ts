/** Overview lines: OVER and its older name XOVER. RFC 3977 8.3; RFC 2980 2.8 */

import type { Located } from '../../storage/reading.ts'
import { body, type Command, type Response } from '../command.ts'
import { visibleOverview } from '../narrowed.ts'
import { NntpError } from '../nntp-error.ts'
import { nonEmpty } from '../pace.ts'
import type { Session } from '../session.ts'
import { isRangeOrId, parseRange } from '../syntax.ts'
import { currentNumber, locateVisible, mayReadGroup, selectedGroup } from '../visible.ts'

export const overviewCommands: readonly Command[] = [
  {
    name: 'OVER',
    args: [0, 1],
    needs: ['reader'],
    syntax: 'OVER [message-id|range]',
    rfc: 'RFC 3977 8.3',
    capability: 'OVER MSGID',
    valid: ([which]) => which === undefined || isRangeOrId(which),
    run: (session, [which]) => over(session, which, () => Promise.reject(new NntpError(423))),
  },
  {
    name: 'XOVER',
    args: [0, 1],
    needs: ['reader'],
    syntax: 'XOVER [range]',
    rfc: 'RFC 2980 2.8',
    valid: ([which]) => which === undefined || isRangeOrId(which),
    // Unlike RFC 2980, as INN: old clients take 420 for a broken server.
    run: (session, [which]) => over(session, which, async () => body(224, undefined, [])),
  },
]

async function over(
  session: Session,
  which: string | undefined,
  nothing: () => Promise<Response>,
): Promise<Response> {
  if (which?.startsWith('<')) {
    const line = await overviewById(session, await locateVisible(session, which))
    return body(224, undefined, [Buffer.from(line, 'latin1')])
  }
  const group = selectedGroup(session)
  const range = which === undefined ? undefined : parseRange(which)
  const current = range === undefined ? currentNumber(session) : 0
  const lines = await nonEmpty(visibleOverview(session, group, range ?? { low: current, high: current }))
  if (lines !== undefined) return body(224, undefined, lines)
  if (range === undefined) throw new NntpError(420) // RFC 3977 8.3.1: the current article has gone
  return nothing()
}

/** The overview line with number 0 (RFC 3977 8.3.2), one character an octet, CRLF at the end. Throws 430. */
async function overviewById(session: Session, located: Located): Promise<string> {
  for (const { group, number } of located.filings) {
    if (!session.access.readsAll && !(await mayReadGroup(session, group))) continue
    for await (const chunk of visibleOverview(session, group, { low: number, high: number })) {
      return chunk.toString('latin1').replace(/^\d+/, '0')
    }
  }
  throw new NntpError(430)
}
