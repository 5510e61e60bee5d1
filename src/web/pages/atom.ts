/** `/g/<group>/new.atom`, `/h/<hierarchy>/new.atom`, `/m/<message-id>/t.atom`, `/search/new.atom?q=`: what is new, for feed readers. RFC 4287 */
import { visibleLine } from '../../article-text/visible.ts'
import {
  articleAddress,
  groupAddress,
  groupFeedAddress,
  hierarchyAddress,
  hierarchyFeedAddress,
  searchAddress,
  searchFeedAddress,
  threadFeedAddress,
} from '../addresses.ts'
import { findAsked } from '../article/shown-article.ts'
import { feedAnswer, mostEntries } from '../atom/answer.ts'
import { newestIn } from '../atom/newest.ts'
import { missing, noSuchArticle, noSuchGroup } from '../missing.ts'
import { readWindow } from '../overview.ts'
import { findArticles } from '../search/found-articles.ts'
import { type Answer, type Site, trouble, type Visit } from '../site.ts'
import { conversationOf } from '../thread/conversation.ts'

const noSearch = trouble(400, words => ({ heading: words.search.heading, text: words.search.problems.empty }))
const searchBusy = trouble(503, words => ({ heading: words.search.heading, text: words.search.busy }))

export async function groupFeed(site: Site, visit: Visit): Promise<Answer> {
  const group = await site.reading.group(visit.parameter('group'))
  if (group === undefined || !visit.access.mayRead(group.name)) return noSuchGroup
  const { rows } = await readWindow(site.reading, group, { count: mostEntries })
  return feedAnswer(site, visit, {
    title: visibleLine(group.name),
    page: groupAddress(group.name),
    self: groupFeedAddress(group.name),
    ids: rows.map(({ messageId }) => messageId),
  })
}

export async function hierarchyFeed(site: Site, visit: Visit): Promise<Answer> {
  const hierarchy = visit.parameter('hierarchy')
  const directory = await site.directory(visit.access.mayRead)
  const groups = hierarchy === '' ? [] : directory.within(hierarchy)
  if (groups.length === 0) return missing(words => words.trouble.hierarchy)
  return feedAnswer(site, visit, {
    title: `${visibleLine(hierarchy)}.*`,
    page: hierarchyAddress(hierarchy),
    self: hierarchyFeedAddress(hierarchy),
    ids: await newestIn(site, { groups, count: mostEntries }),
  })
}

export async function threadFeed(site: Site, visit: Visit): Promise<Answer> {
  const article = await findAsked(site, visit)
  if (article === undefined) return noSuchArticle
  const id = article.located.messageId
  const filed = article.groups[0]
  const conversation = filed && (await conversationOf(site, filed.group, filed.number))
  const places = Array.from({ length: conversation?.length ?? 0 }, (_, at) => at)
  const newest = places
    .map(at => ({ number: conversation?.number(at) ?? 0, id: conversation?.messageId(at) ?? '' }))
    .filter(({ number }) => number > 0)
    .sort((a, b) => b.number - a.number)
  return feedAnswer(site, visit, {
    title: visibleLine(article.header('Subject')) || visit.words.page.noSubject,
    page: articleAddress(id),
    self: threadFeedAddress(id),
    ids: newest.length > 0 ? newest.map(({ id }) => id) : [id],
  })
}

/** The newest articles that a search finds. */
export async function searchFeed(site: Site, visit: Visit): Promise<Answer> {
  const text = (visit.query.get('q') ?? '').trim()
  const outcome = await findArticles(site, visit, { text, before: undefined, limit: mostEntries })
  if (outcome.kind === 'problem') return noSearch
  if (outcome.kind !== 'found') return searchBusy
  return feedAnswer(site, visit, {
    title: visit.words.search.titleOf(visibleLine(text)),
    page: searchAddress(text),
    self: searchFeedAddress(text),
    ids: outcome.articles.map(({ messageId }) => messageId),
  })
}
