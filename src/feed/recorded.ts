/** Postings on record: in the audit log, and those that were refused where they can be asked for. */
import { Article } from '../article.ts'
import type { Audit } from '../audit/audit-log.ts'
import { Reason } from '../reason.ts'
import type { Feed } from './feed.ts'
import type { Refusals } from './trace/refusals.ts'

interface Recording {
  readonly refusals: Refusals
  readonly audit: Audit | undefined
}

/** Postings are put on record; those that are refused are remembered, where they have a message-ID to be asked for by. */
export function recorded(inject: Feed['inject'], { refusals, audit }: Recording): Feed['inject'] {
  return async (proto, poster) => {
    const verdict = await inject(proto, poster)
    const { account, address } = poster
    const messageId = 'messageId' in verdict ? verdict.messageId : (messageIdIn(proto) ?? '')
    const reason = 'reason' in verdict ? verdict.reason.text : ''
    if (verdict.kind === 'rejected' && messageId !== '')
      refusals.add(messageId, `post:${account}`, verdict.reason)
    audit?.record('post', { messageId, account, address, result: verdict.kind, reason })
    return verdict
  }
}

function messageIdIn(proto: Buffer): string | undefined {
  const limits = { header_bytes: 65_536, header_line_bytes: 8_192, headers: 1_000, lax: true }
  const article = Article.parse(proto, limits)
  return article instanceof Reason ? undefined : article.header('Message-ID')
}
