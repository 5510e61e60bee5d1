/** A cancel of one article, as a posting agent writes it. RFC 5537 5.3, RFC 5536 3.2.3 */
import type { MessageId } from '../../message-id.ts'
import { wireFromText } from '../../wire.ts'

export interface CancelMessage {
  readonly target: MessageId
  /** A From header as it stands in an article: encoded, on one line. */
  readonly from: string
  /** Those of the article that is to go, so that the cancel comes wherever that came. */
  readonly newsgroups: string
  /** Whoever moderates one of them; absent where none is moderated, or the moderators are to decide. RFC 5537 5.3 */
  readonly approved?: string
  /** Lines in ASCII. */
  readonly body: string
}

/** The proto-article in wire form, for `Feed.inject`. Throws `RangeError` where a value is more than one line. */
export function cancelMessage({ target, from, newsgroups, approved, body }: CancelMessage): Buffer {
  const fields: readonly (readonly [string, string | undefined])[] = [
    ['From', from],
    ['Newsgroups', newsgroups],
    ['Subject', `cmsg cancel ${target}`],
    ['Control', `cancel ${target}`],
    ['Approved', approved],
  ]
  const lines = fields.flatMap(([name, value]) => {
    if (value === undefined) return []
    if (/[\0-\x1f\x7f]/.test(value)) throw new RangeError(`${name}: not one line`)
    return [`${name}: ${value}\n`]
  })
  return wireFromText(Buffer.from(`${lines.join('')}\n${body}`, 'latin1'))
}
