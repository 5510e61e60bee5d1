/** Lists that come from the configuration or the software, not from the groups. RFC 3977 7.6.5, 8.4, 8.6; RFC 6048 2 */
import { Wildmat } from '../../wildmat.ts'
import { body, type Command, type Response } from '../command.ts'
import { NntpError } from '../nntp-error.ts'
import { linesOf } from '../pace.ts'
import type { Session } from '../session.ts'
import { isWildmat, wildmat } from '../syntax.ts'

export const fileListCommands: readonly Command[] = [
  kept('DISTRIBUTIONS', 'RFC 6048 2.3', {
    content: session => session.services.config().lists.distributions,
  }),
  kept('DISTRIB.PATS', 'RFC 3977 7.6.5', {
    content: session => session.services.config().lists.distrib_pats,
    narrowed: visiblePats,
  }),
  kept('MODERATORS', 'RFC 6048 2.4', { content: moderators, narrowed: visibleModerators }),
  kept('MOTD', 'RFC 6048 2.5', { content: session => textLines(session.services.config().lists.motd) }),
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

interface Kept {
  readonly content: (session: Session) => readonly string[]
  /** What of it is for a reader who may not read everything: patterns may name groups that are hidden. */
  readonly narrowed?: (session: Session) => AsyncIterable<readonly string[]>
}

/** A list without argument (RFC 6048 2.1: a wildmat is 501); 503 where it is not kept, and then not advertised. */
function kept(keyword: string, rfc: string, { content, narrowed }: Kept): Command {
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
      if (session.access.readsAll || narrowed === undefined) return lines(session, items)
      return body(215, undefined, linesOf(session, narrowed(session), { render: item => item }))
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

/** For each moderated group that is visible the rule that counts. */
async function* visibleModerators({ services, access }: Session): AsyncIterable<readonly string[]> {
  const rules = services.config().moderator.map(rule => ({ ...rule, matching: Wildmat.parse(rule.groups) }))
  for await (const groups of services.reading.groups()) {
    const moderated = groups.filter(({ name, status }) => status === 'm' && access.mayRead(name))
    yield moderated.flatMap(({ name }) => {
      const rule = rules.find(({ matching }) => matching?.matches(name))
      return rule === undefined ? [] : [`${name}:${rule.address}`]
    })
  }
}

/** Their patterns that match a visible group: for those groups the same as the whole. */
async function* visiblePats({ services, access }: Session): AsyncIterable<readonly string[]> {
  const pats = services.config().lists.distrib_pats.map(distribPat)
  const shown = new Set<string>()
  for await (const groups of services.reading.groups())
    for (const { name } of groups.filter(group => access.mayRead(group.name)))
      for (const { text, matching } of pats.flatMap(({ elements }) => elements))
        if (matching?.matches(name)) shown.add(text)
  yield pats.flatMap(({ weight, elements, value }) => {
    const visible = elements.map(({ text }) => text).filter(text => shown.has(text))
    return visible.length === 0 ? [] : [[weight, visible.join(','), value].join(':')]
  })
}

function distribPat(line: string) {
  const [weight = '', wildmat = '', ...value] = line.split(':')
  const elements = wildmat.split(',').map(text => ({ text, matching: Wildmat.parse(text.replace(/^!/, '')) }))
  return { weight, elements, value: value.join(':') }
}

function subscriptions(session: Session): readonly string[] {
  return session.services.config().lists.subscriptions.filter(name => session.access.mayRead(name))
}

function textLines(text: string): readonly string[] {
  return text === '' ? [] : text.replace(/\r?\n$/, '').split(/\r?\n/)
}
