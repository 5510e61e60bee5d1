/** A query answered for one visitor, with what a page or a feed shows of each article. */
import { networkOf } from '../../address.ts'
import { SearchBusy, SearchOff } from '../../feed/search/search.ts'
import { isProblem, type ProblemKind, parseQuery, type Query } from '../../search/query.ts'
import { type SearchedText, searchedText } from '../../search/searched-text.ts'
import { articleIn } from '../../storage/article/stored-article.ts'
import type { Arrival } from '../../storage/reading.ts'
import { messageIds } from '../article/shown-article.ts'
import { arrivalOf, placeText } from '../live/place.ts'
import type { Site, Visit } from '../site.ts'
import { slicesOf } from '../slices.ts'

export interface FoundArticle {
  readonly arrival: Arrival
  /** With its brackets. */
  readonly messageId: string
  /** Decoded, not yet made visible. */
  readonly text: SearchedText
  /** As written. */
  readonly date: string
  /** Seconds since 1970. */
  readonly arrived: number
  /** Those that this visitor may read. */
  readonly groups: readonly string[]
  readonly references: readonly string[]
}

export type SearchOutcome =
  | {
      readonly kind: 'found'
      readonly query: Query
      /** The latest arrival first. */
      readonly articles: readonly FoundArticle[]
      /** Where to go on, as `before`; absent where nothing is left. */
      readonly next?: string
      /** It ended before the page was full, because it had cost enough. */
      readonly stopped: boolean
      /** The newest articles are not found yet. */
      readonly late: boolean
    }
  | { readonly kind: 'problem'; readonly problem: ProblemKind; readonly part: string }
  | { readonly kind: 'busy' | 'off' }

export interface SearchAsked {
  readonly text: string
  /** A place from `next` of an earlier outcome; from the newest where absent, or of another log. */
  readonly before?: string | undefined
  readonly limit: number
}

/** Never rejects for what was typed. */
export async function findArticles(
  site: Site,
  { access }: Visit,
  { text, before, limit }: SearchAsked,
): Promise<SearchOutcome> {
  const query = parseQuery(text)
  if (isProblem(query)) return { kind: 'problem', ...query }
  const { search } = site
  if (search === undefined) return { kind: 'off' }
  const asker = { mayRead: access.mayRead, readsAll: access.readsAll === true }
  const { account, address } = access.poster
  const place = before === undefined ? undefined : arrivalOf(before, search.epoch)
  const party = account === '' ? networkOf(address) : account
  try {
    const { hits, next, stopped, indexed } = await search.find({ query, asker, before: place, limit }, party)
    const articles = await shown(site, access.mayRead, hits)
    const late = indexed < site.reading.newest
    return {
      kind: 'found',
      query,
      articles,
      ...(next !== undefined && { next: placeText(search.epoch, next) }),
      stopped,
      late,
    }
  } catch (error) {
    if (error instanceof SearchBusy) return { kind: 'busy' }
    if (error instanceof SearchOff) return { kind: 'off' }
    throw error
  }
}

type Found = Awaited<ReturnType<NonNullable<Site['search']>['find']>>['hits']

async function shown(site: Site, mayRead: (group: string) => boolean, hits: Found): Promise<FoundArticle[]> {
  const slices = slicesOf(site.clock)
  const stored = await Promise.all(hits.map(({ arrival }) => site.reading.article(arrival)))
  const articles: FoundArticle[] = []
  for (const [at, { arrival, row }] of hits.entries()) {
    const each = stored[at]
    const article = each && articleIn(each)
    // Gone since it was found.
    if (article === undefined) continue
    const groups = await Promise.all(row.filings.map(({ group }) => site.reading.groupById(group)))
    articles.push({
      arrival,
      messageId: row.messageId,
      text: searchedText(article),
      date: article.header('Date') ?? '',
      arrived: row.time,
      groups: groups.flatMap(group => (group !== undefined && mayRead(group.name) ? [group.name] : [])),
      references: messageIds(article.header('References') ?? ''),
    })
    await slices.rest()
  }
  return articles
}
