/** The injecting agent: what is done to a proto-article before it becomes an article. RFC 5537 3.5 */
import { Article } from '../article.ts'
import type { Clock } from '../clock.ts'
import type { Config } from '../config.ts'
import type { Log } from '../log.ts'
import type { MessageId } from '../message-id.ts'
import { Reason } from '../reason.ts'
import type { MailEntry, Outcome } from '../storage/entry.ts'
import { scanBlock } from '../wire.ts'
import type { Accept } from './accept.ts'
import type { Facts } from './check/check.ts'
import { examine } from './examine.ts'
import type { Poster, Verdict } from './feed.ts'
import { postingLimit } from './horizon.ts'
import { HourlyLimit } from './hourly-limit.ts'
import { injectionFields, newMessageId } from './injection-fields.ts'
import { submission } from './moderation.ts'
import type { Origin } from './origin.ts'
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
  /** Resolves when the mail is durable in the outbox. */
  readonly submitMail: (entry: MailEntry) => Promise<Outcome>
  /** Turns account names into opaque ones for Injection-Info. */
  readonly hostSecret: Buffer
}

export interface Injector {
  inject(proto: Buffer, poster: Poster): Promise<Verdict>
  recommendMessageId(): MessageId
}

/** Against floods of a moderator's mailbox. */
const mailsPerHour = 60

export function createInjector(parts: Injecting): Injector {
  const mails = new HourlyLimit(mailsPerHour)
  const pace = new PostingPace(parts.clock)
  return {
    recommendMessageId: () => recommend(parts),
    async inject(proto, poster) {
      try {
        return await inject({ parts, mails, pace, poster }, proto)
      } catch (cause) {
        parts.log.error({ err: cause }, 'posting failed')
        return deferred('fault')
      }
    },
  }
}

interface Injection {
  readonly parts: Injecting
  readonly mails: HourlyLimit
  readonly pace: PostingPace
  readonly poster: Poster
}

async function inject(injection: Injection, wire: Buffer): Promise<Verdict> {
  const { parts, pace, poster } = injection
  const config = parts.config()
  // RFC 3977 3.6: NUL, bare CR and bare LF are refused at every entrance, never repaired.
  const fault = scanBlock(wire)
  if (fault !== undefined) return rejected(new Reason(fault))
  if (wire.length > config.limits.article_bytes) return rejected(new Reason('article-too-large'))
  const proto = Article.parse(wire, config.limits)
  if (proto instanceof Reason) return rejected(proto)
  const wrong = checkProto(proto, config)
  if (wrong !== undefined) return rejected(wrong)

  const wait = pace.next(poster, config.limits.posts_per_hour)
  if (wait === undefined) return deferred('too-fast')
  if (wait > 0) await parts.clock.sleep(wait)

  const now = parts.clock.now()
  // RFC 5537 3.5.5: Message-ID and Date are added where absent, before anything else.
  const added = completion(proto, now, () => recommend(parts))
  const complete = added.length === 0 ? proto : proto.edit({ append: added })
  const article = complete.edit(
    injectionFields({ proto, complete, poster, config, now, secret: parts.hostSecret }),
  )

  const origin: Origin = { kind: 'post', poster }
  const examined = examine(article, origin, factsOf(parts, config, now))
  if (!(examined instanceof Reason)) return await parts.accept({ article, origin })
  // RFC 5537 3.5.7: all is well but for Approved: to the moderator, without Path and Injection-*.
  return examined.name === 'unapproved' ? await moderate(injection, complete) : rejected(examined)
}

async function moderate({ parts, mails, poster }: Injection, article: Article): Promise<Verdict> {
  const config = parts.config()
  const mail = submission(article, { config, group: parts.groups })
  if (mail instanceof Reason) return rejected(mail)
  if (!mails.take(mail.group, parts.clock.monotonic())) return deferred('busy')
  const outcome = await parts.submitMail({
    kind: 'mail',
    time: Math.floor(parts.clock.now() / 1000),
    source: `post:${poster.account}`,
    to: mail.to,
    subject: mail.subject,
    messageId: mail.messageId,
    message: mail.message,
  })
  switch (outcome.kind) {
    case 'stored':
      return { kind: 'mailed', messageId: mail.messageId }
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
  return { now, config, group, horizon: postingLimit(now, config), ...(isPrivate && { isPrivate }) }
}

function recommend({ clock, random, config }: Injecting): MessageId {
  return newMessageId({ now: clock.now(), random: random(10), identity: config().node.path_identity })
}

function rejected(reason: Reason): Verdict {
  return { kind: 'rejected', reason }
}

function deferred(name: 'busy' | 'fault' | 'too-fast'): Verdict {
  return { kind: 'deferred', reason: new Reason(name) }
}
