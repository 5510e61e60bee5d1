/** `/m/<message-id>/cancel`: an author takes an article back, after being asked. RFC 5537 5.3 */
import { visibleLine } from '../../article-text/visible.ts'
import { articleAddress, cancelAddress } from '../addresses.ts'
import { cancelOwn } from '../posting/cancel.ts'
import { findOwn } from '../posting/own.ts'
import { isKey, newKey } from '../posting/typed.ts'
import { refusalText } from '../posting/verdict.ts'
import { landmarksOf, wayBack, withLandmarks } from '../posting/way-back.ts'
import { type Answer, type Site, trouble, type Visit } from '../site.ts'
import { saidPage } from './said.ts'

export const notOwn = trouble(403, words => words.cancel.notOwn)

/** Of what the form brings back; names and message-IDs are shorter. */
const longestField = 500

const idOf = (visit: Visit): string => `<${visit.parameter('id').replace(/^<(.*)>$/s, '$1')}>`

export async function cancelForm(site: Site, visit: Visit): Promise<Answer> {
  const article = await findOwn(site, visit, idOf(visit))
  if (article === undefined) return notOwn
  const { words } = visit
  const { messageId } = article.located
  const landmarks = await landmarksOf(site, article)
  return {
    kind: 'page',
    keepsCookie: true,
    html: () =>
      site.render(
        'cancel',
        {
          frame: site.frame(visit, words.cancel.heading, ''),
          subject: visibleLine(article.header('Subject')),
          groups: article.groups.map(({ group }) => visibleLine(group.name)).join(', '),
          action: cancelAddress(messageId),
          back: articleAddress(messageId),
          token: site.tokens.of(visit.cookie),
          key: newKey(site),
          ...landmarks,
        },
        words,
      ),
  }
}

/** The form says where the article was: when it is sent again nothing else does. */
function cancelledAddress({ form }: Visit): string {
  const field = (name: string) => (form.get(name) ?? '').slice(0, longestField)
  return withLandmarks('/post/cancelled', { group: field('group'), near: field('near') })
}

/** What is gone already is gone: the form may have been sent twice. */
export async function cancelArticle(site: Site, visit: Visit): Promise<Answer> {
  const key = visit.form.get('key') ?? ''
  if (!isKey(key)) return notOwn
  const cancelled = await cancelOwn(site, visit, { target: idOf(visit), key })
  switch (cancelled.kind) {
    case 'done':
    case 'accepted':
    case 'mailed':
    case 'held':
      return { kind: 'redirect', status: 303, to: cancelledAddress(visit) }
    case 'gone':
      return notOwn
    case 'rejected':
    case 'deferred': {
      const text = refusalText(cancelled.reason, visit.words)
      const status = cancelled.kind === 'rejected' ? 422 : 503
      return trouble(status, words => ({ heading: words.cancel.failed, text }))
    }
  }
}

export async function cancelledPage(site: Site, visit: Visit): Promise<Answer> {
  return saidPage(site, visit, { ...visit.words.cancel.done, links: await wayBack(site, visit) })
}
