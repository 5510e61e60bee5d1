/** A cancel control message for an article of one's own, once for each form. RFC 5537 5.3, RFC 5536 3.2.3 */
import type { Verdict } from '../../feed/feed.ts'
import { groupNames, type ShownArticle } from '../article/shown-article.ts'
import type { Attempt } from '../composing/attempt.ts'
import { buildArticle, type Composition } from '../composing/compose.ts'
import type { Site, Visit } from '../site.ts'
import { authorIn } from './author.ts'
import { findOwn } from './own.ts'
import { messageIdOf } from './submit.ts'

export interface CancelForm {
  /** Message-ID of the article that is to go. */
  readonly target: string
  readonly key: string
}

/** `done`: by this very form, before. `gone`: there is no such article of this person, any more or ever. */
export type Cancelled = Verdict | { readonly kind: 'done' | 'gone' }

export async function cancelOwn(site: Site, visit: Visit, form: CancelForm): Promise<Cancelled> {
  const { result } = await site.posts.run(messageIdOf(site, form.key), () => attempt(site, visit, form))
  if (result.kind === 'judged') return result.verdict
  return { kind: result.kind === 'known' ? 'done' : 'gone' }
}

async function attempt(site: Site, visit: Visit, { target, key }: CancelForm): Promise<Attempt> {
  const messageId = messageIdOf(site, key)
  if ((await site.reading.locateId(messageId)) !== undefined) return { kind: 'known', messageId, same: true }
  const article = await findOwn(site, visit, target)
  if (article === undefined) return { kind: 'lost' }
  const composition = cancelling(article, { messageId, userAgent: site.userAgent })
  const built = buildArticle(composition)
  // A name or address that no form would take: the message is from the account all the same.
  const again = built.ok ? built : buildArticle({ ...composition, name: '', address: nobody })
  if (!again.ok) return { kind: 'incomplete', problems: again.problems }
  return { kind: 'judged', verdict: await site.feed.inject(again.wire, visit.access.poster) }
}

/** RFC 2606 2: nobody gets mail there. */
const nobody = 'author@example.invalid'

type Names = Pick<Composition, 'messageId' | 'userAgent'>

/** RFC 5537 5.3: to the same newsgroups. */
function cancelling({ header, located }: ShownArticle, names: Names): Composition {
  const target = located.messageId
  return {
    ...names,
    ...authorIn(header('From')),
    newsgroups: groupNames(header('Newsgroups')),
    followupTo: [],
    // Peers do this: very old servers obey the subject alone.
    subject: `cmsg cancel ${target}`,
    references: [],
    body: 'The author takes this article back.\n',
    withdraws: { how: 'cancel', target },
  }
}
