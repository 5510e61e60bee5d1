/** The injecting agent: what is done to a proto-article before it becomes an article. RFC 5537 3.5 */
import { Article } from '../../article.ts'
import type { Clock } from '../../clock.ts'
import type { Config } from '../../config/config.ts'
import type { Log } from '../../log.ts'
import { type MessageId, newMessageId, parseMessageId } from '../../message-id.ts'
import { type Newsgroup, parseNewsgroups } from '../../newsgroup.ts'
import { Reason } from '../../reason.ts'
import { heldArticle } from '../../storage/article/stored-article.ts'
import type { HoldEntry, MailEntry, Outcome } from '../../storage/entry.ts'
import type { HeldPost } from '../../storage/state/held.ts'
import { scanBlock } from '../../wire.ts'
import type { Accept } from '../accept.ts'
import { postingLimit } from '../age/horizon.ts'
import type { Facts } from '../check/check.ts'
import { examine } from '../examine.ts'
import type { Poster, Verdict } from '../feed.ts'
import type { Origin } from '../origin.ts'
import { HourlyLimit } from './hourly-limit.ts'
import { injectionFields, needsInjectionDate } from './injection-fields.ts'
import { type Locking, withLocks } from './locking.ts'
import { submission } from './moderation.ts'
import { Newcomers } from './newcomers.ts'
import { PostingPace } from './posting-pace.ts'
import { checkProto, completion } from './proto-article.ts'

export interface Injecting {
  readonly accept: Accept
  readonly config: () => Config
  readonly clock: Clock
  readonly log: Log
  /** So many random octets. */
  readonly random: (octets: number) => Buffer
  readonly groups: (name: string) => { readonly status: string } | undefined
  readonly isPrivate?: Facts['isPrivate']
  /** Why the wall clock is not to be believed; it always is where absent. */
  readonly doubt?: () => string | undefined
  /** Resolves when the mail is durable in the outbox, or the posting among those that are held. */
  readonly submit: (entry: MailEntry | HoldEntry) => Promise<Outcome>
  /** Turns account names into opaque ones for Injection-Info. */
  readonly hostSecret: Buffer
  readonly locking: Locking
}

export interface Injector {
  inject(proto: Buffer, poster: Poster): Promise<Verdict>
  /** Files what was held, or mails it to the moderator; what is refused stays held. Never rejects. */
  releaseHeld(post: HeldPost): Promise<Verdict>
  recommendMessageId(): MessageId
}

/** Against floods of a moderator's mailbox. */
const mailsPerHour = 60

export function createInjector(parts: Injecting): Injector {
  const mails = new HourlyLimit(mailsPerHour)
  const pace = new PostingPace(parts.clock)
  const newcomers = new Newcomers()
  const safely = async (work: () => Promise<Verdict>): Promise<Verdict> => {
    try {
      return await work()
    } catch (cause) {
      parts.log.error({ err: cause }, 'posting failed')
      return deferred('fault')
    }
  }
  return {
    recommendMessageId: () => recommend(parts),
    inject: (proto, poster) => safely(() => inject({ parts, mails, pace, newcomers, poster }, proto)),
    releaseHeld: post => safely(() => release({ parts, mails, pace, newcomers }, post)),
  }
}

interface Injection {
  readonly parts: Injecting
  readonly mails: HourlyLimit
  readonly pace: PostingPace
  readonly newcomers: Newcomers
  readonly poster: Poster
}

async function inject(injection: Injection, wire: Buffer): Promise<Verdict> {
  const { parts, newcomers, poster } = injection
  const config = parts.config()
  // RFC 3977 3.6: NUL, bare CR and bare LF are refused at every entrance, never repaired.
  const fault = scanBlock(wire)
  if (fault !== undefined) return rejected(new Reason(fault))
  if (wire.length > config.limits.article_bytes) return rejected(new Reason('article-too-large'))
  const proto = Article.parse(wire, config.limits)
  if (proto instanceof Reason) return rejected(proto)
  const wrong = checkProto(proto, config)
  if (wrong !== undefined) return rejected(wrong)

  const taken = newcomers.take(poster, config.web, {
    now: parts.clock.now(),
    monotonic: parts.clock.monotonic(),
  })
  if ('later' in taken) return tooFast(taken.later)
  const verdict = await paced(injection, proto)
  if (verdict.kind === 'rejected' || verdict.kind === 'deferred') taken.takeOff()
  return verdict
}

async function paced(injection: Injection, proto: Article): Promise<Verdict> {
  const { parts, pace, poster } = injection
  const config = parts.config()
  const next = pace.next(poster, config.limits.posts_per_hour)
  if ('later' in next) return tooFast(next.later)
  if (next.wait > 0) await parts.clock.sleep(next.wait)

  const now = parts.clock.now()
  // RFC 5537 3.5.5: Message-ID and Date are added where absent, before anything else.
  const added = completion(proto, now, () => recommend(parts))
  const complete = added.length === 0 ? proto : proto.edit({ append: added })
  const dated = needsInjectionDate(proto)
  return await enter(injection, { complete, now, dated, hold: true })
}

interface Entering {
  /** The proto-article with Message-ID and Date. */
  readonly complete: Article
  /** When it was posted, milliseconds since 1970. */
  readonly now: number
  readonly dated: boolean
  /** False for what was held and is released. */
  readonly hold: boolean
}

