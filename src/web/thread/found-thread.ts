/** The conversation that an address names by one of its articles, as far as a visitor may read it. */
import { visibleLine } from '../../article-text/visible.ts'
import { groupAddress } from '../addresses.ts'
import { askedId, findAsked, type ShownArticle, shownArticle } from '../article/shown-article.ts'
import { noArticleOf, noSuchThread } from '../missing.ts'
import { trailTo } from '../navigation.ts'
import type { Link } from '../render.ts'
import type { Answer, Site, Visit } from '../site.ts'
import { none } from '../threading/links.ts'
import { type Conversation, conversationOf } from './conversation.ts'

export interface FoundThread {
  readonly article: ShownArticle
  readonly conversation: Conversation
  /** Place of the article that was asked for. */
  readonly place: number
}

/** The article that the address names, in its conversation. */
export async function findThread(site: Site, visit: Visit): Promise<FoundThread | Answer> {
  const article = await findAsked(site, visit)
  if (article === undefined) return noArticleOf(`<${askedId(visit)}>`)
  for (const { group, number } of article.groups) {
    const conversation = await conversationOf(site, group, number)
    const place = conversation?.placeOf(number) ?? none
    if (conversation !== undefined && place !== none) return { article, conversation, place }
  }
  return noSuchThread
}

/** The article at a place, if it is still there and this visitor may read it. */
export async function articleAt(
  site: Site,
  visit: Visit,
  { conversation, at }: Spot,
): Promise<ShownArticle | undefined> {
  const number = conversation.number(at)
  const stored = number === 0 ? undefined : await site.reading.articleByNumber(conversation.group.id, number)
  return stored && shownArticle(site, visit, stored)
}

export interface Spot {
  readonly conversation: Conversation
  readonly at: number
}

export function threadTrail({ group }: Conversation, visit: Visit): Link[] {
  return [
    ...trailTo(group.name, visit.words),
    { text: visibleLine(group.name), to: groupAddress(group.name) },
  ]
}
