/** AUTHINFO, which has nothing to check against while there are no accounts: not advertised. RFC 4643 2.3 */
import { type Command, line } from '../command.ts'

/** RFC 4643 2.3.1: 502 where the command is not available, and then no 480 may ask for it. */
const unavailable = line(502, 'No accounts here')

export const authCommands: readonly Command[] = [
  {
    name: 'AUTHINFO USER',
    args: [1, 1],
    verbatim: true,
    syntax: 'AUTHINFO USER name',
    rfc: 'RFC 4643 2.3',
    run: () => unavailable,
  },
  {
    name: 'AUTHINFO PASS',
    args: [1, 1],
    verbatim: true,
    syntax: 'AUTHINFO PASS password',
    rfc: 'RFC 4643 2.3',
    run: () => unavailable,
  },
]
