/** XSEARCH: what is looked for, as overview lines. docs/extensions.md; RFC 3977 3.3.3, 8.3.2 */
import { networkOf } from '../../address.ts'
import { SearchBusy, SearchOff } from '../../feed/search/search.ts'
import type { Hit, Hits } from '../../feed/search/searcher.ts'
import { isProblem, operatorNames, parseQuery, problemTexts, type Query } from '../../search/query.ts'
import type { Arrival, Filing } from '../../storage/reading.ts'
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
      // At once: what they ask of storage goes there in one errand.
      const lines = await Promise.all(found.hits.map(hit => lineOf(session, hit)))
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

/** The line under its number in the selected group, else under 0; undefined where the article has just gone. */
async function lineOf(session: Session, { row }: Hit): Promise<string | undefined> {
  const isSelected = ({ group }: Filing) => group === session.group?.id
  const filings = [...row.filings.filter(isSelected), ...row.filings.filter(filing => !isSelected(filing))]
  for (const filing of filings) {
    const { group, number } = filing
    if (!(await mayReadGroup(session, group))) continue
    for await (const chunk of visibleOverview(session, group, { low: number, high: number })) {
      const line = chunk.toString('latin1').trimEnd()
      return isSelected(filing) ? line : line.replace(/^\d+/, '0')
    }
  }
  return undefined
}
