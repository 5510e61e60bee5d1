/** `/search?q=`: articles by their words, and a form for those who type no operators. */
import { visibleLine } from '../../article-text/visible.ts'
import { excerpt, hitPieces } from '../../search/matches.ts'
import type { Query } from '../../search/query.ts'
import { articleAddress, groupAddress, searchAddress, twinAddress } from '../addresses.ts'
import { followSearch } from '../follow.ts'
import type { FoundLine, Link } from '../render.ts'
import { type FoundArticle, findArticles, type SearchOutcome } from '../search/found-articles.ts'
import { typedQuery } from '../search/typed-search.ts'
import type { Answer, Site, Visit } from '../site.ts'
import { authorName, whenOf } from '../wording.ts'
import type { Words } from '../words/english.ts'

const hitsPerPage = 25
/** Groups of a crosspost that are named. */
const mostGroups = 5

export async function searchPage(site: Site, visit: Visit): Promise<Answer> {
  const typed = typedQuery(visit.query)
  if (typed !== undefined) return { kind: 'redirect', status: 303, to: searchAddress(typed) }
  const text = (visit.query.get('q') ?? '').trim()
  const before = visit.query.get('p') ?? undefined
  const outcome =
    text === '' ? undefined : await findArticles(site, visit, { text, before, limit: hitsPerPage })
  const status = statusOf(outcome)
  return {
    kind: 'page',
    status,
    ...(status === 503 && { retryAfter: 5 }),
    html: () => html(site, visit, { text, outcome, further: before !== undefined }),
    data: dataOf(text, outcome),
  }
}

function statusOf(outcome: SearchOutcome | undefined): 200 | 400 | 503 {
  if (outcome === undefined || outcome.kind === 'found') return 200
  return outcome.kind === 'problem' ? 400 : 503
}

interface Shown {
  readonly text: string
  readonly outcome: SearchOutcome | undefined
  /** It is not the first page. */
  readonly further: boolean
}

function html(site: Site, visit: Visit, { text, outcome, further }: Shown) {
  const { words } = visit
  const { search } = words
  const found = outcome?.kind === 'found' ? outcome : undefined
  const now = site.clock.now()
  const title = text === '' ? search.heading : search.titleOf(visibleLine(text))
  const lines = found?.articles.map(article => foundLine(article, { query: found.query, words, now })) ?? []
  return site.render(
    'search',
    {
      frame: {
        ...site.frame(visit, title, text === '' ? '' : twinAddress(searchAddress(text))),
        ...followSearch(text, visit),
      },
      text,
      problem: outcome?.kind === 'problem' ? problemOf(outcome, words) : '',
      invalid: outcome?.kind === 'problem' ? 'true' : 'false',
      notes: notesOf(outcome, words),
      within: visibleLine(visit.query.get('in') ?? ''),
      open: text === '' || outcome?.kind === 'problem',
      found: lines,
      nothing: found !== undefined && lines.length === 0 && found.next === undefined ? search.nothing : '',
      pager: pagerOf({ text, outcome, further }, words),
    },
    words,
  )
}

function problemOf(
  { problem, part }: SearchOutcome & { readonly kind: 'problem' },
  { search }: Words,
): string {
  const said = search.problems[problem]
  return part === '' ? said : `${visibleLine(part)}: ${said}`
}

function notesOf(outcome: SearchOutcome | undefined, { search }: Words): string[] {
  switch (outcome?.kind) {
    case 'busy':
      return [search.busy]
    case 'off':
      return [search.off]
    case 'found':
      return [...(outcome.stopped ? [search.stopped] : []), ...(outcome.late ? [search.late] : [])]
    default:
      return []
  }
}

function pagerOf({ text, outcome, further }: Shown, { page, search }: Words): Link[] {
  if (outcome?.kind !== 'found') return []
  const { next, stopped } = outcome
  return [
    ...(further ? [{ text: page.newest, to: searchAddress(text) }] : []),
    ...(next === undefined
      ? []
      : [{ text: stopped ? search.goOn : page.older, to: searchAddress(text, next) }]),
  ]
}

interface Showing {
  readonly query: Query
  readonly words: Words
  readonly now: number
}

function foundLine(
  { messageId, text, date, groups }: FoundArticle,
  { query, words, now }: Showing,
): FoundLine {
  const subject = visibleLine(text.subject)
  return {
    to: articleAddress(messageId),
    subject:
      subject === '' ? [{ text: words.page.noSubject, hit: false }] : hitPieces(subject, 'subject', query),
    author: hitPieces(visibleLine(authorName(text.from)), 'from', query),
    when: whenOf(date, now, words),
    excerpt: excerpt({ ...text, body: visibleLine(text.body) }, query),
    groups: groups.slice(0, mostGroups).map(name => ({ text: visibleLine(name), to: groupAddress(name) })),
  }
}

/** For programs. */
function dataOf(text: string, outcome: SearchOutcome | undefined): object {
  if (outcome === undefined) return { query: text, articles: [] }
  if (outcome.kind === 'problem') return { query: text, problem: outcome.problem, part: outcome.part }
  if (outcome.kind !== 'found') return { query: text, problem: outcome.kind }
  const { articles, next = '', stopped } = outcome
  return {
    query: text,
    articles: articles.map(({ messageId, text: said, date, groups, references }) => ({
      messageId,
      address: articleAddress(messageId),
      subject: said.subject,
      from: said.from,
      date,
      groups,
      references,
    })),
    next: next === '' ? '' : twinAddress(searchAddress(text, next)),
    stopped,
  }
}
