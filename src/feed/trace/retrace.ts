/** The checks that an article went through, run again on what is stored, each with its verdict in words. RFC 5537 3.5, 3.6 */
import { Article } from '../../article.ts'
import type { Config, PeerConfig } from '../../config/config.ts'
import type { ArticleLimits } from '../../header-section.ts'
import { parsePath } from '../../path.ts'
import { Reason, type ReasonName } from '../../reason.ts'
import type { ArrivalRow } from '../../storage/reading.ts'
import { HierarchyPattern } from '../../wildmat.ts'
import { postingLimit } from '../age/horizon.ts'
import type { Facts } from '../check/check.ts'
import { checkNames } from '../check/names.ts'
import { checksOf, newDraft } from '../examine.ts'
import type { Origin } from '../origin.ts'

export interface CheckVerdict {
  readonly check: string
  readonly verdict: 'passed' | 'refused' | 'not repeated'
  readonly text: string
}

export interface RetraceFacts extends Pick<Facts, 'config' | 'group' | 'isPrivate'> {
  /** The age limit for articles from peers as it is now, seconds since 1970; 0 = none. */
  readonly limit: number
}

/** How it came here; of a row of the arrival log. */
export type Came = Pick<ArrivalRow, 'source' | 'time'>

/**
 * By the rules and groups of now, and by the clock of when it arrived. What only the connection knew is not
 * repeated. Pure.
 */
export function retrace(stored: Article, came: Came, facts: RetraceFacts): CheckVerdict[] {
  const { config } = facts
  const origin = originOf(came.source, config)
  const article = origin.kind === 'peer' ? asItCame(stored) : stored
  const now = came.time * 1000
  // The limit only ever moves on: it was not later then than it is now.
  const horizon =
    origin.kind === 'peer' ? Math.min(facts.limit, postingLimit(now, config)) : postingLimit(now, config)
  const subject = { article, origin, facts: { ...facts, now, horizon }, draft: newDraft() }
  const verdicts = checksOf(origin.kind).flatMap(check => {
    const known = checkNames.get(check)
    if (known === undefined) return []
    const { name, passed, byConnection } = known
    const reason = check(subject)
    if (byConnection === true)
      return [{ check: name, verdict: 'not repeated' as const, text: 'it depended on who was connected' }]
    return [verdictOf(name, reason, passed)]
  })
  return [formOf(article, origin, config), sizeOf(article, config), ...verdicts]
}

function verdictOf(check: string, reason: Reason | undefined, passed: string): CheckVerdict {
  if (reason === undefined) return { check, verdict: 'passed', text: passed }
  return { check, verdict: 'refused', text: `would be refused now: ${reason.text}` }
}

function formOf({ wire }: Article, { kind }: Origin, { limits }: Config): CheckVerdict {
  const lax: Partial<ArticleLimits> = { peer: { blankFolds: true }, post: {}, import: { lax: true } }[kind]
  const parsed = Article.parse(wire, { ...limits, ...lax })
  const reason = parsed instanceof Reason ? parsed : undefined
  return verdictOf('form', reason, 'octets, lines and header fields are well formed')
}

function sizeOf({ octets }: Article, { limits }: Config): CheckVerdict {
  const reason = octets > limits.article_bytes ? new Reason('article-too-large') : undefined
  return verdictOf('size', reason, `${octets} octets, at most ${limits.article_bytes}`)
}

/** Path as the peer sent it: without our identity and what we said of the sender. RFC 5537 3.2.1 */
function asItCame(article: Article): Article {
  const { entries } = parsePath(article.header('Path') ?? '')
  const before = entries.slice(2).map(({ text }) => text.trim())
  return article.edit({ remove: ['Path'], prepend: [`Path: ${before.join('!')}`] })
}

/** `peer:NAME`, `post:ACCOUNT`, `import`, `pull:HOST`; a peer that is no longer configured may feed anything. */
function originOf(source: string, { peer: peers }: Config): Origin {
  const at = source.indexOf(':')
  const [kind, name] = at < 0 ? [source, ''] : [source.slice(0, at), source.slice(at + 1)]
  if (kind === 'peer') {
    const accepts = accepting(peers.find(peer => peer.name === name))
    return { kind, source: { peer: name, aliases: [], address: '', accepts, connection: Symbol(name) } }
  }
  if (kind !== 'post') return kind === 'pull' ? { kind: 'import', host: name } : { kind: 'import' }
  return { kind, poster: { account: name, address: '', mayPost: () => true, mayApprove: () => true } }
}

function accepting(peer: PeerConfig | undefined): (group: string) => boolean {
  if (peer === undefined) return () => true
  const pattern = HierarchyPattern.parse(peer.accept)
  return group => pattern?.verdict(group) === 'yes'
}

/** The check that gives a reason: its name as `retrace` shows it. */
export function checkOf(reason: ReasonName): string {
  return givers[reason] ?? 'acceptance'
}

const givers: Partial<Readonly<Record<ReasonName, string>>> = {
  'bare-cr': 'form',
  'bare-lf': 'form',
  nul: 'form',
  'not-dot-stuffed': 'form',
  'open-line': 'form',
  'header-too-large': 'form',
  'too-many-headers': 'form',
  'line-too-long': 'form',
  'no-body-separator': 'form',
  'bad-header': 'form',
  'article-too-large': 'size',
  'empty-header': 'empty fields',
  'missing-header': 'mandatory fields',
  'duplicate-header': 'repeated fields',
  'message-id-mismatch': 'message-ID',
  'bad-message-id': 'message-ID',
  'bad-date': 'dates',
  'too-old': 'age',
  future: 'age',
  'bad-expires': 'Expires',
  'bad-target': 'control messages',
  'bad-from': 'From',
  'bad-path': 'Path',
  'path-too-long': 'Path',
  'path-loop': 'loop',
  'bad-distribution': 'Distribution',
  'unwanted-distribution': 'distributions of the peer',
  'bad-newsgroups': 'Newsgroups',
  'too-many-groups': 'Newsgroups',
  'private-crosspost': 'privacy',
  'unwanted-newsgroup': 'groups of the peer',
  'unwanted-by-peer-rule': 'groups of the peer',
  unapproved: 'approval',
  'bad-followup-to': 'Followup-To',
  'no-valid-newsgroup': 'known groups',
  'group-closed': 'status of the groups',
  'group-renamed': 'status of the groups',
  'posting-forbidden': 'right to post',
  'approved-forbidden': 'right to approve',
  'control-forbidden': 'right to approve',
  'not-author': 'right to cancel',
  cancelled: 'history',
  'system-header': 'injection',
  'obsolete-header': 'injection',
  'posted-path': 'injection',
  'number-taken': 'filing',
  'newsgroup-full': 'filing',
}
