/** Lists that come from the configuration or the software, not from the groups. RFC 3977 7.6.5, 8.4, 8.6; RFC 6048 2 */
import { body, type Command, type Response } from '../command.ts'
import { NntpError } from '../nntp-error.ts'
import { linesOf } from '../pace.ts'
import type { Session } from '../session.ts'
import { isWildmat, wildmat } from '../syntax.ts'

export const fileListCommands: readonly Command[] = [
  kept('DISTRIBUTIONS', 'RFC 6048 2.3', session => session.services.config().lists.distributions),
  kept('DISTRIB.PATS', 'RFC 3977 7.6.5', session => session.services.config().lists.distrib_pats),
  kept('MODERATORS', 'RFC 6048 2.4', moderators),
  kept('MOTD', 'RFC 6048 2.5', session => textLines(session.services.config().lists.motd)),
  {
    name: 'LIST SUBSCRIPTIONS',
    args: [0, 1],
    needs: ['reader'],
    syntax: 'LIST SUBSCRIPTIONS [wildmat]',
    rfc: 'RFC 6048 2.6',
    capability: session => (subscriptions(session).length === 0 ? undefined : 'LIST SUBSCRIPTIONS'),
    valid: ([pattern]) => pattern === undefined || isWildmat(pattern),
    run(session, [pattern]) {
      const names = subscriptions(session)
      if (names.length === 0) throw new NntpError(503, 'No list of recommended newsgroups')
      const matching = pattern === undefined ? undefined : wildmat(pattern)
      return lines(
        session,
        names.filter(name => matching?.matches(name) ?? true),
      )
    },
  },
  {
    name: 'LIST OVERVIEW.FMT',
    args: [0, 0],
    needs: ['reader'],
    syntax: 'LIST OVERVIEW.FMT',
    rfc: 'RFC 3977 8.4',
    capability: 'LIST OVERVIEW.FMT',
    run(session) {
      // Peers do this: slrn 1.0.3 knows only the older names, and never asks for CAPABILITIES. RFC 3977 8.4.2
      const sizes = session.sawCapabilities ? [':bytes', ':lines'] : ['Bytes:', 'Lines:']
      const order = ['Subject:', 'From:', 'Date:', 'Message-ID:', 'References:', ...sizes, 'Xref:full']
      return lines(session, order, 'Order of fields in overview database')
    },
  },
  {
    name: 'LIST HEADERS',
    args: [0, 1],
    needs: ['reader'],
    syntax: 'LIST HEADERS [MSGID|RANGE]',
    rfc: 'RFC 3977 8.6',
    capability: 'LIST HEADERS',
    valid: ([form]) => form === undefined || /^(?:msgid|range)$/i.test(form),
    // RFC 3977 8.6.2: a lone colon says that every header can be asked for.
    run: session => lines(session, [':', ':bytes', ':lines'], 'Headers and metadata items supported'),
  },
]

/** A list without argument (RFC 6048 2.1: a wildmat is 501); 503 where it is not kept, and then not advertised. */
function kept(keyword: string, rfc: string, content: (session: Session) => readonly string[]): Command {
  return {
    name: `LIST ${keyword}`,
    args: [0, 0],
    needs: ['reader'],
    syntax: `LIST ${keyword}`,
    rfc,
    capability: session => (content(session).length === 0 ? undefined : `LIST ${keyword}`),
    run(session) {
      const items = content(session)
      if (items.length === 0) throw new NntpError(503, 'List not kept here')
      return lines(session, items)
    },
  }
}

function lines(session: Session, items: readonly string[], text?: string): Response {
  return body(215, text, linesOf(session, [items], { render: item => item.replace(/[\0\r\n]+/g, ' ') }))
}

/** RFC 6048 2.4: a wildmat and an address each; the first line that matches counts, as in our configuration. */
function moderators(session: Session): readonly string[] {
  const { moderator } = session.services.config()
  return moderator.map(({ groups, address }) => `${groups.replaceAll(' ', '')}:${address}`)
}

function subscriptions(session: Session): readonly string[] {
  return session.services.config().lists.subscriptions.filter(name => session.access.mayRead(name))
}

function textLines(text: string): readonly string[] {
  return text === '' ? [] : text.replace(/\r?\n$/, '').split(/\r?\n/)
}
