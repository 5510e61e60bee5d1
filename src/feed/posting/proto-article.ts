/** What a proto-article may and must hold, and what is added to it first. RFC 5537 3.4.1, 3.5; RFC 5536 3.3 */
import type { Article } from '../../article.ts'
import type { Config } from '../../config/config.ts'
import { formatDate } from '../../date.ts'
import type { MessageId } from '../../message-id.ts'
import { parsePath } from '../../path.ts'
import { Reason } from '../../reason.ts'
import { loopField } from '../mail/mail.ts'

/** RFC 5537 3.5.2: only an injecting or serving agent sets these. Lower case. */
const systemFields = new Set([
  'injection-info',
  'xref',
  'nntp-posting-date',
  'nntp-posting-host',
  'nntp-posting-path',
  'x-complaints-to',
  'x-trace',
])

/** RFC 5536 3.3. Lower case. */
const obsoleteFields = new Set([
  'also-control',
  'article-names',
  'article-updates',
  'date-received',
  'posting-version',
  'relay-version',
  'see-also',
])

/** RFC 5537 3.4.1: the least a posting agent sends. */
const required = ['From', 'Newsgroups', 'Subject'] as const

/** Why the proto-article cannot be injected whatever is added to it; the checks on articles come after. */
export function checkProto(proto: Article, config: Config): Reason | undefined {
  for (const name of proto.names) {
    if (systemFields.has(name.toLowerCase())) return new Reason('system-header', name)
    if (obsoleteFields.has(name.toLowerCase())) return new Reason('obsolete-header', name)
  }
  const missing = required.find(name => proto.count(name) === 0)
  if (missing !== undefined) return new Reason('missing-header', missing)
  // All of them give way to one of ours, so the check on repeats would not see it. RFC 5536 3
  if (proto.count('Path') > 1) return new Reason('duplicate-header', 'Path')
  if (isOurMail(proto, config)) return new Reason('system-header', loopField)
  return checkPath(proto)
}

/** A mail to a moderator that a gateway posts again: it would go round for ever. */
function isOurMail(proto: Article, config: Config): boolean {
  const mark = proto.header(loopField)
  return mark !== undefined && mark.toLowerCase() === config.node.path_identity.toLowerCase()
}

function checkPath(proto: Article): Reason | undefined {
  const header = proto.header('Path')
  if (header === undefined) return undefined
  const path = parsePath(header)
  // RFC 5537 3.5.2: .POSTED says that it was injected before.
  if (path.injected) return new Reason('posted-path')
  // A lone tail that fits no grammar gives way to `not-for-mail`; among sites it cannot be told what is meant.
  const unclear = path.entries.length > 1 && path.entries.some(({ kind }) => kind === 'other')
  return unclear ? new Reason('bad-path', header) : undefined
}

/** The lines to add so that it can be mailed or injected. RFC 5537 3.5.5 */
export function completion(proto: Article, now: number, messageId: () => MessageId): readonly string[] {
  const lines: string[] = []
  if (proto.count('Date') === 0) lines.push(`Date: ${formatDate(Math.floor(now / 1000))}`)
  if (proto.count('Message-ID') === 0) lines.push(`Message-ID: ${messageId()}`)
  return lines
}
