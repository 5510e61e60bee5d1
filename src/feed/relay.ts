/** The duties of a relaying agent towards those who feed it. RFC 5537 3.6, RFC 3977 6.3.2, RFC 4644 2.4, 2.5 */
import { Article } from '../article.ts'
import type { ArticleLimits } from '../header-section.ts'
import type { MessageId } from '../message-id.ts'
import { parseNewsgroups } from '../newsgroup.ts'
import type { Arrived } from '../own-memory.ts'
import { Reason } from '../reason.ts'
import type { History, Seen } from '../storage/history/history.ts'
import type { Leases } from '../storage/history/leases.ts'
import type { Accept } from './accept.ts'
import type { Declined } from './declined.ts'
import type { Feed, Offer, Source, Verdict } from './feed.ts'
import type { Heard } from './peers/currency.ts'
import type { Intake } from './peers/intake.ts'
import type { Refusals } from './trace/refusals.ts'

export interface RelayParts {
  readonly accept: Accept
  readonly history: Pick<History, 'lookup'>
  readonly leases: Leases
  readonly limits: () => ArticleLimits
  /** Why no article is taken now, if so. */
  readonly paused?: () => Reason | undefined
  /** Counts what each peer brings. */
  readonly intake?: Pick<Intake, 'offered' | 'received'>
  /** Remembers what was refused. */
  readonly refusals?: Pick<Refusals, 'add'>
  /** What one peer need not be asked for again. */
  readonly declined?: Pick<Declined, 'add' | 'has'>
  readonly heard?: Heard
}

export interface Relay extends Pick<Feed, 'offer' | 'transfer' | 'release'> {
  /** The first octet of an article that was invited came: the lease holds for as long as an article may take. */
  moving(id: MessageId, source: Source): void
  /** A connection of a peer is there. */
  enter(source: Source): void
  /** The connection is gone, and with it all its leases. */
  leave(source: Source): void
}

export function createRelay(parts: RelayParts): Relay {
  const { leases } = parts
  return {
    offer: (id, source) => offer(id, source, parts),
    transfer: (id, arrived, source) => transfer(id, { arrived, source }, parts),
    release(id, source, fault) {
      leases.release(id, source.connection)
      if (fault !== undefined) note(id, { source, verdict: rejected(new Reason(fault)), octets: 0 }, parts)
    },
    moving: (id, { connection }) => leases.moving(id, connection),
    enter: ({ peer }) => parts.heard?.entered(peer),
    leave({ connection, peer }) {
      leases.releaseAll(connection)
      parts.heard?.left(peer)
    },
  }
}

/** A promise only where storage has to be read. */
function offer(id: MessageId, source: Source, parts: RelayParts): Offer | Promise<Offer> {
  parts.heard?.offered(source.peer)
  const known = parts.history.lookup(id)
  return known instanceof Promise
    ? known.then(it => answerTo({ id, source, known: it }, parts))
    : answerTo({ id, source, known }, parts)
}

interface Offered {
  readonly id: MessageId
  readonly source: Source
  readonly known: Seen
}

function answerTo(offered: Offered, parts: RelayParts): Offer {
  const answer = judge(offered, parts)
  parts.intake?.offered(offered.source.peer, answer)
  return answer
}

function judge({ id, source, known }: Offered, parts: RelayParts): Offer {
  const { peer, connection } = source
  switch (known) {
    case 'have':
      parts.heard?.had(peer, id)
      return 'have'
    case 'gone':
      return 'have'
    case 'committing':
      return 'later'
    case 'new':
      if (parts.declined?.has(peer, id)) return 'have'
      // RFC 4644 2.4: no octets for nothing, and no TAKETHIS that ends the connection.
      if (parts.paused?.() !== undefined) return 'later'
      return parts.leases.take(id, connection) ? 'send' : 'later'
  }
}

interface Transfer {
  readonly arrived: Arrived
  readonly source: Source
}

interface Judged {
  readonly source: Source
  readonly verdict: Verdict
  readonly octets: number
}

function note(id: MessageId, { source, verdict, octets }: Judged, parts: RelayParts): void {
  const { peer } = source
  parts.intake?.received(peer, verdict, octets)
  if (verdict.kind !== 'rejected') return
  parts.refusals?.add(id, `peer:${peer}`, verdict.reason)
  if (verdict.reason.settled) parts.declined?.add(peer, id)
}

/** Never rejects. What waits for the commit does not hold on to the article as it came. */
function transfer(id: MessageId, { arrived, source }: Transfer, parts: RelayParts): Promise<Verdict> {
  const octets = arrived.wire.length
  // RFC 4644 2.5.2: TAKETHIS may come uninvited; then others are told to wait from here on.
  parts.leases.take(id, source.connection)
  const done = (verdict: Verdict) => {
    parts.leases.release(id, source.connection)
    note(id, { source, verdict, octets }, parts)
    return verdict
  }
  const fault = () => done({ kind: 'deferred', reason: new Reason('fault') })
  try {
    const verdict = enter(id, { arrived, source }, parts)
    return verdict instanceof Promise ? verdict.then(done, fault) : Promise.resolve(done(verdict))
  } catch {
    return Promise.resolve(fault())
  }
}

function enter(id: MessageId, { arrived, source }: Transfer, parts: RelayParts): Verdict | Promise<Verdict> {
  const article = Article.parse(arrived.wire, relayedLimits(parts.limits()), arrived.around)
  if (article instanceof Reason) return rejected(article)
  const reason = refusal(article, id, source)
  if (reason !== undefined) return rejected(reason)
  return parts.accept({ article, offered: id, origin: { kind: 'peer', source } })
}

/**
 * RFC 5537 3.6: nothing is changed on the way; a fold of blanks alone harms nobody who is not asked to repeat it. Spelt
 * out, because the limits are those of the whole configuration and this is done for every article.
 */
const relayedLimits = ({ header_bytes, header_line_bytes, headers }: ArticleLimits): ArticleLimits => ({
  header_bytes,
  header_line_bytes,
  headers,
  blankFolds: true,
})

const rejected = (reason: Reason): Verdict => ({ kind: 'rejected', reason })

/** What only the one who receives from a peer can check. */
function refusal(article: Article, id: MessageId, source: Source): Reason | undefined {
  // RFC 3977 6.3.2.2: octet for octet; another peer's copy may be good.
  if (!article.says('Message-ID', id)) return new Reason('message-id-mismatch')
  const newsgroups = article.header('Newsgroups')
  // Without the header it is refused anyway, with a better reason.
  if (newsgroups === undefined) return undefined
  const { groups } = parseNewsgroups(newsgroups)
  // RFC 5537 3.6: an agent decides for itself what it takes, and from whom.
  if (groups.length === 0 || groups.some(source.accepts)) return undefined
  return new Reason('unwanted-by-peer-rule', groups[0])
}
