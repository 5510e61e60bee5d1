/** XSEARCH: what is looked for, as overview lines. docs/extensions.md; RFC 3977 3.3.3, 8.3.2 */
import { networkOf } from '../../address.ts'
import { SearchBusy, SearchOff } from '../../feed/search/search.ts'
import type { Hit, Hits } from '../../feed/search/searcher.ts'
import { isProblem, operatorNames, parseQuery, problemTexts, type Query } from '../../search/query.ts'
import type { Arrival, Filing, GroupId, NumberRange } from '../../storage/reading.ts'
import { body, type Command } from '../command.ts'
import { visibleOverview } from '../narrowed.ts'
import { NntpError } from '../nntp-error.ts'
import { linesOf } from '../pace.ts'
import type { Session } from '../session.ts'
import { mayReadGroup } from '../visible.ts'

/** Lines of one answer. */
const mostHits = 100
/** What each search counts as, besides the articles it looks at one by one. */
const ground = 100
/** Numbers whose lines are read together: those of a block of overview. */
const neighbours = 128

export const searchCommands: readonly Command[] = [
  {
    name: 'XSEARCH',
    args: [2, 2],
    needs: ['reader'],
    syntax: 'XSEARCH *|place query',
    rfc: 'RFC 3977 3.3.3',
    // RFC 3977 3.3.3: private labels begin with X.
    capability: ({ services }) =>
      services.search?.enabled ? ['XSEARCH', ...operatorNames].join(' ').toUpperCase() : undefined,
    verbatim: true,
    valid: ([place = '']) => /^(?:\*|\d{1,16}-\d{1,16})$/.test(place),
    async run(session, [place = '', text = '']) {
      const { search } = session.services
      if (!search?.enabled) throw new NntpError(503)
      const query = queryOf(text)
      const found = await find(session, query, beforeOf(place, search.epoch))
      await session.examined?.(ground + found.examined)
      const lines = await linesFor(session, found.hits)
      const shown = linesOf(session, [lines], { render: line => line, encoding: 'latin1' })
      return body(224, statusOf(found, search.epoch), shown)
    },
  },
]

function queryOf(text: string): Query {
  const query = parseQuery(text)
  if (isProblem(query)) throw new NntpError(501, problemTexts[query.problem])
  return query
}

/** A place as it stands in an earlier answer. */
function beforeOf(place: string, epoch: number): Arrival | undefined {
  if (place === '*') return undefined
  const [ofEpoch, arrival] = place.split('-').map(Number)
  if (ofEpoch !== epoch) throw new NntpError(501, 'The log has begun anew: search from *')
  return arrival as Arrival
}

async function find(session: Session, query: Query, before: Arrival | undefined): Promise<Hits> {
  const { services, access, client, signal } = session
  const party = client.account?.name ?? networkOf(client.address)
  try {
    if (services.search === undefined) throw new SearchOff()
    return await services.search.find({ query, asker: access, before, limit: mostHits, signal }, party)
  } catch (error) {
    if (error instanceof SearchOff) throw new NntpError(503)
    if (error instanceof SearchBusy) throw new NntpError(403, 'Too many searches: try again later')
    throw error
  }
}

function statusOf({ next, stopped }: Hits, epoch: number): string {
  if (next === undefined) return 'all - Overview information follows'
  return `${stopped ? 'stopped' : 'more'} ${epoch}-${next} Overview information follows`
}

/** Under which number an article is shown, and where its line is read. */
interface Shown extends Filing {
  /** It is in the selected group. */
  readonly selected: boolean
}

/** Lines in the order of the hits; undefined for an article that has just gone. One look for neighbours in a group. */
async function linesFor(session: Session, hits: readonly Hit[]): Promise<(string | undefined)[]> {
  const shown = await Promise.all(hits.map(({ row }) => shownAs(session, row.filings)))
  const spans = new Map<string, NumberRange & { readonly group: GroupId }>()
  for (const each of shown) {
    if (each === undefined) continue
    const { group, number } = each
    const key = `${group}/${Math.floor(number / neighbours)}`
    const { low, high } = spans.get(key) ?? { low: number, high: number }
    spans.set(key, { group, low: Math.min(low, number), high: Math.max(high, number) })
  }
  const lines = new Map<string, string>()
  const read = async ({ group, low, high }: NumberRange & { readonly group: GroupId }) => {
    for await (const chunk of visibleOverview(session, group, { low, high }))
      for (const line of chunk.toString('latin1').split('\r\n'))
        lines.set(`${group}/${line.slice(0, line.indexOf('\t'))}`, line)
  }
  // At once: what they ask of storage goes there in one errand.
  await Promise.all([...spans.values()].map(read))
  return shown.map(each => {
    const line = each && lines.get(`${each.group}/${each.number}`)
    return each?.selected ? line : line?.replace(/^\d+/, '0')
  })
}

/** In the selected group, else in the first one that the session may read. */
async function shownAs(session: Session, filings: readonly Filing[]): Promise<Shown | undefined> {
  const selected = filings.find(({ group }) => group === session.group?.id)
  for (const filing of selected ? [selected, ...filings] : filings)
    if (await mayReadGroup(session, filing.group)) return { ...filing, selected: filing === selected }
  return undefined
}
