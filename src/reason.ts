/**
 * Every reason to refuse or put off an article, in one table. The texts are INN's where INN has one, because
 * administrators and their scripts know them. RFC 5537 3.5, 3.6, 3.7.
 */

interface ReasonRow {
  /** What the client or peer reads; `%s` is where the detail goes, behind a colon where there is none. */
  readonly text: string
  /**
   * Whether another copy of the same peer would fare no better, so that it is not asked for one. Nothing that was
   * refused keeps the copy of another peer out: that one may be whole, or name other groups.
   */
  readonly settled: boolean
}

const row = (text: string): ReasonRow => ({ text, settled: false })
const settled = (text: string): ReasonRow => ({ text, settled: true })

export const reasons = {
  // The octets (RFC 3977 3.1.1, 3.6; RFC 5536 2.2). They may have been damaged on the way: sent again they may be good.
  'bare-cr': row('Bare CR in article'),
  'bare-lf': row('Bare LF in article'),
  nul: row('NUL octet in article'),
  'not-dot-stuffed': row('Line begins with an unstuffed dot'),
  'open-line': row('Last line does not end with CRLF'),
  'article-too-large': row('Article exceeds local limit'),
  'header-too-large': row('Header section exceeds local limit'),
  'too-many-headers': row('Too many header fields'),
  'line-too-long': row('Header line too long'),
  'no-body-separator': row('No body'),
  'bad-header': row('Bad header'),
  'empty-header': row('Header field has no content'),
  'duplicate-header': row('Duplicate %s header field'),
  'missing-header': row('Missing required %s header field'),
  'message-id-mismatch': row('Message-ID differs from the one offered'),
  'bad-message-id': row('Bad Message-ID'),
  'bad-date': row('Bad Date'),
  'bad-newsgroups': row('Bad Newsgroups'),
  'bad-path': row('Bad Path'),
  'bad-from': row('Address in From header field not in Internet syntax'),
  'bad-followup-to': row('Bad Followup-To'),
  'bad-distribution': row('Bad Distribution'),
  'bad-expires': row("Can't parse Expires header field"),
  'bad-target': row('Bad %s header field'),
  // Policy (RFC 5537 3.6).
  duplicate: row('Duplicate'),
  cancelled: settled('Article was cancelled before it came'),
  'too-old': settled('Too old'),
  future: row('Article posted in the future'),
  'unwanted-newsgroup': settled('Unwanted newsgroup "%s"'),
  'unwanted-distribution': settled('Unwanted distribution "%s"'),
  'unwanted-by-peer-rule': settled('Group not accepted from this peer'),
  'private-crosspost': settled('Crosspost between the private newsgroup "%s" and others'),
  'path-loop': row('Unwanted site %s in path'),
  'path-too-long': row('Too many sites in Path'),
  'too-many-groups': settled('Too many newsgroups'),
  unapproved: row('Unapproved for "%s"'),
  // Posting (RFC 5537 3.5).
  'system-header': row("Can't set system %s header field"),
  'obsolete-header': row('Obsolete %s header field'),
  'posted-path': row('Path header field shows a previous injection of the article'),
  'no-valid-newsgroup': row('No valid newsgroups in "%s"'),
  'posting-forbidden': row('You are not allowed to post to %s'),
  'control-forbidden': row('You are not allowed to post control messages'),
  'not-author': row('Article %s is not known to be yours'),
  'group-closed': row('Postings to "%s" are not allowed here'),
  'group-renamed': row('The newsgroup %s'),
  'approved-forbidden': row('You are not allowed to approve postings'),
  'no-moderator': row('No mailing address for "%s" -- ask your news administrator to fix this'),
  'number-taken': row('Article number is taken'),
  'newsgroup-full': row('Newsgroup is full'),
  'certificate-taken': row('Another account has the certificate'),
  'held-already': row('Article is held for release already'),
  // Our own trouble: the sender keeps the article and tries again.
  'too-fast': row('Posting too fast, try again later'),
  'too-many-held': row('Too many articles are held for release, try again later'),
  busy: row('Busy, try again later'),
  'no-space': row('No space, try again later'),
  paused: row('Not accepting articles now, try again later'),
  throttled: row('Not taking connections now, try again later'),
  fault: row('Internal fault, try again later'),
} as const satisfies Record<string, ReasonRow>

export type ReasonName = keyof typeof reasons

export class Reason {
  readonly name: ReasonName
  /** Which header, group or limit: may hold octets from an article; `safeText` before it goes anywhere. */
  readonly detail: string

  constructor(name: ReasonName, detail = '') {
    this.name = name
    this.detail = detail
  }

  get settled(): boolean {
    return reasons[this.name].settled
  }

  /** The line a client may be shown: printable ASCII, at most 200 characters. */
  get text(): string {
    return safeText(withDetail(reasons[this.name].text, this.detail))
  }
}

/** A text without its detail loses the place for it: `Duplicate header field`. */
function withDetail(text: string, detail: string): string {
  if (!text.includes('%s')) return detail === '' ? text : `${text}: ${detail}`
  return text.replace(/ ("?)%s\1/, (_, quote) => (detail === '' ? '' : ` ${quote}${detail}${quote}`))
}

/** Anything from outside made fit for a response line: printable ASCII, at most 200 characters. RFC 3977 3.1 */
export function safeText(text: string): string {
  return text.replace(/[^\x20-\x7e]/g, '?').slice(0, 200)
}
