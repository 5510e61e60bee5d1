/** The one way in: examine, amend, submit. Every article enters by this function. RFC 5537 3.5, 3.6 */
import type { Article } from '../article.ts'
import type { Clock } from '../clock.ts'
import type { Config } from '../config/config.ts'
import { parseNewsgroup } from '../newsgroup.ts'
import { Reason } from '../reason.ts'
import { Arena, type Room } from '../storage/arena.ts'
import { roomBefore } from '../storage/article/record.ts'
import type { ArticleEntry, Entry, Outcome } from '../storage/entry.ts'
import { terminator } from '../wire.ts'
import { postingLimit } from './age/horizon.ts'
import { amend } from './amend.ts'
import type { Facts } from './check/check.ts'
import type { Withdrawn } from './control.ts'
import { datedBy, type Examined, examine } from './examine.ts'
import type { Verdict } from './feed.ts'
import type { Origin } from './origin.ts'
import type { Conflicts } from './peers/conflicts.ts'
import type { Heard } from './peers/currency.ts'
import { locksOpenedBy } from './withdraw/cancel-lock.ts'
import type { Withdrawals } from './withdraw/withdrawals.ts'

export interface Incoming {
  readonly article: Article
  readonly origin: Origin
  /** Offered under this message-ID (IHAVE, TAKETHIS): must equal the header. */
  readonly offered?: string
  /** Import of a spool: file under this group and number only. */
  readonly keep?: { readonly group: string; readonly number: number }
  /** Import: create the groups that do not exist. */
  readonly createGroups?: boolean
  /** It was held since then, seconds since 1970, and is released: its age is judged as of that time. */
  readonly heldSince?: number
  /** A bare CR was met in an import: kept, served, never relayed. */
  readonly localOnly?: boolean
}

export type Accept = (incoming: Incoming) => Promise<Verdict>

export interface AcceptOptions {
  /** Resolves with what is made of the outcome. */
  readonly submit: <T>(entry: Entry, conclude: (outcome: Outcome) => T) => Promise<T>
  readonly group: Facts['group']
  readonly config: () => Config
  readonly clock: Clock
  /** Articles from peers with an earlier date are refused, seconds since 1970; 0 = none. */
  readonly horizon: () => number
  /** Why the wall clock is not to be believed; it always is where absent. */
  readonly doubt?: () => string | undefined
  readonly isPrivate?: Facts['isPrivate']
  readonly heard?: Pick<Heard, 'received'>
  /** Told of what takes earlier articles away, and of what was cancelled before it came. */
  readonly withdrawals?: Pick<Withdrawals, 'note'>
  /** Looks at copies from peers that came too late. */
  readonly conflicts?: Pick<Conflicts, 'look'>
  /** Told of every verdict. */
  readonly seen?: (verdict: Verdict) => void
  /** Told of what should not have been thrown: such an article is deferred. */
  readonly failed?: (error: unknown) => void
}

/** A row of the arrival log holds 255 octets of its source. */
const longestHost = 200

/** Steps 3 and 4 do no I/O; the promise is that of `submit`. Never rejects. */
export function createAccept(options: AcceptOptions): Accept {
  const { submit, group, config, clock, isPrivate = () => false, heard, withdrawals, conflicts } = options
  const { room } = new Arena()
  const concluded = (verdict: Verdict): Verdict => {
    options.seen?.(verdict)
    return verdict
  }
  const rejected = (reason: Reason) => Promise.resolve(concluded({ kind: 'rejected', reason }))
  // An unexpected fault is our own trouble: nobody drops an article because of it.
  const faulted = (error: unknown): Verdict => {
    options.failed?.(error)
    return concluded({ kind: 'deferred', reason: new Reason('fault') })
  }
  const enter = (incoming: Incoming): Promise<Verdict> => {
    const { article, origin } = incoming
    const now = clock.now()
    const judged = incoming.heldSince === undefined ? now : incoming.heldSince * 1000
    const snapshot = config()
    const isClockDoubtful = options.doubt?.() !== undefined
    const facts = {
      now: judged,
      config: snapshot,
      group: incoming.createGroups ? creating(group) : group,
      isClockDoubtful,
      // That for peers was stored while the clock was right.
      horizon:
        origin.kind === 'peer' ? options.horizon() : isClockDoubtful ? 0 : postingLimit(judged, snapshot),
      isPrivate,
      time: Math.floor(now / 1000),
      room,
    }
    const examined = examine(article, origin, facts)
    if (examined instanceof Reason) return rejected(examined)
    // RFC 3977 appendix A.2: an article under another message-ID than offered is refused.
    if (incoming.offered !== undefined && incoming.offered !== examined.messageId)
      return rejected(new Reason('message-id-mismatch'))
    const date = datedBy(examined)
    if (origin.kind === 'peer' && date !== undefined) heard?.received(origin.source.peer, date)
    const entry = entryOf(incoming, examined, facts)
    const peer = origin.kind === 'peer' ? origin.source.peer : undefined
    return submit(entry, outcome => {
      try {
        if (outcome.kind !== 'duplicate') withdrawals?.note(entry, outcome)
        else if (peer !== undefined) conflicts?.look(entry.messageId, entry.article, peer)
      } catch (error) {
        return faulted(error)
      }
      return concluded(verdictOf(outcome, entry))
    })
  }
  return incoming => {
    try {
      return enter(incoming)
    } catch (error) {
      return Promise.resolve(faulted(error))
    }
  }
}