/** From a complete proto-article on: filed, held or mailed to the moderator. */
async function enter(injection: Injection, entering: Entering): Promise<Verdict> {
  const { parts, poster } = injection
  const { complete, now, dated, hold } = entering
  const config = parts.config()
  const locked = await lock(injection, complete)
  const article = locked.edit(
    injectionFields({ complete: locked, poster, config, now, dated, secret: parts.hostSecret }),
  )
  const origin: Origin = { kind: 'post', poster }
  const examined = examine(article, origin, factsOf(parts, config, now))
  const unapproved = examined instanceof Reason && examined.name === 'unapproved'
  if (examined instanceof Reason && !unapproved) return rejected(examined)
  // Before it goes to a moderator: whoever releases it sends it there.
  if (hold && isHeld(complete, poster)) return await holdBack(injection, entering)
  // RFC 5537 3.5.7: all is well but for Approved: to the moderator, without Path and Injection-*.
  if (unapproved) return await moderate(injection, complete, !hold)
  return await parts.accept({ article, origin, ...(!hold && { heldSince: Math.floor(now / 1000) }) })
}

/** Without a message-ID that can be one it is refused anyway. */
async function lock({ parts, poster }: Injection, complete: Article): Promise<Article> {
  const messageId = parseMessageId(complete.header('Message-ID') ?? '')
  if (messageId === undefined) return complete
  return await withLocks(complete, messageId, { locking: parts.locking, poster })
}

const seenGroups = (article: Article, { maySee = () => true }: Poster): readonly Newsgroup[] =>
  parseNewsgroups(article.header('Newsgroups') ?? '').groups.filter(maySee)

/** One group that is held for holds the whole article. */
function isHeld(article: Article, poster: Poster): boolean {
  const { holds } = poster
  return holds !== undefined && seenGroups(article, poster).some(holds)
}

async function holdBack({ parts, poster }: Injection, entering: Entering): Promise<Verdict> {
  const { complete, now, dated } = entering
  const messageId = parseMessageId(complete.header('Message-ID') ?? '')
  if (messageId === undefined) return rejected(new Reason('bad-message-id'))
  const { account, address } = poster
  const time = Math.floor(now / 1000)
  const newsgroups = seenGroups(complete, poster)
  const post = { messageId, account, address, time, newsgroups, dated, article: complete.wire }
  const outcome = await parts.submit({ kind: 'hold', time, source: `post:${account}`, post })
  return outcome.kind === 'stored' ? { kind: 'held', messageId } : refusalOf(outcome)
}

/** As it was posted, but that whoever releases it answers for rights and groups. RFC 5537 3.5 */
async function release(releasing: Releasing, post: HeldPost): Promise<Verdict> {
  const complete = heldArticle(post)
  if (complete === undefined) throw new Error(`${post.messageId}: what is held is no article`)
  const { account, address } = post
  const groups: ReadonlySet<string> = new Set(post.newsgroups)
  const everywhere = () => true
  const maySee = (name: string) => groups.has(name)
  const poster: Poster = { account, address, mayPost: everywhere, mayApprove: everywhere, maySee }
  const entering = { complete, now: post.time * 1000, dated: post.dated, hold: false }
  return await enter({ ...releasing, poster }, entering)
}

type Releasing = Omit<Injection, 'poster'>

async function moderate(
  { parts, mails, poster }: Injection,
  article: Article,
  held: boolean,
): Promise<Verdict> {
  const config = parts.config()
  const mail = submission(article, { config, group: parts.groups })
  if (mail instanceof Reason) return rejected(mail)
  if (!mails.take(mail.group, parts.clock.monotonic())) return deferred('busy')
  const outcome = await parts.submit({
    kind: 'mail',
    time: Math.floor(parts.clock.now() / 1000),
    source: `post:${poster.account}`,
    to: mail.to,
    subject: mail.subject,
    messageId: mail.messageId,
    message: mail.message,
    ...(held && { held }),
  })
  return outcome.kind === 'stored' ? { kind: 'mailed', messageId: mail.messageId } : refusalOf(outcome)
}

function refusalOf(outcome: Exclude<Outcome, { kind: 'stored' }>): Verdict {
  switch (outcome.kind) {
    case 'duplicate':
      return rejected(new Reason('duplicate'))
    case 'refused':
      return rejected(outcome.reason)
    case 'deferred':
      return outcome
  }
}

/** RFC 5537 3.5: a posting may be refused for its age; the cut-off of transit serves for it too. */
function factsOf(parts: Injecting, config: Config, now: number): Facts {
  const { groups: group, isPrivate } = parts
  const isClockDoubtful = parts.doubt?.() !== undefined
  const limit = isClockDoubtful ? 0 : postingLimit(now, config)
  return { now, isClockDoubtful, config, group, horizon: limit, ...(isPrivate && { isPrivate }) }
}

function recommend({ clock, random, config }: Injecting): MessageId {
  return newMessageId({ now: clock.now(), random: random(10), identity: config().node.path_identity })
}

function rejected(reason: Reason): Verdict {
  return { kind: 'rejected', reason }
}

function deferred(name: 'busy' | 'fault'): Verdict {
  return { kind: 'deferred', reason: new Reason(name) }
}

function tooFast(seconds: number): Verdict {
  return { kind: 'deferred', reason: new Reason('too-fast'), seconds }
}
