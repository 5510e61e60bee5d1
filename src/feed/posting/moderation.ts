/** Postings to moderated groups: who moderates, and the mail to them. RFC 5537 3.5.1, RFC 6048 2.4 */
import type { Article } from '../../article.ts'
import type { Config } from '../../config/config.ts'
import { isMailAddress } from '../../mail-address.ts'
import { type MessageId, parseMessageId } from '../../message-id.ts'
import { type Newsgroup, parseNewsgroups } from '../../newsgroup.ts'
import { Reason } from '../../reason.ts'
import { Wildmat } from '../../wildmat.ts'
import { unstuff } from '../../wire.ts'
import { isModerated } from '../check/groups.ts'

/**
 * Mail address for submissions to `group`: the first rule that matches decides, `%s` is the group with its dots as
 * dashes, `%%` a per cent sign. Undefined where no rule matches, or what comes out is no address.
 */
export function moderatorFor(config: Pick<Config, 'moderator'>, group: string): string | undefined {
  const rule = config.moderator.find(({ groups }) => Wildmat.parse(groups)?.matches(group) === true)
  if (rule === undefined) return undefined
  const name = group.replaceAll('.', '-')
  const address = rule.address.replace(/%[s%]/g, sign => (sign === '%s' ? name : '%'))
  return isMailAddress(address) ? address : undefined
}

/** All of a mail that comes from the article. */
export interface Submission {
  readonly group: Newsgroup
  readonly to: string
  readonly subject: string
  readonly messageId: MessageId
  readonly message: Buffer
}

interface Site {
  readonly config: Pick<Config, 'moderator'>
  readonly group: (name: string) => { readonly status: string } | undefined
}

/** For an article that lacks nothing but Approved; it has Message-ID and Date, and no Path of ours yet. */
export function submission(article: Article, site: Site): Submission | Reason {
  const { groups } = parseNewsgroups(article.header('Newsgroups') ?? '')
  // RFC 5537 3.5.1: the leftmost moderated group
  const group = groups.find(name => isModerated(site, name))
  const messageId = parseMessageId(article.header('Message-ID') ?? '')
  if (group === undefined || messageId === undefined) return new Reason('unapproved')
  const to = moderatorFor(site.config, group)
  if (to === undefined) return new Reason('no-moderator', group)
  const subject = mailSubject(group, article.header('Subject') ?? '')
  return { group, to, subject, messageId, message: unstuff(article.wire) }
}

const longestSubject = 200

/** One line without control characters, read as UTF-8 where it is. */
function mailSubject(group: string, subject: string): string {
  const octets = Buffer.from(subject, 'latin1')
  const text = new TextDecoder().decode(octets)
  const plain = text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\ufffd]/gu, '?')
  return Array.from(`[${group}] ${plain}`).slice(0, longestSubject).join('')
}
