/** Which header fields an article must, may and must not have. RFC 5536 2.2, 3, 3.3; RFC 5537 3.5 */
import { parseLaxMessageId, parseMessageId } from '../../message-id.ts'
import { Reason } from '../../reason.ts'
import { withdrawnBy } from '../control.ts'
import type { Case } from './check.ts'

/** RFC 5536 3.1: the mandatory fields, in the order INN looks for them. */
const mandatory = ['Date', 'From', 'Message-ID', 'Newsgroups', 'Path', 'Subject'] as const

/** RFC 5536 3: no more than one of each of those that decide whither an article goes, how long it stays, what it does. */
const single = [
  ...mandatory,
  'Approved',
  'Control',
  'Distribution',
  'Expires',
  'Injection-Date',
  'Supersedes',
  'Xref',
]

/** Also single by RFC 5536 3.2, RFC 8315 2, RFC 5322 3.6 and RFC 2045, but harmless when repeated: refused from posters only. */
const singleInPosts = [
  ...single,
  'Archive',
  'Cancel-Key',
  'Cancel-Lock',
  'Cc',
  'Content-Transfer-Encoding',
  'Content-Type',
  'Followup-To',
  'In-Reply-To',
  'Injection-Info',
  'Keywords',
  'Lines',
  'MIME-Version',
  'Organization',
  'References',
  'Reply-To',
  'Sender',
  'Summary',
  'To',
  'User-Agent',
]

/** Old articles are taken with any repeat that does not change what they are or do. */
const singleInImports = ['Message-ID', 'Newsgroups', 'Control', 'Supersedes']

const singles = { peer: single, post: singleInPosts, import: singleInImports } as const

/** RFC 5536 3.1: every mandatory field is there. An import may lack Path: it was mail, or older than the field. */
export function hasMandatoryFields({ article, origin }: Case): Reason | undefined {
  for (const name of mandatory) {
    if (article.count(name) === 0 && !(origin.kind === 'import' && name === 'Path')) {
      return new Reason('missing-header', name)
    }
  }
  return undefined
}

/** RFC 5536 3: a field that may stand once stands once. */
export function hasNoRepeatedField({ article, origin }: Case): Reason | undefined {
  // Most articles repeat none at all.
  if (!article.mayRepeat) return undefined
  for (const name of singles[origin.kind]) {
    if (article.count(name) < 2) continue
    const harmless = origin.kind === 'import' && new Set(article.all(name)).size === 1
    if (!harmless) return new Reason('duplicate-header', name)
  }
  return undefined
}

/** RFC 5536 2.2: a field has content. Peers and archives bring empty ones that do no harm; posters may not. */
export function hasNoEmptyField({ article }: Case): Reason | undefined {
  const [name] = article.emptyHeaders
  return name === undefined ? undefined : new Reason('empty-header', name)
}

/** RFC 5536 3.1.3; old articles may have looser identifiers. */
export function hasGoodMessageId({ article, origin, draft }: Case): Reason | undefined {
  const text = article.header('Message-ID') ?? ''
  const id = origin.kind === 'import' ? parseLaxMessageId(text) : parseMessageId(text)
  if (id === undefined) return new Reason('bad-message-id', text)
  draft.messageId = id
  return undefined
}

/** RFC 5536 2.2: octets of a line of the header section without its CRLF; posters are held to it. */
const longestLine = 998

export function hasNoLongHeaderLine({ article }: Case): Reason | undefined {
  return article.longestHeaderLine > longestLine ? new Reason('line-too-long') : undefined
}

/**
 * RFC 5536 3.2.3: this field alone makes a control message. One that cannot be understood is passed on and does nothing
 * (RFC 5537 5); from a poster it is refused.
 */
export function noteControl({ article, origin, draft }: Case): Reason | undefined {
  draft.control = article.count('Control') > 0
  if (!draft.control && article.count('Supersedes') === 0) return undefined
  const withdrawn = withdrawnBy(article)
  if (withdrawn === undefined) return undefined
  if (!('malformed' in withdrawn)) draft.withdrawn = withdrawn
  else if (origin.kind === 'post') return new Reason('bad-target', withdrawn.malformed)
  return undefined
}