/** An import that creates groups knows every group with a valid name. */
const creating =
  (group: Facts['group']): Facts['group'] =>
  name =>
    group(name) ?? (parseNewsgroup(name) ? { status: 'y' } : undefined)

/** What an entry is made with besides the article. */
interface Making {
  readonly config: Config
  /** When it was accepted, seconds since 1970. */
  readonly time: number
  readonly room: Room
}

function entryOf(incoming: Incoming, examined: Examined, { time, config, room }: Making): ArticleEntry {
  const { origin, keep } = incoming
  const { messageId, newsgroups } = examined
  const identity = config.node.path_identity
  const source = sourceOf(origin)
  // Its record is written around it, so that no octet of it is copied again.
  const before = roomBefore(messageId, source, { identity, groups: newsgroups })
  const into = { room, before, behind: terminator.length }
  const entry: ArticleEntry = {
    kind: 'article',
    time,
    source,
    article: amend(incoming.article, origin, { identity, into }),
    messageId,
    newsgroups,
    path: examined.path,
    distributions: examined.distributions,
    pathIdentity: identity,
    // Private for good: what an administrator changes or removes later does not let it out.
    localOnly: incoming.localOnly === true || examined.private,
    control: examined.control,
    createGroups: incoming.createGroups ?? false,
  }
  const { heldSince } = incoming
  // The usual entry is one plain literal: spreading what is not there costs as much as what is.
  if (examined.withdrawn === undefined && heldSince === undefined && keep === undefined) return entry
  const keepGroup = keep && parseNewsgroup(keep.group)
  return {
    ...entry,
    ...(examined.withdrawn && withdrawing(entry, examined.withdrawn, origin)),
    ...(heldSince === undefined ? {} : { held: true }),
    ...(keep && keepGroup ? { keep: { group: keepGroup, number: keep.number } } : {}),
  }
}

/** An import is what once was: it takes nothing away here. */
function withdrawing(
  { article, newsgroups }: ArticleEntry,
  { how, target }: Withdrawn,
  origin: Origin,
): Pick<ArticleEntry, 'withdraws'> {
  if (origin.kind === 'import') return {}
  const keys = article.count('Cancel-Key') === 1 ? article.header('Cancel-Key') : undefined
  const opens = keys === undefined ? [] : locksOpenedBy(keys)
  const approves = origin.kind === 'post' ? newsgroups.filter(origin.poster.mayApprove) : []
  return { withdraws: { how, target, opens, approves } }
}

function sourceOf(origin: Origin): string {
  switch (origin.kind) {
    case 'peer':
      return `peer:${origin.source.peer}`
    case 'post':
      return `post:${origin.poster.account}`
    case 'import':
      return origin.host === undefined ? 'import' : `pull:${origin.host.slice(0, longestHost)}`
  }
}

function verdictOf(outcome: Outcome, { messageId }: ArticleEntry): Verdict {
  switch (outcome.kind) {
    case 'stored':
      return {
        kind: 'accepted',
        arrival: outcome.arrival,
        messageId,
        filings: outcome.filings,
        ...(outcome.withdrawal && { withdrawal: outcome.withdrawal }),
      }
    case 'duplicate':
      return { kind: 'rejected', reason: new Reason('duplicate') }
    case 'refused':
      return { kind: 'rejected', reason: outcome.reason }
    case 'deferred':
      return { kind: 'deferred', reason: outcome.reason }
  }
}
