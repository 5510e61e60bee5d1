/** POST: a proto-article for the injecting agent. RFC 3977 6.3.1; RFC 5537 3.5 */

import type { Verdict } from '../../feed/feed.ts'
import { Reason } from '../../reason.ts'
import { type Command, line, type Response } from '../command.ts'

export const postCommands: readonly Command[] = [
  {
    name: 'POST',
    args: [0, 0],
    needs: ['poster'],
    syntax: 'POST',
    rfc: 'RFC 3977 6.3.1',
    capability: 'POST',
    fault: line(441, 'Internal fault, try again later'),
    run: session => ({
      kind: 'continue',
      code: 340,
      text: `Send article; recommended message-ID ${session.services.feed.recommendMessageId()}`,
      expect: 'block',
      reply: async block => {
        if (!block.ok) return line(441, new Reason(block.fault).text)
        return answer(await session.services.feed.inject(block.wire, session.access.poster))
      },
    }),
  },
]

/** RFC 3977 6.3.1.1: 441 for every refusal; the text tells whether another try can help. */
function answer(verdict: Verdict): Response {
  switch (verdict.kind) {
    case 'accepted':
      return line(240, `Article received ${verdict.messageId}`)
    case 'mailed':
      return line(240, `Article mailed to the moderator ${verdict.messageId}`)
    case 'held':
      return line(240, `Article held for release ${verdict.messageId}`)
    case 'rejected':
    case 'deferred':
      return line(441, verdict.reason.text)
  }
}
