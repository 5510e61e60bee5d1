/** The session itself: CAPABILITIES, MODE READER, QUIT, DATE, HELP. RFC 3977 5.2, 5.3, 5.4, 7.1, 7.2 */

import { formatNntpDate } from '../../date.ts'
import { capabilities } from '../capabilities.ts'
import { body, type Command, line } from '../command.ts'
import type { CommandTable } from '../command-table.ts'
import { readerLine } from '../greeting.ts'
import { helpText } from '../help.ts'
import { linesOf } from '../pace.ts'

/** `table` is asked when the commands run: it holds these rows too. */
export function sessionCommands(table: () => CommandTable): readonly Command[] {
  return [
    {
      name: 'CAPABILITIES',
      args: [0, 1],
      syntax: 'CAPABILITIES [keyword]',
      rfc: 'RFC 3977 5.2',
      // RFC 3977 5.2.2: a keyword that is not known is ignored, what is no keyword is wrong. 9.8: keyword
      valid: ([keyword]) => keyword === undefined || /^[A-Za-z][A-Za-z0-9.-]{2,11}$/.test(keyword),
      run(session) {
        session.sawCapabilities = true
        return body(
          101,
          undefined,
          linesOf(session, [capabilities(table(), session)], { render: text => text }),
        )
      },
    },
    {
      name: 'MODE READER',
      args: [0, 0],
      syntax: 'MODE READER',
      rfc: 'RFC 3977 5.3',
      // RFC 8054 2.2.2: not behind COMPRESS. RFC 3977 5.3.2: changes nothing here
      run: session => (session.transports.has('deflate') ? line(502) : readerLine(session, 'Reading')),
    },
    {
      name: 'QUIT',
      args: [0, 0],
      syntax: 'QUIT',
      rfc: 'RFC 3977 5.4',
      run: () => ({ kind: 'line', code: 205, close: true }),
    },
    {
      name: 'DATE',
      args: [0, 0],
      syntax: 'DATE',
      rfc: 'RFC 3977 7.1',
      capability: 'READER',
      run: session => line(111, formatNntpDate(session.services.clock.now())),
    },
    {
      name: 'HELP',
      args: [0, 0],
      syntax: 'HELP',
      rfc: 'RFC 3977 7.2',
      run: session =>
        body(100, undefined, linesOf(session, [helpText(table(), session)], { render: text => text })),
    },
  ]
}
