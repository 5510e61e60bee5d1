/** Articles of the person who is signed in: edited and cancelled by nobody else. RFC 5537 5.3, 5.4 */
import { accountName } from '../../account.ts'
import { mayTakeAway } from '../../feed/withdraw/ownership.ts'
import { parseMessageId } from '../../message-id.ts'
import { findArticle, groupNames, messageIds, type ShownArticle } from '../article/shown-article.ts'
import type { Site, Visit } from '../site.ts'
import { authorIn } from './author.ts'
import type { Typed } from './typed.ts'

/** Whether the article was posted here by this very account; not by an earlier one of its name. */
export async function isOwn(site: Site, { person }: Visit, messageId: string): Promise<boolean> {
  if (person === undefined || parseMessageId(messageId) === undefined) return false
  const { name } = person.account
  const known = accountName(name)
  const account = known && (await site.accounts.find(known))
  const claimant = {
    account: name,
    mayApprove: () => false,
    ...(account !== undefined && { since: account.created }),
  }
  return (await mayTakeAway(site.reading, messageId, claimant)) === 'account'
}

/** An article of one's own that is here; undefined for any other. */
export async function findOwn(site: Site, visit: Visit, id: string): Promise<ShownArticle | undefined> {
  return (await isOwn(site, visit, id)) ? await findArticle(site, visit, id) : undefined
}

/** Whether the form can hold all of it: plain text, whole, and nothing beside it. */
export function isEditable({ header, body }: ShownArticle): boolean {
  const type = header('Content-Type').toLowerCase()
  return (type === '' || type.startsWith('text/plain')) && body.files.length === 0 && !body.cut
}

/** The form with an article of one's own, to be posted in its place. */
export function editing({ header, body, located }: ShownArticle, typed: Typed): Typed {
  return {
    ...typed,
    ...authorIn(header('From')),
    newsgroups: groupNames(header('Newsgroups')).join(', '),
    followupTo: groupNames(header('Followup-To')).join(', '),
    subject: header('Subject'),
    body: body.text.trimEnd(),
    inReplyTo: messageIds(header('References')).at(-1) ?? '',
    edits: located.messageId,
  }
}
