/** Arrivals as server-sent events. WHATWG HTML 9.2.6 */
import { decodeHeader } from '../../article-text/header-words.ts'
import { visibleLine } from '../../article-text/visible.ts'
import { articleIn } from '../../storage/article/stored-article.ts'
import type { ArrivalRow, Reading } from '../../storage/reading.ts'
import { articleAddress } from '../addresses.ts'
import { placeText } from './place.ts'

/** A group that an arrival is filed in. */
export interface NamedFiling {
  readonly group: string
  readonly number: number
}

/** What all subscribers of an article get alike. */
export interface LiveArticle {
  readonly messageId: string
  readonly subject: string
  readonly from: string
  readonly address: string
  /** Message-IDs, oldest first: a page that shows one of them shows its thread. */
  readonly references: readonly string[]
}

/** Undefined where the article is gone since. */
export async function liveArticle(
  reading: Pick<Reading, 'article'>,
  row: ArrivalRow,
): Promise<LiveArticle | undefined> {
  const stored = await reading.article(row.arrival)
  const article = stored && articleIn(stored)
  if (article === undefined) return undefined
  const header = (name: string) => visibleLine(decodeHeader(article.header(name) ?? ''))
  const { messageId } = row
  return {
    messageId,
    subject: header('Subject'),
    from: header('From'),
    address: articleAddress(messageId),
    references: article.header('References')?.match(/<[^<>\s]+>/g) ?? [],
  }
}

/** The groups of an arrival that are there still. */
export async function namedFilings(
  reading: Pick<Reading, 'groupById'>,
  row: ArrivalRow,
): Promise<NamedFiling[]> {
  const groups = await Promise.all(row.filings.map(({ group }) => reading.groupById(group)))
  return row.filings.flatMap(({ number }, at) => {
    const name = groups[at]?.name
    return name === undefined ? [] : [{ group: name, number }]
  })
}

/** JSON has no line ends, which would end the field. */
export function articleEvent(place: string, filing: NamedFiling, article: LiveArticle): string {
  return `id: ${place}\nevent: article\ndata: ${JSON.stringify({ ...filing, ...article })}\n\n`
}

/** Moves the place of the browser and tells the page nothing: an event without data is not dispatched. */
export function placeEvent(place: string): string {
  return `id: ${place}\n\n`
}

/** A place that cannot be gone on from, and the first one that can be asked for. */
export function resetEvent(epoch: number, first: number, now: number): string {
  const data = JSON.stringify({ first: placeText(epoch, first) })
  return `id: ${placeText(epoch, now)}\nevent: reset\ndata: ${data}\n\n`
}
