/** One header of many articles: HDR, XHDR, XPAT. RFC 3977 8.5; RFC 2980 2.6, 2.9 */

import { compilePattern } from '../../glob.ts'
import { looksLikeMessageId } from '../../message-id.ts'
import type { GroupId, NumberRange, StoredArticle } from '../../storage/reading.ts'
import { body, type Command, type Lines, type Response } from '../command.ts'
import { headerField, overviewColumn, overviewField } from '../header-field.ts'
import { visibleArticle, visibleOverview } from '../narrowed.ts'
import { NntpError } from '../nntp-error.ts'
import { linesOf, nonEmpty } from '../pace.ts'
import type { Session } from '../session.ts'
import { isHeaderName, isRangeOrId, parseRange } from '../syntax.ts'
import { currentNumber, locateVisible, selectedGroup } from '../visible.ts'

export const headerCommands: readonly Command[] = [
  {
    name: 'HDR',
    args: [1, 2],
    needs: ['reader'],
    syntax: 'HDR field [message-id|range]',
    rfc: 'RFC 3977 8.5',
    capability: 'HDR',
    valid: ([field = '', which]) => isHeaderName(field) && (which === undefined || isRangeOrId(which)),
    async run(session, [field = '', which]) {
      const lines = await fields(session, which, {
        field: field.toLowerCase(),
        show: (label, value) => `${label} ${value ?? ''}`, // RFC 3977 8.5.2: empty where it is absent
        labelOfId: () => '0',
      })
      if (lines === undefined) throw new NntpError(which === undefined ? 420 : 423)
      return body(225, undefined, lines)
    },
  },
  {
    name: 'XHDR',
    args: [1, 2],
    needs: ['reader'],
    syntax: 'XHDR field [message-id|range]',
    rfc: 'RFC 2980 2.6',
    valid: ([field = '', which]) => isHeaderName(field) && (which === undefined || isRangeOrId(which)),
    async run(session, [field = '', which]) {
      return legacy(session, which, {
        field: legacyField(field),
        show: (label, value) => `${label} ${value ?? '(none)'}`, // RFC 2980 2.6, as INN
        labelOfId: id => id,
      })
    },
  },
  {
    name: 'XPAT',
    args: [3, 250],
    needs: ['reader'],
    syntax: 'XPAT field message-id|range pattern...',
    rfc: 'RFC 2980 2.9',
    valid: ([field = '', which = '']) => isHeaderName(field) && isRangeOrId(which),
    async run(session, [field = '', which = '', ...patterns]) {
      // RFC 2980 2.9: more arguments are one pattern with blanks in it. Octets on both sides: values are octets.
      const matches = compilePattern(Buffer.from(patterns.join(' ')).toString('latin1'))
      return legacy(session, which, {
        field: legacyField(field),
        show: (label, value) => (value !== undefined && matches(value) ? `${label} ${value}` : undefined),
        labelOfId: id => id,
      })
    },
  },
]

interface Wanted {
  /** Lower case. */
  readonly field: string
  /** The line of an article; undefined leaves it out. */
  readonly show: (label: string, value: string | undefined) => string | undefined
  /** What stands in place of the number where the article was asked for by message-ID. */
  readonly labelOfId: (id: string) => string
}

/** Unlike HDR: an empty list where nothing matches, because old clients take 4xx for an error. */
async function legacy(session: Session, which: string | undefined, wanted: Wanted): Promise<Response> {
  const lines = await fields(session, which, wanted)
  if (lines === undefined && which === undefined) throw new NntpError(420)
  return body(221, 'Header follows', lines ?? [])
}

/** Old clients ask for the sizes by the names of headers that nobody sends any more; INN gives the true ones. */
function legacyField(field: string): string {
  const name = field.toLowerCase()
  return name === 'lines' || name === 'bytes' ? `:${name}` : name
}

/** Lines for the articles that `which` names; undefined where there are none. Throws 412, 420, 430, 503. */
async function fields(
  session: Session,
  which: string | undefined,
  wanted: Wanted,
): Promise<Lines | undefined> {
  const column = overviewColumn(wanted.field)
  if (column === undefined && wanted.field.startsWith(':')) throw new NntpError(503, 'No such metadata item')
  if (which !== undefined && looksLikeMessageId(which)) return ofId(session, which, wanted)
  const group = selectedGroup(session)
  const range = which === undefined ? undefined : parseRange(which)
  const current = range === undefined ? currentNumber(session) : 0
  const articles = { group, range: range ?? { low: current, high: current } }
  return nonEmpty(
    column === undefined
      ? fromArticles(session, articles, wanted)
      : fromOverview(session, articles, { ...wanted, column }),
  )
}

async function ofId(session: Session, id: string, { field, show, labelOfId }: Wanted): Promise<Lines> {
  const { arrival } = await locateVisible(session, id)
  const article = await session.services.reading.article(arrival)
  if (article === undefined) throw new NntpError(430)
  return linesOf(session, [[visibleArticle(session, article)]], {
    render: stored => show(labelOfId(id), fieldOf(stored, field)),
    encoding: 'latin1',
  })
}

interface Articles {
  readonly group: GroupId
  readonly range: NumberRange
}

function fromOverview(
  session: Session,
  { group, range }: Articles,
  { show, column }: Wanted & { readonly column: number },
): AsyncIterable<Uint8Array> {
  return linesOf(session, overviewLines(session, group, range), {
    render: line => show(line.slice(0, line.indexOf('\t')), overviewField(line, column) || undefined),
    encoding: 'latin1',
  })
}

async function* overviewLines(
  session: Session,
  group: GroupId,
  range: NumberRange,
): AsyncIterable<readonly string[]> {
  for await (const chunk of visibleOverview(session, group, range)) {
    yield chunk.toString('latin1').split('\r\n').slice(0, -1)
  }
}

/** RFC 3977 8.5.1: any header may be asked for, so what is not in the overview is read from the articles. */
function fromArticles(
  session: Session,
  { group, range }: Articles,
  { field, show }: Wanted,
): AsyncIterable<Uint8Array> {
  return linesOf(session, opened(session, group, range), {
    render: ({ number, article }) => show(String(number), fieldOf(article, field)),
    encoding: 'latin1',
  })
}

const openedAtOnce = 8

async function* opened(session: Session, group: GroupId, range: NumberRange) {
  const { reading } = session.services
  const open = async (number: number) => {
    const located = await reading.locateNumber(group, number)
    const article = located && (await reading.article(located.arrival))
    return article && { number, article: visibleArticle(session, article) }
  }
  for await (const numbers of reading.numbers(group, range)) {
    for (let at = 0; at < numbers.length; at += openedAtOnce) {
      const articles = await Promise.all(numbers.slice(at, at + openedAtOnce).map(open))
      yield articles.filter(article => article !== undefined)
    }
  }
}

function fieldOf(article: StoredArticle, field: string): string | undefined {
  if (field === ':bytes') return String(article.octets)
  if (field === ':lines') return String(article.lines)
  return headerField(article.head, field)
}
