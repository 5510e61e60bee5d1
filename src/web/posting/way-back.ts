/** From a page that says what became of an article, the way back to its newsgroup and to what is left of its thread. */
import { visibleLine } from '../../article-text/visible.ts'
import { groupAddress, threadAddress } from '../addresses.ts'
import { findArticle, type ShownArticle } from '../article/shown-article.ts'
import type { Link } from '../render.ts'
import type { Site, Visit } from '../site.ts'
import { conversationOf } from '../thread/conversation.ts'
import { none } from '../threading/links.ts'

export interface Landmarks {
  /** Name of a newsgroup; empty where there is none to go back to. */
  readonly group: string
  /** Message-ID of another article of the thread; empty where there is none. */
  readonly near: string
}

/** Of an article that is about to go: what stands beside it, above all what it answers. */
export async function landmarksOf(site: Site, article: ShownArticle): Promise<Landmarks> {
  const [filed] = article.groups
  if (filed === undefined) return { group: '', near: '' }
  const { group, number } = filed
  const conversation = await conversationOf(site, group, number)
  const place = conversation?.placeOf(number) ?? none
  if (conversation === undefined || place === none) return { group: group.name, near: '' }
  const above = conversation.parentOf(place)
  const places = [above, ...conversation.inOrder()].filter(at => at !== none && at !== place)
  const near = places.find(at => conversation.number(at) !== 0)
  return { group: group.name, near: near === undefined ? '' : conversation.messageId(near) }
}

/** The address with them behind it, for `wayBack` of the page there. */
export function withLandmarks(address: string, { group, near }: Landmarks): string {
  const query = new URLSearchParams()
  if (group !== '') query.set('group', group)
  if (near !== '') query.set('near', near)
  return query.size === 0 ? address : `${address}?${query}`
}

/** Only to what is here, for this visitor: the address may be anybody's. */
export async function wayBack(site: Site, visit: Visit): Promise<readonly Link[]> {
  const { words, query } = visit
  const near = query.get('near') ?? ''
  const article = near === '' ? undefined : await findArticle(site, visit, near)
  const group = await site.reading.group(query.get('group') ?? '')
  const readable = group !== undefined && visit.access.mayRead(group.name)
  return [
    ...(article === undefined
      ? []
      : [{ text: words.trouble.toThread, to: threadAddress(article.located.messageId) }]),
    ...(readable
      ? [{ text: words.trouble.toGroup(visibleLine(group.name)), to: groupAddress(group.name) }]
      : []),
  ]
}
